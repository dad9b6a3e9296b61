//! A participant: one leg of a call, as an event shows it.

use crate::Object;

/// A view of one entry of `CallDetails.Participants`.
#[derive(Debug, Clone, Copy)]
pub struct Participant<'a> {
    entry: &'a Object,
}

/// Whether a leg is up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// The leg is up.
    Connected,
    /// The leg has ended.
    Disconnected,
    /// The event does not say, as before the leg was answered.
    Unsaid,
}

impl<'a> Participant<'a> {
    pub(crate) fn new(entry: &'a Object) -> Self {
        Self { entry }
    }

    /// The service's CallId: the id of this leg, not of the call.
    pub fn id(self) -> Option<&'a str> {
        self.text("CallId")
    }

    /// `LEG-A` or `LEG-B`.
    pub fn tag(self) -> Option<&'a str> {
        self.text("ParticipantTag")
    }

    /// The number called, as the network gave it: mostly E.164.
    pub fn to(self) -> Option<&'a str> {
        self.text("To")
    }

    /// The number calling, as the network gave it: mostly E.164.
    pub fn from(self) -> Option<&'a str> {
        self.text("From")
    }

    /// `Inbound` or `Outbound`.
    pub fn direction(self) -> Option<&'a str> {
        self.text("Direction")
    }

    /// When the leg began, in milliseconds since 1970, as text.
    pub fn started_at_ms(self) -> Option<&'a str> {
        self.text("StartTimeInMilliseconds")
    }

    /// Whether the leg is up.
    pub fn status(self) -> Status {
        match self.text("Status") {
            Some("Connected") => Status::Connected,
            Some("Disconnected") => Status::Disconnected,
            _ => Status::Unsaid,
        }
    }

    /// The SIP headers that came with the leg, in the sender's case (rule 57).
    pub fn sip_headers(self) -> Option<&'a Object> {
        self.entry.get("SipHeaders")?.as_object()
    }

    fn text(self, key: &str) -> Option<&'a str> {
        self.entry.get(key)?.as_str()
    }
}
