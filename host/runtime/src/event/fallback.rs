//! The fallback: what the caller hears when a script fails.

use moonring_engine::FallbackPlan;
use moonring_wire::action::{BridgeEndpoint, CallAndBridge, Hangup, Speak};
use moonring_wire::{Action, Answer, Event, EventType, Participant, Status, TypedAction as _};

/// What is said before the call is hung up.
pub const APOLOGY: &str = "We are sorry, something went wrong. Please call again later.";

/// The answer to an event whose script failed.
///
/// An apology and the end of the call; nothing where the service would ignore actions (rules 15, 37
/// and 44), and nothing where two parties are connected, whose conversation goes on. It needs no
/// script, no release and no memory of the call.
pub fn fallback(event: Option<&Event>) -> Answer {
    planned_fallback(event, None)
}

/// The same, by a plan of the release's routes: another text, and a number to connect the caller
/// to.
pub(crate) fn planned_fallback(event: Option<&Event>, plan: Option<&FallbackPlan>) -> Answer {
    let mut answer = Answer::keep(event);
    answer.actions = match event {
        Some(event) => actions(event, plan),
        // What came could not be read: somebody is on the line all the same.
        None => Some(apologise(None, None)),
    };
    answer
}

fn actions(event: &Event, plan: Option<&FallbackPlan>) -> Option<Vec<Action>> {
    if matches!(
        event.event_type(),
        EventType::NewOutboundCall | EventType::Ringing | EventType::ActionInterrupted
    ) {
        return None;
    }
    let up = legs_up(event);
    match up.as_slice() {
        [] if event.participants().next().is_some() || event.event_type() == EventType::Hangup => {
            None
        }
        [] => Some(apologise(None, None)),
        [leg] => match failed_action(event) {
            // The apology itself failed: said again, it would fail again.
            Some(Speak::TYPE) if is_apology(event, plan) => Some(vec![hang_up(leg.id())]),
            // So did the end of the call: whatever leg the event is about, it should end.
            Some(Hangup::TYPE) => Some(vec![hang_up(None)]),
            // Nobody took the transfer.
            Some(CallAndBridge::TYPE) => Some(apologise(leg.id(), None)),
            _ => Some(match plan.and_then(|plan| transfer(event, plan.transfer.as_deref()?)) {
                Some(transfer) => vec![speak(leg.id(), plan), transfer],
                None => apologise(leg.id(), plan),
            }),
        },
        _ => None,
    }
}

/// The legs that are up. Before a leg is answered, and in events about refused answers, its status
/// is left out: it may be up, but beside one that is surely connected it does not count as a second
/// party.
pub(crate) fn legs_up(event: &Event) -> Vec<Participant<'_>> {
    let mut legs: Vec<Participant> = Vec::new();
    for leg in event.participants().filter(|leg| leg.status() != Status::Disconnected) {
        if legs.iter().all(|known| known.id() != leg.id()) {
            legs.push(leg);
        }
    }
    if legs.iter().any(|leg| leg.status() == Status::Connected) {
        legs.retain(|leg| leg.status() == Status::Connected);
    }
    legs
}

fn failed_action(event: &Event) -> Option<&str> {
    event.action_type().filter(|_| event.event_type() == EventType::ActionFailed)
}

fn is_apology(event: &Event, plan: Option<&FallbackPlan>) -> bool {
    let text = event.action_parameter("Text").and_then(|text| text.as_str());
    text == Some(APOLOGY) || text.is_some() && text == plan.and_then(|plan| plan.say.as_deref())
}

fn apologise(leg: Option<&str>, plan: Option<&FallbackPlan>) -> Vec<Action> {
    vec![speak(leg, plan), hang_up(leg)]
}

fn speak(leg: Option<&str>, plan: Option<&FallbackPlan>) -> Action {
    let text = plan.and_then(|plan| plan.say.as_deref()).unwrap_or(APOLOGY).to_owned();
    Action::from_typed(&Speak { call_id: leg.map(str::to_owned), text, ..Speak::default() })
}

/// Connects the caller to a number. The other side sees the caller's number, or the one that was
/// called where that is none.
fn transfer(event: &Event, uri: &str) -> Option<Action> {
    let leg = event.first_leg()?;
    let is_number = |number: &&str| number.starts_with('+');
    let caller_id_number = leg.from().filter(is_number).or(leg.to().filter(is_number))?.to_owned();
    let endpoints = vec![BridgeEndpoint::Pstn { uri: uri.to_owned() }];
    let (call_id, call_timeout_seconds, ringback_tone, sip_headers) = (None, None, None, None);
    Some(Action::from_typed(&CallAndBridge {
        call_id,
        call_timeout_seconds,
        caller_id_number,
        ringback_tone,
        endpoints,
        sip_headers,
    }))
}

fn hang_up(leg: Option<&str>) -> Action {
    Action::from_typed(&Hangup { call_id: leg.map(str::to_owned), ..Hangup::default() })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn answer_to(file: &str) -> Value {
        let path =
            std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/events").join(file);
        let event = Event::parse(&std::fs::read(path).unwrap()).unwrap();
        serde_json::to_value(fallback(Some(&event))).unwrap()
    }

    #[test]
    fn a_caller_hears_the_apology_and_is_hung_up() {
        let leg = "db0e2136-2587-4398-87a8-e81dc3aa6c08";
        assert_eq!(
            answer_to("NEW_INBOUND_CALL-none-basic.json"),
            json!({"SchemaVersion": "1.0", "Actions": [
                {"Type": "Speak", "Parameters": {"CallId": leg, "Text": APOLOGY}},
                {"Type": "Hangup", "Parameters": {"CallId": leg}},
            ]})
        );
    }

    #[test]
    fn nothing_is_said_where_actions_are_ignored_or_two_are_talking() {
        for file in [
            "NEW_OUTBOUND_CALL-none-basic.json",
            "RINGING-none-basic.json",
            "ACTION_INTERRUPTED-Pause-update.json",
            "HANGUP-Hangup-lega.json",
            "HANGUP-Hangup-meeting-alldisconnected.json",
            "ACTION_SUCCESSFUL-CallAndBridge-pstn.json",
            "ACTION_SUCCESSFUL-JoinChimeMeeting-seed.json",
        ] {
            assert_eq!(answer_to(file), json!({"SchemaVersion": "1.0"}), "{file}");
        }
    }

    #[test]
    fn the_leg_that_is_left_alone_hears_it() {
        for (file, tag) in
            [("HANGUP-Hangup-lega-bridged.json", 1), ("HANGUP-Hangup-legb-bridged.json", 0)]
        {
            let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("../../tests/events")
                .join(file);
            let document: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
            let leg = &document["CallDetails"]["Participants"][tag]["CallId"];
            assert_eq!(&answer_to(file)["Actions"][0]["Parameters"]["CallId"], leg, "{file}");
        }
    }

    #[test]
    fn one_party_and_an_echo_of_it_are_not_two_that_talk() {
        for legs in [
            json!([{"CallId": "a", "Status": "Connected"}, {"CallId": "b", "Status": "Ringing"}]),
            json!([{"CallId": "a", "Status": "Connected"}, {"CallId": "a", "Status": "Connected"}]),
            json!([{"CallId": "b"}, {"CallId": "a", "Status": "Connected"}]),
        ] {
            let event = json!({"InvocationEventType": "DIGITS_RECEIVED", "CallDetails": {"Participants": legs}});
            let event = Event::parse(event.to_string().as_bytes()).unwrap();
            let answer = serde_json::to_value(fallback(Some(&event))).unwrap();
            assert_eq!(answer["Actions"][0]["Parameters"]["CallId"], "a", "{legs}");
        }
    }

    #[test]
    fn an_apology_that_failed_is_not_said_again() {
        let event = json!({
            "InvocationEventType": "ACTION_FAILED", "ActionData": {"Type": "Speak", "Parameters": {"Text": APOLOGY}},
            "CallDetails": {"Participants": [{"CallId": "leg", "Status": "Connected"}]},
        });
        let event = Event::parse(event.to_string().as_bytes()).unwrap();
        let actions = serde_json::to_value(fallback(Some(&event)).actions).unwrap();
        assert_eq!(actions, json!([{"Type": "Hangup", "Parameters": {"CallId": "leg"}}]));
    }

    #[test]
    fn what_cannot_be_read_is_answered_too() {
        let answer = serde_json::to_value(fallback(None)).unwrap();
        assert_eq!(answer["Actions"][0]["Parameters"], json!({"Text": APOLOGY}));
        assert_eq!(answer["SchemaVersion"], "1.0");
    }
}
