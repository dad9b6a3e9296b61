//! What surrounds the script of one event: its deadline, its fallback, its log line, what is masked
//! there.

pub(crate) mod action_origins;
pub(crate) mod call_metrics;
pub(crate) mod deadline;
pub(crate) mod event_log;
pub(crate) mod fallback;
pub(crate) mod record;
pub(crate) mod redact;
pub(crate) mod silence;
pub(crate) mod watchdog;
