//! The JSON of the PSTN Audio service: events in, actions and answers out.
//!
//! Nothing of an event is lost: a document is kept whole, and what is typed is a view of it.
//! Unknown event types, action types and fields pass through untouched, and `[]`, `{}`, `null` and
//! absent stay what they are, because the service reads them differently (rules 24, 50 and 51).

pub mod action;
mod answer;
#[cfg(test)]
mod any_json;
mod document;
mod event;
mod nearest;
mod participant;
mod salvage;
mod ssml;

pub use action::{Action, TypedAction};
pub use answer::{Answer, Attributes, SCHEMA_VERSION};
pub use document::{Json, KNOWN_NAMES, Object};
pub use event::{Error, Event, EventType};
pub use nearest::{hint, nearest};
pub use participant::{Participant, Status};
pub use ssml::{SSML_TAGS, SsmlError, check_ssml, is_ssml};
