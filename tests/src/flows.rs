//! Flows in the deployed program: their journal travels with the call, from process to process.

use harness::{APOLOGY, Function, S3, event_of, new_call, said, until};
use serde_json::{Value, json};

const SCRIPT: &str = "return function(call)
  log.info('begins')
  call:say('Welcome')
  local choice = call:menu { say = 'One or two?', options = { ['1'] = 'one', ['2'] = 'two' } }
  local pin = call:ask { say = 'Your PIN?', max = 4 }
  log.info(`{choice} {pin}`)
  call:say(`You chose {choice}.`)
  call:ask { say = 'More?' }
  error('no more of ' .. pin)
end";

/// A process with the scripts.
fn function(folder: &tempfile::TempDir) -> Function {
    Function::start(&[("MOONRING_SCRIPTS", folder.path().to_str().unwrap())])
}

/// The event that an ask of this call has ended with these keys. `before` is the answer that asked,
/// whose attributes it brings back.
pub(crate) fn pressed(call: &Value, before: &Value, attributes: &mut Value, digits: &str) -> Value {
    if let Some(stored) = before.get("TransactionAttributes") {
        *attributes = stored.clone();
    }
    let mut event = event_of("flow", "ACTION_SUCCESSFUL-SpeakAndGetDigits-digits");
    event["CallDetails"] = call["CallDetails"].clone();
    event["CallDetails"]["TransactionAttributes"] = attributes.clone();
    event["CallDetails"]["Participants"][0]["Status"] = json!("Connected");
    let asked = before["Actions"].as_array().unwrap().last().unwrap();
    event["ActionData"] =
        json!({"Type": asked["Type"], "Parameters": asked["Parameters"], "ReceivedDigits": digits});
    event
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("main.lua"), SCRIPT).unwrap();
    folder
}

#[test]
fn a_flow_goes_on_in_another_process_and_an_event_that_comes_twice_is_answered_once() {
    let folder = folder();
    let (one, other) = (function(&folder), function(&folder));
    let (call, mut attributes) = (new_call(), Value::Null);
    let first = one.invoke(&call).answer;
    assert_eq!((said(&first), first["Actions"].as_array().unwrap().len()), ("Welcome", 2));
    let event = pressed(&call, &first, &mut attributes, "2");
    let second = one.invoke(&event).answer;
    assert_eq!(one.invoke(&event).answer, second);
    assert_eq!(other.invoke(&event).answer, second, "elsewhere it is the same");
    let third = other.invoke(&pressed(&call, &second, &mut attributes, "4929")).answer;
    assert_eq!(said(&third), "You chose two.");
    let lines = until("the line of the repeated event", || {
        let lines = one.event_lines();
        lines.iter().any(|line| line["outcome"] == "repeated").then_some(lines)
    });
    assert_eq!(lines.len(), 3);
    // What was logged before the call came here is not logged again.
    let said: Vec<Value> = other.log().iter().map(|line| line["message"].clone()).collect();
    assert!(!said.contains(&json!("begins")), "{said:?}");
}

#[test]
fn a_flow_that_fails_tells_the_way_that_led_there_and_shows_no_digits() {
    let folder = folder();
    let function = function(&folder);
    let (call, mut attributes) = (new_call(), Value::Null);
    let mut answer = function.invoke(&call).answer;
    for digits in ["1", "4929", "7"] {
        answer = function.invoke(&pressed(&call, &answer, &mut attributes, digits)).answer;
    }
    assert_eq!(said(&answer), APOLOGY);
    let line = until("the line of the failed event", || {
        function.event_lines().into_iter().find(|line| line["outcome"] == "fallback")
    });
    assert_eq!(line["path"], "say Welcome > menu: 1 > ask: **** > say You chose one. > ask: ****");
    assert_eq!(
        (&line["file"], &line["line"], &line["heard"]),
        (&json!("main.lua"), &json!(9), &json!(APOLOGY))
    );
    let text = serde_json::to_string(&function.lines()).unwrap();
    assert!(!text.contains("4929"), "{text}");
    // The call is over: nothing of the flow runs any more.
    let mut hangup = event_of("flow", "HANGUP-Hangup-lega");
    hangup["CallDetails"] = pressed(&call, &answer, &mut attributes, "")["CallDetails"].clone();
    hangup["CallDetails"]["Participants"][0]["Status"] = json!("Disconnected");
    hangup["ActionData"]["Parameters"]["CallId"] =
        call["CallDetails"]["Participants"][0]["CallId"].clone();
    assert_eq!(function.invoke(&hangup).answer.get("Actions"), None);
}

#[test]
fn a_flow_that_is_another_now_fails_closed_and_says_why() {
    let folder = folder();
    let (call, mut attributes) = (new_call(), Value::Null);
    let first = function(&folder).invoke(&call).answer;
    let event = pressed(&call, &first, &mut attributes, "2");
    let second = function(&folder).invoke(&event).answer;
    let event = pressed(&call, &second, &mut attributes, "12");
    // A corrected prompt does not end the call; a menu that has become a question does.
    std::fs::write(folder.path().join("main.lua"), SCRIPT.replace("One or two?", "1 or 2?"))
        .unwrap();
    assert_eq!(said(&function(&folder).invoke(&event).answer), "You chose two.");
    std::fs::write(
        folder.path().join("main.lua"),
        SCRIPT.replace(
            "call:menu { say = 'One or two?', options = { ['1'] = 'one', ['2'] = 'two' } }",
            "call:ask { say = '?' }",
        ),
    )
    .unwrap();
    let function = function(&folder);
    assert_eq!(said(&function.invoke(&event).answer), APOLOGY);
    let line = until("the line", || {
        function.event_lines().into_iter().find(|line| line["reason"] == "mismatch")
    });
    let text = "the script changed since this call began: its step 1 is call:ask now; when the call got there, it was call:menu";
    assert_eq!(line["error"], text);
}

/// What a process says that has never had the release of a call that began elsewhere.
pub(crate) fn said_elsewhere(s3: &S3, endpoint: &str) -> (Value, Function) {
    let location = s3.location();
    let settings = [
        ("MOONRING_SCRIPTS", location.as_str()),
        ("AWS_ENDPOINT_URL", endpoint),
        ("AWS_REGION", "us-east-1"),
        ("AWS_ACCESS_KEY_ID", "test"),
        ("AWS_SECRET_ACCESS_KEY", "test"),
    ];
    s3.put("main.lua", SCRIPT);
    s3.put("old.lua", "return function() end");
    let (call, mut attributes) = (new_call(), Value::Null);
    let one = Function::start(&settings);
    let first = one.invoke(&call).answer;
    assert_eq!(said(&first), "Welcome");
    s3.put(
        "main.lua",
        &SCRIPT
            .replace("call:menu", "call:ask")
            .replace("options = { ['1'] = 'one', ['2'] = 'two' }", "max = 1"),
    );
    s3.delete("old.lua");
    s3.put("new.lua", "return function() end");
    let other = Function::start(&settings);
    assert_eq!(said(&other.invoke(&new_call()).answer), "Welcome");
    let answer = other.invoke(&pressed(&call, &first, &mut attributes, "2")).answer;
    (answer, other)
}

#[test]
fn a_bucket_with_versions_gives_a_flow_the_release_it_began_with() {
    let s3 = S3::shared();
    s3.keep_versions();
    let (answer, function) = said_elsewhere(&s3, &s3.endpoint);
    let asked = &answer["Actions"][0]["Parameters"]["SpeechParameters"]["Text"];
    assert_eq!(asked, "Your PIN?");
    until("the line", || {
        function
            .lines()
            .into_iter()
            .find(|line| line["message"] == "an earlier release was restored")
    });
}

#[test]
fn without_versions_a_flow_that_has_changed_fails_closed_and_the_log_names_both() {
    let s3 = S3::shared();
    let (answer, function) = said_elsewhere(&s3, &s3.endpoint);
    assert_eq!(said(&answer), APOLOGY);
    let lines = until("the line", || {
        let lines = function.lines();
        lines.iter().any(|line| line["reason"] == "mismatch").then_some(lines)
    });
    let is_told = |line: &Value| {
        let text = line["message"].as_str().unwrap();
        text.starts_with("the release that the call began with cannot be restored (")
    };
    assert!(lines.iter().any(is_told), "{lines:?}");
    let mismatch = lines.iter().find(|line| line["reason"] == "mismatch").unwrap();
    assert!(
        mismatch["error"]
            .as_str()
            .unwrap()
            .contains("its step 1 is call:ask now; when the call got there, it was call:menu")
    );
}

#[test]
fn what_call_says_is_what_its_first_event_said_whenever_a_script_looks() {
    let folder = tempfile::tempdir().unwrap();
    let script = "return function(call)
      call:on_hangup(function() log.info('over', { from = call.from, leg = call.legs['LEG-A'].from }) end)
      call:menu { say = 'Press 1.', options = { 'one' } }
    end";
    std::fs::write(folder.path().join("main.lua"), script).unwrap();
    let scripts = folder.path().to_str().unwrap();
    let function =
        Function::start(&[("MOONRING_SCRIPTS", scripts), ("MOONRING_LOG_NUMBERS", "true")]);
    let (call, mut attributes) = (new_call(), Value::Null);
    let first = function.invoke(&call).answer;
    let mut end = pressed(&call, &first, &mut attributes, "");
    end["InvocationEventType"] = "HANGUP".into();
    end["CallDetails"]["Participants"][0]["Status"] = "Disconnected".into();
    end["CallDetails"]["Participants"][0]["From"] = "+12065550000".into();
    function.invoke(&end);
    let said = function.log_line("over");
    assert_eq!(said["fields"], json!({"from": "+12065550142", "leg": "+12065550142"}));
}
