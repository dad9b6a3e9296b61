//! The service delivers events again, and Lambda has several processes: each event of each
//! example comes to one process twice, and to another.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::routing::post;
use harness::{Function, S3, Simulator, Tables, Web, new_call, project, said};
use serde_json::{Value, json};

/// The examples, and what their callers do: as much as makes anything in the world.
const CALLERS: [(&str, &str); 22] = [
    ("blind_transfer", "1 wait 9 hangup"),
    ("callback", "1 wait 5"),
    ("callback_handlers", "2 wait 5"),
    ("conference", "9001# wait 3 1 wait 5 hangup"),
    ("conference_handlers", "1001# wait 6 hangup"),
    ("greeter", ""),
    ("greeter_handlers", ""),
    ("hold", "2 wait 6 1 hangup"),
    ("hold_queue", "wait 12 *"),
    ("meeting", "12345# wait 6 hangup"),
    ("meeting_flow", "12345# wait 6 hangup"),
    ("office", "1 2 talk 2 #"),
    ("office_handlers", "1 2 talk 2 #"),
    ("screening", "wait 9 talk 1 # wait 9 hangup"),
    ("secret_pin", "123456 4929"),
    ("shop", "1 wait 12 talk 2 # 2"),
    ("survey", "5 4 3 wait 12 talk 2 #"),
    ("voicemail", "wait 12 talk 2 # 1 wait 3 2"),
    ("warm_transfer", "wait 9 hangup"),
    ("whisper", "1 wait 9 hangup"),
    ("hotline", "wait 9 hangup"),
    ("main", "1 wait 9 hangup"),
];

/// Modules of the examples, which nobody can call.
pub(crate) const MODULES: [&str; 2] = ["shop_orders", "shop_words"];

/// Two processes behind one address. Each event is answered by both, and twice by one of them.
struct Twins {
    functions: Mutex<[Function; 2]>,
    /// The call of each event that has come.
    calls: Mutex<Vec<String>>,
    /// Answers that were not the same.
    differences: Mutex<Vec<String>>,
}

impl Twins {
    fn answer(&self, event: &Value) -> Value {
        let functions = self.functions.lock().unwrap();
        // Each is the first by turns, so that neither has only repetitions.
        let first = {
            let mut calls = self.calls.lock().unwrap();
            calls.push(event["CallDetails"]["TransactionId"].as_str().unwrap().to_owned());
            calls.len() % 2
        };
        let answers =
            [first, first, 1 - first].map(|number| functions[number].invoke(event).answer);
        for (which, answer) in ["the same process", "another process"].iter().zip(&answers[1..]) {
            // The journal has the second in which its process came so far.
            if without_journal(answer, event) != without_journal(&answers[0], event) {
                let text = format!("{which}, {event}\n  first {}\n  again {answer}", answers[0]);
                self.differences.lock().unwrap().push(text);
            }
        }
        let [answer, ..] = answers;
        answer
    }
}

/// An answer with the attributes that the call has behind it, without those of the journal. An
/// answer without attributes leaves the call those it has.
fn without_journal(answer: &Value, event: &Value) -> Value {
    let mut answer = answer.clone();
    let kept = event["CallDetails"].get("TransactionAttributes").cloned();
    let answers = answer.as_object_mut().unwrap();
    let attributes =
        answers.entry("TransactionAttributes").or_insert(kept.unwrap_or_else(|| json!({})));
    attributes.as_object_mut().unwrap().retain(|name, _| !name.starts_with("_mr"));
    answer
}

async fn invoke(State(twins): State<Arc<Twins>>, event: String) -> String {
    let event: Value = serde_json::from_str(&event).unwrap();
    tokio::task::spawn_blocking(move || twins.answer(&event)).await.unwrap().to_string()
}

/// Numbers of an account, all of which are answered by a function at this address.
fn lead(simulator: &Simulator, numbers: &BTreeMap<&str, String>) {
    let all: Vec<&String> = numbers.values().collect();
    let order = json!({"ProductType": "SipMediaApplicationDialIn", "E164PhoneNumbers": all});
    assert_eq!(simulator.ask("POST", "/phone-number-orders", order.to_string()).0, 201);
    let arn = "arn:aws:lambda:us-east-1:111122223333:function:Twins";
    let body =
        json!({"AwsRegion": "us-east-1", "Name": "Twins", "Endpoints": [{"LambdaArn": arn}]});
    let (_, made) = simulator.ask("POST", "/sip-media-applications", body.to_string());
    let targets = json!([{"SipMediaApplicationId": made["SipMediaApplication"]["SipMediaApplicationId"], "Priority": 1}]);
    for (name, number) in numbers {
        let rule = json!({"Name": name, "TriggerType": "ToPhoneNumber", "TriggerValue": number, "TargetApplications": targets});
        let (status, said) = simulator.ask("POST", "/sip-rules", rule.to_string());
        assert_eq!(status, 201, "{said}");
    }
}

/// The examples, routed by the number that is called or that calls.
fn examples(numbers: &BTreeMap<&str, String>) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(project("scripts")).unwrap() {
        let path = entry.unwrap().path();
        if path.to_string_lossy().contains(".spec.") {
            continue;
        }
        std::fs::copy(&path, folder.path().join(path.file_name().unwrap())).unwrap();
        if path.extension().is_some_and(|ending| ending == "lua") {
            let name = path.file_stem().unwrap().to_str().unwrap();
            assert!(
                numbers.contains_key(name) || MODULES.contains(&name),
                "nobody calls the example {name}: say in CALLERS what its caller does"
            );
        }
    }
    let route = |(name, number): (&&str, &String)| {
        format!(
            "{{ direction = 'outbound', from = '{number}', script = '{name}' }}, {{ to = '{number}', script = '{name}' }},"
        )
    };
    let routes: String = numbers.iter().map(route).collect();
    std::fs::write(folder.path().join("routes.lua"), format!("return {{ {routes} }}")).unwrap();
    folder
}

/// What a process needs to have one journal with others.
fn settings<'a>(scripts: &'a str, s3: &'a S3, journal: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("MOONRING_SCRIPTS", scripts),
        ("MOONRING_STATE", journal),
        ("AWS_ENDPOINT_URL", &s3.endpoint),
    ]
}

#[test]
fn every_event_of_every_example_comes_three_times_and_nothing_is_made_twice() {
    let s3 = S3::shared();
    let number = |(index, (name, _)): (usize, &(&'static str, &str))| {
        (*name, format!("+1844555{:04}", 100 + index))
    };
    let numbers: BTreeMap<&str, String> = CALLERS.iter().enumerate().map(number).collect();
    let folder = examples(&numbers);

    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
    let twins_at = format!(
        "Twins=http://{}/2015-03-31/functions/Twins/invocations",
        listener.local_addr().unwrap()
    );
    let own = tempfile::tempdir().unwrap();
    std::fs::write(own.path().join("main.lua"), "return { default = function() end }").unwrap();
    let state = own.path().join("account.json");
    let arguments = [
        "--scripts",
        own.path().to_str().unwrap(),
        "--function",
        &twins_at,
        "--state",
        state.to_str().unwrap(),
    ];
    let simulator = Simulator::start(&arguments);
    lead(&simulator, &numbers);

    let journal = format!("{}/journals", s3.location());
    let key = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
    let storage = format!("{}/storage", s3.location());
    let mut settings = settings(folder.path().to_str().unwrap(), &s3, &journal);
    settings.extend([
        ("MOONRING_SECRET_KEY", key),
        ("MOONRING_STORAGE", storage.as_str()),
        // Whatever the time is, the shop takes messages.
        ("MOONRING_CONFIG", r#"{"shop": {"closed": true}}"#),
        ("AWS_ENDPOINT_URL_CHIME_SDK_MEETINGS", simulator.endpoint.as_str()),
        ("AWS_ENDPOINT_URL_CHIME_SDK_VOICE", simulator.endpoint.as_str()),
    ]);
    let functions = Mutex::new([Function::start(&settings), Function::start(&settings)]);
    let twins =
        Arc::new(Twins { functions, calls: Mutex::default(), differences: Mutex::default() });
    let routes = Router::new()
        .route("/2015-03-31/functions/Twins/invocations", post(invoke))
        .with_state(Arc::clone(&twins));
    runtime.spawn(async { axum::serve(listener, routes).await.unwrap() });

    let dialled = CALLERS.map(|(name, keys)| {
        let body = json!({"From": "+12065550142", "To": numbers[name], "Keys": keys});
        let (status, call) = simulator.ask("POST", "/moonring/calls", body.to_string());
        assert_eq!(status, 201, "{call}");
        (name, call["TransactionId"].as_str().unwrap().to_owned())
    });
    let stories: BTreeMap<&str, String> =
        dialled.iter().map(|(name, id)| (*name, simulator.call(id)["Story"].to_string())).collect();
    for (name, story) in &stories {
        assert!(
            !story.contains("something went wrong") && !story.contains("no answer"),
            "{name}: {story}"
        );
    }

    // Whoever asked is called back, once.
    let calls: BTreeSet<String> = twins.calls.lock().unwrap().iter().cloned().collect();
    let called_back: Vec<&String> =
        calls.iter().filter(|id| dialled.iter().all(|(_, dialled)| dialled != *id)).collect();
    assert_eq!(called_back.len(), 2, "callback and callback_handlers: {called_back:?}");
    for id in called_back {
        simulator.call(id);
    }
    assert_eq!(*twins.differences.lock().unwrap(), Vec::<String>::new());
    // One room, one meeting; and nobody is in it who was made again, for everybody takes out
    // whom they made.
    let account: Value = serde_json::from_slice(&std::fs::read(&state).unwrap()).unwrap();
    let meetings = account["meetings"].as_array().unwrap();
    let left: Vec<_> =
        meetings.iter().map(|meeting| (&meeting["token"], &meeting["attendees"])).collect();
    assert_eq!(left, [(&json!("monday"), &json!([]))]);
}

#[test]
fn scripts_that_find_something_done_are_given_what_came_of_the_rest() {
    let (s3, web) = (S3::shared(), Web::start());
    let body = "local base, steps = 'https://localhost:PORT', {}
        local function post(path)
          local reply = http.post(base .. path, { from = call.from, at = time.now() })
          steps[#steps + 1] = `{path} {reply.json.count}`
        end
        for _, number in { 101, 102 } do
          if not storage.get(`{config.kind}/{number}`) then
            post(`/create/{number}`)
            storage.put(`{config.kind}/{number}`, true)
          end
        end
        post('/notify')
        post('/notify')
        parallel(SECRET, function() post('/last') end)"
        .replace("PORT", &web.port.to_string());
    let make = "local function make() aws.json { service = 'secretsmanager', operation = 'CreateSecret', input = { Name = 'key', SecretString = 'OPEN-SESAME' } } end\n";
    // What is read beside it is asked again, and is nobody else's business.
    let secret = "function()
          local reply = aws.json { service = 'secretsmanager', operation = 'GetSecretValue', input = { SecretId = 'key' } }
          steps[#steps + 1] = reply.SecretString
        end";
    let handlers = body.replace("SECRET", secret);
    let handlers = format!(
        "{make} return {{ new_inbound_call = function(event, call)\n{handlers}\nreturn action.speak {{ text = table.concat(steps, ', ') }} end, ringing = make }}"
    );
    let flow = body.replace("SECRET", "function() end");
    let flow = format!(
        "return function(call)\n{flow}\ncall:say(table.concat(steps, ', ')) call:ask {{ say = 'More?' }} end"
    );
    let mut before = 0;
    for (kind, script) in [("handlers", handlers), ("flow", flow)] {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("main.lua"), &script).unwrap();
        std::fs::write(folder.path().join("config.json"), json!({"kind": kind}).to_string())
            .unwrap();
        let (journal, storage) =
            (format!("{}/journals-{kind}", s3.location()), format!("{}/kept", s3.location()));
        let mut settings = settings(folder.path().to_str().unwrap(), &s3, &journal);
        settings.extend([
            ("MOONRING_STORAGE", storage.as_str()),
            ("MOONRING_HTTP_ALLOW", "localhost"),
            ("MOONRING_AWS_ALLOW", "secretsmanager:*"),
            ("SSL_CERT_FILE", &web.certificate),
        ]);
        let (one, other) = (Function::start(&settings), Function::start(&settings));
        let mut ringing = new_call();
        ringing["InvocationEventType"] = json!("RINGING");
        if kind == "handlers" {
            one.invoke(&ringing);
        }
        let call = new_call();
        let nth = |more: usize| before + more;
        let told =
            |answer: &Value| said(answer).replace(", OPEN-SESAME", "").replace("OPEN-SESAME, ", "");
        let first = one.invoke(&call).answer;
        assert_eq!(said(&first).contains("OPEN-SESAME"), kind == "handlers", "{first}");
        let wanted = format!(
            "/create/101 {}, /create/102 {}, /notify {}, /notify {}, /last {}",
            nth(1),
            nth(2),
            nth(3),
            nth(4),
            nth(5)
        );
        assert_eq!(told(&first), wanted, "{kind}");
        // It comes again, where it is known that one thing is done.
        s3.delete(&format!("kept/{kind}/102.json"));
        let second = other.invoke(&call).answer;
        let wanted = format!(
            "/create/102 {}, /notify {}, /notify {}, /last {}",
            nth(2),
            nth(3),
            nth(4),
            nth(5)
        );
        assert_eq!(told(&second), wanted, "{kind}");
        let kept: Vec<String> =
            s3.names().iter().map(|name| String::from_utf8(s3.get(name)).unwrap()).collect();
        assert!(kept.iter().any(|text| text.contains("/notify")), "{kept:?}");
        assert!(
            !kept.iter().any(|text| text.contains("OPEN-SESAME")),
            "what is only read is not written down: {kept:?}"
        );
        before += 5;
    }
}

#[test]
fn a_conditional_write_is_one_as_a_flow_and_as_handlers() {
    let s3 = S3::shared();
    let tables = Tables::beside(&s3);
    let write = "local function write(call)
      local is_new, err = require('@std/dynamodb').put(config.table, { caller = call.from, call = call.id }, { absent = 'caller' })
      return if is_new then 'Welcome.' else err.type
    end\n";
    for (table, body) in [
        (
            "firsts_flow",
            "return function(call) call:say(write(call)) call:ask { say = 'Who are you?', max = 1 } end",
        ),
        (
            "firsts_handlers",
            "return { new_inbound_call = function(event, call) return action.speak { text = write(call) } end, default = function() end }",
        ),
    ] {
        tables.make(table, "caller");
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("main.lua"), format!("{write}{body}")).unwrap();
        std::fs::write(folder.path().join("config.json"), json!({"table": table}).to_string())
            .unwrap();
        let journal = format!("{}/{table}", s3.location());
        let mut settings = settings(folder.path().to_str().unwrap(), &s3, &journal);
        settings.push(("MOONRING_AWS_ALLOW", "dynamodb:PutItem"));
        let (one, other) = (Function::start(&settings), Function::start(&settings));
        let call = new_call();
        let answers = [&one, &one, &other]
            .map(|function| without_journal(&function.invoke(&call).answer, &call));
        assert_eq!(said(&answers[0]), "Welcome.");
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{table}: {answers:#?}");
        assert_eq!(tables.items(table).len(), 1);
        // Another call of the same caller is told what the condition says.
        assert_eq!(said(&one.invoke(&new_call()).answer), "conflict");
    }
}
