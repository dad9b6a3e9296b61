//! What is told of scripts, and what is not.

use serde_json::json;

use super::{Checker, Diagnostic, Severity, Surroundings};

fn told(script: &str) -> Vec<String> {
    let config = json!({"number": "+12065550101", "door": {"back": "1"}, "tones": 991});
    let allowed = ["dynamodb:GetItem".to_owned(), "sqs:*".to_owned()];
    let surroundings =
        Surroundings { config: Some(&config), aws_allow: &allowed, ..Surroundings::default() };
    let problems = Checker::new().unwrap().problems("main.lua", script, surroundings);
    let errors = problems.iter().filter(|problem| problem.code.severity == Severity::Error);
    let told = |problem: &Diagnostic| {
        let line = problem.line().map(|line| format!("{line}: ")).unwrap_or_default();
        format!("{}:{line}{}", problem.file, problem.message)
    };
    errors.map(told).collect()
}

#[test]
fn literals_that_cannot_be_used_are_named_with_their_line() {
    let told = told(
        "\u{feff}return function(call: Call)
  call:say('')
  local leg = call:bridge { to = \"206-555-0102\", timeout = 20 }
  if not leg then
    chime.create_call { to = `anonymous`, arguments = { [\"who\"] = call.from } }
  end
  call:send_digits('x')
  local day = time.at('Mars/Base')
end",
    );
    let starts = ["main.lua:2: call:say: ", "main.lua:3: call:bridge: `to`"];
    let more = [
        "main.lua:5: chime.create_call: `to`",
        "main.lua:7: call:send_digits",
        "main.lua:8: time.at",
    ];
    let wanted: Vec<_> = starts.into_iter().chain(more).collect();
    assert!(
        told.iter().zip(&wanted).all(|(told, wanted)| told.starts_with(wanted))
            && told.len() == wanted.len(),
        "{told:#?}"
    );
}

#[test]
fn what_is_known_only_in_a_call_is_not_told() {
    for script in [
        "return function(call) call:say(call.from) call:bridge { to = config.number, timeout = 2 + 3 } end",
        "return function(call) local options = {} call:ask(options) call:menu { say = 'a', options = options } end",
        "local time = require('./time')\nreturn function(call) time.at('nowhere') end",
        "local function key() return 'max' end return function(call) call:ask { say = 'a', [key()] = 5 } call:say(`Hello {call.from}`) end",
        "return function(call) local queue, ids = {}, call.legs call:mute { table.unpack(ids) } queue:say('') end",
        "for _, http in {{ get = function(x) return x end }} do http.get('index') end",
        "for action = 1, 2 do action.speak { text = '' } end",
        "local call = { say = function(self, x) return x end }\ncall:say('')",
        "local function log(call: { say: any }) call:say { level = 3 } end",
        "this is no script",
    ] {
        assert_eq!(told(script), Vec::<String>::new(), "{script}");
    }
}

#[test]
fn names_that_nobody_has_given_are_told_with_the_nearest() {
    let told = told(
        "local attempts = 0
return function(call)
  local recieved = phone.prase(call.form)
  attemts = attempts + 1
  storge.put('a', received)
  call:sya(config.dor.back .. config.door.bck)
  local now = os.clock()
  if config.later and call.legs['LEG-B'] and string.format then call.voice = { voice = 'Joanna' } end
end",
    );
    let wanted = [
        "main.lua:3: there is no `phone.prase`; did you mean `parse`?",
        "main.lua:3: there is no `call.form`; did you mean `from`?",
        "main.lua:4: there are no global variables; write \"local attemts = …\"; did you mean `attempts`?",
        "main.lua:5: there is no global variable `storge`; did you mean `storage`?",
        "main.lua:5: there is no global variable `received`; did you mean `recieved`?",
        "main.lua:6: there is no `call.sya`; did you mean `say`?",
        "main.lua:6: config.json has no `dor`; did you mean `door`?",
        "main.lua:6: config.json has no `door.bck`; did you mean `back`?",
        "main.lua:7: there is no `os.clock`",
    ];
    assert_eq!(told, wanted);
}

#[test]
fn constants_config_and_contradictions_are_seen_through() {
    let told = told(
        "local WARNING = '<speak>Stay <pause/> home.</speak>'
local ITEM = { say = 'The item?', min = 6, max = 4 }
local changed = 'x'
changed = ''
return function(call)
  call.voice = { engine = 'Neural' }
  call:say(WARNING)
  call:ask(ITEM)
  call:ask { say = 'Digits?', regex = '^[0-9+$' }
  call:send_digits(config.door.back .. '#')
  call:send_digits(config.tones)
  call:say(changed)
  call:step(function()
    local own = 0
    own += 1
    changed = 'y'
    call:say('x')
    return http.get('https://example.com')
  end)
end",
    );
    let wanted = [
        "main.lua:6: call.voice: `engine` is \"Neural\"; wanted \"standard\" or \"neural\"",
        "main.lua:7: call:say: ",
        "main.lua:8: call:ask: `max` is 4; wanted at least `min`, which is 6",
        "main.lua:9: call:ask: `regex` is \"^[0-9+$\", which is no regular expression",
        "main.lua:11: call:send_digits: ",
        "main.lua:16: `changed` is changed in a function given to call:step; a replay",
        "main.lua:17: call:say: a function given to call:step can use helpers only",
    ];
    assert!(
        told.iter().zip(wanted).all(|(told, wanted)| told.starts_with(wanted))
            && told.len() == wanted.len(),
        "{told:#?}"
    );
}

#[test]
fn a_route_below_one_that_takes_all_its_calls_is_told() {
    let routes = "return {
  { to = '+14255550117', percent = 10, script = 'draft' },
  { to = '+14255550117', from = '+12065550100', script = 'first' },
  { to = '+14255550117', script = 'second' },
  { to = '+14255550117', from = '+12065550101', script = 'never' },
  { direction = 'outbound', arguments = { kind = 'a' }, script = 'a' },
  { direction = 'outbound', arguments = { kind = 'b' }, script = 'b' },
  { direction = 'outbound', arguments = { kind = 'a' }, script = 'never' },
  default = 'main',
}";
    let problems = Checker::new().unwrap().problems("routes.lua", routes, Surroundings::default());
    let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "routes.lua:5:3: error[hidden-route]: this route never matches: the route in line 4 takes all its calls; move this one above it",
            "routes.lua:8:3: error[hidden-route]: this route never matches: the route in line 6 takes all its calls; move this one above it",
        ]
    );
    assert_eq!(Checker::new().unwrap().problems("main.lua", routes, Surroundings::default()), []);
}

#[test]
fn results_that_may_be_nil_are_told_where_nobody_looks() {
    for (script, wanted) in [
        (
            "return function(call)\n  local leg, err = call:bridge { to = config.number }\n  if not leg then\n    log.info('x')\n  end\n  leg:hangup()\nend",
            "main.lua:6: `leg` is nil where call:bridge did not work, and is used here without a look",
        ),
        (
            "return function(call)\n  local reply = http.get('https://a.example/')\n  call:say(reply.body)\nend",
            "main.lua:3: `reply` is nil where http.get did not work",
        ),
    ] {
        let told = told(script);
        assert!(told.len() == 1 && told[0].starts_with(wanted), "{script}: {told:#?}");
    }
    for script in [
        "return function(call) local leg = call:bridge { to = config.number } if not leg then return end leg:hangup() end",
        "return function(call) local leg = call:bridge { to = config.number } if leg then leg:hangup() end end",
        "return function(call) local leg = call:bridge { to = config.number } if not leg then leg = call:bridge { to = config.number } end end",
        "return function(call) local reply = http.get('https://a.example/') call:say(reply and reply.body or 'x') end",
        "return function(call) local reply = http.get('https://a.example/') call:say(if reply then reply.body else 'x') end",
        "return function(call) local reply, err = http.get('https://a.example/') if err then return end call:say(tostring(reply)) end",
        "return function(call) local leg = assert(call:bridge { to = config.number }) leg:hangup() end",
        "return function(call) local leg = call:bridge { to = config.number } assert(leg) leg:hangup() end",
        "return function(call) local leg = call:bridge { to = config.number } while not leg do leg = call:bridge { to = config.number } end leg:hangup() end",
    ] {
        assert_eq!(told(script), Vec::<String>::new(), "{script}");
    }
}

#[test]
fn loops_over_tables_as_keys_are_told_and_others_are_not() {
    let told_of = told(
        "return function(call)\n  local open = {}\n  for question in open do\n    call:say(question.say)\n  end\nend",
    );
    assert!(
        told_of.len() == 1
            && told_of[0]
                .starts_with("main.lua:3: the keys of this table are tables, as `question` shows"),
        "{told_of:?}"
    );
    for script in [
        "return function(call) for _, question in {} do call:say(question.say) end end",
        "return function(call) local all = {} for name in all do call:say(name:upper()) end end",
        "return function(call) for leg in string.gmatch('a', 'a') do call:say(leg) end end",
    ] {
        assert_eq!(told(script), Vec::<String>::new(), "{script}");
    }
}

#[test]
fn arguments_that_a_function_needs_are_told_where_they_are_missing() {
    let told_of = told(
        "local function finish(answers, comment)\n  return function() log.info(comment.key, answers) end\nend\nreturn function(call)\n  call:on_hangup(finish({}))\nend",
    );
    let wanted = "main.lua:5: `finish` is called with one argument, and uses its argument 2, `comment`, without a look";
    assert!(told_of.len() == 1 && told_of[0].starts_with(wanted), "{told_of:?}");
    for script in [
        "local function f(a, b) return a.x, b and b.x end return function() f({}) end",
        "local function f(a, b) if b then return b.x end end return function() f({}) end",
        "local function f(a, b) b = b or {} return b.x end return function() f({}) end",
        "local function f(a, b) return b.x end return function() f(unpack({})) end",
        "local function f(a, b) return b.x end return function(...) f(...) end",
        "local function f(a, b) return b == nil or b.x end return function() f({}) end",
    ] {
        assert_eq!(told(script), Vec::<String>::new(), "{script}");
    }
}

#[test]
fn actions_that_come_too_early_in_an_act_are_told() {
    let told_of = told(
        "return function(call)\n  call:act(\n    action.record_audio { recording_destination = { bucket_name = 'a' }, recording_terminators = { '#' } },\n    action.speak { text = 'a' }\n  )\nend",
    );
    assert!(
        told_of.len() == 1
            && told_of[0].starts_with(
                "main.lua:3: call:act: action.record_audio sends an event of its own; put it last"
            ),
        "{told_of:?}"
    );
    assert!(
        told("return function(call) call:act(action.speak { text = 'a' }, action.hangup {}) end")
            .is_empty()
    );
}

#[test]
fn operations_that_the_settings_do_not_allow_are_told() {
    let told_of = told(
        "local rides = require('@std/dynamodb')\nlocal sqs = require('@std/sqs')\nreturn function(call)\n  rides.get('a', {})\n  rides.update('a', {}, {})\n  sqs.send('a', 'b')\n  aws.json { service = 'dynamodb', operation = 'Scan', input = {} }\nend",
    );
    assert_eq!(
        told_of,
        [
            "main.lua:5: dynamodb:UpdateItem is not allowed by the settings; add it to MOONRING_AWS_ALLOW",
            "main.lua:7: dynamodb:Scan is not allowed by the settings; add it to MOONRING_AWS_ALLOW",
        ]
    );
}

/// Every script below a folder.
fn scripts_below(folder: &std::path::Path, found: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            scripts_below(&path, found);
        // Specs and definitions for editors are no scripts of calls.
        } else if name.ends_with(".lua")
            && ![".spec.lua", ".d.lua"].iter().any(|ending| name.ends_with(ending))
        {
            found.push(path);
        }
    }
}

#[test]
fn the_projects_own_scripts_have_no_problems() {
    let project = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let checker = Checker::new().unwrap();
    let mut all = Vec::new();
    for folder in
        ["scripts", "stdlib", "tests/flows", "tests/samples", "tests/call", "host/cli/new"]
    {
        scripts_below(&project.join(folder), &mut all);
    }
    assert!(all.len() > 80, "{}", all.len());
    for path in all {
        let text = std::fs::read_to_string(&path).unwrap();
        let file = path.file_name().unwrap().to_string_lossy().into_owned();
        let config = std::fs::read(path.with_file_name("config.json")).ok();
        let config = config.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let surroundings = Surroundings { config: config.as_ref(), ..Surroundings::default() };
        let told: Vec<String> =
            checker.problems(&file, &text, surroundings).iter().map(ToString::to_string).collect();
        assert_eq!(told, Vec::<String>::new(), "{}", path.display());
    }
}

#[test]
fn kinds_of_slips_are_told_and_their_sound_twins_are_not() {
    let said = [
        "nothing in this loop changes `n`",
        "nothing in this loop changes",
        "the loop above it has no break",
        "each branch of the if above it ends",
        "call:hangup right behind call:bridge",
        "`err` is nil where call:bridge worked",
        "`why` is never \"hungup\"",
        "`ended.by` is never \"customer\"",
        "patterns of Lua have no {4}",
        "patterns of Lua have no \\d",
        "which is a pattern of Lua",
        "the module ./w has no `greeet`; did you mean `greet`?",
        "`m` is nil where call:record did not work",
        "the host ap.example.com is not allowed",
        "nothing in this loop changes `tries`",
    ];
    let wrong = [
        "local n = 0 while n < 3 do local d = call:ask { say = 'a' } if d then return end end",
        "local taken, shelf = {}, 1 while taken[shelf] do end",
        "while true do call:say('a') call:ask { say = 'b' } end call:say('c')",
        "if call.from == 'x' then call:hangup() else call:become('main') end call:say('b')",
        "local leg = call:bridge { to = config.number } if not leg then call:say('a') end call:hangup()",
        "local leg, err = call:bridge { to = config.number } if leg then log.info(err.type) end",
        "call:on_hangup(function(why) if why == 'hungup' then log.info('a') end end)",
        "call:on_hangup(function(_, ended) if ended.by == 'customer' then log.info('a') end end)",
        "if string.match(call.from, '^%d{4}$') then call:say('a') end",
        "if string.match(call.from, '^\\\\d+$') then call:say('a') end",
        "local d = call:ask { say = 'a', regex = '^%d+$' } call:say(d or 'b')",
        "local w = require('./w') w.greeet(call)",
        "local m = call:record { max = 5, bucket = 'b' } call:play(m)",
        "local r = http.get(`https://ap.example.com/x`) if r then call:say(r.body) end",
        "local tries = 0 while tries < config.tries do local d = call:ask { say = 'a' } if d then return end end",
    ];
    let sound = [
        "local n = 0 while n < 3 do n += 1 call:say('a') end",
        "local taken, shelf = {}, 1 while taken[shelf] do shelf += 1 end",
        "local queue = { 'a' } local function take() return table.remove(queue) end while #queue > 0 do call:say(take()) end",
        "local n = 0 local function count() n += 1 end while n < 3 do count() end",
        "local is_open = true while is_open do local d = call:ask { say = 'a' } if d then return end end",
        "while true do local d = call:ask { say = 'b' } if d then break end end call:say('c')",
        "if call.from == 'x' then call:hangup() end call:say('b')",
        "local leg = call:bridge { to = config.number } if not leg then call:say('a') return end call:wait { timeout = 5 } call:hangup()",
        "local leg = call:bridge { to = config.number } if leg then call:say('a') end call:hangup()",
        "local leg, err = call:bridge { to = config.number } if not leg then log.info(err.type) end",
        "local leg, err = call:bridge { to = config.number } log.info(if leg then 'a' else err.type)",
        "call:on_hangup(function(why) if why == 'hangup' then log.info('a') end end)",
        "if string.match(call.from, '^%d%d{a}$') then call:say('a') end",
        "local d = call:ask { say = 'a', regex = '^[0-9]{4}$' } call:say(d or 'b')",
        "local w = require('./w') w.greet(call)",
        "local w = require('./w') w.later = 5 log.info(w.later)",
        "local m = call:record { max = 5, bucket = 'b' } if m then call:play(m) end",
        "local r = http.get('https://api.example.com:8443/x') if r then call:say(r.body) end",
        "local r = http.request { url = config.url } if r then call:say(r.body) end",
        "local r = http.get('https://a.b.example.org') if r then call:say(r.body) end",
    ];
    let hosts = ["api.example.com".to_owned(), "*.example.org".to_owned()];
    let members = ["greet".to_owned()].into();
    let modules = [("w.lua".to_owned(), members)].into();
    let checker = Checker::new().unwrap();
    let told = |lines: &str| {
        let script = format!("return function(call)\n{lines}\nend");
        let surroundings =
            Surroundings { modules: Some(&modules), http_allow: &hosts, ..Surroundings::default() };
        let problems = checker.problems("main.lua", &script, surroundings);
        problems.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    for (lines, said) in wrong.into_iter().zip(said) {
        let told = told(lines);
        assert!(told.len() == 1 && told[0].contains(said), "{lines}\n{told:#?}");
    }
    for lines in sound {
        assert_eq!(told(lines), Vec::<String>::new(), "{lines}");
    }
}
