//! One event from its arrival to its answer.
//!
//! Every event gets a valid answer in time: the release and the script are picked, the engine is driven, what the script asks
//! for is carried out, and whatever goes wrong on the way, the caller hears the fallback.

mod answered;
mod check;
mod deadline;
mod error;
mod fallback;
mod host;
mod judge;
mod kept;
mod lines;
mod names;
mod once;
mod overflow;
mod redact;
mod releases;
mod repeats;
mod report;
mod route;
mod services;
pub mod settings;
mod silence;
mod spill;
mod steady;
mod watchdog;

pub use check::{Checked, check};
pub use deadline::{Arrival, HardDeadline};
pub use error::Error;
pub use fallback::{APOLOGY, fallback};
pub use host::{Failover, Host, Outcome};
pub use moonring_engine::{HttpRequest, Reply, Request, SignedRequest, StorageOperation, StorageRequest};
pub use overflow::{Later, Overflow};
pub use services::{Allowance, NoServices, ReplyBytes, Services, UsedUp, error_type_of, too_large, too_late};
pub use settings::Settings;
pub use watchdog::LastWords;

#[cfg(test)]
mod tests;
