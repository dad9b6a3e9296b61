//! A caller who is alone on the line hears something, or something is on its way: after no event
//! does nothing run, nobody else talk, and the answer bring nothing.
//!
//! For flows the engine sees to that: it knows the step that waits. For handlers it is told from
//! the event, the answer, and what is kept with the call of the list that was sent last.

use moonring_wire::action::REPORTING;
use moonring_wire::{Answer, Event, EventType};

use crate::event::fallback::legs_up;

/// What is known of the list that was sent last, as the call keeps it: its types with commas
/// between them where it has several or listens for keys, nothing in it where none runs; unknown
/// where it has one action, whose result ends it.
pub(crate) type KnownList = Option<String>;

/// The action that goes on listening behind whatever else runs, until another list is sent.
const LISTENING: &str = "ReceiveDigits";

/// Whether the answer leaves a caller alone in silence.
pub(crate) fn is_silent(event: &Event, list: &KnownList, answer: &Answer) -> bool {
    let is_alone = legs_up(event).len() == 1;
    !brings_something(answer) && is_alone && is_heard(event) && !runs_after(event, list)
}

/// What is known of the list that runs once this answer is sent.
pub(crate) fn list_after(event: &Event, list: KnownList, answer: &Answer) -> KnownList {
    if let Some(actions) = answer.actions.as_deref().filter(|_| brings_something(answer)) {
        let types: Vec<&str> = actions.iter().map(|action| action.action_type.as_str()).collect();
        return (types.len() > 1 || types.contains(&LISTENING)).then(|| types.join(","));
    }
    match (event.event_type(), rest(event, &list)) {
        (EventType::ActionSuccessful, Some(rest)) => Some(rest.join(",")),
        _ if runs_after(event, &list) => list,
        _ => Some(String::new()),
    }
}

/// What still runs of a list of several behind the action that has just succeeded; `None` where
/// that was the last of it.
fn rest<'a>(event: &Event, list: &'a KnownList) -> Option<Vec<&'a str>> {
    let types: Vec<&str> = list.as_deref().filter(|list| !list.is_empty())?.split(',').collect();
    let action = event.action_type().unwrap_or_default();
    // What sends no event of its own sends one at the end of its list (rules 19 and 20).
    let is_end = types.last() == Some(&action) && !REPORTING.contains(&action);
    let done = if is_end {
        types.len() - 1
    } else {
        types.iter().position(|known| *known == action).unwrap_or(0)
    };
    // A result that is none of the list's says nothing of it.
    let behind = if types.contains(&action) { &types[done + 1..] } else { &types[..] };
    let listens = types.contains(&LISTENING) && !behind.contains(&LISTENING);
    let rest: Vec<&str> =
        listens.then_some(LISTENING).into_iter().chain(behind.iter().copied()).collect();
    (!rest.is_empty()).then_some(rest)
}

fn brings_something(answer: &Answer) -> bool {
    answer.actions.as_ref().is_some_and(|actions| !actions.is_empty())
}

/// Whether actions in the answer would be carried out, so that somebody who is there could hear
/// them (rules 15 and 37).
fn is_heard(event: &Event) -> bool {
    !matches!(
        event.event_type(),
        EventType::NewOutboundCall | EventType::Ringing | EventType::ActionInterrupted
    )
}

/// Whether anything that was sent before may still run after this event.
fn runs_after(event: &Event, list: &KnownList) -> bool {
    match event.event_type() {
        EventType::NewInboundCall | EventType::CallAnswered | EventType::ActionFailed => false,
        // A result is sent at the end of the list, and after some actions before that (rules 19 and
        // 20).
        EventType::ActionSuccessful => rest(event, list).is_some(),
        _ => list.as_deref() != Some(""),
    }
}

#[cfg(test)]
mod tests {
    use moonring_wire::Action;
    use serde_json::{Map, Value, json};

    use super::*;

    fn event(kind: &str, action: &str, legs: &[(&str, &str)]) -> Event {
        let legs: Vec<Value> = legs
            .iter()
            .map(|(tag, status)| json!({"CallId": tag, "ParticipantTag": tag, "Status": status}))
            .collect();
        let event = json!({"InvocationEventType": kind, "ActionData": {"Type": action}, "CallDetails": {"Participants": legs}});
        Event::parse(event.to_string().as_bytes()).unwrap()
    }

    fn answer(types: &[&str]) -> Answer {
        let mut answer = Answer::keep(None);
        let actions: Vec<_> = types.iter().map(|name| Action::new(*name, Map::new())).collect();
        answer.actions = Some(actions).filter(|actions| !actions.is_empty());
        answer
    }

    const ALONE: [(&str, &str); 1] = [("LEG-A", "Connected")];
    const TWO: [(&str, &str); 2] = [("LEG-A", "Connected"), ("LEG-B", "Connected")];
    const LEFT: [(&str, &str); 2] = [("LEG-A", "Connected"), ("LEG-B", "Disconnected")];

    #[test]
    fn an_answer_that_brings_nothing_is_silence_where_nothing_runs() {
        for (kind, action, legs, list, is) in [
            ("NEW_INBOUND_CALL", "", &ALONE[..], None, true),
            ("NEW_OUTBOUND_CALL", "", &ALONE, None, false),
            ("RINGING", "", &ALONE, None, false),
            ("CALL_ANSWERED", "", &ALONE, None, true),
            ("ACTION_FAILED", "RecordAudio", &ALONE, Some("RecordAudio,Speak"), true),
            ("ACTION_SUCCESSFUL", "Speak", &ALONE, None, true),
            ("ACTION_SUCCESSFUL", "RecordAudio", &ALONE, None, true),
            ("ACTION_SUCCESSFUL", "RecordAudio", &ALONE, Some("RecordAudio,Speak"), false),
            ("ACTION_SUCCESSFUL", "Speak", &ALONE, Some("RecordAudio,Speak"), true),
            ("ACTION_SUCCESSFUL", "Speak", &ALONE, Some("Speak,Speak"), true),
            (
                "ACTION_SUCCESSFUL",
                "StartCallRecording",
                &ALONE,
                Some("StartCallRecording,Speak,Hangup"),
                false,
            ),
            ("ACTION_SUCCESSFUL", "Pause", &ALONE, Some("Speak,RecordAudio"), false),
            // Keys are still listened for.
            ("ACTION_SUCCESSFUL", "Speak", &ALONE, Some("ReceiveDigits,Speak"), false),
            ("ACTION_SUCCESSFUL", "ReceiveDigits", &ALONE, Some("ReceiveDigits"), false),
            ("ACTION_FAILED", "Speak", &ALONE, Some("ReceiveDigits,Speak"), true),
            ("ACTION_SUCCESSFUL", "CallAndBridge", &TWO, None, false),
            ("ACTION_INTERRUPTED", "Speak", &ALONE, None, false),
            ("DIGITS_RECEIVED", "ReceiveDigits", &ALONE, None, false),
            ("CALL_UPDATE_REQUESTED", "", &ALONE, Some(""), true),
            // Two have talked, and one of them has left.
            ("HANGUP", "Hangup", &LEFT, Some(""), true),
            ("HANGUP", "Hangup", &LEFT, None, false),
            ("HANGUP", "Hangup", &[("LEG-A", "Disconnected")], Some(""), false),
        ] {
            let event = event(kind, action, legs);
            assert_eq!(
                is_silent(&event, &list.map(str::to_owned), &answer(&[])),
                is,
                "{kind} {action} {list:?}"
            );
            assert!(
                !is_silent(&event, &list.map(str::to_owned), &answer(&["Hangup"])),
                "{kind} {action}"
            );
        }
    }

    #[test]
    fn what_is_kept_of_a_list_says_whether_it_still_runs() {
        let bridged = event("ACTION_SUCCESSFUL", "CallAndBridge", &TWO);
        assert_eq!(list_after(&bridged, None, &answer(&[])), Some(String::new()));
        assert_eq!(list_after(&bridged, None, &answer(&["Speak"])), None);
        assert_eq!(
            list_after(&bridged, None, &answer(&["ReceiveDigits"])).as_deref(),
            Some("ReceiveDigits")
        );
        assert_eq!(
            list_after(&bridged, None, &answer(&["RecordAudio", "Speak"])).as_deref(),
            Some("RecordAudio,Speak")
        );
        let twice = event("ACTION_SUCCESSFUL", "Hangup", &ALONE);
        assert_eq!(
            list_after(&twice, Some("Hangup,RecordAudio,Hangup".to_owned()), &answer(&[]))
                .as_deref(),
            Some("RecordAudio,Hangup")
        );
        assert_eq!(
            list_after(&twice, Some("Hangup,B".to_owned()), &answer(&[])).as_deref(),
            Some("B")
        );
        let said = event("ACTION_SUCCESSFUL", "Speak", &TWO);
        let listening = Some("ReceiveDigits,Speak".to_owned());
        assert_eq!(list_after(&said, listening, &answer(&[])).as_deref(), Some("ReceiveDigits"));
        let digits = event("DIGITS_RECEIVED", "ReceiveDigits", &ALONE);
        assert_eq!(
            list_after(&digits, Some("A,B".to_owned()), &answer(&[])).as_deref(),
            Some("A,B")
        );
        assert_eq!(list_after(&digits, None, &answer(&[])), None);
    }
}
