//! Steps: requests and replies, records, time and chance from outside.

use super::*;

#[test]
fn records_are_handed_outward_within_a_budget() {
    let script = handler(
        "log.warn('slow', { ms = 12 }) print('a', 1, nil) for i = 1, 1000 do log.debug('x') end return action.hangup {}",
    );
    let program = load(&[("main.lua", &script)], &CancelFlag::default(), Limits::default());
    let log = start(&program, 1, &event(NEW_INBOUND_CALL)).log;
    assert_eq!(
        log[0],
        LogRecord {
            level: LogLevel::Warn,
            message: "slow".to_owned(),
            fields: json!({"ms": 12}),
            kind: crate::log::LogKind::Text
        }
    );
    assert_eq!(
        log[1],
        LogRecord {
            level: LogLevel::Info,
            message: "a\t1\tnil".to_owned(),
            fields: Value::Null,
            kind: crate::log::LogKind::Text
        }
    );
    assert_eq!(log.len(), 101);
    assert!(log[100].message.starts_with("the script logged more than 100 records"));
}

#[test]
fn a_script_that_asks_is_suspended_and_goes_on_with_its_replies() {
    let cancel = CancelFlag::default();
    let script = handler(
        "local asked = coroutine.wrap(function() return aws.json { service = 's3', operation = 'GetObject', input = { Key = 'k' } }.Body end)\nreturn action.speak { text = asked() }",
    );
    let program =
        program_of(&Compiled::new([("main.lua", script.as_bytes())], &Map::new()).unwrap(), cancel);
    let Ok(Step::Requests(suspended)) = start(&program, 1, &event(NEW_INBOUND_CALL)).result else {
        panic!("it did not ask")
    };
    let request = Request::Aws {
        service: "s3".to_owned(),
        operation: "GetObject".to_owned(),
        input: json!({"Key": "k"}),
        version: None,
    };
    assert_eq!(suspended.requests(), [request]);
    // Another event may run while this one waits.
    assert!(matches!(start(&program, 2, &event(NEW_INBOUND_CALL)).result, Ok(Step::Requests(_))));
    let answer = read(suspended.resume(vec![Reply::Done(json!({"Body": "hello"}))])).unwrap();
    assert_eq!(answer["Actions"][0]["Parameters"]["Text"], "hello");
}

#[test]
fn a_suspended_script_goes_on_with_its_own_event() {
    let script = handler(
        "aws.json { service = 's3', operation = 'GetObject' } return action.speak { text = tostring(os.time()) }",
    );
    let compiled = Compiled::new([("main.lua", script.as_bytes())], &Map::new()).unwrap();
    let program = program_of(&compiled, CancelFlag::default());
    let (first, mut second) =
        (event(NEW_INBOUND_CALL), serde_json::from_str::<Value>(NEW_INBOUND_CALL).unwrap());
    second["CallDetails"]["Participants"][0]["CallId"] = json!("other-leg");
    let Ok(Step::Requests(suspended)) = start(&program, 1, &first).result else {
        panic!("it did not ask")
    };
    let later = Input {
        number: 2,
        event: &event(&second.to_string()),
        script: "main",
        release: "r1",
        arguments: None,
        now_seconds: 5,
        journal: None,
        buckets: &Buckets::default(),
        secrets: &Secrets::default(),
        kept_arguments: None,
    };
    let Ok(Step::Requests(other)) = program.start(later).result else { panic!("it did not ask") };
    let answer = read(suspended.resume(vec![Reply::Done(Value::Null)])).unwrap();
    assert_eq!(
        answer["Actions"][0]["Parameters"],
        json!({"CallId": "db0e2136-2587-4398-87a8-e81dc3aa6c08", "Text": "1718036406"})
    );
    let answer = read(other.resume(vec![Reply::Done(Value::Null)])).unwrap();
    assert_eq!(answer["Actions"][0]["Parameters"], json!({"CallId": "other-leg", "Text": "5"}));
}

#[test]
fn a_module_may_not_ask_while_it_loads() {
    let files: [(&str, &[u8]); 2] = [
        ("main.lua", b"local a = require('./a') return {}"),
        ("a.lua", b"\nlocal function load() return aws.json { service = 's3', operation = 'GetObject' } end\nload()"),
    ];
    let program = program_of(&Compiled::new(files, &Map::new()).unwrap(), CancelFlag::default());
    let error = start(&program, 1, &event(NEW_INBOUND_CALL)).result.unwrap_err();
    assert_eq!(
        error.to_string(),
        "a.lua:2: a module cannot wait for the host while it loads; do it inside a function"
    );
}

#[test]
fn the_same_event_draws_the_same_random_numbers_and_reads_the_same_clock() {
    let script = handler(
        "return action.speak { text = `{math.random(1e9)} {os.time()} {os.date('%Y-%m-%d %H:%M')}` }",
    );
    let texts: Vec<_> = (0..2).map(|_| ask(&[("main.lua", &script)]).unwrap()).collect();
    assert_eq!(texts[0], texts[1]);
    let text = texts[0]["Actions"][0]["Parameters"]["Text"].as_str().unwrap();
    assert!(text.ends_with(" 1718036406 2024-06-10 16:20"), "{text}");
}

#[test]
fn every_recorded_event_reaches_its_handler() {
    let script = "return setmetatable({}, { __index = function(_, key) return function(event, call)\n  assert(call.id == event.CallDetails.TransactionId and call.legs and call.sip_headers and call.arguments)\n  return action.speak { text = key }\nend end })";
    let program = load(&[("main.lua", script)], &CancelFlag::default(), Limits::default());
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/events");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let event = event(&std::fs::read_to_string(&path).unwrap());
        count += 1;
        let answer = read(start(&program, count, &event))
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert_eq!(answer["Actions"][0]["Parameters"]["Text"], event.event_type().lua_name());
    }
    assert!(count >= 107);
}

#[test]
fn every_field_that_is_promised_is_there_in_every_recorded_event() {
    let script = "local function text(value, name) assert(type(value) == 'string', name) end
return { default = function(event, call)
  for _, name in { 'id', 'from', 'to', 'region', 'account', 'application_id', 'release' } do text(call[name], name) end
  assert(call.direction == 'inbound' or call.direction == 'outbound')
  assert(call.rule_id == nil or type(call.rule_id) == 'string')
  assert(type(call.started_at) == 'number' and call.started_at > 1e6)
  for name, value in call.sip_headers do
    assert(call.sip_headers[string.upper(name)] == value and call.sip_headers[string.lower(name)] == value)
  end
  assert(call.arguments.room == 'blue')
  local count = 0
  for tag, leg in call.legs do
    count += 1
    assert(tag == leg.tag and (tag == 'LEG-A' or tag == 'LEG-B'))
    for _, name in { 'id', 'from', 'to', 'direction' } do text(leg[name], name) end
    assert(leg.status == nil or leg.status == 'connected' or leg.status == 'disconnected')
  end
  assert(count == #event.CallDetails.Participants)
  for name, value in event.CallDetails.TransactionAttributes or {} do assert(call.attributes[name] == value) end
  return action.hangup {}
end }";
    let program = load(&[("main.lua", script)], &CancelFlag::default(), Limits::default());
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/events");
    for (number, entry) in std::fs::read_dir(folder).unwrap().enumerate() {
        let path = entry.unwrap().path();
        let event = event(&std::fs::read_to_string(&path).unwrap());
        let number = number as u64 + 1;
        let arguments = Map::from_iter([("room".to_owned(), json!("blue"))]);
        let (event, arguments) = (&event, Some(&arguments));
        let input = Input { arguments, ..input(number, event) };
        read(program.start(input)).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
}

#[test]
fn what_an_event_says_cannot_be_changed_at_any_depth() {
    let script = "local function walk(value, name)
  if type(value) ~= 'table' or name == '.attributes' then return end
  assert(not pcall(rawset, value, 'x', 1), name)
  for key, inner in value do walk(inner, name .. '.' .. tostring(key)) end
end
return { default = function(event, call)
  walk(event, 'event')
  for _, name in { 'legs', 'sip_headers', 'arguments' } do walk(call[name], name) end
  assert(call.sip_headers['x-a'].b == 1)
  return action.hangup {}
end }";
    let text = r#"{"SchemaVersion": "1.0", "InvocationEventType": "NEW_INBOUND_CALL", "List": [], "More": [[{}]],
        "CallDetails": {"TransactionId": "t", "Participants": [
            {"CallId": "c", "ParticipantTag": "LEG-A", "SipHeaders": {"X-A": {"b": 1}, "X-B": ["c"]}}]}}"#;
    let program = load(&[("main.lua", script)], &CancelFlag::default(), Limits::default());
    read(start(&program, 1, &event(text))).unwrap();
}

fn program_of(compiled: &Compiled, cancel: CancelFlag) -> Program {
    Program::load(compiled, cancel, Limits::default()).unwrap()
}

/// What a handler that asks makes of a reply.
fn replied(body: &str, reply: Reply) -> Result<Value, String> {
    let program = load(&[("main.lua", &handler(body))], &CancelFlag::default(), Limits::default());
    match start(&program, 1, &event(NEW_INBOUND_CALL)).result {
        Ok(Step::Requests(suspended)) => read(suspended.resume(vec![reply])),
        other => Err(format!("{other:?}")),
    }
}

#[test]
fn a_request_gives_its_output_or_nil_and_why() {
    let body = "local reply, err = aws.json { service = 'dynamodb', operation = 'GetItem', input = { Key = { id = { N = '1' } } }, version = '20120810' }
      return action.speak { text = reply and json.encode(reply) or (err.type .. ' ' .. tostring(err.code) .. ' ' .. tostring(err)) }";
    let said = |reply| replied(body, reply).unwrap()["Actions"][0]["Parameters"]["Text"].clone();
    assert_eq!(said(Reply::Done(json!({"Item": {"a": [1]}}))), r#"{"Item":{"a":[1]}}"#);
    assert_eq!(said(Reply::Done(json!({}))), "{}");
    let failed = |code: Option<&str>| Reply::Failed {
        error_type: "throttled".to_owned(),
        message: "slow down".to_owned(),
        code: code.map(str::to_owned),
    };
    assert_eq!(said(failed(Some("Throttling"))), "throttled Throttling throttled: slow down");
    assert_eq!(said(failed(None)), "throttled nil throttled: slow down");
}

#[test]
fn a_request_that_is_none_raises_at_its_line() {
    for (options, message) in [
        (
            "{ operation = 'GetItem' }",
            "aws.json: `service` is missing; wanted a string of 1 to 100 characters",
        ),
        (
            "{ service = 's3', opertion = 'x' }",
            "aws.json: there is no key `opertion`; did you mean `operation`?\n  keys: service, operation, input, version",
        ),
        (
            "{ service = 's3', operation = 'x', input = { 1 } }",
            "aws.json: `input` is a list; wanted a table with the names of the service's API",
        ),
        ("'x'", "aws.json: got \"x\"; write aws.json { service = …, operation = …, input = … }"),
    ] {
        let error = ask(&[("main.lua", &handler(&format!("aws.json({options})")))]).unwrap_err();
        assert_eq!(error, format!("main.lua:2: {message}"));
    }
}
