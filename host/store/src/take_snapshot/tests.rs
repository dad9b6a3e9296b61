//! Snapshots of a source that plays a script: uploads between requests, refusals, outages; time is
//! virtual.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::time::SystemTime;

use super::*;
use crate::Entry;

const CAPS: Caps = Caps { file_bytes: 100, release_bytes: 150, files: 3 };

/// A source whose content is a list of `(name, text, second of its last change)`, and what happens
/// at each request.
struct Stage {
    state: Mutex<State>,
}

struct State {
    files: Vec<(String, String, u64)>,
    second: u64,
    /// So many bytes of a file come at most.
    comes: usize,
    /// Acts of the play, one before each request.
    acts: VecDeque<Act>,
    log: Vec<String>,
}

type Act = Box<dyn FnOnce(&mut State) -> Result<(), FetchError> + Send>;

impl Stage {
    fn new(files: &[(&str, &str, u64)], second: u64) -> Self {
        let files = files
            .iter()
            .map(|(name, text, second)| ((*name).to_owned(), (*text).to_owned(), *second))
            .collect();
        let (acts, log, comes) = (VecDeque::new(), Vec::new(), usize::MAX);
        Self { state: Mutex::new(State { files, second, comes, acts, log }) }
    }

    fn before_request(
        &self,
        number: usize,
        act: impl FnOnce(&mut State) -> Result<(), FetchError> + Send + 'static,
    ) {
        let acts = &mut self.state.lock().unwrap().acts;
        while acts.len() < number {
            acts.push_back(Box::new(|_| Ok(())));
        }
        acts[number - 1] = Box::new(act);
    }

    fn request(&self, what: String) -> Result<std::sync::MutexGuard<'_, State>, FetchError> {
        let mut state = self.state.lock().unwrap();
        state.log.push(what);
        if let Some(act) = state.acts.pop_front() {
            act(&mut state)?;
        }
        Ok(state)
    }

    fn log(&self) -> Vec<String> {
        std::mem::take(&mut self.state.lock().unwrap().log)
    }
}

impl State {
    fn put(&mut self, name: &str, text: &str) {
        let second = self.second;
        self.files.retain(|(found, ..)| found != name);
        self.files.push((name.to_owned(), text.to_owned(), second));
    }
}

fn at(second: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(second)
}

impl Source for Stage {
    fn list(&self) -> BoxFuture<'_, Result<Listing, FetchError>> {
        Box::pin(async {
            let state = self.request("list".to_owned())?;
            let entries = state.files.iter().map(|(name, text, second)| Entry {
                name: name.clone(),
                version: format!("v-{text}"),
                bytes: text.len() as u64,
                modified: Some(at(*second)),
            });
            Ok(Listing {
                entries: entries.collect(),
                at: Some(at(state.second)),
                has_aliases: false,
            })
        })
    }

    fn fetch<'a>(&'a self, entry: &'a Entry) -> BoxFuture<'a, Result<Vec<u8>, FetchError>> {
        Box::pin(async {
            let state = self.request(entry.name.clone())?;
            match state.files.iter().find(|(name, ..)| *name == entry.name) {
                None => Err(FetchError::NotFound(entry.name.clone())),
                Some((_, text, _)) if format!("v-{text}") != entry.version => {
                    Err(FetchError::Changed)
                }
                Some((_, text, _)) => Ok(text.bytes().take(state.comes).collect()),
            }
        })
    }

    fn alias(&self, _: &str) -> std::sync::Arc<dyn Source> {
        unreachable!("one place is taken at a time")
    }

    fn location(&self) -> String {
        "stage".to_owned()
    }
}

#[tokio::test(start_paused = true)]
async fn a_settled_source_is_listed_read_and_listed_again() {
    let stage = Stage::new(&[("main.lua", "a", 9), ("b.lua", "b", 9)], 10);
    let snapshot = take(&stage, None, CAPS).await.unwrap().unwrap();
    assert_eq!(stage.log(), ["list", "b.lua", "main.lua", "list"]);
    assert_eq!(snapshot.version_of("main.lua"), Some("v-a"));
}

#[tokio::test(start_paused = true)]
async fn an_unchanged_source_costs_one_listing() {
    let stage = Stage::new(&[("main.lua", "a", 1)], 10);
    let known = take(&stage, None, CAPS).await.unwrap().unwrap();
    stage.log();
    assert!(take(&stage, Some(&known), CAPS).await.unwrap().is_none());
    assert_eq!(stage.log(), ["list"]);
}

#[tokio::test(start_paused = true)]
async fn only_changed_files_are_fetched() {
    let stage = Stage::new(&[("main.lua", "a", 1), ("b.lua", "b", 1)], 10);
    let known = take(&stage, None, CAPS).await.unwrap().unwrap();
    stage.log();
    stage.state.lock().unwrap().files[0].1 = "new".to_owned();
    let snapshot = take(&stage, Some(&known), CAPS).await.unwrap().unwrap();
    assert_eq!(stage.log(), ["list", "main.lua", "list"]);
    assert_eq!(
        snapshot.sources().collect::<Vec<_>>(),
        [("b.lua", b"b".as_slice()), ("main.lua", b"new".as_slice())]
    );
}

#[tokio::test(start_paused = true)]
async fn a_young_listing_is_waited_for_and_not_read() {
    let stage = Stage::new(&[("main.lua", "a", 10)], 10);
    stage.before_request(3, |state| {
        state.second = 11;
        Ok(())
    });
    take(&stage, None, CAPS).await.unwrap().unwrap();
    assert_eq!(stage.log(), ["list", "list", "list", "main.lua", "list"]);
}

#[tokio::test(start_paused = true)]
async fn an_upload_that_arrives_while_files_are_read_is_taken_whole_later() {
    let stage = Stage::new(&[("b.lua", "b1", 1), ("main.lua", "m1", 1)], 10);
    // After b.lua was read, a new b.lua and a new main.lua come: m2 with b1 never stood together.
    stage.before_request(3, |state| {
        state.put("b.lua", "b2");
        state.put("main.lua", "m2");
        Ok(())
    });
    stage.before_request(4, |state| {
        state.second = 12;
        Ok(())
    });
    let snapshot = take(&stage, None, CAPS).await.unwrap().unwrap();
    assert_eq!(snapshot.sources().map(|(_, text)| text).collect::<Vec<_>>(), [b"b2", b"m2"]);
    assert_eq!(stage.log(), ["list", "b.lua", "main.lua", "list", "b.lua", "main.lua", "list"]);
}

#[tokio::test(start_paused = true)]
async fn a_file_that_is_added_while_files_are_read_makes_the_set_be_read_again() {
    let stage = Stage::new(&[("main.lua", "m", 1)], 10);
    stage.before_request(3, |state| {
        state.files.push(("late.lua".to_owned(), "l".to_owned(), 8));
        Ok(())
    });
    let snapshot = take(&stage, None, CAPS).await.unwrap().unwrap();
    assert_eq!(snapshot.files.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_source_that_never_settles_is_given_up() {
    let stage = Stage::new(&[("main.lua", "a", 10)], 10);
    let error = take(&stage, None, CAPS).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "stage: the scripts kept changing while they were read, main.lua (version v-a) last; the next check tries again"
    );
    assert_eq!(stage.log().len(), ROUNDS);
}

#[tokio::test(start_paused = true)]
async fn whatever_a_source_refuses_is_named_with_file_and_version() {
    for (number, cause, expected) in [
        (
            1,
            FetchError::Denied("no".to_owned()),
            "stage: cannot list the scripts: access denied: no",
        ),
        (
            2,
            FetchError::Denied("no".to_owned()),
            "stage: cannot read main.lua (version v-a): access denied: no",
        ),
        (
            2,
            FetchError::NotFound("gone".to_owned()),
            "stage: cannot read main.lua (version v-a): not found: gone",
        ),
        (
            3,
            FetchError::Unavailable("503".to_owned()),
            "stage: cannot list the scripts: unavailable: 503",
        ),
    ] {
        let stage = Stage::new(&[("main.lua", "a", 1)], 10);
        stage.before_request(number, move |_| Err(cause));
        assert_eq!(take(&stage, None, CAPS).await.unwrap_err().to_string(), expected);
    }
}

#[tokio::test(start_paused = true)]
async fn a_file_that_is_shorter_than_it_was_listed_is_refused() {
    let stage = Stage::new(&[("main.lua", "return 1", 1)], 10);
    stage.before_request(2, |state| {
        state.comes = 3;
        Ok(())
    });
    assert_eq!(
        take(&stage, None, CAPS).await.unwrap_err().to_string(),
        "stage: cannot read main.lua (version v-return 1): unavailable: it has 3 bytes, but 8 were listed"
    );
}

#[tokio::test(start_paused = true)]
async fn caps_are_held_against_the_listing_before_anything_is_read() {
    let long = "x".repeat(101);
    let half = "x".repeat(80);
    for (files, expected) in [
        (
            vec![("main.lua", long.as_str(), 1)],
            format!("stage: main.lua (version v-{long}) has 101 bytes; the limit is 100"),
        ),
        (
            vec![("main.lua", half.as_str(), 1), ("b.lua", half.as_str(), 1)],
            "stage: all files (version -) has 160 bytes; the limit is 150".to_owned(),
        ),
        (
            vec![("a.lua", "", 1), ("b.lua", "", 1), ("c.lua", "", 1), ("d.lua", "", 1)],
            "stage: there are 4 scripts; the limit is 3".to_owned(),
        ),
        (
            vec![("config.json", "{}", 1)],
            "stage: there are no scripts (.lua or .luau files) here".to_owned(),
        ),
    ] {
        let stage = Stage::new(&files, 10);
        assert_eq!(take(&stage, None, CAPS).await.unwrap_err().to_string(), expected);
        assert_eq!(stage.log(), ["list"]);
    }
}

#[tokio::test(start_paused = true)]
async fn the_id_is_made_from_names_and_contents_alone() {
    let id = |files: &[(&str, &str, u64)]| {
        let stage = Stage::new(files, 100);
        async move { take(&stage, None, CAPS).await.unwrap().unwrap().id.to_string() }
    };
    let first = id(&[("a.lua", "1", 1), ("b.lua", "2", 1)]).await;
    assert_eq!(id(&[("b.lua", "2", 7), ("a.lua", "1", 50)]).await, first);
    assert_ne!(id(&[("a.lua", "12", 1), ("b.lua", "", 1)]).await, first);
    assert_ne!(id(&[("a.lua", "2", 1), ("b.lua", "1", 1)]).await, first);
    assert_eq!(first.len(), 16);
}
