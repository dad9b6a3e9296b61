//! Commands about releases: pushed, promoted, rolled back, compared, pulled and pruned.

mod change;
mod compare;
mod keys;
mod kms_key;
mod list;
mod place;
mod prune;
mod pull;
mod push;
mod status;

pub(crate) use change::{Promote, Rollback};
pub(crate) use compare::Diff;
pub(crate) use keys::Keys;
pub(crate) use list::{Releases, Show};
pub(crate) use place::{files_in, wait_for};
pub(crate) use prune::Prune;
pub(crate) use pull::Pull;
pub(crate) use push::Push;
pub(crate) use status::Status;
