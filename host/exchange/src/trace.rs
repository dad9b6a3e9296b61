//! What happened in a call, in order.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use crate::leg::Tag;

/// What stands for a digit that is not shown.
pub(crate) const HIDDEN: char = '•';

/// Everything that happened in a call.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Trace {
    /// In order; no entry is earlier than the one before it.
    pub entries: Vec<Entry>,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// When, from the start of the call.
    pub at: Duration,
    /// What.
    pub happened: Happened,
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Happened {
    /// The function was given an event, for the first time or again.
    Invoked {
        /// The event.
        event: Arc<Value>,
        /// 1, or more where the service invoked again.
        attempt: u32,
    },
    /// The function answered.
    Answered {
        /// What it answered.
        answer: Arc<Value>,
        /// What it asked of other services meanwhile, in the form of a transcript.
        api_calls: Vec<Value>,
        /// Whether the answer counts: not where an earlier one came first, or the event was
        /// delivered twice.
        counts: bool,
    },
    /// The function gave no answer.
    NotAnswered {
        /// Why, in the service's words where they are known (rule 55).
        why: String,
    },
    /// Somebody hears something.
    Hears {
        /// Who.
        leg: Tag,
        /// A text, or an audio file as `s3://bucket/key`.
        what: String,
        /// Whether it is an audio file.
        is_audio: bool,
        /// The line of the script that said it.
        place: Option<String>,
    },
    /// Somebody presses a digit.
    Presses {
        /// Who.
        leg: Tag,
        /// The digit; `•` where it was asked for in confidence.
        digit: char,
        /// Whether anything listens.
        is_heard: bool,
    },
    /// Somebody talks.
    Talks {
        /// Who.
        leg: Tag,
        /// For how long.
        lasts: Duration,
        /// What they say, where it matters.
        words: Option<String>,
    },
    /// A leg rings.
    Rings {
        /// Which.
        leg: Tag,
        /// The number that is called.
        to: String,
        /// The line of the script that called it.
        place: Option<String>,
    },
    /// A leg is answered.
    Connects {
        /// Which.
        leg: Tag,
    },
    /// A leg is joined to a meeting.
    Joins {
        /// Which.
        leg: Tag,
        /// The meeting's id, if the action said it.
        meeting: Option<String>,
    },
    /// A leg ends.
    Ends {
        /// Which.
        leg: Tag,
        /// The SIP response code: 0, 480 or 486 (rule 46).
        code: u16,
    },
    /// The service does something that nobody hears.
    Does {
        /// The leg it is for.
        leg: Tag,
        /// The action's type.
        action: String,
        /// The line of the script that asked for it.
        place: Option<String>,
    },
    /// A recording is delivered (rules 62 and 63).
    Records {
        /// Whose.
        leg: Tag,
        /// Bucket and key, as `bucket/key`.
        file: String,
        /// How long it is.
        lasts: Duration,
        /// 2 where both parties are on it.
        channels: u16,
    },
    /// A SIP message is logged (rule 56).
    Sip {
        /// The log group.
        group: String,
        /// The leg.
        leg: Tag,
        /// The message's first line, shortened: `INVITE`, `200 OK`, `BYE`,
        /// `480 Temporarily Unavailable`, `486 Busy Here`.
        message: &'static str,
    },
    /// The service writes to its log (rule 55).
    Logs(String),
    /// Something that works, and that the sources advise against.
    Warns(String),
}

impl Trace {
    pub(crate) fn add(&mut self, at: Duration, happened: Happened) {
        self.entries.push(Entry { at, happened });
    }

    /// The events that the function was given, in order, each once.
    pub fn events(&self) -> impl Iterator<Item = &Value> {
        self.entries.iter().filter_map(|entry| match &entry.happened {
            Happened::Invoked { event, attempt: 1 } => Some(event.as_ref()),
            _ => None,
        })
    }
}
