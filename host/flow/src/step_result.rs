//! The result of one step, as the journal keeps it.

use serde_json::{Map, Value, json};

use crate::failure::StepFailure;
use crate::journal_codec::{Reader, Writer};
use crate::legs::ConnectedLeg;
use crate::request::Reply;

/// The result of a step.
#[derive(Debug, Clone, PartialEq)]
pub enum StepResult {
    /// It worked, and there is no more to say.
    True,
    /// Keys that were pressed.
    Digits(String),
    /// It did not work.
    Failed(StepFailure),
    /// A leg that is connected now.
    Leg(ConnectedLeg),
    /// A recording.
    Recording {
        /// The bucket it lies in.
        bucket: String,
        /// Its key there.
        key: String,
        /// The digit that ended it, if one did.
        terminator: String,
    },
    /// `wait`: keys.
    Pressed(String),
    /// `wait`: arguments of an update.
    Updated(Map<String, Value>),
    /// `wait`: the leg of this tag left.
    Left(String),
    /// `wait`: it took too long.
    TimedOut,
    /// Replies to requests that were made together.
    Replies(Vec<Reply>),
    /// What the function of a step returned.
    Value(Value),
    /// What the function of a step raised.
    Raised(String),
    /// Keys that were typed in confidence, sealed.
    Sealed(String),
    /// `act`: what the event said, and the leg that is connected now, if one is.
    Acted {
        /// The event, without its parameters.
        event: Value,
        /// The leg that it has connected.
        leg: Option<Box<StepResult>>,
    },
}

impl StepResult {
    /// Prints it in a journal.
    pub fn write(&self, to: &mut Writer) {
        match self {
            Self::True => to.letter('t'),
            Self::Digits(digits) => {
                to.letter('d');
                to.words(digits);
            }
            Self::Failed(failure) => {
                to.letter('n');
                failure.write(to);
            }
            Self::Leg(ConnectedLeg { tag, id, from, to: called }) => {
                to.letter('l');
                [tag, id, from, called].into_iter().for_each(|text| to.words(text));
            }
            Self::Recording { bucket, key, terminator } => {
                to.letter('r');
                [bucket, key, terminator].into_iter().for_each(|text| to.words(text));
            }
            Self::Pressed(digits) => {
                to.letter('p');
                to.words(digits);
            }
            Self::Updated(arguments) => {
                to.letter('u');
                to.words(&Value::Object(arguments.clone()).to_string());
            }
            Self::Left(tag) => {
                to.letter('f');
                to.words(tag);
            }
            Self::TimedOut => to.letter('o'),
            Self::Replies(replies) => {
                to.letter('q');
                to.words(&Value::from_iter(replies.iter().map(reply_to_json)).to_string());
            }
            Self::Value(Value::Null) => to.letter('j'),
            Self::Value(value) => {
                to.letter('v');
                to.words(&value.to_string());
            }
            Self::Sealed(sealed) => {
                to.letter('x');
                to.words(sealed);
            }
            Self::Acted { event, leg } => {
                to.letter('a');
                to.words(&event.to_string());
                match leg {
                    Some(leg) => leg.write(to),
                    None => Self::True.write(to),
                }
            }
            Self::Raised(message) => {
                to.letter('e');
                to.words(message);
            }
        }
    }

    /// Reads it from a journal; `None` where the text is no result.
    pub fn read(from: &mut Reader<'_>) -> Option<Self> {
        let letter = from.letter()?;
        let mut text = || from.words().map(str::to_owned);
        Some(match letter {
            't' => Self::True,
            'd' => Self::Digits(text()?),
            'n' => Self::Failed(StepFailure::read(from)?),
            'l' => {
                Self::Leg(ConnectedLeg { tag: text()?, id: text()?, from: text()?, to: text()? })
            }
            'r' => Self::Recording { bucket: text()?, key: text()?, terminator: text()? },
            'p' => Self::Pressed(text()?),
            'u' => Self::Updated(serde_json::from_str(&text()?).ok()?),
            'f' => Self::Left(text()?),
            'o' => Self::TimedOut,
            'q' => {
                let replies: Vec<Value> = serde_json::from_str(&text()?).ok()?;
                Self::Replies(replies.iter().map(reply_from_json).collect())
            }
            'j' => Self::Value(Value::Null),
            'v' => Self::Value(serde_json::from_str(&text()?).ok()?),
            'x' => Self::Sealed(text()?),
            'a' => {
                let event = serde_json::from_str(&text()?).ok()?;
                let leg = Self::read(from)?;
                Self::Acted { event, leg: matches!(leg, Self::Leg(_)).then(|| Box::new(leg)) }
            }
            'e' => Self::Raised(text()?),
            _ => return None,
        })
    }
}

fn reply_to_json(reply: &Reply) -> Value {
    match reply {
        Reply::Done(output) => json!([output]),
        Reply::Failed { error_type, message, code } => json!([error_type, message, code]),
    }
}

fn reply_from_json(reply: &Value) -> Reply {
    let text = |index: usize| reply.get(index).and_then(Value::as_str).map(str::to_owned);
    match reply.as_array().map_or(0, Vec::len) {
        1 => Reply::Done(reply[0].clone()),
        _ => Reply::Failed {
            error_type: text(0).unwrap_or_default(),
            message: text(1).unwrap_or_default(),
            code: text(2),
        },
    }
}
