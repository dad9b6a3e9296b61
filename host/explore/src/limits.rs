//! Limits of the service, and how near an answer comes to them.

use moonring_flow::limits::{ACTIONS, NOTES};
use moonring_runtime::Settings;
use serde_json::Value;

use crate::answer::AnswerView;

/// The most invocations of a call (rule 32).
const INVOCATIONS: u64 = 1000;
/// The most characters of a prompt (rule 67).
const PROMPT: usize = 1000;
/// The names of what the host keeps in attributes begin with this; it is the whole name of one, and
/// the others are the journal of a flow.
const HOSTS_OWN: &str = "_mr";

/// Something that is at least nine tenths of what it may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NearLimit {
    /// What, in a sentence.
    pub(crate) message: String,
}

/// The limits of a call under these settings.
pub(crate) struct Limits {
    journal: usize,
    attributes: usize,
    attribute: usize,
}

impl Limits {
    pub(crate) fn of(settings: &Settings) -> Self {
        Self {
            journal: settings.journal_chars().saturating_sub(NOTES),
            attributes: settings.attributes,
            attribute: settings.attribute_chars,
        }
    }

    /// What of an answer to an event comes near to a limit.
    pub(crate) fn near(&self, event: &Value, answer: &Value, view: &AnswerView) -> Vec<NearLimit> {
        let mut all = Vec::new();
        let mut look = |count: usize, most: usize, what: &str| {
            if count * 10 >= most * 9 {
                all.push(NearLimit { message: format!("{what} {count} of at most {most}") });
            }
        };
        let attributes = answer.get("TransactionAttributes").and_then(Value::as_object);
        let values = attributes.into_iter().flatten();
        let chars = |value: &Value| value.as_str().map_or(0, |text| text.chars().count());
        let is_journal = |name: &str| name.starts_with(HOSTS_OWN) && name != HOSTS_OWN;
        let journal = values.clone().filter(|(name, _)| is_journal(name));
        let is_flow = journal.clone().next().is_some();
        let journal: usize = journal.map(|(_, value)| chars(value)).sum();
        look(journal, self.journal, "the characters of the journal of this call are");
        let own = values.clone().filter(|(name, _)| !name.starts_with(HOSTS_OWN));
        // It is told where it is set.
        let before = event.pointer("/CallDetails/TransactionAttributes");
        let is_new = |name: &String, value: &Value| {
            before.and_then(|before| before.get(name)) != Some(value)
        };
        let new = own.clone().filter(|(name, value)| is_new(name, value));
        let longest = new.map(|(_, value)| chars(value)).max().unwrap_or(0);
        look(longest, self.attribute, "the characters of an attribute of this call are");
        // Flows share lists of actions and prompts out among several answers, and journals take the
        // attributes that are left.
        if !is_flow {
            // The host has one.
            look(own.count(), self.attributes - 1, "the attributes of this call are");
            look(view.actions.len(), ACTIONS, "the actions of this answer are");
            let texts = ["/Text", "/SpeechParameters/Text"];
            let prompts = view.actions.iter().flat_map(|action| texts.map(|at| action.text(at)));
            let longest = prompts.flatten().map(|text| text.chars().count()).max().unwrap_or(0);
            look(longest, PROMPT, "the characters of a prompt of this answer are");
        }
        let sequence = event.get("Sequence").and_then(Value::as_u64).unwrap_or(0);
        if sequence * 10 >= INVOCATIONS * 9 {
            all.push(NearLimit {
                message: format!(
                    "the invocations of this call are {sequence} of at most {INVOCATIONS}; use longer pauses and music"
                ),
            });
        }
        all
    }
}
