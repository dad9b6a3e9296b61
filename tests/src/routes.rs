//! Routes: which call runs which script, kept for the whole call, and what becomes of a call whose
//! script fails.

use harness::{APOLOGY, Function, S3, event, event_of, new_call, said, says, until};
use serde_json::{Value, json};

const ROUTES: &str = "return {
  { to = '+14255550117', script = 'front' },
  { direction = 'outbound', arguments = { kind = 'x' }, script = 'reminders' },
  { rule = 'broken', script = 'broken', fallback = { say = 'One moment.', transfer = '+12065550199' } },
  default = 'other',
  fallback = { say = 'Sorry about that.' },
}";
const BROKEN: &str = "return { default = function() error('no') end }";

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn start(files: &[(&str, &str)]) -> (Function, tempfile::TempDir) {
    let folder = folder(files);
    let function = Function::start(&[("MOONRING_SCRIPTS", folder.path().to_str().unwrap())]);
    (function, folder)
}

/// A new call to another number, by another rule.
fn call_by(rule: &str) -> Value {
    let mut call = new_call();
    call["CallDetails"]["Participants"][0]["To"] = json!("+12065550111");
    call["CallDetails"]["SipRuleId"] = json!(rule);
    call
}

#[test]
fn each_call_runs_the_script_of_its_route() {
    let texts = [
        ("front.lua", says("front")),
        ("reminders.lua", says("reminders")),
        ("other.lua", says("other")),
    ];
    let mut files: Vec<_> = texts.iter().map(|(name, text)| (*name, text.as_str())).collect();
    files.extend([("routes.lua", ROUTES), ("broken.lua", BROKEN)]);
    let (function, _folder) = start(&files);
    let answer = function.invoke(&new_call()).answer;
    assert_eq!(said(&answer), "front");
    let kept: Value =
        serde_json::from_str(answer["TransactionAttributes"]["_mr"].as_str().unwrap()).unwrap();
    let release = function.event_lines()[0]["release"].clone();
    assert_eq!(
        kept,
        json!({"script": "front", "release": release}),
        "the service keeps the choice with the call"
    );
    assert_eq!(said(&function.invoke(&call_by("any")).answer), "other");
    let mut outbound = event("NEW_OUTBOUND_CALL-CallCreateRequest-arguments");
    outbound["ActionData"]["Parameters"]["Arguments"]["kind"] = json!("x");
    assert_eq!(said(&function.invoke(&outbound).answer), "reminders");
    assert_eq!(function.event_lines()[2]["script"], "reminders");

    let failed = function.invoke(&call_by("broken")).answer;
    assert_eq!(said(&failed), "One moment.");
    assert_eq!(failed["Actions"][1]["Type"], "CallAndBridge");
    assert_eq!(
        failed["Actions"][1]["Parameters"]["Endpoints"],
        json!([{"BridgeEndpointType": "PSTN", "Uri": "+12065550199"}])
    );
    assert_eq!(failed["Actions"][1]["Parameters"]["CallerIdNumber"], "+12065550142");
}

#[test]
fn a_call_keeps_its_script_on_every_instance_and_the_pair_is_the_hosts_own() {
    let seen = "return { default = function(event, call)
      local names = {} for name in call.attributes do table.insert(names, name) end
      if event.Sequence == 9 then call.attributes._mr = 'x' end
      call.attributes.own = 'kept'
      return action.speak { text = 'front ' .. table.concat(names) } end }";
    let (function, _folder) = start(&[
        ("front.lua", seen),
        ("other.lua", "return function() end"),
        ("routes.lua", "return { default = 'other', { to = 'nobody', script = 'front' } }"),
    ]);
    // Another instance chose `front`, by routes that have changed since.
    let mut next = event_of("moved", "DIGITS_RECEIVED-ReceiveDigits-match");
    next["CallDetails"]["TransactionAttributes"] =
        json!({"_mr": r#"{"script":"front"}"#, "mine": "1"});
    let answer = function.invoke(&next).answer;
    assert_eq!(said(&answer), "front mine");
    let release = function.event_lines()[0]["release"].as_str().unwrap().to_owned();
    let pair = format!(r#"{{"script":"front","release":"{release}"}}"#);
    assert_eq!(answer["TransactionAttributes"], json!({"mine": "1", "own": "kept", "_mr": pair}));
    next["Sequence"] = json!(9);
    assert_eq!(said(&function.invoke(&next).answer), APOLOGY);
    let line = function.event_lines().pop().unwrap();
    assert_eq!(
        line["error"],
        "call.attributes._mr: names that begin with _mr are reserved for the host"
    );
}

#[test]
fn a_fallback_has_the_words_of_the_routes_and_a_transfer_that_fails_ends_the_call() {
    let routes =
        "return { default = 'broken', fallback = { say = 'Wait.', transfer = '+12065550199' } }";
    let (function, _folder) = start(&[("broken.lua", BROKEN), ("routes.lua", routes)]);
    let answer = function.invoke(&new_call()).answer;
    assert_eq!(
        (said(&answer), answer["Actions"][1]["Type"].as_str()),
        ("Wait.", Some("CallAndBridge"))
    );
    let answer = function.invoke(&event("ACTION_FAILED-CallAndBridge-notanswered")).answer;
    assert_eq!((said(&answer), answer["Actions"][1]["Type"].as_str()), (APOLOGY, Some("Hangup")));
}

#[test]
fn a_new_call_can_be_left_to_the_next_application() {
    let (function, _folder) = start(&[
        ("broken.lua", BROKEN),
        ("routes.lua", "return { default = 'broken', on_new_call_error = 'failover' }"),
    ]);
    let error = function.invoke_to_fail(&new_call());
    assert!(
        error["errorMessage"].as_str().unwrap().contains("the next SIP media application"),
        "{error}"
    );
    // Later in a call there is nobody else: the caller hears the fallback.
    assert_eq!(
        said(&function.invoke(&event_of("later", "DIGITS_RECEIVED-ReceiveDigits-match")).answer),
        APOLOGY
    );
}

#[test]
fn routes_that_are_wrong_leave_the_last_good_release_serving() {
    let s3 = S3::shared();
    s3.put("main.lua", &says("good"));
    let settings = [
        ("MOONRING_SCRIPTS", s3.location()),
        ("AWS_ENDPOINT_URL", s3.endpoint.clone()),
        ("MOONRING_REFRESH_SECONDS", "0".to_owned()),
    ];
    let function =
        Function::start(&settings.each_ref().map(|(name, value)| (*name, value.as_str())));
    assert_eq!(said(&function.invoke(&new_call()).answer), "good");
    s3.put("routes.lua", "return {\n  { script = 'mian' } }");
    let line = until("the refusal", || {
        assert_eq!(said(&function.invoke(&new_call()).answer), "good");
        function
            .log()
            .into_iter()
            .find(|line| line["message"].as_str().unwrap().contains("refused"))
    });
    assert_eq!(
        line["message"],
        "the release is refused: routes.lua:2: there is no script `mian`; did you mean `main`?"
    );
}

/// A call from the number whose owner hears the draft.
fn authors_call() -> Value {
    let mut call = new_call();
    call["CallDetails"]["Participants"][0]["From"] = json!("+12065550177");
    call
}

/// The next event of a call, as the service would send it after this answer.
fn after(call: &Value, answer: &Value) -> Value {
    let mut next = event("DIGITS_RECEIVED-ReceiveDigits-match");
    next["CallDetails"]["TransactionId"] = call["CallDetails"]["TransactionId"].clone();
    next["CallDetails"]["TransactionAttributes"] = answer["TransactionAttributes"].clone();
    next
}

#[test]
fn the_authors_own_phone_hears_the_draft_and_stays_on_it() {
    let s3 = S3::shared();
    s3.put("main.lua", &says("live"));
    s3.put(
        "routes.lua",
        "return { { from = '+12065550177', release = 'draft', script = 'main' } }",
    );
    s3.put("@draft/main.lua", &says("draft"));
    let settings = [
        ("MOONRING_SCRIPTS", s3.location()),
        ("AWS_ENDPOINT_URL", s3.endpoint.clone()),
        ("MOONRING_REFRESH_SECONDS", "0".to_owned()),
    ];
    let settings = settings.each_ref().map(|(name, value)| (*name, value.as_str()));
    let function = Function::start(&settings);
    assert_eq!(said(&function.invoke(&new_call()).answer), "live");
    let call = authors_call();
    let answer = function.invoke(&call).answer;
    assert_eq!(said(&answer), "draft");
    let line = function.event_lines().pop().unwrap();
    assert_eq!((line["alias"].as_str(), line["script"].as_str()), (Some("draft"), Some("main")));
    // Another instance, which has seen nothing of the call.
    assert_eq!(said(&Function::start(&settings).invoke(&after(&call, &answer)).answer), "draft");
    // A saved draft is heard by the next call, and by nobody else.
    s3.put("@draft/main.lua", &says("better"));
    until("the new draft", || {
        (said(&function.invoke(&authors_call()).answer) == "better").then_some(())
    });
    assert_eq!(
        said(&function.invoke(&after(&call, &answer)).answer),
        "draft",
        "the call stays on what it began with"
    );
    assert_eq!(said(&function.invoke(&new_call()).answer), "live");
}

#[test]
fn where_the_draft_is_not_to_be_had_the_routes_after_it_decide() {
    let routes = "return { { from = '+12065550177', release = 'draft', script = 'main' },
      { from = '+12065550177', release = 'next' }, default = 'other' }";
    let (function, folder) = start(&[("other.lua", &says("live")), ("routes.lua", routes)]);
    assert_eq!(said(&function.invoke(&authors_call()).answer), "live");
    let line = function.log_line("routes.lua: there is no release `draft` at ");
    assert_eq!(line["level"], "ERROR");
    // A release without the script of the route is none for it; one with routes of its own says
    // itself.
    let put = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    for alias in ["@draft", "@next"] {
        std::fs::create_dir(folder.path().join(alias)).unwrap();
    }
    put("@draft/other.lua", &says("draft"));
    put(
        "@next/routes.lua",
        "return { { from = '+12065550177', release = 'draft' }, { from = '+12065550177', script = 'mine' }, default = 'mine' }",
    );
    put("@next/mine.lua", &says("next"));
    until("the next release", || {
        (said(&function.invoke(&authors_call()).answer) == "next").then_some(())
    });
    function.log_line("routes.lua: the release `draft` has no script `main`");
}

#[test]
fn the_arguments_of_an_outbound_call_are_there_to_its_end() {
    let script = "return { default = function(event, call)
      return action.speak { text = string.sub(tostring(call.arguments.room), 1, 4) } end }";
    let (function, _folder) = start(&[("main.lua", script)]);
    let mut call = event_of("outbound-1", "NEW_OUTBOUND_CALL-CallCreateRequest-arguments");
    call["ActionData"]["Parameters"]["Arguments"] = json!({"room": "blue"});
    let answer = function.invoke(&call).answer;
    assert_eq!(said(&answer), "blue");
    assert_eq!(said(&function.invoke(&after(&call, &answer)).answer), "blue");
    // Not all of them can be kept: that is said at once, and later events have those that can.
    call["ActionData"]["Parameters"]["Arguments"] =
        json!({"note": "b".repeat(1100), "room": "green"});
    let answer = function.invoke(&call).answer;
    let line = function.log_line(
        "the arguments of the call have more than the 1024 characters that can be kept with it",
    );
    assert_eq!(line["level"], "WARN");
    assert_eq!(said(&function.invoke(&after(&call, &answer)).answer), "gree");
}
