//! What can be read of a document that cannot be read whole: enough to know who is on the line.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::Event;

/// The parts of an event that say what happened and which legs are up. What stands beside them is
/// skipped unread, whatever it is.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Parts {
    schema_version: Option<Value>,
    sequence: Option<Value>,
    invocation_event_type: Option<Value>,
    invocation_event: Option<Value>,
    call_details: Option<CallDetails>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct CallDetails {
    transaction_id: Option<Value>,
    participants: Option<Vec<Leg>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Leg {
    call_id: Option<Value>,
    participant_tag: Option<Value>,
    status: Option<Value>,
}

/// The salvaged event; `None` where not even its parts can be read.
pub(crate) fn salvage(bytes: &[u8]) -> Option<Event> {
    let parts: Parts = serde_json::from_slice(bytes).ok()?;
    let legs = |legs: Vec<Leg>| {
        let legs = legs.into_iter().map(|leg| {
            object([
                ("CallId", leg.call_id),
                ("ParticipantTag", leg.participant_tag),
                ("Status", leg.status),
            ])
        });
        Value::Array(legs.collect())
    };
    let call = parts.call_details.map(|call| {
        object([
            ("TransactionId", call.transaction_id),
            ("Participants", call.participants.map(legs)),
        ])
    });
    let document = object([
        ("SchemaVersion", parts.schema_version),
        ("Sequence", parts.sequence),
        ("InvocationEventType", parts.invocation_event_type),
        ("InvocationEvent", parts.invocation_event),
        ("CallDetails", call),
    ]);
    match document {
        Value::Object(document) => Some(Event::from(document)),
        _ => None,
    }
}

/// A text with every half of a surrogate pair that stands alone replaced by U+FFFD: JSON allows
/// such escapes, UTF-8 cannot say them, and a text that was cut in the middle of a character has
/// one.
pub(crate) fn without_lone_surrogates(bytes: &[u8]) -> Vec<u8> {
    let mut mended = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let (unit, next) = (escape(bytes, at), escape(bytes, at + 6));
        let taken = match (unit, next) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => 12,
            (Some(0xD800..=0xDFFF), _) => {
                mended.extend_from_slice(b"\\ufffd");
                at += 6;
                continue;
            }
            // An escaped backslash begins no escape after it.
            _ if bytes[at] == b'\\' => 2,
            _ => 1,
        };
        let end = (at + taken).min(bytes.len());
        mended.extend_from_slice(&bytes[at..end]);
        at = end;
    }
    mended
}

/// The code unit of a `\uXXXX` at this place.
fn escape(bytes: &[u8], at: usize) -> Option<u16> {
    let digits = bytes.get(at..at + 6)?.strip_prefix(b"\\u")?;
    u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

fn object<const N: usize>(fields: [(&str, Option<Value>); N]) -> Value {
    let fields = fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Value::Object(fields.collect::<Map<_, _>>())
}
