//! Memory outside the VM: the deployed program under the limits that Lambda sets, and scripts that
//! have it hold as much as they can.

use harness::{APOLOGY, Function, S3, Web, event_of, new_call, said};
use serde_json::{Value, json};

/// The memory sizes of functions, in MiB: the least there is, and the one that is advised.
const SIZES: [u64; 2] = [128, 256];

/// A flow or a handler that would have the host hold much, and what it says in the end.
struct Greedy {
    name: &'static str,
    script: &'static str,
    /// What the caller hears; `None` for the apology.
    says: Option<&'static str>,
    /// What stands in the line of the event then.
    error: &'static str,
}

const ALL: [Greedy; 12] = [
    Greedy {
        name: "texts are queued without end",
        script: "return function(call) while true do call:say(('x'):rep(1000)) end end",
        says: None,
        error: "call:say: 11 actions would be queued",
    },
    Greedy {
        name: "files are queued without end, whatever is said to it",
        script: "return function(call) while true do pcall(call.play, call, { key = ('k'):rep(500), bucket = 'sounds' }) end end",
        says: None,
        error: "",
    },
    Greedy {
        name: "a hundred replies of a megabyte",
        script: "return { default = function() local work = {}
for index = 1, 100 do work[index] = function() local reply, err = http.get(config.base .. '/bytes?count=1000000', { max_bytes = 1048576, timeout = 4 }) return if reply then 'ok' else err.type end end
local all = table.pack(parallel(table.unpack(work)))
local ok, refused = 0, 0
for index = 1, 100 do if all[index] == 'ok' then ok += 1 elseif all[index] == 'invalid' or all[index] == 'timeout' then refused += 1 end end
return action.speak { text = `{ok <= 8} {ok + refused}` } end }",
        says: Some("true 100"),
        error: "",
    },
    Greedy {
        name: "an object of 100 MB is read",
        script: "return { default = function() local value, err = storage.get('large') return action.speak { text = `{value} {err.type}` } end }",
        says: Some("nil invalid"),
        error: "",
    },
    Greedy {
        name: "a megabyte of JSON again and again",
        script: "return { default = function() local text = '[' .. ('[],'):rep(300000) .. '1]'
for round = 1, 20 do json.decode(text) end
return action.speak { text = 'done' } end }",
        says: None,
        error: "",
    },
    Greedy {
        name: "half a megabyte of JSON again and again",
        script: "return { default = function() local text = '[' .. ('12,'):rep(150000) .. '1]'
for round = 1, 20 do json.decode(text) end
return action.speak { text = 'done' } end }",
        says: Some("done"),
        error: "",
    },
    Greedy {
        name: "requests with large bodies",
        script: "return { default = function() local work = {}
for index = 1, 100 do work[index] = function() return (http.post(config.base .. '/echo', ('x'):rep(200000))) end end
parallel(table.unpack(work)) end }",
        says: None,
        error: "its strings have more than 1048576 bytes in total",
    },
    Greedy {
        name: "actions are built without end",
        script: "return { default = function() for round = 1, 20000 do action.raw { Type = 'X', Parameters = { Text = ('x'):rep(10000) } } end
return action.speak { text = 'done' } end }",
        says: Some("done"),
        error: "",
    },
    Greedy {
        name: "texts are joined, and few are kept",
        script: "return { default = function() local part, last = table.create(100, ('x'):rep(10000)), nil
for round = 1, 300 do part[1] = tostring(round) last = table.concat(part) end
return action.speak { text = tostring(#last) } end }",
        says: Some("990003"),
        error: "",
    },
    Greedy {
        name: "it logs without end",
        script: "return { default = function() for round = 1, 5000 do log.info(('x'):rep(2000), { a = ('y'):rep(1000) }) end
return action.speak { text = 'done' } end }",
        says: Some("done"),
        error: "",
    },
    Greedy {
        name: "misuse is caught without end",
        script: "return function(call) while true do pcall(call.say, call, { text = 5, nothing = ('z'):rep(1000) }) end end",
        says: None,
        error: "",
    },
    Greedy {
        name: "a flow keeps everything it has",
        script: "return function(call) local all = {} while true do all[#all + 1] = ('x'):rep(1000) .. #all end end",
        says: None,
        error: "memory",
    },
];

#[test]
fn the_process_outlives_every_script_that_has_it_hold_too_much() {
    let (s3, web) = (S3::shared(), Web::start());
    s3.put("kept/large.txt", &vec![b'x'; 100_000_000]);
    let folder = tempfile::tempdir().unwrap();
    let storage = format!("{}/kept", s3.location());
    let config = json!({"base": format!("https://127.0.0.1:{}", web.port)}).to_string();
    for greedy in ALL {
        std::fs::write(folder.path().join("main.lua"), greedy.script).unwrap();
        for mib in SIZES {
            let what = format!("{} ({mib} MiB)", greedy.name);
            let function = Function::start_within(
                mib,
                &[
                    ("MOONRING_SCRIPTS", folder.path().to_str().unwrap()),
                    ("MOONRING_STORAGE", &storage),
                    ("MOONRING_CONFIG", &config),
                    ("MOONRING_HTTP_ALLOW", "127.0.0.1"),
                    ("SSL_CERT_FILE", &web.certificate),
                    ("AWS_ENDPOINT_URL", &s3.endpoint),
                ],
            );
            // Twice: the second event meets what the first one left behind.
            for _ in 0..2 {
                let answer = function.invoke(&new_call()).answer;
                assert_eq!(
                    said(&answer),
                    greedy.says.unwrap_or(APOLOGY),
                    "{what}: {:#?}",
                    function.log()
                );
            }
            let line = function.event_lines().pop().unwrap().to_string();
            assert!(line.contains(greedy.error), "{what}: {line}");
        }
    }
}

#[test]
fn a_journal_that_somebody_made_huge_is_not_read() {
    let s3 = S3::shared();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("main.lua"),
        "return function(call) call:ask { say = 'Your number?' } end",
    )
    .unwrap();
    let hash = "0".repeat(32);
    s3.put(&format!("journals/huge/journal-{hash}"), &vec![b'x'; 100_000_000]);
    let journals = format!("{}/journals", s3.location());
    for mib in SIZES {
        let function = Function::start_within(
            mib,
            &[
                ("MOONRING_SCRIPTS", folder.path().to_str().unwrap()),
                ("MOONRING_JOURNAL", &journals),
                ("AWS_ENDPOINT_URL", &s3.endpoint),
            ],
        );
        let mut event = event_of("huge", "ACTION_SUCCESSFUL-SpeakAndGetDigits-digits");
        event["CallDetails"]["TransactionAttributes"] =
            json!({"_mr": "{\"script\":\"main\"}", "_mr1": format!("@{hash}")});
        assert_eq!(said(&function.invoke(&event).answer), APOLOGY, "{:#?}", function.log());
        let answer = function.invoke(&new_call()).answer;
        assert_eq!(answer["Actions"][0]["Parameters"]["SpeechParameters"]["Text"], "Your number?");
    }
}

#[test]
fn memory_stays_flat_over_ten_thousand_events() {
    const SCRIPT: &str = "local function flow(call)
  call:on_hangup(function() log.info('over') end)
  while true do call:ask { say = 'Your number? ' .. call.id, max = 4 } end
end
return flow";
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("main.lua"), SCRIPT).unwrap();
    let function = Function::start_within(
        128,
        &[("MOONRING_SCRIPTS", folder.path().to_str().unwrap()), ("MOONRING_LOG_LEVEL", "error")],
    );
    // Flows that never end, in calls that never end: nobody says that they are over.
    let play = |events: usize| {
        for number in 0..events {
            let mut event = new_call();
            event["CallDetails"]["TransactionId"] =
                Value::from(format!("{}-{number}", event["CallDetails"]["TransactionId"]));
            function.invoke_quietly(&event);
        }
        function.resident_bytes()
    };
    let early = play(2_000);
    let late = play(8_000);
    // What is remembered of calls fills up by some 12,000 events, to 2.5 MiB more, and stays there.
    // A leak of 512 bytes an event would be seen.
    assert!(
        late <= early + 4 * 1024 * 1024,
        "{early} bytes after 2,000 events, {late} after 10,000"
    );
}
