//! The rules of the telephone service: calls, legs, lists of actions, invocations, routing, records
//! and the API.
//!
//! A [`Call`] is a machine that knows no clock, no people and no files. [`Input`]s go in: a digit,
//! a prompt that has ended, an answer of the function, a timer. [`Order`]s come out: play this,
//! dial that, give this event to the function, set a timer. Whoever carries out the orders, a
//! virtual world or a real switch, reports with the order's [`Ticket`] how it went. The same start
//! and the same inputs give the same orders, so a call can be built again from what was put in.
//!
//! The rules are those of `docs/reference/rules.md`; where the sources leave a point open,
//! [`Readings`] holds the choice.

mod action;
mod action_error;
mod action_queue;
pub mod api;
mod call;
mod date;
mod dispatch;
mod ids;
mod input;
mod invocation;
mod leg;
mod lines;
mod listener;
mod listening;
mod next_failure;
mod order;
mod outgoing_event;
mod prompt;
mod readings;
mod record;
mod routing;
mod service;
mod spoken;
mod ssml;
mod ticket;
mod trace;

pub use action::{action_names, is_action, is_phone_number};
pub use action_error::{ActionError, error_types, failure_message};
pub use call::{Call, Direction, LATEST, Start};
pub use input::{Condition, Input, Intent, NextFault, Outcome, Stamped};
pub use leg::{LegNumber, Tag};
pub use order::Order;
pub use prompt::{AudioFile, Prompt, audio_files};
pub use readings::{Readings, WhenLegLeaves};
pub use record::{DetailRecord, detail_records};
pub use routing::{Application, Routing, RoutingError, SipRule, Target as RuleTarget, Trigger};
pub use service::{Meeting, Service};
pub use spoken::{SpokenLine, told_key};
pub use ssml::plain;
pub use ticket::Ticket;
pub use trace::{Entry, Happened, Trace};
