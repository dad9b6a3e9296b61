//! The methods of flows, one file each. `METHODS` is the one list: the Lua half and
//! docs/reference/call.md are made from it.
//!
//! A method's file has its options, which are a schema; what it sends; what its step gives; and its
//! documentation.

pub(crate) mod build_context;
mod collect_digits;
mod on_leg;
pub(crate) mod prompt;
mod prompt_parts;
mod second_leg;

use std::time::Duration;

use mlua::Value as LuaValue;
use moonring_flow::{PendingStep, Place, PlacedAction, StepKind};
use moonring_wire::Action;
use moonring_wire::action::{DigitKey, Hangup, TextOrNumber};

pub(crate) use build_context::{BuildContext, MethodSchemas};

use serde_json::Value;

use crate::convert::Unsayable;

/// Names the files that have a method: each has a `METHOD`, and a `DOC` for the reference page.
// `cargo fmt` does not look into macros: `.ci/run` formats these files by name.
macro_rules! methods {
    ($($file:ident,)*) => {
        $(mod $file;)*

        /// Every method, in the order of the reference page.
        pub(crate) const METHODS: &[&Method] = &[$(&$file::METHOD),*];
        /// What the reference page says of each, in the same order. The deployed program does
        /// without.
        pub(crate) const DOCS: &[&MethodDoc] = &[$(&$file::DOC),*];
    };
}

methods! {
    say,
    play,
    pause,
    send_digits,
    start_recording,
    pause_recording,
    resume_recording,
    stop_recording,
    voice_focus,
    flush,
    ask,
    menu,
    record,
    bridge,
    join_meeting,
    mute,
    unmute,
    bot,
    wait,
    leg_hangup,
    wait_for_answer,
    act,
    step,
    become_flow,
    on_hangup,
    hangup,
}

/// A method of a flow.
pub(crate) struct Method {
    /// Its name among the methods of `call`; `leg_hangup` for that of a leg.
    pub(crate) name: &'static str,
    /// As authors write it: `call:say`.
    pub(crate) label: &'static str,
    pub(crate) sends: Sends,
    /// What its table takes, where it takes one.
    pub(crate) schema: Option<fn() -> Value>,
}

/// A kind of step, as the Lua half and messages name it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NamedKind {
    pub(crate) kind: StepKind,
    /// The name by which the Lua half asks for it.
    pub(crate) name: &'static str,
    /// As an author knows it.
    pub(crate) label: &'static str,
}

/// The kinds that are no method of their own.
const INTERNAL: [NamedKind; 4] = [
    NamedKind { kind: StepKind::REQUEST, name: "request", label: "a helper request" },
    NamedKind { kind: StepKind::STEP, name: "step", label: "call:step" },
    NamedKind { kind: StepKind::QUEUED, name: "queued", label: "a queued method that was refused" },
    NamedKind { kind: StepKind::END, name: "end", label: "the end of the flow's function" },
];

/// Every kind of step. Where two methods share one, the first names it.
pub(crate) fn step_kinds() -> impl Iterator<Item = NamedKind> {
    let methods = METHODS.iter().filter_map(|method| match method.sends {
        Sends::Waiting { kind, .. } => {
            Some(NamedKind { kind, name: method.name, label: method.label })
        }
        _ => None,
    });
    methods.chain(INTERNAL)
}

/// A kind of step as an author knows it: `call:menu`.
pub fn label_of(kind: StepKind) -> &'static str {
    step_kinds().find(|row| row.kind == kind).map_or("an unknown step", |row| row.label)
}

/// What a method sends, and when.
#[derive(Clone, Copy)]
pub(crate) enum Sends {
    /// These actions, with the next waiting method.
    Queued(fn(&BuildContext<'_>, &LuaValue) -> Result<Vec<Action>, Unsayable>),
    /// The same; what the flow knows of its recording becomes this.
    QueuedRecording {
        build: fn(&BuildContext<'_>, &LuaValue) -> Result<Vec<Action>, Unsayable>,
        becomes: &'static str,
    },
    /// What is queued and the actions of this step, whose kind the journal has a letter for.
    Waiting {
        kind: StepKind,
        build: fn(&BuildContext<'_>, &LuaValue) -> Result<PendingStep, Unsayable>,
    },
    /// Nothing of its own.
    Nothing,
}

/// What the reference page says of a method, besides its options.
pub(crate) struct MethodDoc {
    pub(crate) summary: &'static str,
    /// Arguments that are not fields of a table.
    pub(crate) arguments: &'static [Argument],
    pub(crate) returns: &'static str,
    pub(crate) errors: &'static str,
    /// What ends it, where it waits.
    pub(crate) ends_on: Option<&'static str>,
    /// A whole flow, which a test plays.
    pub(crate) example: &'static str,
}

/// An argument of a method.
pub(crate) struct Argument {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
}

impl BuildContext<'_> {
    /// The actions of a queued method: one, or as many as a long prompt has parts.
    pub(crate) fn queued(&self, name: &str, options: &LuaValue) -> Result<Vec<Action>, Unsayable> {
        match METHODS.iter().find(|method| method.name == name).map(|method| method.sends) {
            Some(Sends::Queued(build) | Sends::QueuedRecording { build, .. }) => {
                build(self, options)
            }
            _ => Err(Unsayable::Refused(format!("call:{name}: it sends nothing"))),
        }
    }

    /// The step of a waiting method: its last actions, and what ends it.
    pub(crate) fn waiting(
        &self,
        kind: StepKind,
        options: &LuaValue,
    ) -> Result<PendingStep, Unsayable> {
        let build = METHODS.iter().find_map(|method| match method.sends {
            Sends::Waiting { kind: own, build } if own == kind => Some(build),
            _ => None,
        });
        match build {
            Some(build) => build(self, options),
            None => Ok(PendingStep::new(kind, Vec::new())),
        }
    }
}

/// Keys in a text, such as `#*`.
pub(crate) fn keys(what: &str, name: &str, text: &str) -> Result<Vec<DigitKey>, Unsayable> {
    let is_key = |letter: char| letter.is_ascii_digit() || matches!(letter, '#' | '*');
    match text.chars().find(|letter| !is_key(*letter)) {
        Some(letter) => Err(Unsayable::Refused(format!(
            "{what}: `{name}` has {letter:?} in it; wanted digits in a string, such as \"#\" or \"#*\""
        ))),
        None => Ok(text.chars().map(|key| DigitKey(key.to_string())).collect()),
    }
}

pub(crate) fn hang_up(call_id: Option<String>, code: Option<&TextOrNumber>) -> Action {
    Action::from_typed(&Hangup { call_id, participant_tag: None, sip_response_code: code.cloned() })
}

/// Where each of these actions was built: all at the same place.
pub(crate) fn at(actions: Vec<Action>, place: Option<&Place>) -> Vec<PlacedAction> {
    actions.into_iter().map(|action| PlacedAction { action, place: place.cloned() }).collect()
}

fn millis(seconds: f64) -> u64 {
    u64::try_from(Duration::from_secs_f64(seconds).as_millis()).unwrap_or(u64::MAX)
}

/// Within what a parameter of the service takes.
fn small_millis(seconds: f64) -> u32 {
    u32::try_from(millis(seconds)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_kinds_have_one_letter_or_one_name() {
        let mut kinds: Vec<NamedKind> = step_kinds().filter(|row| row.name != "unmute").collect();
        let count = kinds.len();
        kinds.sort_by_key(|row| row.kind.letter());
        kinds.dedup_by_key(|row| row.kind.letter());
        assert_eq!(kinds.len(), count, "a letter stands for two kinds of steps in journals");
        kinds.sort_by_key(|row| row.name);
        kinds.dedup_by_key(|row| row.name);
        assert_eq!(kinds.len(), count, "two kinds of steps have one name");
        assert!(kinds.iter().all(|row| row.kind.letter().is_ascii_lowercase()));
    }
}
