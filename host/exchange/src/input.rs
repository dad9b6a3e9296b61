//! Inputs: what the exchange is told, by whoever carries out its orders.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::leg::LegNumber;
use crate::prompt::AudioFile;
use crate::ticket::Ticket;

/// What happened. An input that names a leg that is not there, or a ticket that is not open,
/// changes nothing: telephones report late, twice and out of order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Input {
    /// A party pressed a digit.
    Digit {
        /// Whose.
        leg: LegNumber,
        /// `0` to `9`, `*`, `#`, `A` to `D`.
        digit: char,
    },
    /// A leg that is dialled rings.
    Ringing {
        /// Which.
        leg: LegNumber,
    },
    /// A leg that is dialled is answered.
    Answered {
        /// Which.
        leg: LegNumber,
    },
    /// A leg that is dialled is busy, or the call was declined.
    Busy {
        /// Which.
        leg: LegNumber,
    },
    /// A party is gone: they hung up, or the line broke.
    Left {
        /// Which.
        leg: LegNumber,
    },
    /// What was ordered is done: played, recorded as long as it may be, joined, sent.
    Finished {
        /// Of the order.
        ticket: Ticket,
    },
    /// What was ordered cannot be done, for a reason that no rule has a word for. An event that was
    /// lost on its way to the function is given to it again.
    Failed {
        /// Of the order.
        ticket: Ticket,
    },
    /// A bot has heard out a party.
    Understood {
        /// Of the order.
        ticket: Ticket,
        /// What was understood; `None` where it was nothing.
        intent: Option<Intent>,
    },
    /// What is known of an audio file, from now on. Any file can be played of which nothing else
    /// was said.
    File {
        /// The file.
        file: AudioFile,
        /// Whether it can be played.
        condition: Condition,
    },
    /// What an invocation came to.
    Replied {
        /// Of the order.
        ticket: Ticket,
        /// What came back.
        outcome: Outcome,
        /// The line that built each action of the answer, as `file:line`, where it is known.
        places: Vec<Option<String>>,
        /// What the function asked of other services, in the form of a transcript; the trace has
        /// it.
        api_calls: Vec<Value>,
        /// Whether the script has asked for digits in confidence: the trace does not show them.
        asks_secret: bool,
    },
    /// UpdateSipMediaApplicationCall was accepted (rules 33 and 34).
    Updated {
        /// Its arguments.
        arguments: Map<String, Value>,
    },
    /// A timer has run out.
    Timer {
        /// Of the order.
        ticket: Ticket,
    },
    /// Several things at one moment: events that come of them show the call after all of them.
    Together(Vec<Input>),
    /// Somebody talks. No rule asks for it: it is noted in the trace.
    Talks {
        /// Who.
        leg: LegNumber,
        /// For how long.
        lasts: Duration,
        /// What they say, where it matters.
        words: Option<String>,
    },
    /// Somebody wants to see the call with something wrong: noted in the trace as a warning.
    Fault(NextFault),
    /// Something worth knowing that no rule asks for: noted in the trace as a warning.
    Remark {
        /// What.
        text: String,
    },
}

/// What goes wrong next, once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum NextFault {
    /// The next action that begins fails.
    Action {
        /// With this error type, such as `SystemException`.
        error_type: String,
        /// The first one of this type, where one is said; else whatever comes next.
        #[serde(default)]
        action_type: Option<String>,
    },
    /// The next event that is answered is delivered a second time; the second answer counts for
    /// nothing.
    Twice,
}

/// An input and its moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stamped {
    /// From the start of the call.
    pub at: Duration,
    /// What happened.
    pub input: Input,
}

/// Whether an audio file can be played.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Condition {
    /// As far as is known.
    Playable,
    /// It is no uncompressed PCM WAV, or larger than 50 MB (rule 61).
    Unusable,
    /// It should be there, and is not.
    Missing,
}

/// What a bot understood.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Intent {
    /// The intent's name.
    pub name: String,
    /// Its slots: texts, or null where one was not filled.
    pub slots: Map<String, Value>,
    /// `Failed`, `Fulfilled` or `ReadyForFulfillment`.
    pub state: String,
}

/// What came back from the function.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Outcome {
    /// An answer, right or wrong.
    Answer(Arc<Value>),
    /// The function failed.
    Failed(String),
    /// Lambda had no room for it (429).
    Throttled,
    /// The service may not call it (rule 6).
    Denied,
    /// Nothing, ever.
    Silence,
}

impl Outcome {
    /// An answer.
    pub fn answer(answer: Value) -> Self {
        Self::Answer(Arc::new(answer))
    }
}

impl Default for Outcome {
    fn default() -> Self {
        Self::answer(Value::Null)
    }
}
