//! The telephone service, played: calls, legs, action lists and the people on the line, in virtual
//! time.
//!
//! A [`Call`] is a machine without I/O: it says which event the function gets next, takes the
//! answer, and says when the next thing happens by itself. [`play`] drives one in virtual time; in
//! real time its driver sleeps instead. The rules are those of `docs/reference/rules.md`; where the
//! sources leave a point open, [`Readings`] holds the choice.

mod action;
mod action_queue;
pub mod api;
mod apply_answer;
mod behavior;
mod call;
mod compare;
mod event_queue;
mod fault;
mod hangup;
mod ids;
mod invocation;
mod leg;
mod person;
mod play;
mod readings;
mod record;
mod routing;
mod speech;
mod story;
mod trace;
mod transcript;
mod wav;
mod world;

#[cfg(test)]
mod tests;

pub use action::{is_action, is_phone_number};
pub use call::{Call, InboundCall, Next, OutboundCall};
pub use compare::{Replayed, compare, is_hosts_own};
pub use fault::{Faults, error_types, failure_message};
pub use invocation::{Invocation, Outcome, Reply};
pub use leg::Tag;
pub use person::{Behavior, BehaviorTrigger, Person, PersonAction, PersonError, Pickup};
pub use play::{Target, play, step};
pub use readings::{Readings, WhenLegLeaves};
pub use record::{DetailRecord, detail_records};
pub use routing::{Application, Routing, RoutingError, SipRule, Target as RuleTarget, Trigger};
pub use speech::spoken_for;
pub use story::tell;
pub use trace::{Entry, Happened, Trace};
pub use transcript::{Reaction, Step, Transcript, TranscriptError};
pub use wav::{silence, wav_length};
pub use world::{Audio, AudioFiles, Bot, Intent, Meeting, World};
