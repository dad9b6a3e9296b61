//! An event: one document the service sends to the host, kept whole, with a typed view of what the
//! host needs.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::salvage::{salvage, without_lone_surrogates};
use crate::{Json, Object, Participant};

/// One event of a call.
///
/// The document is never rebuilt from parts: [`Event::document`] is what came, so whatever this
/// version does not know is still there. Every accessor answers `None` where the field is missing
/// or has an unexpected type; an event is never refused for what it holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    document: Object,
}

/// Why a text is no event at all.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The text is not JSON.
    #[error("the event is not JSON: {0}")]
    NotJson(#[from] serde_json::Error),
    /// The text is JSON, but not an object.
    #[error("the event is {0}; wanted a JSON object, as the service sends it")]
    NotAnObject(&'static str),
}

/// The event types of the service. The eleven that are documented have a name here; any other is
/// kept as it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventType<'a> {
    /// A SIP rule matched an incoming call.
    NewInboundCall,
    /// CreateSipMediaApplicationCall was accepted. Actions in the answer are ignored (rule 15).
    NewOutboundCall,
    /// The far end of an outbound call rings. Actions in the answer are ignored (rule 15).
    Ringing,
    /// An outbound call was answered.
    CallAnswered,
    /// An action, or the last action of a list, succeeded (rule 19).
    ActionSuccessful,
    /// An action failed; the rest of its list is dropped (rule 22).
    ActionFailed,
    /// A running action was stopped by an update. Actions in the answer are ignored (rule 37).
    ActionInterrupted,
    /// Digits matched an active ReceiveDigits.
    DigitsReceived,
    /// UpdateSipMediaApplicationCall was accepted (rule 34).
    CallUpdateRequested,
    /// A leg ended (rule 44).
    Hangup,
    /// The last answer could not be accepted (rules 53 and 54).
    InvalidLambdaResponse,
    /// A type this version does not know.
    Other(&'a str),
}

impl EventType<'_> {
    /// The names of all that are known, as the service writes them.
    pub fn names() -> impl Iterator<Item = &'static str> {
        NAMES.iter().map(|(name, _)| *name)
    }
}

const NAMES: [(&str, EventType<'static>); 11] = [
    ("NEW_INBOUND_CALL", EventType::NewInboundCall),
    ("NEW_OUTBOUND_CALL", EventType::NewOutboundCall),
    ("RINGING", EventType::Ringing),
    ("CALL_ANSWERED", EventType::CallAnswered),
    ("ACTION_SUCCESSFUL", EventType::ActionSuccessful),
    ("ACTION_FAILED", EventType::ActionFailed),
    ("ACTION_INTERRUPTED", EventType::ActionInterrupted),
    ("DIGITS_RECEIVED", EventType::DigitsReceived),
    ("CALL_UPDATE_REQUESTED", EventType::CallUpdateRequested),
    ("HANGUP", EventType::Hangup),
    ("INVALID_LAMBDA_RESPONSE", EventType::InvalidLambdaResponse),
];

impl<'a> EventType<'a> {
    /// The type behind the service's own name.
    pub fn from_name(name: &'a str) -> Self {
        NAMES
            .iter()
            .find(|(known, _)| *known == name)
            .map_or(Self::Other(name), |(_, event_type)| *event_type)
    }

    /// Every type that this version knows.
    pub fn known() -> impl Iterator<Item = EventType<'static>> {
        NAMES.iter().map(|(_, event_type)| *event_type)
    }

    /// The service's own name, e.g. `NEW_INBOUND_CALL`.
    pub fn name(self) -> &'a str {
        match self {
            Self::Other(name) => name,
            known => NAMES
                .iter()
                .find(|(_, event_type)| *event_type == known)
                .map_or("", |(name, _)| name),
        }
    }

    /// The name as Lua scripts write it, e.g. `new_inbound_call`.
    pub fn lua_name(self) -> String {
        self.name().to_ascii_lowercase()
    }
}

impl Event {
    /// Reads an event from the bytes that came.
    ///
    /// # Errors
    /// When the bytes are not JSON, or not a JSON object. Nothing else is refused.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        let read = serde_json::from_slice(bytes);
        let read = read.or_else(|error| {
            serde_json::from_slice(&without_lone_surrogates(bytes)).map_err(|_| error)
        });
        match read? {
            Json::Object(document) => Ok(Self { document }),
            other => Err(Error::NotAnObject(kind_of(&other))),
        }
    }

    /// What can be read of an event that [`Event::parse`] refuses: its type, its call and its legs,
    /// where these are whole.
    pub fn salvage(bytes: &[u8]) -> Option<Self> {
        salvage(bytes)
    }

    /// The whole document, as it came.
    pub fn document(&self) -> &Object {
        &self.document
    }

    /// The event type. Two documented examples spell the key `InvocationEvent`; both spellings are
    /// read.
    pub fn event_type(&self) -> EventType<'_> {
        let name = ["InvocationEventType", "InvocationEvent"]
            .iter()
            .find_map(|key| self.document.get(key)?.as_str());
        EventType::from_name(name.unwrap_or(""))
    }

    /// The schema version, `"1.0"` in every known event. The answer must carry the same (rule 26).
    pub fn schema_version(&self) -> Option<&str> {
        self.document.get("SchemaVersion")?.as_str()
    }

    /// The number of this invocation within its call, from 1 to 1,000 (rules 13 and 32).
    pub fn sequence(&self) -> Option<u64> {
        self.document.get("Sequence")?.as_u64()
    }

    /// The id of the call: the service's TransactionId (rule 7).
    pub fn call_id(&self) -> Option<&str> {
        self.call_text("TransactionId")
    }

    /// The account of the SIP media application, 12 digits.
    pub fn account(&self) -> Option<&str> {
        self.call_text("AwsAccountId")
    }

    /// The region of the SIP media application.
    pub fn region(&self) -> Option<&str> {
        self.call_text("AwsRegion")
    }

    /// The SIP rule that matched; absent on outbound calls (rule 17).
    pub fn rule_id(&self) -> Option<&str> {
        self.call_text("SipRuleId")
    }

    /// The SIP media application. Older events spell the key `SipApplicationId`; both spellings are
    /// read.
    pub fn application_id(&self) -> Option<&str> {
        self.call_text("SipMediaApplicationId").or_else(|| self.call_text("SipApplicationId"))
    }

    /// The attributes that are stored for the call; `None` before the first were set (rule 49).
    pub fn attributes(&self) -> Option<&Object> {
        self.call_details()?.get("TransactionAttributes")?.as_object()
    }

    /// The legs of the call. Their order says nothing (rule 48).
    pub fn participants(&self) -> impl Iterator<Item = Participant<'_>> {
        let list = self.call_details().and_then(|details| details.get("Participants")?.as_array());
        list.into_iter().flatten().filter_map(Json::as_object).map(Participant::new)
    }

    /// The leg with this tag, `LEG-A` or `LEG-B` in any case (one page of the guide writes
    /// `Leg-A`).
    pub fn leg(&self, tag: &str) -> Option<Participant<'_>> {
        self.participants()
            .find(|leg| leg.tag().is_some_and(|found| found.eq_ignore_ascii_case(tag)))
    }

    /// The first leg of the call: LEG-A, or whichever leg there is.
    pub fn first_leg(&self) -> Option<Participant<'_>> {
        self.leg("LEG-A").or_else(|| self.participants().next())
    }

    /// What the event says of an action: its type, parameters and results.
    pub fn action_data(&self) -> Option<&Object> {
        self.document.get("ActionData")?.as_object()
    }

    /// The type of the action the event is about, e.g. `PlayAudio`.
    pub fn action_type(&self) -> Option<&str> {
        self.action_data()?.get("Type")?.as_str()
    }

    /// A parameter of the action the event is about.
    pub fn action_parameter(&self, name: &str) -> Option<&Json> {
        self.action_data()?.get("Parameters")?.get(name)
    }

    /// The leg that the event is about, as its tag, where its action says which.
    pub fn action_leg(&self) -> Option<&str> {
        if let Some(tag) = self.action_parameter("ParticipantTag") {
            return tag.as_str();
        }
        let id = self.action_parameter("CallId")?.as_str()?;
        self.participants().find(|leg| leg.id() == Some(id))?.tag()
    }

    /// The digits that the caller pressed, if the event carries any.
    pub fn received_digits(&self) -> Option<&str> {
        self.action_data()?
            .get("ReceivedDigits")
            .or_else(|| self.document.get("ReceivedDigits"))?
            .as_str()
    }

    /// The service's own words for what went wrong, `type: message`. Sources put them at the top
    /// level or in ActionData, in one field `Error` or in two.
    pub fn error_text(&self) -> Option<Cow<'_, str>> {
        let places = [Some(&self.document), self.action_data()];
        let find = |key: &str| places.iter().flatten().find_map(|place| place.get(key)?.as_str());
        match (find("ErrorType"), find("ErrorMessage")) {
            (Some(error_type), Some(message)) => {
                Some(Cow::Owned(format!("{error_type}: {message}")))
            }
            (one, other) => one.or(other).or_else(|| find("Error")).map(Cow::Borrowed),
        }
    }

    /// Why the action of this event failed, in the service's one word.
    pub fn action_error_type(&self) -> Option<&str> {
        self.action_data()?.get("ErrorType")?.as_str()
    }

    fn call_details(&self) -> Option<&Object> {
        self.document.get("CallDetails")?.as_object()
    }

    fn call_text(&self, key: &str) -> Option<&str> {
        self.call_details()?.get(key)?.as_str()
    }
}

impl From<Map<String, Value>> for Event {
    fn from(document: Map<String, Value>) -> Self {
        Self { document: document.into() }
    }
}

fn kind_of(value: &Json) -> &'static str {
    match value {
        Json::Null => "null",
        Json::Bool(_) => "a boolean",
        Json::Number(_) => "a number",
        Json::String(_) => "a string",
        Json::Array(_) => "a list",
        Json::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests;
