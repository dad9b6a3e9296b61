//! Journals and claims of flows as objects in S3.

use moonring_runtime::{ObjectStore, PendingResult};

use crate::Bucket;

/// The most bytes of a journal or a claim: a journal has 4 Mi characters at most, a claim one
/// reply.
const BYTES: usize = 16 * 1024 * 1024;

impl ObjectStore for Bucket {
    fn read<'a>(&'a self, name: &'a str) -> PendingResult<'a, Option<Vec<u8>>> {
        Box::pin(async { self.get(name, BYTES).await.map_err(|error| error.to_string()) })
    }

    fn write<'a>(&'a self, name: &'a str, bytes: Vec<u8>) -> PendingResult<'a, ()> {
        Box::pin(async { self.put(name, bytes).await.map_err(|error| error.to_string()) })
    }

    fn claim<'a>(&'a self, name: &'a str, bytes: Vec<u8>) -> PendingResult<'a, bool> {
        Box::pin(async { self.put_new(name, bytes).await.map_err(|error| error.to_string()) })
    }

    fn clear<'a>(&'a self, beginning: &'a str) -> PendingResult<'a, ()> {
        Box::pin(async { self.delete_all(beginning).await.map_err(|error| error.to_string()) })
    }
}
