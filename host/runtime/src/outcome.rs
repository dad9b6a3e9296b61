//! What became of an event.

use moonring_engine::LogRecord;
use moonring_flow::Place;
use moonring_wire::Answer;
use serde_json::value::RawValue;

use crate::Error;

/// What became of an event.
#[derive(Debug)]
pub struct Outcome {
    /// What is sent. Always a valid answer.
    pub answer: Answer,
    /// Why it is the fallback, if it is.
    pub error: Option<Error>,
    /// The same for those who read it: where, and without what must not be shown.
    pub error_text: Option<String>,
    /// Whether the service should rather try its next application, as the routes say.
    pub fails_over: bool,
    /// Where the actions of the answer were built, in their order, as far as it is known. Empty for
    /// the fallback.
    pub places: Vec<Option<Place>>,
    /// Whether the script waits for keys that are typed in confidence.
    pub asks_secret: bool,
    /// What was typed in confidence, for those who keep records.
    pub secrets: Vec<String>,
    /// What the script itself answered, where that would have left the caller in silence and the
    /// fallback is sent instead.
    pub unheard: Option<Answer>,
    /// Whether a function that a flow gave to `on_hangup` failed. The call is over by then.
    pub has_failed_hook: bool,
    /// The script that answered, where one was selected.
    pub script: Option<String>,
    /// What the script logged, and the metrics it counted.
    pub log: Vec<LogRecord>,
    /// The answer as it is sent, where it was printed already.
    pub(crate) printed: Option<Box<RawValue>>,
}

/// The invocation fails on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the script failed at a new call, and routes.lua leaves the call to the next SIP media application"
)]
pub struct Failover;

impl Outcome {
    /// An answer that needed no script.
    pub(crate) fn of(answer: Answer) -> Self {
        let (error, error_text, places, secrets) = (None, None, Vec::new(), Vec::new());
        Self {
            answer,
            error,
            error_text,
            fails_over: false,
            places,
            asks_secret: false,
            secrets,
            unheard: None,
            has_failed_hook: false,
            script: None,
            log: Vec::new(),
            printed: None,
        }
    }

    /// The answer as it is sent, or the failure that makes the service try its next application.
    ///
    /// # Errors
    /// [`Failover`], where the routes ask for it.
    pub fn into_answer(self) -> Result<Box<RawValue>, Failover> {
        match self.printed {
            _ if self.fails_over => Err(Failover),
            Some(printed) => Ok(printed),
            None => Ok(self.answer.to_raw()),
        }
    }
}
