//! A leg: one party's side of a call.

use std::time::Duration;

use moonring_wire::Attributes;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::listener::Listener;
use crate::ticket::Ticket;

/// The first leg of a call, or the second (rule 38).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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

impl std::fmt::Display for Tag {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// Which leg of its call: 0 for the first. A second leg that takes the place of another has a
/// number of its own, so what is said late of the one is not taken for the other's.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub struct LegNumber(pub u32);

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

/// A recording that is delivered when the leg ends.
#[derive(Debug, Clone)]
pub(crate) struct Recorded {
    pub(crate) ticket: Ticket,
    pub(crate) file: String,
    pub(crate) since: Duration,
    pub(crate) channels: u16,
}

/// The numbers of a leg.
#[derive(Debug, Clone)]
pub(crate) struct Numbers {
    pub(crate) from: String,
    pub(crate) to: String,
}

/// One leg.
#[derive(Debug, Clone)]
pub(crate) struct Leg {
    pub(crate) number: LegNumber,
    pub(crate) id: String,
    pub(crate) tag: Tag,
    pub(crate) numbers: Numbers,
    pub(crate) is_inbound: bool,
    /// Milliseconds since 1970.
    pub(crate) started_ms: u64,
    /// `None` while an outbound leg rings.
    pub(crate) is_connected: Option<bool>,
    /// Since when it is billed, from the start of the call.
    pub(crate) connected_at: Option<Duration>,
    /// When it ended.
    pub(crate) ended_at: Option<Duration>,
    pub(crate) sip_headers: Attributes,
    pub(crate) far: RemoteEnd,
    /// The order that dials it, until it is known what became of that.
    pub(crate) dial: Option<Ticket>,
    /// It is known to ring.
    pub(crate) rings: bool,
    /// How long it may be dialled.
    pub(crate) ringing_limit: Option<Ticket>,
    /// Its party is known to be gone: there is nobody to hang up on.
    pub(crate) has_left: bool,
    pub(crate) listener: Option<Box<Listener>>,
    pub(crate) recording: Recording,
    pub(crate) recorded: Option<Recorded>,
}

impl Leg {
    pub(crate) fn is_up(&self) -> bool {
        self.is_connected == Some(true)
    }

    pub(crate) fn is_meeting(&self) -> bool {
        matches!(self.far, RemoteEnd::Meeting(_))
    }

    /// The leg as events show it.
    pub(crate) fn to_json(&self, with_status: bool) -> Value {
        let mut shown = Map::with_capacity(8);
        let mut show = |name: &str, text: &str| {
            shown.insert(name.to_owned(), Value::from(text));
        };
        show("CallId", &self.id);
        show("ParticipantTag", self.tag.name());
        show("To", &self.numbers.to);
        show("From", &self.numbers.from);
        show("Direction", if self.is_inbound { "Inbound" } else { "Outbound" });
        show("StartTimeInMilliseconds", &self.started_ms.to_string());
        if let Some(is_connected) = self.is_connected.filter(|_| with_status) {
            show("Status", if is_connected { "Connected" } else { "Disconnected" });
        }
        if !self.sip_headers.is_empty() {
            shown.insert("SipHeaders".to_owned(), Value::Object(self.sip_headers.clone()));
        }
        Value::Object(shown)
    }
}
