//! Trials of releases: what is refused, with its line, and what is accepted.

use serde_json::Map;

use super::*;

fn problems(files: &[(&str, &str)]) -> Vec<String> {
    let files = files.iter().map(|(name, text)| (*name, text.as_bytes()));
    let compiled = Compiled::new(files, &Map::new()).unwrap();
    let trial = Trial { scripts: &[], limits: Limits::default(), now_seconds: 1_718_036_406 };
    let error = compiled.try_load(&trial).err();
    error.into_iter().flat_map(|error| error.problems).map(|problem| problem.to_string()).collect()
}

#[test]
fn what_would_fail_at_every_call_is_no_release() {
    for (main, message) in [
        ("", "main.lua:1: the script returns nothing; wanted a flow"),
        ("-- nothing", "main.lua:1: the script returns nothing"),
        ("local answer = 5", "main.lua:1: the script returns nothing"),
        ("return nil", "main.lua:1: the script returns nothing"),
        ("return 5", "main.lua:1: the script returns 5; wanted a flow"),
        ("return 'x'", "main.lua:1: the script returns \"x\"; wanted a flow"),
        ("return {}", "main.lua:1: the script returns an empty table"),
        ("return { 1 }", "main.lua:1: there is no event 1"),
        (
            "return { on_call = function() end }",
            "main.lua:1: the script has no handler for any event",
        ),
        ("\nerror('no')", "main.lua:2: no"),
        ("\nwhile true do end", "it did not finish loading"),
        (
            "local all = {} while true do all[#all + 1] = ('x'):rep(100000) .. #all end",
            "it used more memory while it loaded",
        ),
        ("return require('./nope')", "main.lua:1: require(\"./nope\")"),
        ("local t\nlocal x = t.a", "main.lua:2: attempt to index nil with 'a'"),
        (
            "call:say('x')",
            "main.lua:1: there is no global variable `call`; a flow is given it: return function(call) … end",
        ),
        (
            "\nlocal found = http.get('https://x')",
            "main.lua:2: a module cannot wait for the host while it loads",
        ),
        ("coroutine.yield()", "main.lua:1: coroutine.yield"),
        (
            "return {\n new_inbound_cal = function() end }",
            "main.lua:2: there is no event `new_inbound_cal`; did you mean `new_inbound_call`?",
        ),
        (
            "return { new_inbound_call = 5 }",
            "main.lua:1: the handler of new_inbound_call is 5; wanted a function",
        ),
        (
            "return { default = {} }",
            "main.lua:1: the handler of default is a table; wanted a function",
        ),
        (
            "return { action_failed = {\n\n speek = function() end } }",
            "main.lua:3: there is no action `speek`; did you mean `speak`?",
        ),
        (
            "return { action_failed = { no_such_thing = function() end } }",
            "main.lua:1: there is no action `no_such_thing`",
        ),
        (
            "return { default = function() end, totally_new = 7 }",
            "main.lua:1: the handler of totally_new is 7; wanted a function",
        ),
        (
            "return { action_failed = { speak = 1 } }",
            "main.lua:1: the handler of action_failed.speak is 1; wanted a function",
        ),
    ] {
        let found = problems(&[("main.lua", main)]);
        assert!(found.len() == 1 && found[0].contains(message), "{main}: {found:?}");
    }
}

#[test]
fn what_a_release_may_hold_is_accepted() {
    for files in [
        &[("main.lua", "return function(call) end")][..],
        &[(
            "main.lua",
            "return { default = function() end, action_successful = { speak = function() end, default = function() end } }",
        )],
        &[(
            "main.lua",
            "return setmetatable({}, { __index = function() return function() end end })",
        )],
        &[
            ("main.lua", "local menu = require('./menu')\nreturn function(call) end"),
            ("menu.lua", "return { sales = 1 }"),
        ],
        &[
            ("main.lua", "return function(call) end"),
            ("numbers.lua", "return 5"),
            ("words.lua", "return { hello = 'Hello' }"),
        ],
        &[("main.lua", "log.info(time.at('Europe/Berlin').weekday)\nreturn function(call) end")],
        &[
            ("main.lua", "return function(call) call:become('support') end"),
            ("support.lua", "return function(call, state) end"),
        ],
        &[("main.lua", "return function() return (require('./later')) end")],
        // A module that is required late may have the name of an event in it.
        &[
            ("main.lua", "return function() return (require('./words')) end"),
            (
                "words.lua",
                "return { hangup = 'Goodbye.', hello = 'Hello.', hang_up = function() end }",
            ),
        ],
        // A module is another one in each script, as it is in each call.
        &[
            ("main.lua", "require('./menu')('1')\nreturn function() end"),
            (
                "menu.lua",
                "local taken = {}\nreturn function(key) assert(not taken[key], key) taken[key] = true end",
            ),
            ("office.lua", "require('./menu')('1')\nreturn function() end"),
            ("routes.lua", "return { { to = '+12065550100', script = 'office' } }"),
        ],
    ] {
        assert_eq!(problems(files), Vec::<String>::new(), "{files:?}");
    }
}

#[test]
fn each_file_has_its_own_time_and_memory() {
    let slow = "local n = 0 for round = 1, 3e6 do n += 1 end return { n }";
    let large = "return { ('x'):rep(12e6) }";
    let files: Vec<(String, &str)> = (0..4)
        .flat_map(|number| [(format!("s{number}.lua"), slow), (format!("d{number}.lua"), large)])
        .collect();
    let mut files: Vec<(&str, &str)> =
        files.iter().map(|(name, text)| (name.as_str(), *text)).collect();
    files.push(("main.lua", "return function() end"));
    assert_eq!(problems(&files), Vec::<String>::new());
}

#[test]
fn every_file_is_loaded_and_each_problem_is_named_once() {
    let found = problems(&[
        ("a.lua", "return require('./broken')"),
        ("broken.lua", "\nerror('no')"),
        ("main.lua", "require('./broken')\nreturn function() end"),
        ("nothing.lua", "local x = 1"),
        ("office.lua", "return { ringin = function() end, hangup = 5 }"),
        ("routes.lua", "return { { to = '+12065550100', script = 'office' } }"),
    ]);
    assert_eq!(
        found,
        [
            "broken.lua:2: no",
            "nothing.lua:1: the file returns nothing; a module returns one value, usually a table",
            "office.lua:1: the handler of hangup is 5; wanted a function",
            "office.lua:1: there is no event `ringin`; did you mean `ringing`?",
        ]
    );
}
