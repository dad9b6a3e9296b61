//! What a journal alone says of its flow.

use moonring_wire::{Event, EventType};
use serde_json::Value;

use super::Journal;
use super::journal::Broken;
use super::recorded::Recorded;
use super::step_kind::StepKind;
use crate::Secrets;
use crate::secrets::Seal;

/// What a pointer to a journal that lies elsewhere begins with, behind the mark of a failure; no journal does.
pub const POINTER: char = '@';

/// What callers typed where a flow asked them, as its journal has it: what a log must not show.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed {
    /// What was typed, but for choices in menus.
    pub digits: Vec<String>,
    /// What was typed in confidence: no setting shows that.
    pub secrets: Vec<String>,
    /// Whether the step at hand is one at which something is typed in confidence.
    pub awaits_secret: bool,
}

impl Typed {
    /// What a journal of the call has.
    pub fn of(journal: &str, call: &str, secrets: &Secrets) -> Self {
        let Some(journal) = Journal::read(journal) else {
            // What is not known may be anything.
            return Self { awaits_secret: true, ..Self::default() };
        };
        let mut typed = Self { awaits_secret: journal.notes.is_secret, ..Self::default() };
        for (step, entry) in journal.entries().iter().enumerate().filter(|(_, entry)| entry.kind != StepKind::Menu) {
            match &entry.recorded {
                Recorded::Digits(digits) | Recorded::Pressed(digits) => typed.digits.push(digits.clone()),
                Recorded::Sealed(sealed) => {
                    typed.secrets.extend(secrets.open(Seal { call, epoch: journal.epoch(), step }, sealed));
                }
                Recorded::Acted { event, .. } => {
                    let digits = event.pointer("/ActionData/ReceivedDigits").and_then(Value::as_str);
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

/// How many bytes of a journal no later event changes, from its first on; behind them come notes on the step at hand. `None` where it cannot be
/// read. A mark of failure, which may come to stand in front of a journal, is no part of it ([`journal_mark`]).
pub fn settled_bytes(journal: &str) -> Option<usize> {
    Journal::read(journal).map(|journal| journal.settled())
}

/// The mark of failure in front of a journal, if any, and the rest.
pub fn journal_mark(journal: &str) -> (&str, &str) {
    journal.split_at(usize::from(Journal::is_broken(journal).is_some()))
}

/// When the call of a journal began, in seconds since 1970.
pub(crate) fn started_at(journal: &str) -> Option<i64> {
    Journal::read(journal).map(|journal| journal.started)
}

/// The journal of a flow of which no more is known than the journal that its event brought, once something has failed that was none of its own
/// doing. It is stored with the fallback: the flow is not gone on with.
pub fn broken_journal(journal: &str, event: &Event) -> String {
    broken(Some(journal), event, None)
}

/// The journal of a flow that has failed, for the fallback to be stored with. `before` is the journal that the event brought, `after` the one at
/// the moment of the failure, where the flow comes to the same failure again when it is replayed from there: what it gave to `on_hangup` up to then
/// is still to run.
pub(crate) fn broken(before: Option<&str>, event: &Event, after: Option<Journal>) -> String {
    let known = before.and_then(Journal::read);
    let is_heard =
        ![EventType::NewOutboundCall, EventType::Ringing, EventType::ActionInterrupted].contains(&event.event_type());
    if let (None, Some(elsewhere)) =
        (&known, before.map(|before| journal_mark(before).1).filter(|body| body.starts_with(POINTER)))
    {
        // The rest of it lies elsewhere; the call's end may need it.
        return format!("{}{elsewhere}", Journal::mark(Broken { has_steps: true, is_heard }));
    }
    let before = known.as_ref().and_then(|journal| journal.broken);
    let has_steps = after.is_some() || before.map_or(known.is_some(), |before| before.has_steps);
    let broken = Some(Broken { has_steps, is_heard });
    let mut journal = after.or(known).unwrap_or_else(|| Journal::begin(0, "", String::new(), None));
    journal.broken = broken;
    journal.notes.is_answered |= event.event_type() == EventType::CallAnswered;
    journal.to_text()
}
