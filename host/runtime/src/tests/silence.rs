//! No caller is left alone in silence: whatever comes, whatever the script answers.

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, TestRunner};

use super::*;

/// A script that answers as its event says: with nothing, with an empty list, or with these
/// actions; kept between events by nobody.
const SCRIPT: &str = "return { default = function(event)
  local wanted = event.Wanted
  if wanted == nil then return nil end
  local list = {}
  for _, name in wanted do
    list[#list + 1] = action.raw { Type = name, Parameters = { CallId = 'LEG-A' } }
  end
  return list
end }";

const ACTIONS: [&str; 6] =
    ["Speak", "Pause", "RecordAudio", "SpeakAndGetDigits", "CallAndBridge", "Hangup"];

/// What the service would do with a call: the list that runs, and who is on the line.
#[derive(Debug, Default)]
struct Line {
    running: Vec<String>,
    other: bool,
    attributes: Value,
}

impl Line {
    /// The next event by the service's rules: the list goes on, or somebody does something.
    /// `choice` draws which.
    fn event(&mut self, choice: u8, number: u64) -> Value {
        let reports = |name: &str| moonring_wire::action::REPORTING.contains(&name);
        let (kind, action) = match choice % 6 {
            0 if number > 1 => ("DIGITS_RECEIVED", "ReceiveDigits".to_owned()),
            1 if number > 1 => ("CALL_UPDATE_REQUESTED", "CallUpdateRequest".to_owned()),
            2 if self.other => {
                self.other = false;
                ("HANGUP", "Hangup".to_owned())
            }
            3 if !self.running.is_empty() => {
                let failed = self.running.remove(0);
                self.running.clear();
                ("ACTION_FAILED", failed)
            }
            _ if number == 1 => ("NEW_INBOUND_CALL", String::new()),
            _ => {
                // Up to the first that sends an event: one that reports, or the last.
                while self.running.len() > 1 && !reports(&self.running[0]) {
                    self.running.remove(0);
                }
                let Some(done) = (!self.running.is_empty()).then(|| self.running.remove(0)) else {
                    return Value::Null;
                };
                self.other |= done == "CallAndBridge";
                ("ACTION_SUCCESSFUL", done)
            }
        };
        let mut legs =
            vec![json!({"CallId": "LEG-A", "ParticipantTag": "LEG-A", "Status": "Connected"})];
        if self.other || kind == "HANGUP" {
            let status = if self.other { "Connected" } else { "Disconnected" };
            legs.push(json!({"CallId": "LEG-B", "ParticipantTag": "LEG-B", "Status": status}));
        }
        let leg = if kind == "HANGUP" { "LEG-B" } else { "LEG-A" };
        json!({
            "SchemaVersion": "1.0", "InvocationEventType": kind, "Sequence": number,
            "ActionData": {"Type": action, "Parameters": {"CallId": leg, "ReceivedDigits": "1"}},
            "CallDetails": {"TransactionId": "call", "Participants": legs, "TransactionAttributes": self.attributes},
        })
    }

    fn take(&mut self, answer: &Value) {
        if let Some(attributes) = answer.get("TransactionAttributes") {
            self.attributes = attributes.clone();
        }
        let actions = answer["Actions"].as_array().cloned().unwrap_or_default();
        if !actions.is_empty() {
            self.running =
                actions.iter().map(|action| action["Type"].as_str().unwrap().to_owned()).collect();
        }
    }
}

#[test]
fn a_caller_who_is_alone_always_has_something_that_runs() {
    let names = prop::sample::select(ACTIONS.to_vec());
    let wanted = prop::option::of(prop::collection::vec(names, 0..4));
    let call = prop::collection::vec((any::<u8>(), wanted), 1..12);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let stage = Stage::new(SCRIPT, &[(0, true)]);
        // Two instances: what one of them knows of a call the other reads from the call.
        let hosts = [host(&stage, 3600), host(&stage, 3600)];
        for host in &hosts {
            assert!(host.prepare(Duration::from_secs(2)).await);
        }
        let mut runner = TestRunner::new(Config::with_cases(1));
        let (mut silences, mut quiet) = (0, 0);
        for _ in 0..1000 {
            let events = call.new_tree(&mut runner).unwrap().current();
            let mut line = Line { attributes: json!({}), ..Line::default() };
            for ((choice, wanted), number) in events.into_iter().zip(1..) {
                let mut event = line.event(choice, number);
                if event.is_null() {
                    break;
                }
                event["Wanted"] = wanted.clone().into();
                let outcome = answer(&hosts[usize::from(choice) % 2], &event).await;
                let answer = serde_json::to_value(&outcome.answer).unwrap();
                let brings =
                    answer["Actions"].as_array().is_some_and(|actions| !actions.is_empty());
                let before = !line.running.is_empty();
                line.take(&answer);
                let wanted_nothing = wanted.as_ref().is_none_or(Vec::is_empty);
                silences += usize::from(wanted_nothing && brings);
                quiet += usize::from(!brings);
                let is_heard = !line.running.is_empty() || line.other;
                assert!(is_heard, "{event} was answered {answer}");
                // Nor is a caller interrupted where something runs, or somebody talks.
                let is_left = wanted_nothing && (before || line.other);
                assert!(!(is_left && brings), "{event} was answered {answer}");
            }
        }
        assert!(
            silences > 100 && quiet > 300,
            "{silences} silences, {quiet} answers that brought nothing"
        );
    });
}

#[tokio::test(start_paused = true)]
async fn the_last_invocations_of_a_call_end_it_in_words() {
    let stage = Stage::new(&says("on and on"), &[(10, true)]);
    let host = host(&stage, 3600);
    assert!(host.prepare(Duration::from_secs(2)).await);
    let event = |sequence: u64, kind: &str, legs: &[&str]| {
        let legs: Vec<_> =
            legs.iter().map(|id| json!({"CallId": id, "Status": "Connected"})).collect();
        json!({
            "InvocationEventType": kind, "Sequence": sequence, "ActionData": {"Type": "Speak"},
            "CallDetails": {"TransactionId": "long", "Participants": legs},
        })
    };
    for (sequence, kind, legs, text) in [
        (1, "NEW_INBOUND_CALL", &["a"][..], "on and on"),
        (994, "ACTION_SUCCESSFUL", &["a"], "on and on"),
        (995, "ACTION_SUCCESSFUL", &["a"], APOLOGY),
        (999, "CALL_UPDATE_REQUESTED", &["a"], APOLOGY),
        // Two who talk go on, and what is to be done at the end is done.
        (998, "DIGITS_RECEIVED", &["a", "b"], "on and on"),
        (1000, "HANGUP", &["b"], "on and on"),
    ] {
        let outcome = answer(&host, &event(sequence, kind, legs)).await;
        assert_eq!(heard(&outcome), text, "{sequence} {kind}");
        assert_eq!(matches!(outcome.error, Some(Error::Invocations { .. })), text == APOLOGY);
    }
}

#[tokio::test(start_paused = true)]
async fn however_the_service_writes_a_result_a_flow_goes_on_or_ends_in_words() {
    const FLOW: &str = "return function(call)
      call:say('Welcome.')
      local digits = call:ask { say = 'Your number, please.', max = 2 }
      call:say('You typed ' .. digits .. '.')
      call:ask { say = 'And now?', max = 1 }
    end";
    let stage = Stage::new(FLOW, &[(10, true)]);
    let leg = json!([{"CallId": "a", "ParticipantTag": "LEG-A", "Status": "Connected"}]);
    let event = |kind: &str, data: Value, attributes: &Value| {
        json!({
            "InvocationEventType": kind, "ActionData": data, "Sequence": 2,
            "CallDetails": {"TransactionId": "call", "Participants": leg, "TransactionAttributes": attributes},
        })
    };
    let ask = |text: &str| json!({"Type": "SpeakAndGetDigits", "Parameters": {"CallId": "a", "SpeechParameters": {"Text": text}}, "ReceivedDigits": "12"});
    for (kind, data, text) in [
        ("ACTION_SUCCESSFUL", ask("Your number, please."), "You typed 12."),
        // As the service may have it: nobody knows.
        ("ACTION_SUCCESSFUL", ask("Your number please"), "You typed 12."),
        (
            "ACTION_SUCCESSFUL",
            json!({"Type": "SpeakAndGetDigits", "ReceivedDigits": "12"}),
            "You typed 12.",
        ),
        // Whatever has failed: nothing runs any more.
        ("ACTION_FAILED", json!({"Type": "Pause", "Parameters": {"CallId": "a"}}), APOLOGY),
        ("ACTION_FAILED", json!({"Type": "NewThing"}), APOLOGY),
        ("ACTION_FAILED", Value::Null, APOLOGY),
        ("DIGITS_RECEIVED", json!({"Type": "ReceiveDigits", "ReceivedDigits": "1"}), "nothing"),
    ] {
        // The process that answers is another one than the one that asked.
        let (first, second) = (host(&stage, 3600), host(&stage, 3600));
        assert!(
            first.prepare(Duration::from_secs(2)).await
                && second.prepare(Duration::from_secs(2)).await
        );
        let asked = answer(&first, &event("NEW_INBOUND_CALL", Value::Null, &json!({}))).await;
        let attributes = Value::Object(asked.answer.transaction_attributes.unwrap());
        let outcome = answer(&second, &event(kind, data.clone(), &attributes)).await;
        assert_eq!(heard(&outcome), text, "{kind} {data}");
    }
}
