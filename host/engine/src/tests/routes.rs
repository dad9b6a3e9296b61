//! `routes.lua`: what is chosen, and what is told of a file that is wrong.

use super::*;

fn compile(routes: &str) -> Result<Compiled, String> {
    let files: [(&str, &[u8]); 4] = [
        ("main.lua", b"return {}"),
        ("sales.lua", b"return {}"),
        ("support/night.lua", b"return {}"),
        ("routes.lua", routes.as_bytes()),
    ];
    Compiled::new(files, &Map::new()).map_err(|error| {
        error.problems.iter().map(ToString::to_string).collect::<Vec<_>>().join(" | ")
    })
}

fn chosen(routes: &str, event: &Value) -> String {
    let event = Event::parse(event.to_string().as_bytes()).unwrap();
    let compiled = compile(routes).unwrap();
    let routes = compiled.routes().unwrap();
    let arguments = event.action_parameter("Arguments").and_then(|came| came.as_object());
    let arguments = arguments.map(|came| came.to_map()).unwrap_or_default();
    let first = routes.matching(&event, &arguments, None).next();
    first.map_or(routes.default_script(), |route| route.script.as_deref().unwrap()).to_owned()
}

/// A new call, with these fields of the leg, the call and its arguments.
fn call(leg: Value, details: Value, arguments: Value) -> Value {
    let mut event = json!({
        "InvocationEventType": "NEW_INBOUND_CALL", "ActionData": {"Parameters": {"Arguments": arguments}},
        "CallDetails": {"TransactionId": "t", "Participants": [{"From": "+1", "To": "+2", "Direction": "Inbound"}]},
    });
    for (name, value) in leg.as_object().unwrap() {
        event["CallDetails"]["Participants"][0][name] = value.clone();
    }
    for (name, value) in details.as_object().unwrap() {
        event["CallDetails"][name] = value.clone();
    }
    event
}

#[test]
fn the_first_route_that_matches_counts() {
    for (route, leg, details, arguments) in [
        ("from = '+1'", json!({"From": "+1"}), json!({}), json!({})),
        ("to = '+5'", json!({"To": "+5"}), json!({}), json!({})),
        ("from = 'anonymous'", json!({"From": "anonymous"}), json!({}), json!({})),
        (
            "from = 'sip:ann@example.com'",
            json!({"From": "sip:ann@example.com"}),
            json!({}),
            json!({}),
        ),
        ("to = 'sales'", json!({"To": "sales"}), json!({}), json!({})),
        ("rule = 'r'", json!({}), json!({"SipRuleId": "r"}), json!({})),
        ("application = 'a'", json!({}), json!({"SipMediaApplicationId": "a"}), json!({})),
        ("application = 'a'", json!({}), json!({"SipApplicationId": "a"}), json!({})),
        ("direction = 'outbound'", json!({"Direction": "Outbound"}), json!({}), json!({})),
        ("arguments = { kind = 'x' }", json!({}), json!({}), json!({"kind": "x", "more": "y"})),
        ("from = '+1', to = '+5'", json!({"From": "+1", "To": "+5"}), json!({}), json!({})),
        ("percent = 100", json!({}), json!({}), json!({})),
    ] {
        let routes =
            format!("return {{ {{ {route}, script = 'sales' }}, {{ script = 'support/night' }} }}");
        assert_eq!(chosen(&routes, &call(leg, details, arguments)), "sales", "{route}");
        let stranger = call(json!({"From": "+9", "To": "+9"}), json!({}), json!({}));
        let expected = if route.starts_with("percent") { "sales" } else { "support/night" };
        assert_eq!(chosen(&routes, &stranger), expected, "{route}");
    }
    let nobody = call(json!({}), json!({}), json!({}));
    assert_eq!(chosen("return { { percent = 0, script = 'sales' } }", &nobody), "main");
    assert_eq!(chosen("return { default = 'sales' }", &nobody), "sales");
    assert_eq!(chosen("return {}", &nobody), "main");
}

#[test]
fn a_share_of_the_calls_is_drawn_once_per_call() {
    let compiled = compile("return { { percent = 30, script = 'sales' } }").unwrap();
    let draw = |id: usize, alias| {
        let event = call(json!({}), json!({"TransactionId": format!("call-{id}")}), json!({}));
        let event = Event::parse(event.to_string().as_bytes()).unwrap();
        compiled.routes().unwrap().matching(&event, &Map::new(), alias).next().is_some()
    };
    let share = |alias| (0..1000).filter(|id| draw(*id, alias)).count();
    assert!((250..350).contains(&share(None)), "{} of 1000", share(None));
    assert!((0..100).all(|id| draw(id, None) == draw(id, None)));
    // A release that a share of the calls is led to draws its own shares anew.
    let both = (0..1000).filter(|id| draw(*id, None) && draw(*id, Some("next"))).count();
    assert!((60..120).contains(&both), "{both} of 1000");
}

#[test]
fn what_is_wrong_is_told_with_its_line() {
    for (routes, message) in [
        (
            "return {\n  { to = '+1', script = 'sales' },\n  { to = '+2' },\n}",
            "routes.lua:3: route 2: `script` is missing; wanted a string of 1 or more characters",
        ),
        (
            "return {\n  { too = '+1', script = 'sales' } }",
            "routes.lua:2: route 1: there is no key `too`; did you mean `to`?\n  keys: from, to, rule, application, direction, arguments, percent, release, script, fallback",
        ),
        (
            "return {\n  -- {\n  { script = 'salse' } }",
            "routes.lua:3: there is no script `salse`; did you mean `sales`?",
        ),
        (
            "return {\n  { script = 'sales', percent = 101 } }",
            "routes.lua:2: route 1: `percent` is 101; wanted a whole number from 0 to 100",
        ),
        (
            "return {\n  { script = 'sales', direction = 'in' } }",
            "routes.lua:2: route 1: `direction` is \"in\"; wanted \"inbound\" or \"outbound\"",
        ),
        ("return { { script = 'sales' }, 'x' }", "routes.lua:1: route 2 is \"x\"; wanted a table"),
        (
            "return { defualt = 'sales' }",
            "routes.lua:1: routes: there is no key `defualt`; did you mean `default`?\n  keys: default, fallback, on_new_call_error",
        ),
        (
            "return { default = 'salse' }",
            "routes.lua:1: there is no script `salse`; did you mean `sales`?",
        ),
        (
            "return { fallback = { transfer = '911' } }",
            "routes.lua:1: routes: `fallback.transfer` is \"911\"; wanted a phone number in E.164, such as \"+12065550100\"",
        ),
        (
            "return { on_new_call_error = 'retry' }",
            "routes.lua:1: routes: `on_new_call_error` is \"retry\"; wanted \"fallback\" or \"failover\"",
        ),
        ("return 5", "routes.lua:1: the file returns 5; wanted a table of routes"),
        ("local x = nil\nreturn x.y", "routes.lua:2: attempt to index nil with 'y'"),
        (
            "local n = 0\nwhile true do n += 1 end",
            "routes.lua:1: the file takes too long; it should only return a table",
        ),
        ("return {", "routes.lua:1: Expected identifier when parsing expression, got <eof>"),
    ] {
        assert_eq!(compile(routes).unwrap_err(), message, "{routes}");
    }
}

#[test]
fn routes_may_be_computed_and_read_the_config() {
    let routes = "local list = { default = 'sales' } for number = 1, 3 do list[number] = { to = '+' .. number, script = 'support/night' } end return list";
    assert_eq!(chosen(routes, &call(json!({"To": "+3"}), json!({}), json!({}))), "support/night");
}
