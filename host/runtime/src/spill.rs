//! Journals that are too long for the attributes of their calls.
//!
//! What no later event changes of such a journal lies outside, under the hash of its text; what travels with the call is a pointer to it, and the rest.
//! Since that text only grows at its end, the same object serves for many events, and an instance that has seen it does not ask for it again.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;

use moonring_engine::{POINTER, journal_mark, settled_bytes};
use sha2::{Digest as _, Sha256};

use crate::{Error, Overflow};

/// Hexadecimal digits of a hash: 128 bits.
const HASH: usize = 32;
/// The most texts that are remembered, and the most bytes of them together.
const REMEMBERED: (usize, usize) = (100, 16 * 1024 * 1024);
/// How often something is tried. Clients have retries of their own, for what they know to be worth it.
const TRIES: usize = 2;

/// The place outside, if there is one, and what is known of what lies there.
#[derive(Default)]
pub(crate) struct Spill {
    overflow: Option<Box<dyn Overflow>>,
    /// The one used last at the end.
    heads: RefCell<VecDeque<(String, Rc<str>)>>,
}

impl Spill {
    pub(crate) fn new(overflow: Option<Box<dyn Overflow>>) -> Self {
        Self { overflow, heads: RefCell::default() }
    }

    /// The place outside.
    pub(crate) fn overflow(&self) -> Option<&dyn Overflow> {
        self.overflow.as_deref()
    }

    /// Whether this is a pointer, and no journal.
    pub(crate) fn is_pointer(journal: &str) -> bool {
        journal_mark(journal).1.starts_with(POINTER)
    }

    /// The whole journal that a call brought.
    ///
    /// # Errors
    /// [`Error::Journal`], where it is not to be had.
    pub(crate) async fn whole(&self, call: &str, journal: &str, most: Duration) -> Result<String, Error> {
        let (mark, body) = journal_mark(journal);
        let Some((hash, tail)) = body.strip_prefix(POINTER).and_then(|rest| rest.split_at_checked(HASH)) else {
            return Ok(journal.to_owned());
        };
        let head = match self.known(hash) {
            Some(head) => head,
            None => self.fetch(call, hash, most).await?,
        };
        Ok(format!("{mark}{head}{tail}"))
    }

    /// What travels with the call, of so many characters at most. The rest is outside when this returns.
    ///
    /// # Errors
    /// [`Error::Journal`], where it could not be put there.
    pub(crate) async fn fold(
        &self,
        call: &str,
        journal: String,
        chars: usize,
        most: Duration,
    ) -> Result<String, Error> {
        if journal.chars().count() <= chars {
            return Ok(journal);
        }
        let Some(overflow) = &self.overflow else { return Ok(journal) };
        let (mark, body) = journal_mark(&journal);
        let pointer = |hash: &str, tail: &str| format!("{mark}{POINTER}{hash}{tail}");
        let known = self.heads.borrow().iter().rev().find(|(_, head)| body.starts_with(&**head)).cloned();
        if let Some((hash, head)) = known {
            let folded = pointer(&hash, &body[head.len()..]);
            if folded.chars().count() <= chars {
                self.remember(hash, head);
                return Ok(folded);
            }
        }
        let settled = settled_bytes(body).unwrap_or(body.len());
        let (head, tail) = body.split_at(settled);
        let hash = hash(head);
        let name = name(call, &hash);
        let put = retried(most, || overflow.write(&name, head.as_bytes().to_vec())).await;
        put.map_err(|why| {
            Error::Journal(format!(
                "the journal of the call is too long for its attributes and cannot be put elsewhere: {why}"
            ))
        })?;
        self.remember(hash.clone(), Rc::from(head));
        Ok(pointer(&hash, tail))
    }

    /// Deletes the journals that lie outside of a call that is over.
    pub(crate) async fn clear(&self, call: &str, most: Duration) {
        let Some(overflow) = &self.overflow else { return };
        // Claims stay: the event may come once more, to another process.
        let journals = format!("{}journal-", folder(call));
        if let Err(why) = retried(most, || overflow.clear(&journals)).await {
            tracing::warn!(call, "what is left of the call's journal is not deleted: {why}");
        }
    }

    async fn fetch(&self, call: &str, hash: &str, most: Duration) -> Result<Rc<str>, Error> {
        let failed = |why: &str| Error::Journal(format!("the journal of the call is not to be had: {why}"));
        let Some(overflow) = &self.overflow else {
            return Err(failed("it lies in S3, and MOONRING_JOURNAL is not set"));
        };
        let name = name(call, hash);
        let bytes = retried(most, || overflow.read(&name)).await.map_err(|why| failed(&why))?;
        let bytes = bytes.ok_or_else(|| failed(&format!("{name} is not there")))?;
        let head = String::from_utf8(bytes).map_err(|_| failed(&format!("{name} is no text")))?;
        if self::hash(&head) != hash {
            return Err(failed(&format!("{name} is not what was put there")));
        }
        let head: Rc<str> = Rc::from(head);
        self.remember(hash.to_owned(), Rc::clone(&head));
        Ok(head)
    }

    fn known(&self, hash: &str) -> Option<Rc<str>> {
        self.heads.borrow().iter().find(|(known, _)| known == hash).map(|(_, head)| Rc::clone(head))
    }

    fn remember(&self, hash: String, head: Rc<str>) {
        let mut heads = self.heads.borrow_mut();
        heads.retain(|(known, _)| *known != hash);
        heads.push_back((hash, head));
        let (most, most_bytes) = REMEMBERED;
        while heads.len() > most
            || heads.len() > 1 && heads.iter().map(|(_, head)| head.len()).sum::<usize>() > most_bytes
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
    let is_plain = !call.is_empty() && call.bytes().all(|letter| letter.is_ascii_alphanumeric() || letter == b'-');
    if is_plain { format!("{call}/") } else { format!("{}/", hash(call)) }
}

fn name(call: &str, hash: &str) -> String {
    format!("{}journal-{hash}", folder(call))
}

pub(crate) fn hash(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().take(HASH / 2).map(|byte| format!("{byte:02x}")).collect()
}
