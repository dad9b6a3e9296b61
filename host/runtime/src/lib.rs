//! One event from its arrival to its answer.
//!
//! Every event gets a valid answer in time: the release and the script are picked, the engine is
//! driven, what the script requests is carried out, and whatever goes wrong on the way, the caller
//! hears the fallback.

mod durability;
mod error;
mod event;
mod host;
mod json_lines;
mod log;
mod outcome;
mod release;
mod run;
mod services;
pub mod settings;
mod turn;

pub use durability::kept_call::{KeptCall, KeptJournal, KeptStep};
pub use durability::object_store::{ObjectStore, PendingResult};
pub use error::Error;
pub use event::deadline::{Arrival, HardDeadline};
pub use event::fallback::{APOLOGY, fallback};
pub use event::record::{compared_answer, compared_request};
pub use event::watchdog::EmergencyReply;
pub use host::Host;
pub use json_lines::JsonLines;
pub use log::Log;
pub use moonring_engine::{
    Counting, FunctionHits, LogKind, LogLevel, LogRecord, Problem, luau_version,
};
pub use outcome::{Failover, Outcome};
pub use release::check::{Checked, ScriptText, check};
pub use services::{
    Allowance, Asked, NoServices, ReplyBytes, Services, UsedUp, error_type_of, too_large, too_late,
};
pub use settings::{SecretPlace, Settings};

#[cfg(test)]
mod tests;
