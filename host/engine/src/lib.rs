//! Sandboxed Luau: one event in, one answer out.
//!
//! The engine does no I/O: it knows no AWS, no files, no network, no clock and no async. Whatever a script wants from the
//! world comes out of a [`Step`] as requests, and goes back in as replies. Time, the deadline and what a log record is
//! written to come from outside.
//!
//! A release is compiled once ([`Compiled`]), loaded into a VM ([`Program`]), and then asked event by event
//! ([`Program::start`]). Each event has its own instance of every module, so nothing of one call is left for the next.

mod action;
mod answer;
mod bindings;
mod buckets;
mod call;
mod checker;
mod compile;
mod convert;
mod error;
mod flow;
mod form;
mod handlers;
mod helpers;
mod invocation;
mod json;
mod kill;
mod limits;
mod log;
mod lua_error;
mod modules;
mod nearest;
mod pressure;
mod program;
mod reference;
mod request;
mod resolve;
mod routes;
mod routes_file;
mod sandbox;
mod secrets;
mod shape;
mod stable_hash;
mod step;
mod trial;

pub use buckets::Buckets;
pub use compile::Compiled;
pub use error::{Error, LoadError, Place, Problem};
pub use flow::{POINTER, Station, Typed, broken_journal, journal_mark, settled_bytes};
pub use kill::KillWord;
pub use limits::Limits;
pub use log::{LogLevel, LogRecord};
pub use program::{Input, Program, Turn};
pub use reference::actions_markdown;
pub use request::{HttpRequest, Reply, Request, SignedRequest, StorageOperation, StorageRequest, canonical_json};
pub use resolve::{script_file, script_hint};
pub use routes::{Direction, FallbackPlan, LIVE, OnNewCallError, Rest, Route, Routes};
pub use secrets::{Secrets, SecretsError};
pub use step::{Step, Suspended};
pub use trial::Trial;

#[cfg(test)]
mod tests;
