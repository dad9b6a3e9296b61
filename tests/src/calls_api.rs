//! docs/reference/calls-api.json, which the server is held to: every operation, its keys, its
//! statuses and its replies; and the stream of events, which readers take up again.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;

use harness::{Simulator, project};
use serde_json::{Value, json};

use crate::serve::{lead, scripts};

const WAITS: &str = "return function(call)
  call:say('Hello.')
  call:wait { timeout = 60 }
end";

fn api() -> Value {
    let text = std::fs::read_to_string(project("docs/reference/calls-api.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn resolved<'a>(api: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(name) => api.pointer(name.trim_start_matches('#')).unwrap(),
        None => schema,
    }
}

/// What is wrong with a value by its schema, as far as this page uses schemas.
fn faults(api: &Value, schema: &Value, value: &Value, at: &str) -> Vec<String> {
    let schema = resolved(api, schema);
    let is_type = match schema["type"].as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("boolean") => value.is_boolean(),
        Some("integer") => value.is_u64(),
        _ => true,
    };
    if !is_type {
        return vec![format!("{at} is {value}; wanted {}", schema["type"])];
    }
    let mut found = Vec::new();
    for name in schema["required"].as_array().into_iter().flatten() {
        if value.get(name.as_str().unwrap()).is_none() {
            found.push(format!("{at} has no {name}"));
        }
    }
    for (name, inner) in value.as_object().into_iter().flatten() {
        match schema["properties"].get(name) {
            Some(known) => found.extend(faults(api, known, inner, &format!("{at}.{name}"))),
            None if schema["additionalProperties"] == false => {
                found.push(format!("{at}.{name} is not in the page"));
            }
            None => {}
        }
    }
    for inner in value.as_array().into_iter().flatten() {
        found.extend(faults(api, &schema["items"], inner, &format!("{at}[]")));
    }
    found
}

struct Served {
    api: Value,
    simulator: Simulator,
    seen: std::cell::RefCell<std::collections::BTreeSet<(String, String)>>,
}

impl Served {
    /// Asks as an operation of the page, and holds the reply against it.
    fn ask(&self, method: &str, path: &str, id: &str, body: &Value) -> (u16, Value) {
        let operation = &self.api["paths"][path][method];
        assert!(operation.is_object(), "{method} {path}");
        let target = path.replace("{id}", id);
        let sent = if body.is_null() { String::new() } else { body.to_string() };
        let (status, value) = self.simulator.ask(&method.to_uppercase(), &target, sent);
        let said = &operation["responses"][status.to_string()];
        assert!(said.is_object(), "{method} {path} {body}: {status} is not in the page: {value}");
        let schema = &said["content"]["application/json"]["schema"];
        let found = faults(&self.api, schema, &value, "reply");
        assert!(found.is_empty(), "{method} {path}: {found:?}");
        self.seen.borrow_mut().insert((method.to_owned(), path.to_owned()));
        (status, value)
    }

    /// An operation was tried by hand.
    fn see(&self, method: &str, path: &str) {
        assert!(self.api["paths"][path][method].is_object(), "{method} {path}");
        self.seen.borrow_mut().insert((method.to_owned(), path.to_owned()));
    }

    fn example(&self, path: &str) -> Value {
        self.api["paths"][path]["post"]["requestBody"]["content"]["application/json"]["example"]
            .clone()
    }
}

#[test]
fn the_server_does_what_its_page_says() {
    let folder = scripts(WAITS);
    let simulator = Simulator::start(&["--scripts", folder.path().to_str().unwrap()]);
    lead(&simulator, &["Handler"]);
    let served = Served { api: api(), simulator, seen: Default::default() };
    let calls = "/moonring/calls";
    let dialled = served.ask("post", calls, "", &served.example(calls));
    assert_eq!(dialled.0, 201);
    let id = dialled.1["TransactionId"].as_str().unwrap().to_owned();
    let (_, list) = served.ask("get", calls, "", &Value::Null);
    assert_eq!(list["Calls"][0]["TransactionId"], id.as_str());
    let one = "/moonring/calls/{id}";
    assert_eq!(served.ask("get", one, &id, &Value::Null).1["Over"], false);
    assert_eq!(served.ask("get", one, "none", &Value::Null).0, 404);
    assert_eq!(served.ask("delete", one, "none", &Value::Null).0, 404);
    let paths = served.api["paths"].as_object().unwrap().clone();
    let takes_json = |path: &&String| {
        let content = &served.api["paths"][path.as_str()]["post"]["requestBody"]["content"];
        path.starts_with(one) && !content["application/json"].is_null()
    };
    let verbs: Vec<&String> = paths.keys().filter(takes_json).collect();
    assert_eq!(verbs.len(), 11);
    for path in &verbs {
        // The keys that the page has are those that the server takes.
        let unknown = served.ask("post", path, &id, &json!({"Zzz": 1})).1;
        let message = unknown["Message"].as_str().unwrap();
        let schema = &served.api["paths"][path.as_str()]["post"]["requestBody"]["content"]["application/json"]
            ["schema"];
        let keys: Vec<_> = schema["properties"].as_object().unwrap().keys().cloned().collect();
        let keys = if keys.is_empty() { "no keys".to_owned() } else { keys.join(", ") };
        assert!(message.ends_with(&format!("wanted {keys}")), "{path}: {message}");
        assert_eq!(served.ask("post", path, "none", &served.example(path)).0, 404, "{path}");
    }
    let dial = &served.api["components"]["schemas"]["Dial"]["properties"];
    let keys = dial.as_object().unwrap().keys().cloned().collect::<Vec<_>>().join(", ");
    let unknown = served.ask("post", calls, "", &json!({"Zzz": 1}));
    assert_eq!(unknown.0, 400);
    assert!(unknown.1["Message"].as_str().unwrap().ends_with(&format!("wanted {keys}")));
    for (verb, wanted) in [
        ("press", 200),
        ("talk", 200),
        ("say", 200),
        ("answer", 409),
        ("decline", 409),
        ("fault", 200),
        ("save-test", 409),
        ("again", 201),
        ("update", 200),
        ("hang-up", 200),
    ] {
        let path = format!("{one}/{verb}");
        assert_eq!(served.ask("post", &path, &id, &served.example(&path)).0, wanted, "{verb}");
    }
    let other = served.ask("post", calls, "", &served.example(calls)).1;
    let other = other["TransactionId"].as_str().unwrap().to_owned();
    assert_eq!(served.ask("post", "/moonring/calls/{id}/end", &other, &json!({})).0, 200);
    let third = served.ask("post", calls, "", &served.example(calls)).1;
    let third = third["TransactionId"].as_str().unwrap().to_owned();
    assert_eq!(served.ask("delete", one, &third, &Value::Null).0, 200);
    let story = events(&served.simulator, &format!("?call={id}"), "", "event: over");
    assert!(story.contains("\"what\":\"presses\"") && story.contains("\"digit\":\"1\""), "{story}");
    // Its function may still have the last event.
    served.simulator.call(&third);
    assert_eq!(served.ask("delete", one, &third, &Value::Null).0, 409);
    assert_eq!(served.ask("get", one, &third, &Value::Null).1["Over"], true);
    // By the last entry, the function has answered.
    let entries = story.split("\"entry\":").skip(1);
    let numbers = entries.map(|rest| rest.split([',', '}']).next().unwrap().to_owned());
    hear_and_read(&served, &id, &numbers.last().unwrap());
    for (path, operations) in paths.iter().filter(|(path, _)| *path != "/moonring/events") {
        for method in operations.as_object().unwrap().keys() {
            let is_seen = served.seen.borrow().contains(&(method.clone(), path.clone()));
            assert!(is_seen, "{method} {path} was not tried");
        }
    }
}

/// What there is to hear and to read of a call, and of the server.
fn hear_and_read(served: &Served, id: &str, last: &str) {
    let setup = served.ask("get", "/moonring/setup", "", &Value::Null).1;
    assert_eq!(setup["Numbers"], json!(["+18445550123"]));
    // The texts of scripts are for `moonring dev`.
    let (status, told) = served.simulator.ask("GET", "/moonring/source?file=main.lua", "");
    assert_eq!((status, told["Message"].is_string()), (404, true));
    served.see("get", "/moonring/source");
    let path = |what: &str| format!("/moonring/calls/{id}/{what}");
    let (status, kept) = served.simulator.ask("GET", &path(&format!("kept?entry={last}")), "");
    assert_eq!((status, kept["Script"].as_str()), (200, Some("main")), "{kept}");
    assert!(kept["Journal"]["WaitsAt"].is_string(), "{kept}");
    served.see("get", "/moonring/calls/{id}/kept");
    for (target, wanted) in [("kept?entry=999", 404), ("sound?entry=999", 404), ("kept", 400)] {
        assert_eq!(served.simulator.ask("GET", &path(target), "").0, wanted, "{target}");
    }
    served.see("get", "/moonring/calls/{id}/sound");
    let wav = served.simulator.bytes(&path("wav"));
    assert!(wav.starts_with(b"RIFF") && wav.len() > 44);
    served.see("get", "/moonring/calls/{id}/wav");
    for (body, wanted) in [(b"no sound".to_vec(), 400), (wav, 409)] {
        assert_eq!(served.simulator.ask("POST", &path("voice"), body).0, wanted);
    }
    assert_eq!(served.simulator.ask("POST", &path("voice?leg=LEG-C"), "").0, 400);
    served.see("post", "/moonring/calls/{id}/voice");
}

/// Reads the stream of events up to a line.
fn events(simulator: &Simulator, query: &str, header: &str, until: &str) -> String {
    let address = simulator.endpoint.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET /moonring/events{query} HTTP/1.1\r\nHost: {address}\r\n{header}\r\n")
        .unwrap();
    let mut text = String::new();
    for line in BufReader::new(stream.take(1 << 22)).lines() {
        let line = line.unwrap();
        text.push_str(&line);
        text.push('\n');
        if line.contains(until) {
            return text;
        }
    }
    panic!("{until} does not come: {text}");
}

#[test]
fn a_reader_of_events_comes_back_and_misses_nothing() {
    let folder = scripts(WAITS);
    let simulator = Simulator::start(&["--scripts", folder.path().to_str().unwrap()]);
    lead(&simulator, &["Handler"]);
    let dial = |keys: &str| {
        let body = json!({"From": "+12065550142", "To": "+18445550123", "Keys": keys}).to_string();
        let (_, reply) = simulator.ask("POST", "/moonring/calls", body);
        reply["TransactionId"].as_str().unwrap().to_owned()
    };
    let first = dial("wait 60");
    let read = events(&simulator, "", "", "\"what\":\"hears\"");
    assert!(read.contains("event: call") && read.contains(&first), "{read}");
    let last = read.lines().rev().find_map(|line| line.strip_prefix("id: ")).unwrap().to_owned();
    simulator.ask("POST", &format!("/moonring/calls/{first}/hang-up"), "");
    let rest = events(&simulator, "", &format!("Last-Event-ID: {last}\r\n"), "event: over");
    assert!(rest.contains("\"what\":\"ends\"") && !rest.contains("\"what\":\"hears\""), "{rest}");
    let by_query = events(&simulator, &format!("?after={last}"), "", "event: over");
    let ids = |text: &str| {
        let ids = text.lines().filter(|line| line.starts_with("id: "));
        ids.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(ids(&rest), ids(&by_query));
}
