//! Log lines: one per event, in JSON, without what callers type or who they are.

use std::time::Duration;

use harness::{Function, event_of, new_call, until};
use serde_json::{Value, json};

const SCRIPT: &str = "return { default = function(event, call)
  log.info('caller ' .. call.from .. ' typed ' .. tostring(event.ActionData and event.ActionData.ReceivedDigits), { pin = event.ActionData and event.ActionData.ReceivedDigits, ms = 12 })
  if event.Sequence == 2 then error('bad pin ' .. event.ActionData.ReceivedDigits) end
  return action.pause { duration_in_milliseconds = 1 }
end }";

fn lines(settings: &[(&str, &str)]) -> Vec<Value> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("main.lua"), SCRIPT).unwrap();
    let scripts = [("MOONRING_SCRIPTS", folder.path().to_str().unwrap())];
    let function = Function::start(&[&scripts, settings].concat());
    function.invoke(&new_call());
    let mut digits = event_of("call-of-digits", "ACTION_SUCCESSFUL-PlayAudioAndGetDigits-digits");
    digits["Sequence"] = json!(2);
    digits["ActionData"]["ReceivedDigits"] = json!("73521");
    function.invoke(&digits);
    // The last line is the one of the failed event, whatever the level.
    until("the line of the failed event", || {
        let lines = function.lines();
        lines.iter().any(|line| line["outcome"] == "fallback").then_some(lines)
    })
}

#[test]
fn each_event_has_one_line() {
    let lines = lines(&[]);
    let mut first = lines.iter().find(|line| line["message"] == "event").unwrap().clone();
    let micros = first["micros"].take();
    assert!(micros.as_u64().is_some_and(|micros| micros > 0), "{micros}");
    let release = first["release"].take();
    assert_eq!(release.as_str().unwrap().len(), 16);
    assert!(first["call"].take().as_str().unwrap().starts_with("call-"));
    assert_eq!(
        first,
        json!({
            "level": "INFO", "message": "event", "call": null, "sequence": 1, "event": "NEW_INBOUND_CALL", "from": "…0142", "to": "…0117",
            "script": "main", "release": null, "actions": "Pause", "micros": null, "outcome": "answered",
        })
    );
}

#[test]
fn an_event_that_is_no_json_is_answered_and_told() {
    let function = Function::start(&[("MOONRING_SCRIPTS", "scripts")]);
    for text in ["{\"InvocationEventType\": \"NEW_INBOUND_CALL\", \"CallDetails", "", "\u{fffd}"] {
        let reply = function.invoke_within(text, Duration::from_secs(60));
        assert_eq!(reply.answer["SchemaVersion"], "1.0", "{text}");
        let line = function.event_lines().pop().unwrap();
        assert_eq!(
            (&line["level"], &line["reason"]),
            (&"ERROR".into(), &"bad_event".into()),
            "{line}"
        );
    }
}

#[test]
fn what_callers_type_and_who_they_are_is_masked() {
    let lines = lines(&[]);
    let text = serde_json::to_string(&lines).unwrap();
    for secret in ["73521", "2065550142", "4255550117"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    let failed = lines.iter().find(|line| line["outcome"] == "fallback").unwrap();
    assert_eq!(
        (&failed["error"], &failed["file"], &failed["line"]),
        (&"bad pin ****".into(), &"main.lua".into(), &3.into())
    );
    assert_eq!((&failed["level"], &failed["reason"]), (&"ERROR".into(), &"error".into()));
    let logged = lines.iter().filter(|line| line["fields"].is_object()).nth(1).unwrap();
    assert_eq!(logged["message"], "caller …0142 typed ****");
    assert_eq!(logged["fields"], json!({"pin": "****", "ms": 12}));
}

#[test]
fn each_kind_is_shown_where_its_setting_asks_for_it() {
    let text = |settings: &[(&str, &str)]| serde_json::to_string(&lines(settings)).unwrap();
    let digits = text(&[("MOONRING_LOG_DIGITS", "true")]);
    assert!(digits.contains("73521") && !digits.contains("2065550142"), "{digits}");
    let numbers = text(&[("MOONRING_LOG_NUMBERS", "true")]);
    assert!(!numbers.contains("73521") && numbers.contains("2065550142"), "{numbers}");
}

#[test]
fn only_lines_of_the_level_that_is_set_are_written() {
    let lines = lines(&[("MOONRING_LOG_LEVEL", "error")]);
    assert!(lines.iter().all(|line| line["level"] == "ERROR"), "{lines:?}");
    assert_eq!(lines.len(), 1);
}

#[test]
fn a_refusal_of_the_service_is_led_back_to_the_lines_of_the_answer() {
    let folder = tempfile::tempdir().unwrap();
    let script = "local bye = require('./bye')
return {
  new_inbound_call = function() return { action.speak { text = 'hi' }, bye() } end,
  invalid_lambda_response = function() return action.hangup {} end,
}";
    std::fs::write(folder.path().join("main.lua"), script).unwrap();
    std::fs::write(
        folder.path().join("bye.lua"),
        "return function()\n  return action.hangup {}\nend",
    )
    .unwrap();
    let function = Function::start(&[("MOONRING_SCRIPTS", folder.path().to_str().unwrap())]);
    let call = new_call();
    let id = call["CallDetails"]["TransactionId"].as_str().unwrap();
    function.invoke(&call);
    let mut refusal = event_of(id, "INVALID_LAMBDA_RESPONSE-none-toomanyattributes");
    function.invoke(&refusal);
    assert_eq!(function.event_lines()[1]["refused_answer"], "Speak main.lua:3, Hangup bye.lua:2");
    // The answer to that was an answer too.
    refusal["ErrorMessage"] = json!("unsupported parameter of Hangup");
    function.invoke(&refusal);
    assert_eq!(function.event_lines()[2]["refused_answer"], "Hangup main.lua:4");
    function.invoke(&call);
    function.invoke(&refusal);
    assert_eq!(
        function.event_lines()[4]["refused_answer"],
        "Hangup bye.lua:2",
        "only what the service names"
    );
}

#[test]
fn a_call_with_very_many_invocations_is_warned_of_and_ends_in_words() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("main.lua"), SCRIPT).unwrap();
    let function = Function::start(&[("MOONRING_SCRIPTS", folder.path().to_str().unwrap())]);
    let at = |sequence: u64| {
        let mut event = new_call();
        event["Sequence"] = json!(sequence);
        function.invoke(&event).answer
    };
    assert_eq!(at(899)["Actions"][0]["Type"], "Pause");
    assert_eq!(at(900)["Actions"][0]["Type"], "Pause");
    let line = function
        .log_line("the call has had 900 invocations, and the service ends a call at its 1,000th");
    assert_eq!(
        (&line["level"], &line["file"], &line["line"]),
        (&json!("WARN"), &json!("main.lua"), &json!(4))
    );
    assert_eq!(harness::said(&at(995)), harness::APOLOGY);
    assert_eq!(function.event_lines().pop().unwrap()["reason"], "invocations");
    let warned = function
        .log()
        .into_iter()
        .filter(|line| line["message"].as_str().unwrap().starts_with("the call has had"));
    assert_eq!(warned.count(), 2);
}
