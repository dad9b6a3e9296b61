//! What is listened for on a leg while other things go on (ReceiveDigits).

use std::time::Duration;

use serde_json::{Map, Value};

use crate::ticket::Ticket;

/// What is listened for on a leg.
#[derive(Debug, Clone)]
pub(crate) struct Listener {
    /// Those of the action, as events echo them.
    pub(crate) parameters: Map<String, Value>,
    pub(crate) pattern: fancy_regex::Regex,
    /// After so long without another digit, what was pressed is looked at.
    pub(crate) between: Duration,
    /// After so long, what was pressed and fits nothing is forgotten.
    pub(crate) flush: Duration,
    pub(crate) digits: String,
    /// When the first of the digits was pressed.
    pub(crate) since: Duration,
    pub(crate) timer: Option<Ticket>,
}
