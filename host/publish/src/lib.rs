//! Publishing releases: files that are written once, a manifest for each release, and aliases that
//! move in one write. Whatever is cut short, the release that served before goes on serving.

mod changes;
mod difference;
mod error;
mod kms;
mod move_alias;
mod prune;
mod publisher;
mod sign;

pub use changes::{promoted, pushed, rolled_back};
pub use difference::unified;
pub use error::Error;
pub use kms::{AskKms, KmsSigner};
pub use moonring_store::Published;
pub use prune::{Prunable, prunable};
pub use publisher::{About, Publisher, Pushed, SourceFile};
pub use sign::{KeyPair, KeySigner, Sign, new_keys};

#[cfg(test)]
mod tests;
