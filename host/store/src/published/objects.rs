//! What published releases ask of the place they lie in: whole objects, and writes with a condition.

use crate::{BoxFuture, FetchError};

/// A place for objects with names.
pub trait Objects: Send + Sync {
    /// A whole object of at most so many bytes, unless its tag is the one that is known.
    fn get<'a>(
        &'a self,
        name: &'a str,
        known: Option<&'a str>,
        most: u64,
    ) -> BoxFuture<'a, Result<Got, FetchError>>;

    /// Writes an object, if the condition holds.
    fn put<'a>(
        &'a self,
        name: &'a str,
        bytes: Vec<u8>,
        only: Only<'a>,
    ) -> BoxFuture<'a, Result<Put, FetchError>>;

    /// The objects whose names begin like this.
    fn list<'a>(&'a self, beginning: &'a str) -> BoxFuture<'a, Result<Vec<Listed>, FetchError>>;

    /// Deletes an object, if there is one of this name.
    fn delete<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<(), FetchError>>;

    /// What people call the place, e.g. `s3://bucket/prefix/`.
    fn location(&self) -> String;
}

/// What became of a reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Got {
    /// There is no such object.
    Absent,
    /// It is the one that is known.
    Unchanged,
    /// The object.
    Object {
        /// All of it.
        bytes: Vec<u8>,
        /// What tells its versions apart.
        tag: String,
    },
}

/// Under which condition an object is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Only<'a> {
    /// Where there is none of its name.
    New,
    /// Where the one that is there has this tag.
    Replacing(&'a str),
}

/// What became of a writing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Put {
    /// It is written; its tag is this.
    Done(String),
    /// The condition does not hold.
    Refused,
    /// Somebody else is writing it at this moment: to be tried again.
    Busy,
}

/// An object of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its name.
    pub name: String,
    /// Its size in bytes.
    pub bytes: u64,
}
