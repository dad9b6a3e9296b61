//! What travels with a call between its events, read for people: the release, the script, and the
//! steps that a process without the flow would replay.

use moonring_engine::step_label;
use moonring_flow::SavedJournal;
use moonring_wire::Event;
use serde_json::{Map, Value};

use super::call_state::CallState;

/// What the host keeps with a call.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeptCall {
    /// The script that has the call; `None` where one is forced.
    pub script: Option<String>,
    /// The id of the release that ran last.
    pub release: Option<String>,
    /// The alias of that release, unless it is the live one.
    pub alias: Option<String>,
    /// The journal, where the script is a flow.
    pub journal: Option<KeptJournal>,
}

/// The journal of a flow, in words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeptJournal {
    /// The steps that have ended, in order: a process without the flow replays them.
    pub steps: Vec<KeptStep>,
    /// The step at which the call waits, as authors write it.
    pub waits_at: Option<&'static str>,
    /// Whether the flow has failed.
    pub has_failed: bool,
    /// Whether it cannot be read here: a part of it is stored in a bucket.
    pub is_elsewhere: bool,
    /// How many characters it takes.
    pub chars: usize,
}

/// A step that has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptStep {
    /// As authors write it: `call:menu`.
    pub label: &'static str,
    /// What the script gets, in words.
    pub result: String,
    /// Seconds since the step before it.
    pub later: i64,
}

impl KeptCall {
    /// Reads the attributes of an event or an answer (`TransactionAttributes`).
    pub fn of(attributes: &Map<String, Value>) -> Self {
        let mut details = Map::new();
        details.insert("TransactionAttributes".to_owned(), Value::Object(attributes.clone()));
        let mut event = Map::new();
        event.insert("CallDetails".to_owned(), Value::Object(details));
        let CallState { script, release, alias, journal, .. } =
            CallState::read(&Event::from(event));
        Self { script, release, alias, journal: journal.as_ref().map(KeptJournal::of) }
    }
}

impl KeptJournal {
    fn of(saved: &SavedJournal) -> Self {
        let chars = saved.text().chars().count();
        let has_failed = saved.failed().is_some();
        let Some(journal) = saved.journal() else {
            return Self { is_elsewhere: true, chars, has_failed, ..Self::default() };
        };
        let step = |entry: &moonring_flow::JournalEntry| KeptStep {
            label: step_label(entry.kind),
            result: entry.result.to_string(),
            later: entry.later,
        };
        Self {
            steps: journal.entries().iter().map(step).collect(),
            waits_at: journal.notes.step.map(|(kind, _)| step_label(kind)),
            has_failed,
            is_elsewhere: false,
            chars,
        }
    }
}

#[cfg(test)]
mod tests {
    use moonring_flow::{Journal, JournalEntry, StepKind, StepResult};
    use serde_json::json;

    use super::*;

    #[test]
    fn a_journal_is_told_step_by_step() {
        let mut journal = Journal::begin(0, "", String::new(), None);
        let entry = JournalEntry {
            kind: StepKind::MENU,
            is_sent: true,
            digest: 1,
            later: 4,
            result: StepResult::Digits("2".to_owned()),
        };
        journal.add(entry, 100).unwrap();
        journal.notes.step = Some((StepKind::BRIDGE, 2));
        let attributes = json!({
            "_mr": "{\"script\":\"office\",\"release\":\"0123456789abcdef\"}", "_mr1": journal.to_text(), "own": "x",
        });
        let kept = KeptCall::of(attributes.as_object().unwrap());
        assert_eq!(kept.script.as_deref(), Some("office"));
        let journal = kept.journal.unwrap();
        let step = KeptStep { label: "call:menu", result: "digits 2".to_owned(), later: 4 };
        assert_eq!((journal.steps, journal.waits_at), (vec![step], Some("call:bridge")));
        assert_eq!(KeptCall::of(&Map::new()), KeptCall::default());
        let elsewhere = json!({"_mr1": "no journal"});
        assert!(KeptCall::of(elsewhere.as_object().unwrap()).journal.unwrap().is_elsewhere);
    }
}
