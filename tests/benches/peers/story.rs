//! The events of a call, each call another one.

use harness::project;
use serde_json::{Value, json};

/// One event of a call, and its name in the tables.
#[derive(Clone, Copy)]
pub(crate) struct Step {
    pub(crate) name: &'static str,
    /// The file in `tests/events` that it is made from.
    pub(crate) event: &'static str,
    /// What is typed, where the event is the end of the last action of the answer before it, which
    /// it is then given with what the host keeps with the call.
    pub(crate) typed: Option<&'static str>,
    /// What is in the answer: a program that fails is fast.
    pub(crate) answer: &'static str,
}

/// An event whose call can be exchanged for another.
pub(crate) struct Template {
    text: String,
    /// The ids in it: of the call and its legs.
    ids: Vec<String>,
    typed: Option<&'static str>,
}

impl Template {
    pub(crate) fn read(step: &Step) -> Self {
        let path = project("tests/events").join(format!("{}.json", step.event));
        let event: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        let details = &event["CallDetails"];
        let legs = details["Participants"].as_array().unwrap();
        let ids = legs.iter().map(|leg| &leg["CallId"]).chain([&details["TransactionId"]]);
        let ids = ids.map(|id| id.as_str().unwrap().to_owned()).collect();
        Self { text: event.to_string(), ids, typed: step.typed }
    }

    /// The event of the call with this number, which follows an answer.
    pub(crate) fn event(&self, call: usize, before: &str) -> Vec<u8> {
        let mut text = self.text.clone();
        for (leg, id) in self.ids.iter().enumerate() {
            let own = format!("{leg:08x}-6f3c-4a1d-9c59-{call:012x}");
            text = text.replace(id, &own);
        }
        let Some(typed) = self.typed else { return text.into_bytes() };
        let mut event: Value = serde_json::from_str(&text).unwrap();
        let before: Value = serde_json::from_str(before).unwrap();
        event["CallDetails"]["TransactionAttributes"] = before["TransactionAttributes"].clone();
        let action = before["Actions"].as_array().unwrap().last().unwrap();
        event["ActionData"] = json!({
            "Type": action["Type"],
            "Parameters": action["Parameters"],
            "ReceivedDigits": typed,
        });
        event.to_string().into_bytes()
    }
}
