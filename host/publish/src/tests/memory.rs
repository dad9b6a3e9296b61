//! A place in memory, which fails where a test says so.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

use moonring_store::{BoxFuture, FetchError, Got, Listed, Objects, Only, Put, sha256};

/// What goes wrong at a request.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Fault {
    /// It is refused: S3 answers 403, 500 or 503, or not at all.
    Refused,
    /// It is done, and the answer is lost.
    AnswerLost,
    /// Somebody else is writing at this moment: 409.
    Busy,
}

#[derive(Default)]
pub(super) struct Memory {
    objects: Mutex<BTreeMap<String, Vec<u8>>>,
    /// How many requests there were.
    requests: Mutex<usize>,
    fault: Mutex<Option<PlannedFault>>,
    between: Mutex<Option<Between>>,
}

/// What goes wrong, and when.
#[derive(Clone, Copy)]
struct PlannedFault {
    /// At which request, counted from 1.
    at: usize,
    /// Whether all later ones fail too.
    goes_on: bool,
    fault: Fault,
}

/// What somebody else writes right before an object is deleted.
struct Between {
    deleted: String,
    written: String,
    bytes: Vec<u8>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap()
}

impl Memory {
    /// From a request on all fail, as for a program that is killed there.
    pub(super) fn killed_at(&self, request: usize, fault: Fault) {
        *lock(&self.fault) = Some(PlannedFault { at: request, goes_on: true, fault });
        *lock(&self.requests) = 0;
    }

    /// One request fails.
    pub(super) fn fails_at(&self, request: usize, fault: Fault) {
        *lock(&self.fault) = Some(PlannedFault { at: request, goes_on: false, fault });
        *lock(&self.requests) = 0;
    }

    pub(super) fn heals(&self) {
        *lock(&self.fault) = None;
    }

    /// How many requests there were since a fault was set.
    pub(super) fn requests(&self) -> usize {
        *lock(&self.requests)
    }

    pub(super) fn all(&self) -> BTreeMap<String, Vec<u8>> {
        lock(&self.objects).clone()
    }

    pub(super) fn set(&self, name: &str, bytes: Vec<u8>) {
        lock(&self.objects).insert(name.to_owned(), bytes);
    }

    pub(super) fn remove(&self, name: &str) {
        lock(&self.objects).remove(name);
    }

    /// Somebody else writes an object right before another is deleted.
    pub(super) fn before_delete_of(&self, deleted: &str, written: &str, bytes: Vec<u8>) {
        let (deleted, written) = (deleted.to_owned(), written.to_owned());
        *lock(&self.between) = Some(Between { deleted, written, bytes });
    }

    fn request(&self) -> Option<Fault> {
        let mut requests = lock(&self.requests);
        *requests += 1;
        let PlannedFault { at, goes_on, fault } = (*lock(&self.fault))?;
        (*requests == at || goes_on && *requests > at).then_some(fault)
    }
}

fn down() -> FetchError {
    FetchError::Unavailable("503 SlowDown".to_owned())
}

impl Objects for Memory {
    fn get<'a>(
        &'a self,
        name: &'a str,
        known: Option<&'a str>,
        most: u64,
    ) -> BoxFuture<'a, Result<Got, FetchError>> {
        Box::pin(async move {
            tokio::task::yield_now().await;
            if self.request().is_some() {
                return Err(down());
            }
            let Some(bytes) = lock(&self.objects).get(name).cloned() else {
                return Ok(Got::Absent);
            };
            if bytes.len() as u64 > most {
                return Err(down());
            }
            let tag = sha256(&bytes);
            Ok(if known == Some(tag.as_str()) {
                Got::Unchanged
            } else {
                Got::Object { bytes, tag }
            })
        })
    }

    fn put<'a>(
        &'a self,
        name: &'a str,
        bytes: Vec<u8>,
        only: Only<'a>,
    ) -> BoxFuture<'a, Result<Put, FetchError>> {
        Box::pin(async move {
            tokio::task::yield_now().await;
            let fault = self.request();
            match fault {
                Some(Fault::Refused) => return Err(down()),
                Some(Fault::Busy) => return Ok(Put::Busy),
                Some(Fault::AnswerLost) | None => {}
            }
            let mut objects = lock(&self.objects);
            let there = objects.get(name).map(|there| sha256(there));
            let holds = match only {
                Only::New => there.is_none(),
                Only::Replacing(tag) => there.as_deref() == Some(tag),
            };
            if !holds {
                return Ok(Put::Refused);
            }
            let tag = sha256(&bytes);
            objects.insert(name.to_owned(), bytes);
            if fault.is_some() { Err(down()) } else { Ok(Put::Done(tag)) }
        })
    }

    fn list<'a>(&'a self, beginning: &'a str) -> BoxFuture<'a, Result<Vec<Listed>, FetchError>> {
        Box::pin(async move {
            tokio::task::yield_now().await;
            if self.request().is_some() {
                return Err(down());
            }
            let objects = lock(&self.objects);
            let found = objects.iter().filter(|(name, _)| name.starts_with(beginning));
            let listed = |(name, bytes): (&String, &Vec<u8>)| Listed {
                name: name.clone(),
                bytes: bytes.len() as u64,
            };
            Ok(found.map(listed).collect())
        })
    }

    fn delete<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<(), FetchError>> {
        Box::pin(async move {
            if self.request().is_some() {
                return Err(down());
            }
            let between = lock(&self.between).take_if(|between| between.deleted == name);
            if let Some(Between { written, bytes, .. }) = between {
                self.set(&written, bytes);
            }
            self.remove(name);
            Ok(())
        })
    }

    fn location(&self) -> String {
        "memory/".to_owned()
    }
}
