//! Journals that are too long for the attributes of their calls.
//!
//! What no later event changes of such a journal lies outside, under the hash of its text; what
//! travels with the call is a pointer to it, and the rest. Since that text only grows at its end,
//! the same object serves for many events, and an instance that has seen it does not ask for it
//! again.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;

use moonring_flow::{SavedJournal, StoredPart, content_hash};

use crate::{Error, ObjectStore};

/// The most texts that are remembered, and the most bytes of them together.
const MOST: usize = 100;
const MOST_BYTES: usize = 16 * 1024 * 1024;
/// How often something is tried. Clients have retries of their own, for what they know to be worth
/// it.
const TRIES: usize = 2;

/// The place outside, if there is one, and what is known of what lies there.
#[derive(Default)]
pub(crate) struct JournalStore {
    object_store: Option<Box<dyn ObjectStore>>,
    /// The one used last at the end.
    heads: RefCell<VecDeque<Head>>,
}

/// The part of a journal that no later event changes.
#[derive(Clone)]
struct Head {
    hash: String,
    text: Rc<str>,
}

impl JournalStore {
    pub(crate) fn new(object_store: Option<Box<dyn ObjectStore>>) -> Self {
        Self { object_store, heads: RefCell::default() }
    }

    /// The place outside.
    pub(crate) fn object_store(&self) -> Option<&dyn ObjectStore> {
        self.object_store.as_deref()
    }

    /// The whole journal that a call brought.
    ///
    /// # Errors
    /// [`Error::Journal`], where it cannot be had.
    pub(crate) async fn load(
        &self,
        call: &str,
        journal: &SavedJournal,
        most: Duration,
    ) -> Result<SavedJournal, Error> {
        let Some(StoredPart { hash, .. }) = journal.stored_part() else {
            return Ok(journal.clone());
        };
        let head = match self.known(hash) {
            Some(head) => head,
            None => self.fetch(call, hash, most).await?,
        };
        Ok(journal.with_stored_part(&head))
    }

    /// What travels with the call, of so many characters at most. The rest is stored when this
    /// returns.
    ///
    /// # Errors
    /// [`Error::Journal`], where it could not be stored.
    pub(crate) async fn save(
        &self,
        call: &str,
        journal: SavedJournal,
        chars: usize,
        most: Duration,
    ) -> Result<SavedJournal, Error> {
        if journal.text().chars().count() <= chars {
            return Ok(journal);
        }
        let Some(object_store) = &self.object_store else { return Ok(journal) };
        let body = journal.body();
        let known =
            self.heads.borrow().iter().rev().find(|known| body.starts_with(&*known.text)).cloned();
        if let Some(known) = known {
            let pointer = journal.pointing_to(&known.hash, known.text.len());
            if pointer.text().chars().count() <= chars {
                self.remember(known);
                return Ok(pointer);
            }
        }
        let head = journal.settled_part();
        let hash = content_hash(head);
        let name = object_name(call, &hash);
        let put = retried(most, || object_store.write(&name, head.as_bytes().to_vec())).await;
        put.map_err(|why| {
            Error::Journal(format!(
                "the journal of the call is too long for its attributes and cannot be saved in MOONRING_STATE: {why}"
            ))
        })?;
        self.remember(Head { hash: hash.clone(), text: Rc::from(head) });
        Ok(journal.pointing_to(&hash, head.len()))
    }

    /// Deletes the journals that lie outside of a call that is over.
    pub(crate) async fn clear(&self, call: &str, most: Duration) {
        let Some(object_store) = &self.object_store else { return };
        // Claims stay: the event may come again, to another process.
        let journals = format!("{}journal-", folder(call));
        if let Err(why) = retried(most, || object_store.clear(&journals)).await {
            tracing::warn!(call, "the call's journal could not be deleted: {why}");
        }
    }

    async fn fetch(&self, call: &str, hash: &str, most: Duration) -> Result<Rc<str>, Error> {
        let failed =
            |why: &str| Error::Journal(format!("the journal of the call is not available: {why}"));
        let Some(object_store) = &self.object_store else {
            return Err(failed("it is in S3, and MOONRING_STATE is not set"));
        };
        let name = object_name(call, hash);
        let bytes = retried(most, || object_store.read(&name)).await.map_err(|why| failed(&why))?;
        let bytes = bytes.ok_or_else(|| failed(&format!("{name} does not exist")))?;
        let head = String::from_utf8(bytes).map_err(|_| failed(&format!("{name} is not UTF-8")))?;
        if content_hash(&head) != hash {
            return Err(failed(&format!("{name} is not what was saved there")));
        }
        let head: Rc<str> = Rc::from(head);
        self.remember(Head { hash: hash.to_owned(), text: Rc::clone(&head) });
        Ok(head)
    }

    fn known(&self, hash: &str) -> Option<Rc<str>> {
        self.heads.borrow().iter().find(|head| head.hash == hash).map(|head| Rc::clone(&head.text))
    }

    fn remember(&self, head: Head) {
        let mut heads = self.heads.borrow_mut();
        heads.retain(|known| known.hash != head.hash);
        heads.push_back(head);
        while heads.len() > MOST
            || heads.len() > 1
                && heads.iter().map(|head| head.text.len()).sum::<usize>() > MOST_BYTES
        {
            heads.pop_front();
        }
    }
}

/// Tries something again where it fails, within a time.
pub(crate) async fn retried<T, F: Future<Output = Result<T, String>>>(
    most: Duration,
    attempt: impl Fn() -> F,
) -> Result<T, String> {
    let all = async {
        let mut result = attempt().await;
        for _ in 1..TRIES {
            if result.is_ok() {
                break;
            }
            result = attempt().await;
        }
        result
    };
    tokio::time::timeout(most, all)
        .await
        .unwrap_or_else(|_| Err(format!("it took longer than {} ms", most.as_millis())))
}

/// Where everything of a call lies.
pub(crate) fn folder(call: &str) -> String {
    let is_plain = !call.is_empty()
        && call.bytes().all(|letter| letter.is_ascii_alphanumeric() || letter == b'-');
    if is_plain { format!("{call}/") } else { format!("{}/", content_hash(call)) }
}

fn object_name(call: &str, hash: &str) -> String {
    format!("{}journal-{hash}", folder(call))
}
