//! What scripts ask of the outside, carried out by the deployed program: against moto, against the
//! simulator, against a web server.

use std::time::Duration;

use harness::{Function, S3, Simulator, Web, new_call, said, until};
use serde_json::{Value, json};

/// A process whose script runs this body at a new call, and says what it returns as JSON.
pub(crate) struct Asking {
    pub(crate) function: Function,
    /// The new call: the same one each time.
    pub(crate) call: Value,
    pub(crate) _folder: tempfile::TempDir,
}

impl Asking {
    pub(crate) fn new(body: &str, settings: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let script = format!(
            "local function ask(event, call)\n{body}\nend\n\
             local function tell(...) return action.speak {{ text = json.encode({{ ... }}) }} end\n\
             return {{ new_inbound_call = function(event, call) return tell(ask(event, call)) end, default = function() end }}"
        );
        std::fs::write(folder.path().join("main.lua"), script).unwrap();
        let mut all = vec![("MOONRING_SCRIPTS", folder.path().to_str().unwrap())];
        all.extend_from_slice(settings);
        Self { function: Function::start(&all), call: new_call(), _folder: folder }
    }

    /// What the body returned.
    pub(crate) fn told(&self) -> Value {
        let answer = self.function.invoke(&self.call).answer;
        serde_json::from_str(said(&answer))
            .unwrap_or_else(|_| panic!("{answer}: {:#?}", self.function.log()))
    }
}

#[test]
fn operations_of_dynamodb_are_carried_out_where_they_are_allowed() {
    let s3 = S3::shared();
    let settings = [
        ("AWS_ENDPOINT_URL", s3.endpoint.as_str()),
        ("MOONRING_AWS_ALLOW", "dynamodb:*, sqs:*, lambda:*"),
    ];
    let asking = Asking::new(
        "local function ddb(operation, input) return aws.json { service = 'dynamodb', operation = operation, input = input } end
        ddb('CreateTable', { TableName = 'callers', BillingMode = 'PAY_PER_REQUEST', AttributeDefinitions = { { AttributeName = 'n', AttributeType = 'S' } },
          KeySchema = { { AttributeName = 'n', KeyType = 'HASH' } } })
        local item = { n = { S = call.from }, name = { S = 'Ada' } }
        ddb('PutItem', { TableName = 'callers', Item = item })
        local _, twice = ddb('PutItem', { TableName = 'callers', Item = item, ConditionExpression = 'attribute_not_exists(n)' })
        local found = ddb('GetItem', { TableName = 'callers', Key = { n = { S = call.from } } })
        local _, missing = ddb('GetItem', { TableName = 'nobody', Key = { n = { S = '1' } } })
        local _, denied = aws.json { service = 'kms', operation = 'Decrypt', input = {} }
        local _, unknown = aws.json { service = 'lambda', operation = 'Nothing', input = {} }
        return found.Item.name.S, twice.type, twice.code, missing.type, denied.type, denied.message, unknown.type",
        &settings,
    );
    assert_eq!(
        asking.told(),
        json!([
            "Ada",
            "conflict",
            "ConditionalCheckFailedException",
            "not_found",
            "denied",
            "kms:Decrypt is not allowed; add it to MOONRING_AWS_ALLOW",
            "invalid"
        ])
    );
}

#[test]
fn the_modules_over_aws_speak_plain_values() {
    let s3 = S3::shared();
    let settings = [
        ("AWS_ENDPOINT_URL", s3.endpoint.as_str()),
        ("MOONRING_AWS_ALLOW", "dynamodb:*, sqs:*, lambda:*, states:*"),
    ];
    let asking = Asking::new(
        "local ddb, sqs, lambda, states = require('@std/dynamodb'), require('@std/sqs'), require('@std/lambda'), require('@std/states')
        local function define(name, kind) return { AttributeName = name, AttributeType = kind } end
        aws.json { service = 'dynamodb', operation = 'CreateTable', input = { TableName = 'visits', BillingMode = 'PAY_PER_REQUEST',
          AttributeDefinitions = { define('who', 'S'), define('at', 'N') },
          KeySchema = { { AttributeName = 'who', KeyType = 'HASH' }, { AttributeName = 'at', KeyType = 'RANGE' } } } }
        local first = ddb.put('visits', { who = 'ada', at = 1, tags = { 'a', 'b' }, open = true, more = { n = 1.5 } })
        local _, twice = ddb.put('visits', { who = 'ada', at = 1 }, { absent = 'who' })
        ddb.put('visits', { who = 'ada', at = 2 })
        local item = ddb.get('visits', { who = 'ada', at = 1 })
        local changed = ddb.update('visits', { who = 'ada', at = 1 }, { set = { name = 'Ada' }, add = { count = 2 }, remove = { 'open' } }, { returns = 'all' })
        local _, held = ddb.update('visits', { who = 'ada', at = 1 }, { set = { name = 'Bob' } }, { equals = { name = 'Eve' } })
        local found = ddb.query('visits', { key = { who = 'ada' }, descending = true, limit = 1 })
        ddb.delete('visits', { who = 'ada', at = 1 })
        local gone = ddb.get('visits', { who = 'ada', at = 1 })
        local queue = aws.json { service = 'sqs', operation = 'CreateQueue', input = { QueueName = 'calls' } }
        local sent = sqs.send(queue.QueueUrl, { from = call.from })
        local _, no_function = lambda.invoke('nobody', { n = 1 })
        local _, no_machine = states.start('arn:aws:states:us-east-1:111122223333:stateMachine:nobody', {})
        return first, twice.type, item.tags[2], item.open, item.more.n, changed.name, changed.count, changed.open == nil, held.type,
          #found, found[1].at, gone == nil, type(sent), no_function.type, no_machine.type",
        &settings,
    );
    assert_eq!(
        asking.told(),
        json!([
            true,
            "conflict",
            "b",
            true,
            1.5,
            "Ada",
            2,
            true,
            "conflict",
            1,
            2,
            true,
            "string",
            "not_found",
            "not_found"
        ])
    );
}

#[test]
fn servers_are_asked_over_tls_and_what_is_wrong_is_an_error_in_time() {
    let web = Web::start();
    let allow = "localhost, 127.0.0.1";
    let settings = [
        ("SSL_CERT_FILE", web.certificate.as_str()),
        ("MOONRING_HTTP_ALLOW", allow),
        ("https_proxy", "http://127.0.0.1:1"),
    ];
    let body = "local base = 'https://localhost:PORT'
        local got = http.get(base .. '/echo', { query = { q = 'a b' }, headers = { ['x-own'] = 'mine' } })
        local posted = http.post(base .. '/echo', { n = 1 })
        local failed = http.get(base .. '/status?code=503')
        local led = http.get(base .. '/redirect?to=' .. base .. '/echo')
        local _, away = http.get(base .. '/redirect?to=https://example.com/')
        local _, inside = http.get(base .. '/redirect?to=http://169.254.169.254/latest/meta-data')
        local _, huge = http.get(base .. '/huge')
        local wrong = http.get(base .. '/wrong')
        local _, other = http.get('https://example.com/')
        local _, slow = http.get(base .. '/slow', { timeout = 0.3 })
        return got.json.query.q, got.json.own, posted.json.body, posted.json.type, failed.status, led.json.path,
          away.type, inside.type, huge.type, huge.message, wrong.json == nil, wrong.body, other.message, slow.type"
        .replace("PORT", &web.port.to_string());
    let asking = Asking::new(&body, &settings);
    assert_eq!(
        asking.told(),
        json!([
            "a b",
            "mine",
            "{\"n\":1}",
            "application/json",
            503,
            "/echo",
            "denied",
            "denied",
            "invalid",
            "the reply has more than 65536 bytes; raise `max_bytes`, or ask for less",
            true,
            "{not json",
            "the host example.com is not allowed; add it to MOONRING_HTTP_ALLOW",
            "timeout"
        ])
    );
}

#[test]
fn a_name_that_leads_inside_is_refused_unless_the_address_is_named() {
    let web = Web::start();
    let body = "local reply, err = http.get('https://LOCAL:PORT/echo') return reply and reply.status or err.type"
        .replace("PORT", &web.port.to_string());
    // Names that are allowed, and lead to this machine: what a name leads to may change between two
    // looks.
    let hosts = std::fs::read_to_string("/etc/hosts").unwrap_or_default();
    let inside = hosts
        .lines()
        .filter(|line| line.starts_with("127."))
        .flat_map(|line| line.split_whitespace().skip(1));
    let inside =
        inside.filter(|name| !name.contains("localhost")).map(|name| (name, name, json!("denied")));
    for (host, allow, expected) in inside.chain([
        ("localhost.", "*.example.com", json!("denied")),
        ("localhost", "localhost", json!(200)),
        ("127.0.0.1", "127.0.0.1", json!(200)),
        ("[::ffff:127.0.0.1]", "*.example.com", json!("denied")),
    ]) {
        let settings =
            [("SSL_CERT_FILE", web.certificate.as_str()), ("MOONRING_HTTP_ALLOW", allow)];
        assert_eq!(
            Asking::new(&body.replace("LOCAL", host), &settings).told(),
            json!([expected]),
            "{host}, {allow}"
        );
    }
}

#[test]
fn a_server_that_does_not_answer_costs_the_caller_no_more_than_an_event_has() {
    let web = Web::start();
    let body =
        "local reply, err = http.get('https://localhost:PORT/slow') return err.type, err.message"
            .replace("PORT", &web.port.to_string());
    let asking = Asking::new(
        &body,
        &[("SSL_CERT_FILE", web.certificate.as_str()), ("MOONRING_HTTP_ALLOW", "localhost")],
    );
    // The process has started.
    asking.function.invoke(&harness::event("HANGUP-Hangup-lega"));
    let reply = asking.function.invoke(&new_call());
    assert_eq!(
        said(&reply.answer),
        r#"["timeout","there was no reply before the event's deadline"]"#
    );
    assert!(reply.took < Duration::from_millis(4300), "{:?}", reply.took);
}

/// Asks everybody who needs credentials; a word of each.
const EVERYBODY: &str = "local types = {}
    local function ask(name, _, err) types[#types + 1] = `{name} {err.type}` end
    ask('aws.json', aws.json { service = 'dynamodb', operation = 'GetItem', input = {} })
    ask('aws.request', aws.request { service = 'dynamodb', operation = 'GetItem', method = 'POST' })
    ask('chime', chime.create_meeting {})
    ask('storage', storage.get('a'))
    ask('lambda', require('@std/lambda').invoke('f', {}))
    return table.unpack(types)";

/// What everybody says who refuses.
fn everybody_denies() -> Value {
    json!([
        "aws.json denied",
        "aws.request denied",
        "chime denied",
        "storage denied",
        "lambda denied"
    ])
}

#[test]
fn without_credentials_everything_is_denied_and_the_call_goes_on() {
    let settings = [
        ("MOONRING_AWS_ALLOW", "dynamodb:*, lambda:*"),
        ("MOONRING_STORAGE", "s3://box/kept"),
        ("AWS_ACCESS_KEY_ID", ""),
        ("AWS_SECRET_ACCESS_KEY", ""),
        ("AWS_EC2_METADATA_DISABLED", "true"),
    ];
    assert_eq!(Asking::new(EVERYBODY, &settings).told(), everybody_denies());
}

#[test]
fn storage_that_does_not_answer_is_a_timeout() {
    let s3 = S3::shared();
    let proxy = harness::Proxy::start(&s3.endpoint);
    proxy.delay(Duration::from_secs(9));
    let place = format!("{}/kept", s3.location());
    let asking = Asking::new(
        "return select(2, storage.get('a')).type",
        &[("AWS_ENDPOINT_URL", proxy.endpoint.as_str()), ("MOONRING_STORAGE", &place)],
    );
    assert_eq!(asking.told(), json!(["timeout"]));
}

#[test]
fn credentials_that_are_refused_are_an_error_that_the_script_can_tell() {
    let web = Web::start();
    for code in [
        "ExpiredTokenException",
        "InvalidClientTokenId",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    ] {
        let endpoint = format!("https://127.0.0.1:{}/refuses/{code}/", web.port);
        let settings = [
            ("AWS_ENDPOINT_URL", endpoint.as_str()),
            ("SSL_CERT_FILE", &web.certificate),
            ("MOONRING_AWS_ALLOW", "dynamodb:*, lambda:*"),
            ("MOONRING_STORAGE", "s3://box/kept"),
        ];
        let asking = Asking::new(EVERYBODY, &settings);
        asking.function.invoke(&harness::event("HANGUP-Hangup-lega"));
        assert_eq!(asking.told(), everybody_denies(), "{code}");
    }
}

#[test]
fn what_would_be_done_twice_is_not_tried_again_and_the_rest_is() {
    let s3 = S3::shared();
    let proxy = harness::Proxy::start(&s3.endpoint);
    let settings = [
        ("AWS_ENDPOINT_URL", proxy.endpoint.as_str()),
        ("MOONRING_AWS_ALLOW", "sqs:*, dynamodb:*"),
    ];
    let asked = |body: &str| {
        proxy.take_requests();
        proxy.fail(1..100);
        let told = Asking::new(body, &settings).told();
        proxy.fail(0..0);
        (told, proxy.take_requests().len())
    };
    let send = "return select(2, aws.json { service = 'sqs', operation = 'SendMessage', input = {} }).type";
    assert_eq!(asked(send), (json!(["failed"]), 1));
    let get = "return select(2, aws.json { service = 'dynamodb', operation = 'GetItem', input = {} }).type";
    assert_eq!(asked(get), (json!(["failed"]), 3));

    // A call whose answer is late is one call.
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("main.lua"), "return { default = function() end }").unwrap();
    let simulator = Simulator::start(&["--scripts", folder.path().to_str().unwrap()]);
    let proxy = harness::Proxy::start(&simulator.endpoint);
    proxy.delay(Duration::from_millis(1300));
    let body = "return chime.create_meeting { token = 'once' } ~= nil";
    let asking =
        Asking::new(body, &[("AWS_ENDPOINT_URL_CHIME_SDK_MEETINGS", proxy.endpoint.as_str())]);
    assert_eq!(asking.told(), json!([true]));
    assert_eq!(proxy.take_requests().len(), 1);
}

#[test]
fn a_failure_over_http_does_not_tell_what_was_asked() {
    let body = "local _, err = http.get('https://localhost:1/lookup?pin=4929') return err.type, err.message";
    let told = Asking::new(body, &[("MOONRING_HTTP_ALLOW", "localhost")]).told();
    assert_eq!(told[0], "failed");
    assert!(!told[1].as_str().unwrap().contains("4929"), "{told}");
    let body = "local _, host = http.get('https://localhost/', { headers = { Host = 'other' } })
        local _, signed = aws.request { service = 'dynamodb', operation = 'GetItem', method = 'POST' }
        return host.message, signed.message";
    let settings =
        [("MOONRING_HTTP_ALLOW", "localhost"), ("MOONRING_AWS_ALLOW", "dynamodb:GetItem")];
    assert_eq!(
        Asking::new(body, &settings).told(),
        json!([
            "the header Host is set by the host; leave it out",
            "signed requests to dynamodb are not allowed; add dynamodb:* to MOONRING_AWS_ALLOW"
        ])
    );
}

#[test]
fn a_metric_is_a_line_of_its_own_in_the_format_of_cloudwatch() {
    let asking = Asking::new("metric.count('calls', 2, { queue = 'sales' }) return 1", &[]);
    asking.told();
    let line = until("the metric", || {
        asking.function.lines().into_iter().find(|line| line.get("_aws").is_some())
    });
    assert_eq!((&line["calls"], &line["queue"]), (&json!(2), &json!("sales")));
    assert!(line["_aws"]["Timestamp"].as_u64().is_some_and(|ms| ms > 1_600_000_000_000), "{line}");
    let described = json!([{"Namespace": "Moonring", "Dimensions": [["queue"]], "Metrics": [{"Name": "calls", "Unit": "Count"}]}]);
    assert_eq!(line["_aws"]["CloudWatchMetrics"], described);
}
