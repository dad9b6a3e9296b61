//! Pruning: what nobody needs goes, and what somebody begins to need meanwhile stays.

use super::*;
use crate::prunable;

async fn found(publisher: &Publisher) -> crate::Prunable {
    let releases = publisher.releases().await.unwrap();
    let aliases = publisher.published().aliases().await.unwrap();
    let aliases: Vec<_> = aliases.into_values().map(|known| known.alias).collect();
    let goes = prunable(&releases, &aliases, 0, |_| true, |_| true);
    publisher.prunable(&releases, goes).await.unwrap()
}

#[tokio::test]
async fn what_an_alias_stands_for_or_stood_for_stays_and_the_rest_goes() {
    let memory = Arc::new(Memory::default());
    let publisher = publisher(&memory, "a");
    let mut ids = Vec::new();
    for text in ["one", "two", "three"] {
        ids.push(release(&publisher, text).await.unwrap());
    }
    let prunable = found(&publisher).await;
    assert_eq!(prunable.releases, ids[..1]);
    assert_eq!(publisher.delete(&prunable).await.unwrap(), 0);
    let left = memory.all();
    assert!(!left.contains_key(&format!("releases/{}.json", ids[0])));
    // A file that another release has too is not deleted.
    assert_eq!(left.keys().filter(|name| name.starts_with("blobs/")).count(), 3);
    assert_eq!(served(&memory, "").await.unwrap().id.as_str(), ids[2]);
}

#[tokio::test]
async fn a_release_that_calls_may_still_be_on_stays() {
    let memory = Arc::new(Memory::default());
    let publisher = publisher(&memory, "a");
    for text in ["one", "two", "three"] {
        release(&publisher, text).await.unwrap();
    }
    let releases = publisher.releases().await.unwrap();
    let aliases = publisher.published().aliases().await.unwrap();
    let aliases: Vec<_> = aliases.into_values().map(|known| known.alias).collect();
    let of_today = |at: &str| at != "now";
    assert!(prunable(&releases, &aliases, 0, |_| true, of_today).is_empty());
    assert!(prunable(&releases, &aliases, 3, |_| true, |_| true).is_empty());
    assert!(prunable(&releases, &aliases, 0, |_| false, |_| true).is_empty());
}

#[tokio::test]
async fn a_release_that_is_promoted_while_it_is_pruned_is_put_back() {
    let memory = Arc::new(Memory::default());
    let publisher = publisher(&memory, "a");
    let old = release(&publisher, "one").await.unwrap();
    for text in ["two", "three"] {
        release(&publisher, text).await.unwrap();
    }
    let prunable = found(&publisher).await;
    assert_eq!(prunable.releases, std::slice::from_ref(&old));
    // The alias goes back to it between the look and the deleting.
    let sound = memory.all();
    let change = |now: Option<&_>| promoted("live", now, &old, None, "now", "memory/");
    publisher.move_alias("live", change).await.unwrap();
    let moved = memory.all()["aliases/live.json"].clone();
    memory.set("aliases/live.json", sound["aliases/live.json"].clone());
    let first = prunable.objects.last().unwrap();
    memory.before_delete_of(first, "aliases/live.json", moved);
    assert!(publisher.delete(&prunable).await.unwrap() >= 2);
    assert_eq!(served(&memory, "").await.unwrap().id.as_str(), old);
}
