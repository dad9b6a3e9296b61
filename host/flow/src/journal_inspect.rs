//! What a journal alone says of its flow.

use serde_json::Value;

use crate::journal::Journal;
use crate::secrets::{Seal, Secrets};
use crate::step_kind::StepKind;
use crate::step_result::StepResult;

/// What callers typed where a flow asked them, as its journal has it: what a log must not show.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TypedDigits {
    /// What was typed, but for choices in menus.
    pub digits: Vec<String>,
    /// What was typed in confidence: no setting shows that.
    pub secrets: Vec<String>,
    /// Whether the step at hand is one at which something is typed in confidence.
    pub awaits_secret: bool,
}

impl TypedDigits {
    /// What a journal of the call has; of one that cannot be read, anything may be secret.
    pub fn of(journal: Option<&Journal>, call: &str, secrets: &Secrets) -> Self {
        let Some(journal) = journal else {
            // What is not known may be anything.
            return Self { awaits_secret: true, ..Self::default() };
        };
        let mut typed = Self { awaits_secret: journal.notes.is_secret, ..Self::default() };
        for (step, entry) in
            journal.entries().iter().enumerate().filter(|(_, entry)| entry.kind != StepKind::MENU)
        {
            match &entry.result {
                StepResult::Digits(digits) | StepResult::Pressed(digits) => {
                    typed.digits.push(digits.clone())
                }
                StepResult::Sealed(sealed) => {
                    typed
                        .secrets
                        .extend(secrets.open(Seal { call, epoch: journal.epoch(), step }, sealed));
                }
                StepResult::Acted { event, .. } => {
                    let digits =
                        event.pointer("/ActionData/ReceivedDigits").and_then(Value::as_str);
                    typed.digits.extend(digits.map(str::to_owned));
                }
                _ => {}
            }
        }
        typed.digits.retain(|digits| !digits.is_empty());
        typed.secrets.retain(|digits| !digits.is_empty());
        typed
    }
}
