//! The API as a client meets it: what is asked, what comes back.

use super::*;

/// Calls that are only written down.
#[derive(Default)]
struct Book {
    placed: Vec<CallOrder>,
    updated: Vec<(String, String, Map<String, Value>)>,
}

impl Calls for Book {
    fn place(&mut self, order: CallOrder) -> String {
        self.placed.push(order);
        format!("call-{}", self.placed.len())
    }

    fn update(&mut self, application: &str, call: &str, arguments: Map<String, Value>) -> bool {
        self.updated.push((application.to_owned(), call.to_owned(), arguments));
        call == "call-1"
    }
}

struct Client {
    account: Account,
    book: Book,
    is_strict: bool,
    warnings: Vec<String>,
}

impl Client {
    fn new(is_strict: bool) -> Self {
        Self {
            account: Account::new("111122223333"),
            book: Book::default(),
            is_strict,
            warnings: Vec::new(),
        }
    }

    fn ask(&mut self, line: &str, body: Value) -> (u16, Value) {
        let (method, target) = line.split_once(' ').unwrap();
        let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        let request = HttpRequest { method, target, body: &body };
        let (response, warnings) =
            handle(&mut self.account, &mut self.book, request, 1_718_036_405_907, self.is_strict);
        self.warnings.extend(warnings);
        let body = if response.body.is_empty() {
            Value::Null
        } else {
            serde_json::from_slice(&response.body).unwrap()
        };
        assert_eq!(response.error_type.is_some(), response.status >= 400);
        (response.status, body)
    }

    fn number(&mut self, number: &str) {
        let order =
            json!({"ProductType": "SipMediaApplicationDialIn", "E164PhoneNumbers": [number]});
        assert_eq!(self.ask("POST /phone-number-orders", order).0, 201);
    }

    fn application(&mut self, name: &str) -> String {
        let arn = format!("arn:aws:lambda:us-east-1:111122223333:function:{name}");
        let body =
            json!({"AwsRegion": "us-east-1", "Name": name, "Endpoints": [{"LambdaArn": arn}]});
        let (status, answer) = self.ask("POST /sip-media-applications", body);
        assert_eq!(status, 201, "{answer}");
        answer["SipMediaApplication"]["SipMediaApplicationId"].as_str().unwrap().to_owned()
    }

    fn rule(&mut self, number: &str, applications: &[&str]) -> (u16, Value) {
        let targets: Vec<_> = (1..)
            .zip(applications)
            .map(|(priority, id)| json!({"SipMediaApplicationId": id, "Priority": priority}))
            .collect();
        let body = json!({"Name": "Rule", "TriggerType": "ToPhoneNumber", "TriggerValue": number, "TargetApplications": targets});
        self.ask("POST /sip-rules", body)
    }
}

const NUMBER: &str = "+18445550123";

#[test]
fn a_number_is_found_ordered_named_given_back_and_had_again() {
    let mut client = Client::new(false);
    let (status, found) = client.ask(
        "GET /search?type=phone-numbers&country=US&toll-free-prefix=844&phone-number-type=TollFree&max-results=5",
        Value::Null,
    );
    assert_eq!((status, found["E164PhoneNumbers"].as_array().unwrap().len()), (200, 5));
    assert_eq!(found["NextToken"], "from-5");
    client.number(NUMBER);
    let order = json!({"ProductType": "SipMediaApplicationDialIn", "E164PhoneNumbers": [NUMBER]});
    let again = client.ask("POST /phone-number-orders", order).1["PhoneNumberOrder"].clone();
    assert_eq!(
        (&again["Status"], &again["OrderedPhoneNumbers"][0]["Status"]),
        (&json!("Failed"), &json!("Failed"))
    );
    let id = again["PhoneNumberOrderId"].as_str().unwrap().to_owned();
    assert_eq!(
        client.ask(&format!("GET /phone-number-orders/{id}"), Value::Null).1["PhoneNumberOrder"],
        again
    );
    assert_eq!(
        client.ask("GET /phone-number-orders?max-results=1", Value::Null).1["NextToken"],
        "from-1"
    );
    let path = "/phone-numbers/%2B18445550123";
    let number =
        client.ask(&format!("POST {path}"), json!({"Name": "front desk"})).1["PhoneNumber"].clone();
    assert_eq!(
        (&number["Name"], &number["Status"], &number["Type"]),
        (&json!("front desk"), &json!("Unassigned"), &json!("TollFree"))
    );
    assert_eq!(client.ask(&format!("DELETE {path}"), Value::Null), (204, Value::Null));
    let number = client.ask(&format!("GET {path}"), Value::Null).1["PhoneNumber"].clone();
    assert_eq!(
        (&number["Status"], &number["DeletionTimestamp"]),
        (&json!("ReleaseInProgress"), &json!("2024-06-17T16:20:05.907Z"))
    );
    assert_eq!(
        client.ask(&format!("POST {path}?operation=restore"), Value::Null).1["PhoneNumber"]["Status"],
        "Unassigned"
    );
    assert_eq!(client.ask(&format!("POST {path}?operation=restore"), Value::Null).0, 400);
    assert_eq!(
        client.ask("GET /phone-numbers?status=Assigned", Value::Null).1["PhoneNumbers"],
        json!([])
    );
}

#[test]
fn a_rule_assigns_its_number_and_leads_calls_to_its_applications() {
    let mut client = Client::new(false);
    client.number(NUMBER);
    let (main, backup) = (client.application("Main"), client.application("Backup"));
    assert_eq!(client.rule("+18445550199", &[&main]).0, 400, "a number that is not the account's");
    let (status, rule) = client.rule(NUMBER, &[&main]);
    let id = rule["SipRule"]["SipRuleId"].as_str().unwrap().to_owned();
    assert_eq!(
        (status, &rule["SipRule"]["TargetApplications"][0]["AwsRegion"]),
        (201, &json!("us-east-1"))
    );
    assert_eq!(client.rule(NUMBER, &[&main]).0, 409);
    let numbers = client
        .ask(&format!("GET /phone-numbers?filter-name=SipRuleId&filter-value={id}"), Value::Null)
        .1;
    assert_eq!(numbers["PhoneNumbers"][0]["Status"], "Assigned");
    assert_eq!(client.ask("DELETE /phone-numbers/%2B18445550123", Value::Null).0, 400);
    // The tutorial puts both into one Region.
    let targets = json!([{"SipMediaApplicationId": main, "Priority": 2}, {"SipMediaApplicationId": backup, "Priority": 1}]);
    let update = json!({"Name": "Rule", "TargetApplications": targets});
    assert_eq!(client.ask(&format!("PUT /sip-rules/{id}"), update.clone()).0, 202);
    assert!(
        client.warnings[0].contains("each must be in a different Region"),
        "{:?}",
        client.warnings
    );
    let trigger = crate::Trigger::ToPhoneNumber(NUMBER.to_owned());
    let (rule, applications) = client.account.route(&trigger).unwrap();
    assert_eq!((rule, applications[0].id.clone()), (id.clone(), backup.clone()));
    assert_eq!(
        client.ask(&format!("GET /sip-rules?sip-media-application={backup}"), Value::Null).1["SipRules"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(
        client.ask(&format!("PUT /sip-rules/{id}"), json!({"Name": "Rule", "Disabled": true})).0,
        202
    );
    assert!(client.account.route(&trigger).is_none());
    assert_eq!(client.ask(&format!("DELETE /sip-rules/{id}"), Value::Null).0, 204);
    assert_eq!(client.account.numbers(), [NUMBER]);
    assert_eq!(client.ask(&format!("DELETE /sip-media-applications/{main}"), Value::Null).0, 204);
    assert_eq!(client.ask(&format!("GET /sip-media-applications/{main}"), Value::Null).0, 404);
}

#[test]
fn strictly_what_only_the_tutorial_does_is_refused() {
    let mut client = Client::new(true);
    client.number(NUMBER);
    let (main, backup) = (client.application("Main"), client.application("Backup"));
    assert_eq!(client.rule(NUMBER, &[&main, &backup]).0, 400);
    let id = client.rule(NUMBER, &[&main]).1["SipRule"]["SipRuleId"].as_str().unwrap().to_owned();
    assert_eq!(client.ask(&format!("DELETE /sip-media-applications/{main}"), Value::Null).0, 409);
    assert_eq!(client.ask(&format!("DELETE /sip-rules/{id}"), Value::Null).0, 409);
    assert!(client.warnings.is_empty());
}

#[test]
fn calls_are_placed_and_updated() {
    let mut client = Client::new(false);
    client.number(NUMBER);
    let main = client.application("Main");
    let path = format!("POST /sip-media-applications/{main}/calls");
    let body = json!({"FromPhoneNumber": NUMBER, "ToPhoneNumber": "+12065550102", "ArgumentsMap": {"k": "v"}, "SipHeaders": {"X-Foo": "bar"}});
    assert_eq!(
        client.ask(&path, body),
        (201, json!({"SipMediaApplicationCall": {"TransactionId": "call-1"}}))
    );
    assert_eq!(client.book.placed[0].arguments, json!({"k": "v"}).as_object().unwrap().clone());
    for wrong in [
        json!({"FromPhoneNumber": "+19995550100", "ToPhoneNumber": "+12065550102"}),
        json!({"FromPhoneNumber": NUMBER, "ToPhoneNumber": "911x"}),
        json!({"FromPhoneNumber": NUMBER}),
        json!({"FromPhoneNumber": NUMBER, "ToPhoneNumber": "+12065550102", "ArgumentsMap": {"k": 5}}),
    ] {
        assert_eq!(client.ask(&path, wrong).0, 400);
    }
    assert_eq!(client.ask(&format!("{path}/call-1"), json!({"Arguments": {"action": "x"}})).0, 202);
    assert_eq!(client.ask(&format!("{path}/call-9"), json!({"Arguments": {}})).0, 404);
    assert_eq!(client.ask(&format!("{path}/call-1"), Value::Null).0, 400);
    let logging = format!("/sip-media-applications/{main}/logging-configuration");
    let on = json!({"SipMediaApplicationLoggingConfiguration": {"EnableSipMediaApplicationMessageLogs": true}});
    assert_eq!(client.ask(&format!("PUT {logging}"), on.clone()), (200, on.clone()));
    assert_eq!(client.ask(&format!("GET {logging}"), Value::Null), (200, on));
    let update = json!({"Name": "New", "Endpoints": [{"LambdaArn": "arn:aws:lambda:us-east-1:111122223333:function:Other"}]});
    let updated = client.ask(&format!("PUT /sip-media-applications/{main}"), update).1;
    assert_eq!(updated["SipMediaApplication"]["Name"], "New");
    assert!(client.account.application(&main).unwrap().lambda_arn.ends_with("Other"));
    let elsewhere = json!({"Endpoints": [{"LambdaArn": "arn:aws:lambda:eu-west-1:111122223333:function:Other"}]});
    assert_eq!(client.ask(&format!("PUT /sip-media-applications/{main}"), elsewhere).0, 400);
}

#[test]
fn a_meeting_is_made_once_for_a_token_and_attended() {
    let mut client = Client::new(false);
    let body = json!({"ClientRequestToken": "tok12", "MediaRegion": "us-east-1", "ExternalMeetingId": "ext1"});
    let meeting = client.ask("POST /meetings", body.clone()).1["Meeting"].clone();
    assert_eq!(client.ask("POST /meetings", body.clone()).1["Meeting"], meeting);
    let mut other = body.clone();
    other["ExternalMeetingId"] = json!("ext2");
    assert_eq!(client.ask("POST /meetings", other).0, 409);
    let mut with = body;
    with["Attendees"] = json!([{"ExternalUserId": "u1"}, {"ExternalUserId": "u"}]);
    assert_eq!(client.ask("POST /meetings?operation=create-attendees", with.clone()).0, 400);
    with["Attendees"] = json!([{"ExternalUserId": "u1"}]);
    let (status, both) = client.ask("POST /meetings?operation=create-attendees", with);
    assert_eq!(
        (status, both["Attendees"].as_array().unwrap().len(), &both["Meeting"]),
        (200, 1, &meeting)
    );
    let id = meeting["MeetingId"].as_str().unwrap();
    let attendees = format!("/meetings/{id}/attendees");
    let one =
        client.ask(&format!("POST {attendees}"), json!({"ExternalUserId": "u2"})).1["Attendee"]
            .clone();
    assert_eq!(
        client.ask(&format!("POST {attendees}"), json!({"ExternalUserId": "u2"})).1["Attendee"],
        one
    );
    let token = one["JoinToken"].as_str().unwrap();
    assert!(client.account.meetings()[id].attendees.contains_key(token));
    let more = json!({"Attendees": [{"ExternalUserId": "u3"}]});
    assert_eq!(client.ask(&format!("POST {attendees}?operation=batch-create"), more).0, 200);
    assert_eq!(
        client.ask(&format!("GET {attendees}"), Value::Null).1["Attendees"]
            .as_array()
            .unwrap()
            .len(),
        3
    );
    let attendee = format!("{attendees}/{}", one["AttendeeId"].as_str().unwrap());
    assert_eq!(client.ask(&format!("GET {attendee}"), Value::Null).1["Attendee"], one);
    assert_eq!(client.ask(&format!("DELETE {attendee}"), Value::Null).0, 204);
    assert_eq!(client.ask(&format!("GET {attendee}"), Value::Null).0, 404);
    assert_eq!(client.ask(&format!("DELETE /meetings/{id}"), Value::Null).0, 204);
    assert_eq!(client.ask(&format!("GET /meetings/{id}"), Value::Null).0, 404);
    assert_eq!(client.ask(&format!("POST {attendees}"), json!({"ExternalUserId": "u2"})).0, 404);
}

#[test]
fn what_cannot_be_read_is_refused_and_breaks_nothing() {
    let mut client = Client::new(false);
    for (line, body, status) in [
        ("GET /", &b""[..], 404),
        ("PATCH /meetings", b"{}", 404),
        ("GET /sip-rules/../../x", b"", 404),
        ("GET /phone-numbers/%zz", b"", 400),
        ("GET /phone-numbers/%ff", b"", 400),
        ("GET /phone-numbers?max-results=0", b"", 400),
        ("GET /phone-numbers?next-token=nonsense", b"", 400),
        ("GET /phone-numbers?next-token=from-18446744073709551615&max-results=100", b"", 200),
        ("POST /meetings", b"{", 400),
        ("POST /meetings", b"[]", 400),
        ("POST /meetings", b"{}", 400),
        ("POST /sip-rules", b"{\"Name\": 5}", 400),
        ("POST /phone-number-orders", b"{\"ProductType\": \"x\"}", 400),
    ] {
        let (method, target) = line.split_once(' ').unwrap();
        let request = HttpRequest { method, target, body };
        let (response, _) = handle(&mut client.account, &mut client.book, request, 0, false);
        assert_eq!(response.status, status, "{line}: {}", String::from_utf8_lossy(&response.body));
    }
    let text = serde_json::to_string(&client.account).unwrap();
    assert_eq!(serde_json::from_str::<Account>(&text).unwrap().id, "111122223333");
}

#[test]
fn a_rule_goes_on_with_the_applications_that_are_left() {
    let mut client = Client::new(false);
    client.number(NUMBER);
    let (main, backup) = (client.application("Main"), client.application("Backup"));
    let id = client.rule(NUMBER, &[&main, &backup]).1["SipRule"]["SipRuleId"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(client.ask(&format!("DELETE /sip-media-applications/{main}"), Value::Null).0, 204);
    let trigger = crate::Trigger::ToPhoneNumber(NUMBER.to_owned());
    assert_eq!(client.account.route(&trigger).unwrap().1[0].id, backup);
    assert_eq!(
        client.ask(&format!("PUT /sip-rules/{id}"), json!({"Name": "Rule", "Disabled": true})).0,
        202
    );
    assert!(client.account.route(&trigger).is_none());
}

#[test]
fn a_number_that_was_given_back_is_not_offered_until_it_is_gone() {
    let mut client = Client::new(false);
    let search = "GET /search?type=phone-numbers&toll-free-prefix=844&max-results=1";
    let first =
        client.ask(search, Value::Null).1["E164PhoneNumbers"][0].as_str().unwrap().to_owned();
    client.number(&first);
    let path = format!("/phone-numbers/{}", first.replace('+', "%2B"));
    assert_eq!(client.ask(&format!("DELETE {path}"), Value::Null).0, 204);
    assert_eq!(client.ask(&format!("DELETE {path}"), Value::Null).0, 400);
    assert_ne!(client.ask(search, Value::Null).1["E164PhoneNumbers"][0], json!(first));
    let week = 1_718_036_405_907 + 8 * 86_400_000;
    let request = HttpRequest {
        method: "GET",
        target: "/search?type=phone-numbers&toll-free-prefix=844",
        body: b"",
    };
    let (response, _) = handle(&mut client.account, &mut client.book, request, week, false);
    assert!(String::from_utf8(response.body).unwrap().contains(&first));
}

#[test]
fn values_that_the_model_refuses_are_refused() {
    let mut client = Client::new(false);
    client.number(NUMBER);
    let main = client.application("Main");
    let targets = |priority: Value| json!([{"SipMediaApplicationId": main, "Priority": priority}]);
    let rule = |disabled: Value, priority: Value, target: Value| {
        json!({"Name": "R", "TriggerType": "ToPhoneNumber", "TriggerValue": NUMBER, "Disabled": disabled,
            "TargetApplications": if target.is_null() { targets(priority) } else { target }})
    };
    for (line, body) in [
        ("POST /sip-rules", rule(json!("yes"), json!(1), Value::Null)),
        ("POST /sip-rules", rule(json!(false), json!("x"), Value::Null)),
        (
            "POST /sip-rules",
            rule(json!(false), json!(1), json!([{"SipMediaApplicationId": "none"}])),
        ),
        (
            "POST /sip-media-applications/none/calls",
            json!({"FromPhoneNumber": NUMBER, "ToPhoneNumber": NUMBER}),
        ),
        ("GET /phone-numbers/%+1", Value::Null),
        ("GET /phone-numbers?product-type=Nonsense", Value::Null),
        ("GET /phone-numbers?filter-name=Nonsense&filter-value=x", Value::Null),
        ("GET /search?type=phone-numbers&phone-number-type=Nonsense", Value::Null),
        ("POST /phone-numbers/%2B18445550123", json!({"CallingName": "a-b"})),
        ("POST /phone-numbers/%2B18445550123", json!({"CallingName": "x"})),
        (
            "POST /phone-number-orders",
            json!({"ProductType": "VoiceConnector", "E164PhoneNumbers": []}),
        ),
        ("GET /meetings/none", Value::Null),
        (
            "POST /meetings",
            json!({"ClientRequestToken": "a b", "MediaRegion": "us-east-1", "ExternalMeetingId": "x1"}),
        ),
        (
            "POST /meetings",
            json!({"ClientRequestToken": "ab", "MediaRegion": "us-east-1", "ExternalMeetingId": "x1",
                "MeetingFeatures": {"Attendee": {"MaxCount": 251}}}),
        ),
        (
            "POST /meetings",
            json!({"ClientRequestToken": "ab", "MediaRegion": "us-east-1", "ExternalMeetingId": "x1",
                "Tags": [{"Key": "k"}]}),
        ),
    ] {
        assert_eq!(client.ask(line, body.clone()).0, 400, "{line} {body}");
    }
    assert_eq!(client.ask("POST /phone-numbers/x?operation=bogus", json!({})).0, 404);
}
