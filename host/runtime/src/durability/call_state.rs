//! What the host keeps with a call: attributes of its own, which the service hands back with every
//! later event.

use moonring_flow::SavedJournal;
use moonring_wire::{Answer, Attributes, Event, EventType, Json, Object, Status};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::event::silence::KnownList;

/// The attribute; those of a flow's journal have a number behind it. Scripts neither see nor set
/// names that begin like this.
const KEY: &str = "_mr";
/// More pieces than any call has room for: a forged event may bring any number.
const PIECES: usize = 100;

/// What is known of a call since its first event.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct CallState {
    /// The script that was chosen, unless one is forced.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) script: Option<String>,
    /// The id of the release that ran last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) release: Option<String>,
    /// When that release was listed, in seconds since 1970, where a flow runs it: it can then be
    /// had again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) listed_at: Option<u64>,
    /// The alias of the release, unless that is the live one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) alias: Option<String>,
    /// What an outbound call was made with: only its first event says it (rule 14).
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub(crate) arguments: Map<String, Value>,
    /// How many of the arguments are left out, where all of them are too long to be kept.
    #[serde(rename = "lost", skip_serializing_if = "Option::is_none")]
    pub(crate) dropped_arguments: Option<usize>,
    /// What is known of the list of a handlers script that runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) list: KnownList,
    /// The journal, where the script is a flow.
    #[serde(skip)]
    pub(crate) journal: Option<SavedJournal>,
    /// The same as it travels, in attributes of its own: with a pointer, where a part of it is
    /// stored elsewhere.
    #[serde(skip)]
    pub(crate) wire_journal: Option<SavedJournal>,
}

/// How many attributes a call may have, and how long each may be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AttributeLimits {
    pub(crate) count: usize,
    pub(crate) chars: usize,
}

/// A state as one attribute has room for it.
pub(crate) struct Fitting {
    pub(crate) state: CallState,
    /// The same, printed.
    text: String,
}

impl CallState {
    /// What an event brings back; nothing, where it brings back nothing that can be read.
    pub(crate) fn read(event: &Event) -> Self {
        let mut state: Self =
            text(event).and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        state.journal = journal(event).map(SavedJournal::from_text);
        state.wire_journal.clone_from(&state.journal);
        if event.event_type() == EventType::NewOutboundCall {
            state.arguments = event
                .action_parameter("Arguments")
                .and_then(Json::as_object)
                .map(Object::to_map)
                .unwrap_or_default();
        }
        state
    }

    /// Has the service keep this with the call. Attributes in an answer replace all that were there
    /// (rule 50), so the host's own goes beside the script's. Where the call has as many attributes
    /// as it may, it keeps those and not this. `came` is the journal that the event brought. How
    /// many arguments there was no room for, if any.
    pub(crate) fn write(
        &self,
        event: &Event,
        came: Option<&SavedJournal>,
        answer: &mut Answer,
        limits: AttributeLimits,
    ) -> Option<usize> {
        let Fitting { state, text: printed } = self.fitting(limits.chars);
        let is_over = event.event_type() == EventType::Hangup
            && event.participants().all(|leg| leg.status() == Status::Disconnected);
        let is_there = (text(event) == Some(printed.as_str()) || printed.len() <= 2)
            && came == self.wire_journal.as_ref()
            && answer.transaction_attributes.is_none();
        if is_over || is_there || printed.chars().count() > limits.chars {
            return state.dropped_arguments;
        }
        // `{}`: a forced script without arguments.
        let own = (printed.len() > 2).then(|| (KEY.to_owned(), printed));
        let own: Vec<_> = own.into_iter().chain(self.pieces(limits.chars)).collect();
        let earlier = event.attributes();
        let next = answer.transaction_attributes.clone();
        let mut next: Attributes = next.or_else(|| earlier.map(Object::to_map)).unwrap_or_default();
        next.retain(|name, _| !is_own_attribute(name));
        if !own.is_empty() && next.len() + own.len() <= limits.count {
            next.extend(own.into_iter().map(|(name, text)| (name, Value::from(text))));
            answer.transaction_attributes = Some(next);
        }
        state.dropped_arguments
    }

    /// The same with as many of its arguments as so many characters have room for;
    /// `dropped_arguments` says how many are left out.
    pub(crate) fn fitting(&self, chars: usize) -> Fitting {
        let mut state = self.clone();
        let mut text = state.to_text();
        while !state.arguments.is_empty() && text.chars().count() > chars {
            // The longest goes first: ids are short, and what they stand for can be looked up.
            let longest = state
                .arguments
                .iter()
                .max_by_key(|(name, value)| name.len() + value.to_string().len());
            let Some(name) = longest.map(|(name, _)| name.clone()) else { break };
            state.arguments.shift_remove(&name);
            state.dropped_arguments = Some(state.dropped_arguments.unwrap_or(0) + 1);
            text = state.to_text();
        }
        Fitting { state, text }
    }

    /// The journal in attributes, each as long as it may be.
    fn pieces(&self, most_chars: usize) -> Vec<(String, String)> {
        let mut pieces = Vec::new();
        let mut rest = self.wire_journal.as_ref().map_or("", SavedJournal::text);
        while !rest.is_empty() {
            let end = rest.char_indices().nth(most_chars).map_or(rest.len(), |(index, _)| index);
            pieces.push((format!("{KEY}{}", pieces.len() + 1), rest[..end].to_owned()));
            rest = &rest[end..];
        }
        pieces
    }

    fn to_text(&self) -> String {
        // Texts and a map of texts are always JSON.
        serde_json::to_string(self).unwrap_or_default()
    }
}

fn text(event: &Event) -> Option<&str> {
    event.attributes()?.get(KEY)?.as_str()
}

/// The journal that an event brings back, of all its pieces.
fn journal(event: &Event) -> Option<String> {
    let attributes = event.attributes()?;
    let pieces =
        (1..=PIECES).map_while(|number| attributes.get(&format!("{KEY}{number}"))?.as_str());
    let journal: String = pieces.collect();
    (!journal.is_empty()).then_some(journal)
}

/// Whether an attribute is the host's own.
pub(crate) fn is_own_attribute(name: &str) -> bool {
    name.starts_with(KEY)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn event(event_type: &str, attributes: &Value, arguments: &Value) -> Event {
        let event = json!({
            "InvocationEventType": event_type, "ActionData": {"Parameters": {"Arguments": arguments}},
            "CallDetails": {"TransactionAttributes": attributes},
        });
        Event::parse(event.to_string().as_bytes()).unwrap()
    }

    fn stored(state: &CallState, event: &Event, most: usize) -> Option<Value> {
        let mut answer = Answer::keep(Some(event));
        state.write(
            event,
            CallState::read(event).wire_journal.as_ref(),
            &mut answer,
            AttributeLimits { count: 10, chars: most },
        );
        serde_json::to_value(&answer).unwrap().get("TransactionAttributes").cloned()
    }

    #[test]
    fn the_arguments_of_an_outbound_call_come_back_with_every_later_event() {
        let first = event("NEW_OUTBOUND_CALL", &json!({"a": "1"}), &json!({"room": "5"}));
        let state = CallState { script: Some("main".to_owned()), ..CallState::read(&first) };
        let attributes = stored(&state, &first, 1024).unwrap();
        assert_eq!(
            attributes,
            json!({"a": "1", "_mr": r#"{"script":"main","arguments":{"room":"5"}}"#})
        );
        // An update has arguments of its own, which are not the call's.
        let later = event("CALL_UPDATE_REQUESTED", &attributes, &json!({"room": "6"}));
        assert_eq!(CallState::read(&later), state);
        assert_eq!(stored(&state, &later, 1024), None, "what is there is not stored again");
    }

    #[test]
    fn of_arguments_that_do_not_all_fit_the_short_ones_are_kept() {
        let first =
            event("NEW_OUTBOUND_CALL", &json!({}), &json!({"note": "é".repeat(1000), "id": "5"}));
        let state = CallState { script: Some("main".to_owned()), ..CallState::read(&first) };
        let short = json!({"_mr": r#"{"script":"main","arguments":{"id":"5"},"lost":1}"#});
        assert_eq!(stored(&state, &first, 1024), Some(short.clone()));
        assert_eq!(state.fitting(1024).state.arguments.len(), 1);
        assert_eq!(state.fitting(2000).state, state);
        // What is left out once stays left out.
        let later = event("ACTION_SUCCESSFUL", &short, &json!({}));
        assert_eq!(CallState::read(&later).dropped_arguments, Some(1));
        assert_eq!(
            stored(&CallState { script: Some("m".repeat(90)), ..CallState::default() }, &first, 90),
            None
        );
    }

    #[test]
    fn a_journal_is_cut_into_attributes_and_put_together_again() {
        let first = event("NEW_INBOUND_CALL", &json!({}), &json!({}));
        let state = CallState {
            script: Some("main".to_owned()),
            wire_journal: Some(SavedJournal::from_text("é2345".repeat(3))),
            ..CallState::default()
        };
        let mut answer = Answer::keep(Some(&first));
        state.write(&first, None, &mut answer, AttributeLimits { count: 10, chars: 20 });
        assert_eq!(answer.transaction_attributes.as_ref().unwrap().len(), 2);
        let mut answer = Answer::keep(Some(&first));
        state.write(&first, None, &mut answer, AttributeLimits { count: 10, chars: 17 });
        let attributes = Value::Object(answer.transaction_attributes.unwrap());
        let later = event("ACTION_SUCCESSFUL", &attributes, &json!({}));
        assert_eq!(
            CallState::read(&later),
            CallState { journal: state.wire_journal.clone(), ..state.clone() }
        );
        assert_eq!(stored(&state, &later, 17), None, "what is there is not stored again");
        let short = CallState { wire_journal: Some(SavedJournal::from_text("1")), ..state };
        assert_eq!(
            stored(&short, &later, 17).unwrap(),
            json!({"_mr": "{\"script\":\"main\"}", "_mr1": "1"})
        );
    }

    #[test]
    fn a_forged_journal_of_many_pieces_is_read_no_further_than_a_real_one_goes() {
        let pieces: Map<String, Value> =
            (1..=3 * PIECES).map(|number| (format!("_mr{number}"), Value::from("x"))).collect();
        let forged = event("HANGUP", &Value::Object(pieces), &json!({}));
        let journal = CallState::read(&forged).journal.unwrap();
        assert_eq!(journal.text().len(), PIECES);
    }

    #[test]
    fn an_attribute_that_is_not_the_hosts_writing_says_nothing() {
        for text in ["main", "", "[]", "{\"script\":5}", "{\"script\":\"a\""] {
            assert_eq!(
                CallState::read(&event("HANGUP", &json!({"_mr": text}), &json!({}))),
                CallState::default(),
                "{text}"
            );
        }
    }
}
