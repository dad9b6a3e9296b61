//! A leg: one party's side of a call.

use std::time::Duration;

use moonring_wire::Attributes;
use serde_json::{Map, Value, json};

use crate::person::Person;

/// The first leg of a call, or the second (rule 38).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tag {
    /// `LEG-A`.
    A,
    /// `LEG-B`.
    B,
}

impl Tag {
    /// The service's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::A => "LEG-A",
            Self::B => "LEG-B",
        }
    }
}

/// What is at the other end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RemoteEnd {
    /// A telephone.
    Phone,
    /// A meeting, by its id if the action said it.
    Meeting(Option<String>),
}

/// How far a call recording of a leg has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Recording {
    #[default]
    Never,
    Runs,
    Rests,
    Stopped,
}

/// Keys that are listened for in the background.
#[derive(Debug)]
pub(crate) struct Listener {
    pub(crate) parameters: Map<String, Value>,
    pub(crate) pattern: fancy_regex::Regex,
    pub(crate) between: Duration,
    pub(crate) flush: Duration,
    pub(crate) keys: String,
    /// When the first of the keys was pressed.
    pub(crate) since: Duration,
    /// Only the latest timer counts.
    pub(crate) number: u64,
}

/// One leg.
#[derive(Debug)]
pub(crate) struct Leg {
    pub(crate) id: String,
    pub(crate) tag: Tag,
    pub(crate) to: String,
    pub(crate) from: String,
    pub(crate) is_inbound: bool,
    /// Milliseconds since 1970.
    pub(crate) started_ms: u64,
    /// `None` while an outbound leg rings.
    pub(crate) is_connected: Option<bool>,
    pub(crate) sip_headers: Attributes,
    pub(crate) far: RemoteEnd,
    pub(crate) person: Person,
    /// The number of the person's next deed, and since when it is the next.
    pub(crate) deed: usize,
    pub(crate) deed_since: Duration,
    /// The asking for keys that the person has heeded already.
    pub(crate) heeded: u64,
    /// Until when the person talks.
    pub(crate) talks_until: Duration,
    pub(crate) listener: Option<Listener>,
    pub(crate) recording: Recording,
    /// The file, the start and the channels of a recording that will be delivered when the leg
    /// ends.
    pub(crate) recorded: Option<(String, Duration, u16)>,
}

impl Leg {
    pub(crate) fn is_up(&self) -> bool {
        self.is_connected == Some(true)
    }

    /// The leg as events show it.
    pub(crate) fn to_json(&self, with_status: bool) -> Value {
        let mut shown = json!({
            "CallId": self.id,
            "ParticipantTag": self.tag.name(),
            "To": self.to,
            "From": self.from,
            "Direction": if self.is_inbound { "Inbound" } else { "Outbound" },
            "StartTimeInMilliseconds": self.started_ms.to_string(),
        });
        if let Some(is_connected) = self.is_connected.filter(|_| with_status) {
            shown["Status"] = json!(if is_connected { "Connected" } else { "Disconnected" });
        }
        if !self.sip_headers.is_empty() {
            shown["SipHeaders"] = Value::Object(self.sip_headers.clone());
        }
        shown
    }
}
