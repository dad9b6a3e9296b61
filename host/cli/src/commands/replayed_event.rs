//! A recorded event as it would come if the host that answered before had been this one: with what
//! it keeps with the call, and with the words that it has sent.

use moonring_sim::is_hosts_own;
use serde_json::{Map, Value, json};

/// What the answers before an event have left.
#[derive(Debug, Default)]
pub(crate) struct Left {
    /// What this host keeps with the call.
    kept: Map<String, Value>,
    /// The list that was answered last when the call was recorded, and the one that is answered
    /// now.
    recorded: Vec<Value>,
    now: Vec<Value>,
}

impl Left {
    /// Takes in the answers to an event, the recorded one and this host's.
    pub(crate) fn take_in(&mut self, recorded: &Value, now: &Value) {
        if let Some(attributes) = now.get("TransactionAttributes").and_then(Value::as_object) {
            let own = attributes.iter().filter(|(name, _)| is_hosts_own(name));
            self.kept = own.map(|(name, value)| (name.clone(), value.clone())).collect();
        }
        let actions = |answer: &Value| {
            answer.get("Actions").and_then(Value::as_array).cloned().unwrap_or_default()
        };
        let (recorded, now) = (actions(recorded), actions(now));
        if !recorded.is_empty() || !now.is_empty() {
            (self.recorded, self.now) = (recorded, now);
        }
    }

    /// The event as it would come.
    pub(crate) fn event(&self, event: &Value) -> Value {
        let mut event = event.clone();
        if !self.kept.is_empty()
            && let Some(details) = event.get_mut("CallDetails").and_then(Value::as_object_mut)
        {
            let attributes = details.entry("TransactionAttributes").or_insert_with(|| json!({}));
            if let Some(attributes) = attributes.as_object_mut() {
                attributes.extend(self.kept.clone());
            }
        }
        self.reword(&mut event);
        event
    }

    /// A result says what it is the result of: where the script sends other words now, the event
    /// has those (rule 28).
    fn reword(&self, event: &mut Value) {
        let Some(action) =
            event.pointer("/ActionData/Type").and_then(Value::as_str).map(str::to_owned)
        else {
            return;
        };
        let Some(said) = event.pointer_mut("/ActionData/Parameters").and_then(Value::as_object_mut)
        else {
            return;
        };
        let of_type = |list: &[Value]| -> Vec<Map<String, Value>> {
            let like = list.iter().filter(|other| other["Type"] == action.as_str());
            like.map(|like| like["Parameters"].as_object().cloned().unwrap_or_default()).collect()
        };
        let (recorded, now) = (of_type(&self.recorded), of_type(&self.now));
        let is_it = |sent: &&Map<String, Value>| {
            words(sent)
                .all(|(name, value)| said.get(name).is_none_or(|found| is_same(found, value)))
        };
        let index = recorded.iter().position(|sent| is_it(&sent)).unwrap_or(0);
        if let Some(now) = now.get(index) {
            let changed: Vec<_> = words(now).filter(|(name, _)| said.contains_key(*name)).collect();
            changed
                .into_iter()
                .for_each(|(name, value)| drop(said.insert(name.clone(), value.clone())));
        }
    }
}

/// The parameters of an action but for the leg it is for, which a replay has as it was.
fn words(parameters: &Map<String, Value>) -> impl Iterator<Item = (&String, &Value)> {
    parameters
        .iter()
        .filter(|(name, _)| !matches!(name.as_str(), "CallId" | "ParticipantTag" | "@leg"))
}

/// Whether what came is what was sent: numbers may have become texts, and defaults been filled in.
fn is_same(came: &Value, sent: &Value) -> bool {
    match (came, sent) {
        (Value::Object(came), Value::Object(sent)) => {
            sent.iter().all(|(name, sent)| came.get(name).is_none_or(|came| is_same(came, sent)))
        }
        (Value::Object(_) | Value::Array(_), _) => came == sent,
        _ => came.to_string().trim_matches('"') == sent.to_string().trim_matches('"'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_has_the_words_that_are_sent_now() {
        let speak =
            |text: &str| json!({"Type": "Speak", "Parameters": {"Text": text, "@leg": "a"}});
        let ask = |text: &str| json!({"Type": "SpeakAndGetDigits", "Parameters": {"SpeechParameters": {"Text": text}, "Repeat": 1}});
        let mut left = Left::default();
        let now = json!({"Actions": [speak("Hello!"), speak("Well!"), ask("Keys?")], "TransactionAttributes": {"_mr1": "j", "own": "x"}});
        left.take_in(
            &json!({"Actions": [speak("Hello."), speak("Well."), ask("Keys, please?")]}),
            &now,
        );
        // An answer that brings nothing keeps what runs.
        left.take_in(&json!({}), &json!({"Actions": []}));
        let event = |parameters: Value, action: &str| json!({"ActionData": {"Type": action, "Parameters": parameters}, "CallDetails": {}});
        let came = left.event(&event(json!({"Text": "Well.", "CallId": "a"}), "Speak"));
        assert_eq!(came["ActionData"]["Parameters"], json!({"Text": "Well!", "CallId": "a"}));
        assert_eq!(came["CallDetails"]["TransactionAttributes"], json!({"_mr1": "j"}));
        let came = left.event(&event(
            json!({"SpeechParameters": {"Text": "Keys, please?", "Engine": "standard"}, "Repeat": "1"}),
            "SpeakAndGetDigits",
        ));
        assert_eq!(came["ActionData"]["Parameters"]["SpeechParameters"]["Text"], "Keys?");
        let came = left.event(&event(json!({"X": 1}), "Pause"));
        assert_eq!(came["ActionData"]["Parameters"], json!({"X": 1}));
    }
}
