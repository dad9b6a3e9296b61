//! What scripts answer: actions, attributes, modules, and what is told to their authors.

use super::*;

#[test]
fn a_handlers_actions_are_the_answer() {
    let script =
        handler("return { action.speak { text = 'Hello ' .. call.from }, action.hangup {} }");
    let answer = ask(&[("main.lua", &script)]).unwrap();
    assert_eq!(
        answer,
        json!({"SchemaVersion": "1.0", "Actions": [
            {"Type": "Speak", "Parameters": {"CallId": "db0e2136-2587-4398-87a8-e81dc3aa6c08", "Text": "Hello +12065550142"}},
            {"Type": "Hangup", "Parameters": {}},
        ]})
    );
}

#[test]
fn an_error_is_told_with_file_line_and_trace() {
    let files = [
        ("main.lua", "local a = require('./a/b')\nreturn { default = function() a() end }"),
        ("a/b.lua", "return function()\n  local x = nil\n  return x.y\nend"),
    ];
    let program = load(&files, &CancelFlag::default(), Limits::default());
    let error = start(&program, 1, &event(NEW_INBOUND_CALL)).result.unwrap_err();
    assert_eq!(error.to_string(), "a/b.lua:3: attempt to index nil with 'y'");
    assert_eq!(
        error.trace(),
        ["a/b.lua:3: in function <a/b.lua:1>", "main.lua:2: in function 'default'"]
    );
}

#[test]
fn misuse_of_a_builder_raises_at_the_authors_line_and_can_be_caught() {
    assert_eq!(
        ask(&[("main.lua", &handler("local x = 1\nreturn action.speak { txt = 'hi' }"))])
            .unwrap_err(),
        "main.lua:3: action.speak: there is no key `txt`; did you mean `text`?\n  keys: call_id, participant_tag, text, engine, language_code, text_type, voice_id"
    );
    let caught = handler(
        "local ok, message = pcall(action.pause, { duration_in_milliseconds = 0 })\nreturn action.speak { text = type(message) .. ' ' .. message }",
    );
    let answer = ask(&[("main.lua", &caught)]).unwrap();
    assert_eq!(
        answer["Actions"][0]["Parameters"]["Text"],
        "string action.pause: `duration_in_milliseconds` is 0; wanted a whole number of 1 or more, or the same as a string"
    );
}

#[test]
fn the_page_of_actions_is_made_from_the_schemas() {
    expect_test::expect_file!["../../../../docs/reference/actions.md"]
        .assert_eq(&crate::actions_markdown());
}

#[test]
fn every_case_of_every_action_gives_its_parameters_or_its_message() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/actions");
    let mut actions = std::collections::BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let folder = entry.unwrap().path();
        actions.insert(folder.file_name().unwrap().to_str().unwrap().to_owned());
        let cases = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
        for case in cases.filter(|path| path.extension().is_some_and(|ending| ending == "lua")) {
            let text = std::fs::read_to_string(&case).unwrap();
            let script = format!("return {{ new_inbound_call = function() return {text} end }}");
            let outcome = match ask(&[("main.lua", &script)]) {
                Ok(answer) => serde_json::to_string_pretty(&answer["Actions"][0]).unwrap(),
                Err(message) => message.strip_prefix("main.lua:1: ").unwrap().to_owned(),
            };
            expect_test::expect_file![case.with_extension("out")]
                .assert_eq(&format!("{outcome}\n"));
        }
    }
    for (name, _) in moonring_wire::Action::schemas() {
        let name = crate::schema::snake_case(name);
        assert!(actions.contains(&name), "tests/actions/{name} is missing");
    }
}

#[test]
fn a_module_is_one_within_an_event() {
    let files = [
        (
            "main.lua",
            "local a, b = require('./a'), require('./b')\nreturn { default = function() return action.speak { text = tostring(a == b.a) } end }",
        ),
        ("a.lua", "return {}"),
        ("b.lua", "return { a = require('./a') }"),
    ];
    assert_eq!(ask(&files).unwrap()["Actions"][0]["Parameters"]["Text"], "true");
}

#[test]
fn requires_that_go_in_a_circle_are_named() {
    let files = [
        ("main.lua", "return require('./a')"),
        ("a.lua", "return require('./b')"),
        ("b.lua", "\nreturn require('./a')"),
    ];
    assert_eq!(
        ask(&files).unwrap_err(),
        "b.lua:2: require(\"./a\"): the files require each other: main.lua -> a.lua -> b.lua -> a.lua"
    );
}

#[test]
fn what_is_no_answer_is_refused_with_the_handlers_line() {
    for (body, message) in [
        (
            "return 5",
            "main.lua:1: the handler returned 5; wanted an action (action.speak { … }), a list of actions, or nil",
        ),
        (
            "",
            "main.lua:1: the handler of new_inbound_call returned no action: the caller would hear nothing; return at least one",
        ),
        (
            "return {}",
            "main.lua:1: the handler of new_inbound_call returned no action: the caller would hear nothing; return at least one",
        ),
        (
            "return { Type = 'Hangup' }",
            "main.lua:1: the handler returned a table that was not made by a builder; write action.raw { Type = …, Parameters = … }",
        ),
        (
            "return { action.hangup {}, 'x' }",
            "main.lua:1: the handler returned a list whose item 2 is \"x\"; wanted an action (action.speak { … }), a list of actions, or nil",
        ),
        (
            "local t = {} for i = 1, 11 do t[i] = action.hangup {} end return t",
            "main.lua:1: the handler returned 11 actions; the service takes at most 10",
        ),
        (
            "call.attributes.x = {} return action.hangup {}",
            "main.lua:1: call.attributes.x is a table; wanted a string; use json.encode for a table",
        ),
        (
            "for i = 1, 11 do call.attributes['k' .. i] = i end return action.hangup {}",
            "main.lua:1: call.attributes has more than 10 pairs; the service keeps no more, and the host needs one itself",
        ),
        (
            "call.attributes.x = string.rep('é', 1025) return action.hangup {}",
            "main.lua:1: call.attributes.x: its value has more than 1024 characters",
        ),
        (
            "call.attributes.k1 = string.rep('x', 8e6) return action.hangup {}",
            "main.lua:1: call.attributes.k1: its value has more than 1024 characters",
        ),
        (
            "call.attributes = 5 return action.hangup {}",
            "main.lua:1: call.attributes is 5; wanted a table of strings",
        ),
    ] {
        assert_eq!(ask(&[("main.lua", &handler(body))]), Err(message.to_owned()), "{body}");
    }
    assert_eq!(
        ask(&[("main.lua", "return 5")]).unwrap_err(),
        "main.lua:1: the script returns a number; wanted a flow, function(call) … end, or a table of handlers, such as { new_inbound_call = function(event, call) … end }"
    );
    assert_eq!(
        ask(&[("main.lua", "return { new_inbound_call = 5 }")]).unwrap_err(),
        "main.lua:1: the handler of new_inbound_call is a number; wanted a function"
    );
    assert_eq!(
        ask(&[("mian.lua", "return {}")]).unwrap_err(),
        "the release has no script `main`; did you mean `mian`?"
    );
}

#[test]
fn attributes_are_stored_when_they_changed_and_only_then() {
    const WITH: &str = include_str!("../../../../tests/events/HANGUP-Hangup-lega.json");
    for (body, expected) in [
        ("", Value::Null),
        ("call.attributes.key1 = 'val1*'", Value::Null),
        ("call.attributes.key1 = 5", json!({"key1": "5", "key2": "val2*"})),
        ("call.attributes.key1 = nil", json!({"key2": "val2*"})),
        ("call.attributes = {}", json!({})),
        ("call.attributes = nil", json!({})),
        ("call.attributes = { a = true }", json!({"a": "true"})),
    ] {
        let script = format!("return {{ hangup = function(event, call) {body} end }}");
        let program = load(&[("main.lua", &script)], &CancelFlag::default(), Limits::default());
        let answer = read(start(&program, 1, &event(WITH))).unwrap();
        assert_eq!(
            answer.get("TransactionAttributes").unwrap_or(&Value::Null),
            &expected,
            "{body}"
        );
        assert_eq!(answer.get("Actions"), None, "{body}");
    }
}

#[test]
fn an_action_may_stand_in_an_answer_twice() {
    let script = handler(
        "local a = action.speak { text = 'again' } return { a, action.pause { duration_in_milliseconds = 1 }, a }",
    );
    let answer = ask(&[("main.lua", &script)]).unwrap();
    assert_eq!(answer["Actions"][0], answer["Actions"][2]);
    assert_eq!(answer["Actions"][2]["Parameters"]["Text"], "again");
}

#[test]
fn url_escape_leaves_what_no_address_needs_escaped() {
    let script = handler(
        "return action.speak { text = url.escape('a-b_c.d~e/f?g=1&ü %') .. ' ' .. url.escape(42) }",
    );
    let answer = ask(&[("main.lua", &script)]).unwrap();
    assert_eq!(
        answer["Actions"][0]["Parameters"]["Text"],
        "a-b_c.d~e%2Ff%3Fg%3D1%26%C3%BC%20%25 42"
    );
    let error = ask(&[("main.lua", &handler("url.escape(nil)"))]).unwrap_err();
    assert!(
        error.starts_with("main.lua:2: url.escape: got a nil; wanted a string or a number"),
        "{error}"
    );
}
