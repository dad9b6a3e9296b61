//! A place outside for what does not fit into the attributes of a call.

use std::pin::Pin;

/// What an [`ObjectStore`] gives back, sooner or later.
pub type PendingResult<'a, T> = Pin<Box<dyn Future<Output = Result<T, String>> + 'a>>;

/// Named objects that every instance of the host sees. Errors are one line, in the words of whoever
/// failed.
pub trait ObjectStore {
    /// An object, or `None` where there is none of this name.
    fn read<'a>(&'a self, name: &'a str) -> PendingResult<'a, Option<Vec<u8>>>;

    /// Puts an object there, in place of any other of its name.
    fn write<'a>(&'a self, name: &'a str, bytes: Vec<u8>) -> PendingResult<'a, ()>;

    /// Puts an object there unless there is one of its name already: whether it did.
    fn claim<'a>(&'a self, name: &'a str, bytes: Vec<u8>) -> PendingResult<'a, bool>;

    /// Deletes every object whose name begins so.
    fn clear<'a>(&'a self, beginning: &'a str) -> PendingResult<'a, ()>;
}
