//! What outlives an event: the state of a call, its journal, and the promise that a request is made
//! once.

pub(crate) mod call_state;
pub(crate) mod duplicate_events;
pub(crate) mod idempotency;
pub(crate) mod journal_store;
mod keep;
pub(crate) mod kept_call;
pub(crate) mod object_store;
