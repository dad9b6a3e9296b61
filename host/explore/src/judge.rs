//! What an answer, or the end of a call, says of the script.

use moonring_exchange::{Happened, Tag};
use moonring_flow::Place;
use moonring_runtime::{LogKind, Outcome};
use serde_json::Value;

use crate::answer::{ActionView, AnswerView};
use crate::finding::{
    ACTION_REFUSED, DATA_REFUSED, DIGITS_NOT_HEARD, DROPPED_ON_ANSWER, FindingKind, HOOK_FAILS,
    NEAR_LIMIT, SCRIPT_FAILS, SILENCE,
};
use crate::limits::NearLimit;
use crate::path::Path;
use crate::prompts::names_digits;

/// What is wrong, before it is known how it was reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) kind: &'static FindingKind,
    pub(crate) place: Option<Place>,
    pub(crate) message: String,
}

impl Fault {
    pub(crate) fn new(
        kind: &'static FindingKind,
        place: Option<Place>,
        message: impl Into<String>,
    ) -> Self {
        Self { kind, place, message: message.into() }
    }
}

/// What is wrong with an answer to an event of a path.
pub(crate) fn of_answer(
    path: &Path,
    event: &Value,
    outcome: &Outcome,
    view: &AnswerView,
    near: Vec<NearLimit>,
) -> Vec<Fault> {
    let mut faults = Vec::new();
    let text = |pointer: &str| event.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    if let Some(error) = &outcome.error
        && error.word() != "flow_over"
    {
        let told = outcome.error_text.clone().unwrap_or_else(|| error.to_string());
        let (place, message) = placed(&told);
        let before = || path.steps.last().and_then(|step| step.place.clone());
        let file =
            || path.script.as_ref().map(|script| Place { file: format!("{script}.lua"), line: 1 });
        let place = place.or_else(before).or_else(file);
        faults.push(Fault::new(&SCRIPT_FAILS, place, message));
    }
    for record in outcome.log.iter().filter(|record| record.kind == LogKind::HookFailure) {
        // `a function given to on_hangup failed: main.lua:7: …`
        let told = record.message.split_once("failed: ").map_or("", |(_, told)| told);
        let (place, message) = placed(if told.is_empty() { &record.message } else { told });
        let message = format!("a function given to on_hangup fails: {message}");
        faults.push(Fault::new(&HOOK_FAILS, place, message));
    }
    for record in outcome.log.iter().filter(|record| record.kind == LogKind::RefusedData) {
        let (place, message) = placed(&record.message);
        faults.push(Fault::new(&DATA_REFUSED, place, message));
    }
    if outcome.unheard.is_some() && outcome.error.is_none() {
        let place = path.steps.last().and_then(|step| step.place.clone());
        let message = "the caller would be left in silence; the host speaks the fallback instead";
        faults.push(Fault::new(&SILENCE, place, message));
    }
    let is_refused = text("/ActionData/ErrorType") == "InvalidActionParameter"
        || text("/InvocationEventType") == "INVALID_LAMBDA_RESPONSE";
    // A leg that has just ended cannot be hung up, and need not be.
    let is_moot = text("/ActionData/Type") == "Hangup";
    if is_refused && !path.has_fault && !is_moot {
        let place = path.steps.last().and_then(|step| step.place.clone());
        let why = [text("/ActionData/ErrorMessage"), text("/ErrorMessage")];
        let why = why.iter().find(|why| !why.is_empty()).copied().unwrap_or("no reason is given");
        let message = format!("the service refuses {}: {why}", text("/ActionData/Type"));
        faults.push(Fault::new(&ACTION_REFUSED, place, message));
    }
    let is_answered = text("/InvocationEventType") == "ACTION_SUCCESSFUL"
        && text("/ActionData/Type") == "CallAndBridge";
    // What is said in between takes a second.
    let mut actions = view.actions.iter().filter(|action| action.action_type != "Speak");
    let is_only_end = actions.clone().all(|action| action.action_type == "Hangup");
    if let Some(first) = actions.find(|action| ends_all(action, event))
        && is_answered
        && is_only_end
    {
        let message = "the callee has just answered, and both legs are hung up";
        faults.push(Fault::new(&DROPPED_ON_ANSWER, first.place.clone(), message));
    }
    faults.extend(digits_not_heard(path, view));
    if !near.is_empty() {
        let messages: Vec<String> = near.into_iter().map(|near| near.message).collect();
        let message = messages.join("; ");
        let before = || path.steps.last().and_then(|step| step.place.clone());
        let place = view.place().cloned().or_else(before);
        faults.push(Fault::new(&NEAR_LIMIT, place, message));
    }
    faults
}

/// Whether an action hangs up the caller, and so everybody.
fn ends_all(action: &ActionView, event: &Value) -> bool {
    let participants = event.pointer("/CallDetails/Participants").and_then(Value::as_array);
    let callee = participants.into_iter().flatten().find(|one| one["ParticipantTag"] == "LEG-B");
    let id = callee.and_then(|one| one["CallId"].as_str());
    let is_callee = action.text("/ParticipantTag") == Some("LEG-B")
        || action.text("/CallId").is_some_and(|call| Some(call) == id);
    action.action_type == "Hangup" && !is_callee
}

fn digits_not_heard(path: &Path, view: &AnswerView) -> Option<Fault> {
    let naming = view.actions.iter().position(|action| {
        !action.asks() && action.said().is_some_and(|said| names_digits(&said))
    })?;
    let speaks = ["Speak", "PlayAudio", "Pause"];
    let mut next = view.actions.iter().skip(naming + 1);
    let next = next.find(|action| !speaks.contains(&action.action_type.as_str()))?;
    let is_end = next.action_type == "Hangup" && path.listening.is_none();
    let action = view.actions.get(naming)?;
    is_end.then(|| {
        let message = "this prompt names digits to press, and then the call is hung up";
        Fault::new(&DIGITS_NOT_HEARD, action.place.clone(), message)
    })
}

/// What is wrong with a call that has ended.
pub(crate) fn of_end(path: &Path) -> Option<Fault> {
    let entries = &path.call.trace().entries;
    let has_heard = entries.iter().any(|entry| match &entry.happened {
        Happened::Hears { leg, what, .. } => *leg == Tag::A && !what.trim().is_empty(),
        Happened::Rings { leg, .. } => *leg == Tag::B,
        Happened::Joins { leg, .. } => *leg == Tag::A,
        _ => false,
    });
    let has_left = path.steps.iter().any(|step| step.choice.leaves() || step.choice.is_fault());
    // Whoever is turned away by the answer itself is told so by the network.
    let is_declined =
        path.asked.len() <= 1 || path.asked.iter().all(|asked| is_only_hang_up(&asked.answer));
    (!has_heard && !has_left && !is_declined).then(|| {
        let place = path.asked.iter().rev().find_map(|asked| asked.place.clone());
        Fault::new(&SILENCE, place, "the call ends, and the caller has heard nothing")
    })
}

fn is_only_hang_up(answer: &Value) -> bool {
    let actions = answer.get("Actions").and_then(Value::as_array);
    actions.is_none_or(|actions| actions.iter().all(|action| action["Type"] == "Hangup"))
}

/// A text with its place in front, as both.
pub(crate) fn placed(text: &str) -> (Option<Place>, String) {
    let first = text.split(' ').next().unwrap_or_default();
    let place = first.strip_suffix(':').and_then(Place::parse);
    match place {
        Some(place) => {
            let message = text.strip_prefix(first).unwrap_or_default().trim().to_owned();
            (Some(place), message)
        }
        None => (None, text.to_owned()),
    }
}
