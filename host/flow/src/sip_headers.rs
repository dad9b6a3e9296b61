//! The SIP headers of the first leg, as a journal keeps them: as many as there is room for. Who
//! calls chooses how many there are.

use moonring_wire::{Event, Participant};
use serde_json::{Map, Value};

use crate::limits::VALUE;

/// What stands in place of the name of a header where some are left out; no header is called so.
const LEFT_OUT: &str = "";
/// What older hosts wrote in place of headers that were too long together.
const TOO_LONG: &str = "-";

/// The headers that a journal has.
pub struct SipHeaders {
    /// Those that there was room for.
    pub kept: Map<String, Value>,
    /// Whether none is left out.
    pub has_all: bool,
}

impl SipHeaders {
    /// As the journal of a call that begins with this event keeps them: JSON, empty where there are
    /// none. The longest go first.
    pub fn write(event: &Event) -> String {
        let Some(all) =
            event.first_leg().and_then(Participant::sip_headers).filter(|all| !all.is_empty())
        else {
            return String::new();
        };
        let mut kept = all.to_map();
        // A header of this name would say something else.
        kept.shift_remove(LEFT_OUT);
        let is_too_long = |kept: &Map<String, Value>| {
            Value::Object(kept.clone()).to_string().chars().count() > VALUE
        };
        while is_too_long(&kept) {
            let others = kept.iter().filter(|(name, _)| *name != LEFT_OUT);
            let longest = others.max_by_key(|(name, value)| name.len() + value.to_string().len());
            let Some(name) = longest.map(|(name, _)| name.clone()) else { break };
            kept.shift_remove(&name);
            kept.insert(LEFT_OUT.to_owned(), true.into());
        }
        Value::Object(kept).to_string()
    }

    /// Reads them from a journal.
    pub fn read(text: &str) -> Self {
        let mut kept: Map<String, Value> = serde_json::from_str(text).unwrap_or_default();
        let has_all = kept.shift_remove(LEFT_OUT).is_none() && text != TOO_LONG;
        Self { kept, has_all }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn written(headers: &Value) -> String {
        let leg = json!({"CallId": "a", "ParticipantTag": "LEG-A", "SipHeaders": headers});
        let event = json!({"InvocationEventType": "NEW_INBOUND_CALL", "CallDetails": {"Participants": [leg]}});
        SipHeaders::write(&Event::parse(event.to_string().as_bytes()).unwrap())
    }

    #[test]
    fn as_many_headers_are_kept_as_there_is_room_for() {
        assert_eq!(written(&json!({})), "");
        let all = json!({"X-A": "1", "X-B": "2"});
        assert_eq!(written(&all), all.to_string());
        let text = written(
            &json!({"X-Long": "x".repeat(2000), "X-Id": "5", "X-Large": "y".repeat(480), "": "odd"}),
        );
        let SipHeaders { kept, has_all } = SipHeaders::read(&text);
        assert!(!has_all && text.chars().count() <= VALUE, "{text}");
        assert_eq!((kept.len(), &kept["X-Id"]), (1, &json!("5")));
        assert!(SipHeaders::read(&written(&all)).has_all);
        assert!(!SipHeaders::read("-").has_all && SipHeaders::read("-").kept.is_empty());
    }
}
