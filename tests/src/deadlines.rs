//! Scripts that do not end: stopped, or answered over their heads.

use std::time::{Duration, Instant};

use harness::{APOLOGY, Function, event_of, new_call, own, said};

/// A folder with one script.
fn folder(script: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("main.lua"), script).unwrap();
    folder
}

fn start(folder: &tempfile::TempDir, more: &[(&str, &str)]) -> Function {
    let settings = [("MOONRING_SCRIPTS", folder.path().to_str().unwrap())];
    Function::start(&[&settings, more].concat())
}

/// A script that does this at a DIGITS_RECEIVED and says "fine" at anything else.
fn at_digits(body: &str) -> String {
    format!(
        "return {{ digits_received = function(event, call) {body} end, default = function() return action.speak {{ text = 'fine' }} end }}"
    )
}

/// One native call that no interrupt reaches: sorting texts that differ only in their last byte.
const NATIVE: &str = "local x, t = string.rep('x', 4e6), {} for i = 1, 2e5 do t[i] = i % 2 == 0 and x .. 'a' or x .. 'b' end table.sort(t)";
/// The same with two texts, so that it fits into the memory of a script.
const NATIVE_SMALL: &str = "local a, b, t = string.rep('x', 4e6) .. 'a', string.rep('x', 4e6) .. 'b', {} for i = 1, 2e5 do t[i] = i % 2 == 0 and a or b end table.sort(t)";

#[test]
fn a_script_that_runs_forever_is_stopped_and_the_next_event_is_unharmed() {
    for (body, reason) in [
        ("while true do end", "deadline"),
        ("while true do pcall(function() while true do end end) end", "deadline"),
        ("pcall(function() while true do end end) return action.hangup {}", "deadline"),
        ("error(setmetatable({}, { __tostring = function() while true do end end }))", "deadline"),
        // Most of it is garbage, which is collected: it is the time that it runs out of.
        (NATIVE, "deadline"),
        ("local t = {} while true do t[#t + 1] = {} end", "memory"),
        ("error('no')", "error"),
    ] {
        let folder = folder(&at_digits(body));
        // A bomb needs its time to go off.
        let deadline = if reason == "memory" { "2500" } else { "200" };
        let function = start(&folder, &[("MOONRING_SCRIPT_DEADLINE_MS", deadline)]);
        let call = new_call();
        assert_eq!(said(&function.invoke(&call).answer), "fine");
        let id = call["CallDetails"]["TransactionId"].as_str().unwrap();
        let reply = function.invoke(&event_of(id, "DIGITS_RECEIVED-ReceiveDigits-match"));
        assert_eq!(said(&reply.answer), APOLOGY, "{body}");
        assert!(reply.took < Duration::from_secs(4), "{body} took {:?}", reply.took);
        assert_eq!(said(&function.invoke(&new_call()).answer), "fine", "after {body}");
        let line = &function.event_lines()[1];
        assert_eq!(
            (&line["outcome"], &line["reason"]),
            (&"fallback".into(), &reason.into()),
            "{line}"
        );
    }
}

#[test]
fn a_script_stuck_in_native_code_is_answered_over_its_head_and_the_process_ends() {
    let folder = folder(&at_digits(NATIVE_SMALL));
    let mut function = start(&folder, &[("MOONRING_SCRIPT_DEADLINE_MS", "200")]);
    let call = new_call();
    assert_eq!(said(&function.invoke(&call).answer), "fine");
    let id = call["CallDetails"]["TransactionId"].as_str().unwrap();
    let reply = function.invoke(&event_of(id, "DIGITS_RECEIVED-ReceiveDigits-match"));
    assert_eq!(said(&reply.answer), APOLOGY);
    assert_eq!(reply.answer["Actions"][1]["Type"], "Hangup");
    assert!(
        reply.took > Duration::from_secs(4) && reply.took < Duration::from_secs(5),
        "took {:?}",
        reply.took
    );
    assert!(!function.wait().success());
    let line = function.event_lines().pop().unwrap();
    assert_eq!(
        (&line["outcome"], &line["reason"]),
        (&"fallback".into(), &"hard_deadline".into()),
        "{line}"
    );
    assert_eq!((&line["call"], &line["event"]), (&id.into(), &"DIGITS_RECEIVED".into()), "{line}");
    assert_eq!(line.get("unsent"), None, "{line}");
}

#[test]
fn the_age_of_the_process_counts_at_its_first_event() {
    let folder = folder(&at_digits(NATIVE_SMALL));
    let start = Instant::now();
    let function = self::start(&folder, &[("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand")]);
    // The script was written a moment ago, so the host waits for it to settle: by then the service
    // has waited too.
    let event = event_of("first", "DIGITS_RECEIVED-ReceiveDigits-match").to_string();
    let reply = function.invoke_within(event, Duration::from_secs(60));
    assert_eq!(said(&reply.answer), APOLOGY);
    assert!(start.elapsed() < Duration::from_secs(5), "took {:?} from the start", start.elapsed());
}

#[test]
fn a_function_with_a_short_time_out_answers_before_lambda_ends_it() {
    let folder = folder(&at_digits(NATIVE_SMALL));
    let function = start(&folder, &[]);
    // The first event waits for the start of the process.
    assert_eq!(said(&function.invoke(&new_call()).answer), "fine");
    let event = event_of("short", "DIGITS_RECEIVED-ReceiveDigits-match").to_string();
    let reply = function.invoke_within(event, Duration::from_secs(2));
    assert_eq!(said(&reply.answer), APOLOGY);
    assert!(reply.took < Duration::from_secs(2), "took {:?}", reply.took);
}

#[test]
fn a_call_in_a_bridge_is_left_in_peace() {
    let folder = folder("return { default = function() error('no') end }");
    let function = start(&folder, &[]);
    for name in [
        "ACTION_SUCCESSFUL-CallAndBridge-pstn",
        "NEW_OUTBOUND_CALL-none-basic",
        "RINGING-none-basic",
        "HANGUP-Hangup-lega",
    ] {
        let event = event_of("bridged", name);
        let answer = own(&function.invoke(&event).answer, &event);
        assert_eq!(answer, serde_json::json!({"SchemaVersion": "1.0"}), "{name}");
    }
}
