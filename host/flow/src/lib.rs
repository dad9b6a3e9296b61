//! What a flow remembers: its journal, the step it waits at, the legs it has, and what it requests.
//!
//! Everything here is a value. A journal is read once and printed once for an event; an event is
//! held against the pending step.

mod digest;
mod event_result;
mod failure;
mod handover;
mod journal;
mod journal_codec;
mod journal_inspect;
mod legs;
pub mod limits;
mod pending_step;
mod place;
mod request;
mod request_key;
mod saved_journal;
mod secrets;
mod sent_action;
mod sip_headers;
mod stable_hash;
mod step_kind;
mod step_result;
mod step_words;
mod strip_timestamps;
mod truncate;

pub use digest::{hash_string, step_digest};
pub use event_result::{acted, connected};
pub use failure::{ERROR_TYPES, MESSAGE_BYTES, StepFailure};
pub use handover::{Handover, MeetingRef};
pub use journal::{FlowFailed, Journal, JournalEntry, JournalNotes};
pub use journal_inspect::TypedDigits;
pub use legs::{ConnectedLeg, LegRef, Legs, is_first_leg_gone, is_outbound, other_legs};
pub use pending_step::{
    HANGUPS, PendingStep, PlacedAction, StepEvent, UpdateRoom, Waits, WholeInput, unanswered_reason,
};
pub use place::Place;
pub use request::{
    BadRequest, HttpRequest, MOST_REQUESTS, Reply, Request, SignedRequest, StorageOperation,
    StorageRequest, canonical_json, is_storage_key,
};
pub use request_key::RequestKeys;
pub use saved_journal::{SavedJournal, StoredPart, failed_journal};
pub use secrets::{Seal, Secrets, SecretsError};
pub use sip_headers::SipHeaders;
pub use stable_hash::{content_hash, stable_hash};
pub use step_kind::StepKind;
pub use step_result::StepResult;
pub use truncate::truncate;
