//! Sandboxed Luau: one event in, one answer out.
//!
//! The engine does no I/O: it knows no AWS, no files, no network, no clock and no async. Whatever a
//! script wants from the world comes out of a [`Step`] as requests, and goes back in as replies.
//! Time, the deadline and what a log record is written to come from outside.
//!
//! A release is compiled once ([`Compiled`]), loaded into a VM ([`Program`]), and then asked event
//! by event ([`Program::start`]). Each event has its own instance of every module, so nothing of
//! one call is left for the next.

mod action;
mod actions_doc;
mod answer;
mod buckets;
mod call;
mod call_doc;
mod cancel;
mod compile;
mod convert;
mod coverage;
mod error;
mod flow;
mod handlers;
mod helpers;
mod json;
mod known_names;
mod limits;
mod literals;
mod log;
mod lua_error;
mod markdown;
mod modules;
mod pressure;
mod resolve;
mod routes;
mod routes_file;
mod sandbox;
mod schema;
mod slip;
mod string_format;
mod trial;
mod types;
mod unusable;
mod validate;
mod vm;
mod workbench;

pub use action::sends_event;
pub use actions_doc::actions_markdown;
pub use buckets::Buckets;
pub use call_doc::call_markdown;
pub use cancel::CancelFlag;
pub use compile::{Compiled, lay_over};
pub use coverage::{Counting, FunctionHits};
pub use error::{Error, LoadError, Problem};
pub use flow::{Breadcrumb, step_label};
pub use known_names::KnownNames;
pub use limits::Limits;
pub use literals::LiteralJudge;
pub use log::{LogKind, LogLevel, LogRecord};
pub use moonring_wire::hint;
pub use resolve::{required_file, script_file, script_hint};
pub use routes::{Direction, FallbackPlan, LIVE, OnNewCallError, Rest, Route, Routes};
pub use schema::snake_case;
pub use trial::Trial;
pub use types::{ResultTypes, types_documentation, types_luacats, types_luau};
pub use vm::luau_version;
pub use vm::{ActionOrigin, Input, Program, RunOutcome, Step, Suspended};
pub use workbench::{Answering, Workbench};

#[cfg(test)]
mod tests;
