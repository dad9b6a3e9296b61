//! Publishing, with faults at every request, racing and damage: an alias always stands for a whole
//! release that can be verified.

mod damage;
mod kms;
mod memory;
mod prunes;

use std::sync::Arc;

use moonring_store::{AliasLook, Caps, Objects, Published, Snapshot, Trust};

use self::memory::{Fault, Memory};
use crate::{About, Error, KeySigner, Publisher, Sign, SourceFile, new_keys, promoted, pushed};

const CAPS: Caps = Caps { file_bytes: 1000, release_bytes: 10_000, files: 100 };

fn publisher(memory: &Arc<Memory>, by: &str) -> Publisher {
    signing(memory, by, None)
}

fn signing(memory: &Arc<Memory>, by: &str, signer: Option<Box<dyn Sign>>) -> Publisher {
    let objects = Arc::clone(memory) as Arc<dyn Objects>;
    Publisher::new(objects, signer, Some(by.to_owned()), "2026-12-01T10:00:00Z".to_owned())
}

fn files(text: &str) -> Vec<SourceFile> {
    let file = |name: &str, text: String| SourceFile { name: name.to_owned(), bytes: text.into() };
    vec![file("main.lua", format!("return '{text}'")), file("same.lua", "return 1".to_owned())]
}

async fn release(publisher: &Publisher, text: &str) -> Result<String, Error> {
    let done = publisher.push(&files(text), "live", About::default(), &|_, _| ()).await?;
    publisher.move_alias("live", |now| Ok(pushed("live", now, &done.id, "now"))).await?;
    Ok(done.id)
}

fn reader(memory: &Arc<Memory>, trust: &str) -> Published {
    let objects = Arc::clone(memory) as Arc<dyn Objects>;
    Published::new(objects, "live", trust.parse().unwrap_or_else(|_| Trust::default()), "0.1.0")
}

/// What a host would serve, whole and verified.
async fn served(memory: &Arc<Memory>, trust: &str) -> Result<Snapshot, String> {
    let published = reader(memory, trust);
    match published.look(None).await.map_err(|error| error.to_string())? {
        AliasLook::Moved(known) => {
            let release = published.release(&known.alias.serves, &[], CAPS).await;
            release.map_err(|error| error.to_string())
        }
        other => Err(format!("{other:?}")),
    }
}

#[tokio::test(start_paused = true)]
async fn a_push_that_is_killed_at_any_request_leaves_what_served_and_goes_on_later() {
    for fault in [Fault::Refused, Fault::AnswerLost] {
        let mut at = 1;
        loop {
            let memory = Arc::new(Memory::default());
            let before = release(&publisher(&memory, "a"), "one").await.unwrap();
            memory.killed_at(at, fault);
            let result = release(&publisher(&memory, "a"), "two").await;
            let is_past_the_end = memory.requests() < at;
            memory.heals();
            let serves = served(&memory, "").await.unwrap().id.to_string();
            if is_past_the_end {
                assert!(result.is_ok() && at > 5, "{at}");
                break;
            }
            assert!(result.is_err(), "{fault:?} at {at}");
            let after = release(&publisher(&memory, "a"), "two").await.unwrap();
            assert!(serves == before || serves == after, "{fault:?} at {at}");
            assert_eq!(served(&memory, "").await.unwrap().id.as_str(), after);
            at += 1;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_push_that_is_answered_wrong_once_says_so_or_is_done() {
    for fault in [Fault::Refused, Fault::AnswerLost, Fault::Busy] {
        for at in 1..12 {
            let memory = Arc::new(Memory::default());
            let before = release(&publisher(&memory, "a"), "one").await.unwrap();
            memory.fails_at(at, fault);
            let result = release(&publisher(&memory, "a"), "two").await;
            memory.heals();
            let serves = served(&memory, "").await.unwrap().id.to_string();
            match result {
                Ok(after) => assert_eq!(serves, after, "{fault:?} at {at}"),
                Err(_) => assert_eq!(serves, before, "{fault:?} at {at}"),
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn of_pushes_that_race_each_is_done_or_told_who_was_faster() {
    let mut lost = 0;
    for round in 0..50 {
        let memory = Arc::new(Memory::default());
        release(&publisher(&memory, "first"), "one").await.unwrap();
        let (one, other) = (publisher(&memory, "ann"), publisher(&memory, "bob"));
        let (first, second) = (format!("a{round}"), format!("b{round}"));
        let race = futures_util::future::join(release(&one, &first), async {
            for _ in 0..round % 7 {
                tokio::task::yield_now().await;
            }
            release(&other, &second).await
        });
        let results: [_; 2] = race.await.into();
        let serves = served(&memory, "").await.unwrap().id.to_string();
        assert!(results.iter().flatten().any(|id| *id == serves), "{round}: {results:?}");
        for error in results.iter().filter_map(|result| result.as_ref().err()) {
            assert!(
                matches!(error, Error::MovedMeanwhile { who, .. } if ["ann", "bob"].contains(&who.as_str())),
                "{error}"
            );
            lost += 1;
        }
    }
    assert!(lost > 5, "{lost} of 50 met somebody");
}

#[tokio::test]
async fn who_promotes_with_a_key_vouches_for_what_was_pushed_without_one() {
    let memory = Arc::new(Memory::default());
    let keys = new_keys().unwrap();
    let id = release(&publisher(&memory, "a"), "one").await.unwrap();
    let refused = served(&memory, &keys.trust).await.unwrap_err();
    assert!(refused.contains("not signed"), "{refused}");
    let signer = KeySigner::read(&keys.secret, None).unwrap();
    let signing = signing(&memory, "b", Some(Box::new(signer)));
    let change = |now: Option<&_>| promoted("live", now, &id, None, "now", "memory/");
    signing.move_alias("live", change).await.unwrap();
    assert_eq!(served(&memory, &keys.trust).await.unwrap().id.as_str(), id);
    let foreign = new_keys().unwrap().trust;
    assert!(served(&memory, &foreign).await.unwrap_err().contains("not by a key"));
    let both = format!("{foreign},{}", keys.trust);
    assert!(served(&memory, &both).await.is_ok(), "one of several keys is enough");
}
