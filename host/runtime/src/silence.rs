//! A caller who is alone on the line hears something, or something is on its way: after no event does nothing run, nobody else talk, and the
//! answer bring nothing.
//!
//! For flows the engine sees to that: it knows the step that waits. For handlers it is told from the event, the answer, and what is kept with
//! the call of the list that was sent last.

use moonring_wire::action::REPORTING;
use moonring_wire::{Answer, Event, EventType};

use crate::fallback::legs_up;

/// What is known of the list that was sent last, as the call keeps it: its types with commas between them where one that reports stands before
/// others, nothing in it where it has ended; unknown where any result ends it.
pub(crate) type KnownList = Option<String>;

/// Whether the answer leaves a caller alone in silence.
pub(crate) fn is_silent(event: &Event, list: &KnownList, answer: &Answer) -> bool {
    let is_alone = legs_up(event).len() == 1;
    !brings_something(answer) && is_alone && is_heard(event) && !runs_after(event, list)
}

/// What is known of the list that runs once this answer is sent.
pub(crate) fn list_after(event: &Event, list: KnownList, answer: &Answer) -> KnownList {
    if let Some(actions) = answer.actions.as_deref().filter(|_| brings_something(answer)) {
        let types: Vec<&str> = actions.iter().map(|action| action.action_type.as_str()).collect();
        return known(&types);
    }
    match (event.event_type(), rest(event, &list)) {
        (EventType::ActionSuccessful, Some(rest)) => known(&rest),
        _ if runs_after(event, &list) => list,
        _ => Some(String::new()),
    }
}

/// What is to be known of a list: nothing, where any result ends it.
fn known(types: &[&str]) -> KnownList {
    let goes_on = types.iter().rev().skip(1).any(|name| REPORTING.contains(name));
    goes_on.then(|| types.join(","))
}

/// What is left of the list behind the action that has just succeeded; `None` where that was the last.
fn rest<'a>(event: &Event, list: &'a KnownList) -> Option<Vec<&'a str>> {
    let types: Vec<&str> = list.as_deref()?.split(',').collect();
    let done = types.iter().position(|known| event.action_type() == Some(*known))?;
    Some(types[done + 1..].to_vec()).filter(|rest| !rest.is_empty())
}

fn brings_something(answer: &Answer) -> bool {
    answer.actions.as_ref().is_some_and(|actions| !actions.is_empty())
}

/// Whether actions in the answer would be carried out, so that somebody who is there could hear them (rules 15 and 37).
fn is_heard(event: &Event) -> bool {
    !matches!(event.event_type(), EventType::NewOutboundCall | EventType::Ringing | EventType::ActionInterrupted)
}

/// Whether anything that was sent before may still run after this event.
fn runs_after(event: &Event, list: &KnownList) -> bool {
    match event.event_type() {
        EventType::NewInboundCall | EventType::CallAnswered | EventType::ActionFailed => false,
        // A result is sent at the end of the list, and after some actions before that (rules 19 and 20).
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
        let legs: Vec<Value> =
            legs.iter().map(|(tag, status)| json!({"CallId": tag, "ParticipantTag": tag, "Status": status})).collect();
        let event =
            json!({"InvocationEventType": kind, "ActionData": {"Type": action}, "CallDetails": {"Participants": legs}});
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
            assert_eq!(is_silent(&event, &list.map(str::to_owned), &answer(&[])), is, "{kind} {action} {list:?}");
            assert!(!is_silent(&event, &list.map(str::to_owned), &answer(&["Hangup"])), "{kind} {action}");
        }
    }

    #[test]
    fn what_is_kept_of_a_list_says_whether_it_still_runs() {
        let bridged = event("ACTION_SUCCESSFUL", "CallAndBridge", &TWO);
        assert_eq!(list_after(&bridged, None, &answer(&[])), Some(String::new()));
        assert_eq!(list_after(&bridged, None, &answer(&["Pause", "Speak"])), None);
        assert_eq!(
            list_after(&bridged, None, &answer(&["RecordAudio", "Speak"])).as_deref(),
            Some("RecordAudio,Speak")
        );
        let twice = event("ACTION_SUCCESSFUL", "A", &ALONE);
        assert_eq!(
            list_after(&twice, Some("A,RecordAudio,A".to_owned()), &answer(&[])).as_deref(),
            Some("RecordAudio,A")
        );
        assert_eq!(list_after(&twice, Some("A,B".to_owned()), &answer(&[])), None);
        let digits = event("DIGITS_RECEIVED", "ReceiveDigits", &ALONE);
        assert_eq!(list_after(&digits, Some("A,B".to_owned()), &answer(&[])).as_deref(), Some("A,B"));
        assert_eq!(list_after(&digits, None, &answer(&[])), None);
    }
}
