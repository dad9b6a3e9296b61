//! Calls and meetings that scripts make: two callers in one room, call-backs.

use harness::{Function, S3, Simulator, Web, new_call, said};
use serde_json::{Value, json};

use crate::services::Asking;

/// The settings of a process whose Chime is a simulator.
fn chime(simulator: &Simulator) -> [(&'static str, String); 2] {
    [
        ("AWS_ENDPOINT_URL_CHIME_SDK_MEETINGS", simulator.endpoint.clone()),
        ("AWS_ENDPOINT_URL_CHIME_SDK_VOICE", simulator.endpoint.clone()),
    ]
}

#[test]
fn callers_with_one_pin_meet_and_what_is_made_is_made_once() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("main.lua"), "return { default = function() end }").unwrap();
    let simulator = Simulator::start(&["--scripts", folder.path().to_str().unwrap()]);
    let settings = chime(&simulator);
    let settings: Vec<_> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let body = "local meeting = chime.create_meeting { token = 'pin-12345' }
        local attendee = chime.create_attendee { meeting_id = meeting.meeting_id }
        local own = chime.create_meeting {}
        local both = chime.create_meeting_with_attendees { token = 'two', attendees = { { external_user_id = 'ab' }, { external_user_id = 'cd' } } }
        local list = chime.list_attendees { meeting_id = meeting.meeting_id }
        local _, wrong = chime.get_meeting { meeting_id = '00000000-0000-4000-8000-000000000000' }
        local _, nobody = chime.update_call { transaction_id = 'x', application_id = 'y' }
        return meeting.meeting_id, own.meeting_id, attendee.meeting_id == meeting.meeting_id, #both.attendees, #list.attendees, wrong.type, nobody ~= nil";
    let (one, other) = (Asking::new(body, &settings), Asking::new(body, &settings));
    let first = one.told();
    assert_eq!(
        first.as_array().unwrap()[2..],
        [json!(true), json!(2), json!(1), json!("not_found"), json!(true)]
    );
    // The event comes again, to another process: the same meetings.
    let other = Asking { call: one.call.clone(), ..other };
    let second = other.told();
    assert_eq!((&second[0], &second[1]), (&first[0], &first[1]));
    // And to the same process: nothing is asked again.
    assert_eq!(one.told(), first);
}

/// A process with the examples, whose Chime is a simulator.
fn examples(
    simulator: &Simulator,
    script: &str,
    more: &[(&str, &str)],
) -> (Function, tempfile::TempDir) {
    let scripts = harness::project("scripts");
    let folder = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(scripts).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, folder.path().join(path.file_name().unwrap())).unwrap();
    }
    std::fs::write(
        folder.path().join("routes.lua"),
        format!("return {{ default = \"{script}\" }}"),
    )
    .unwrap();
    let settings = chime(simulator);
    let mut all = vec![("MOONRING_SCRIPTS", folder.path().to_str().unwrap())];
    all.extend(settings.iter().map(|(name, value)| (*name, value.as_str())));
    all.extend(more);
    (Function::start(&all), folder)
}

/// The end of a call's first leg.
fn hangup(call: &Value, before: &Value) -> Value {
    let mut event = harness::event_of("flow", "HANGUP-Hangup-lega");
    event["CallDetails"] = call["CallDetails"].clone();
    event["CallDetails"]["TransactionAttributes"] = before["TransactionAttributes"].clone();
    event["CallDetails"]["Participants"][0]["Status"] = json!("Disconnected");
    event["ActionData"]["Parameters"]["CallId"] =
        call["CallDetails"]["Participants"][0]["CallId"].clone();
    event
}

/// How many attendees a meeting has.
fn attendees(simulator: &Simulator, meeting: &str) -> usize {
    let (_, list) = simulator.ask("GET", &format!("/meetings/{meeting}/attendees"), "");
    list["Attendees"].as_array().map_or(0, Vec::len)
}

#[test]
fn two_callers_with_one_room_meet_and_leave_as_a_flow_and_as_handlers() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("main.lua"), "return { default = function() end }").unwrap();
    for script in ["conference", "conference_handlers"] {
        let simulator = Simulator::start(&["--scripts", folder.path().to_str().unwrap()]);
        let functions = [examples(&simulator, script, &[]), examples(&simulator, script, &[])];
        let mut joined = Vec::new();
        for (function, _) in &functions {
            let (call, mut attributes) = (new_call(), Value::Null);
            let first = function.invoke(&call).answer;
            let event = crate::flows::pressed(&call, &first, &mut attributes, "1001");
            let second = function.invoke(&event).answer;
            assert_eq!(
                functions[0].0.invoke(&event).answer["Actions"],
                second["Actions"],
                "{script}: the event comes once more"
            );
            let join = &second["Actions"][1];
            assert_eq!(join["Type"], "JoinChimeMeeting", "{script}: {second}");
            joined.push((
                function,
                call,
                second.clone(),
                join["Parameters"]["MeetingId"].as_str().unwrap().to_owned(),
            ));
        }
        let meeting = joined[0].3.clone();
        assert_eq!(meeting, joined[1].3, "{script}: one room, one meeting");
        assert_eq!(attendees(&simulator, &meeting), 2, "{script}");
        for (function, call, before, _) in &joined {
            function.invoke(&hangup(call, before));
        }
        assert_eq!(attendees(&simulator, &meeting), 0, "{script}: whoever hangs up is gone");
    }
}

#[test]
fn whoever_asks_for_it_is_called_back_once_they_have_hung_up() {
    let s3 = S3::shared();
    let storage = format!("{}/storage", s3.location());
    let kept = [("MOONRING_STORAGE", storage.as_str()), ("AWS_ENDPOINT_URL", &s3.endpoint)];
    // The one keeps who waits, with `@std/callback`.
    for (script, digit, told) in
        [("callback", "1", "called back"), ("callback_handlers", "2", "call back")]
    {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("main.lua"), "return { default = function() end }")
            .unwrap();
        let simulator = Simulator::start(&["--scripts", folder.path().to_str().unwrap()]);
        let number = "+18445550123";
        let order =
            json!({"ProductType": "SipMediaApplicationDialIn", "E164PhoneNumbers": [number]});
        assert_eq!(simulator.ask("POST", "/phone-number-orders", order.to_string()).0, 201);
        let arn = "arn:aws:lambda:us-east-1:111122223333:function:F";
        let body =
            json!({"AwsRegion": "us-east-1", "Name": "app", "Endpoints": [{"LambdaArn": arn}]});
        let (_, made) = simulator.ask("POST", "/sip-media-applications", body.to_string());
        let mut call = new_call();
        call["CallDetails"]["SipMediaApplicationId"] =
            made["SipMediaApplication"]["SipMediaApplicationId"].clone();
        call["CallDetails"]["Participants"][0]["To"] = json!(number);
        let mut attributes = Value::Null;
        let (function, _scripts) = examples(&simulator, script, &kept);
        let first = function.invoke(&call).answer;
        let second =
            function.invoke(&crate::flows::pressed(&call, &first, &mut attributes, digit)).answer;
        assert_eq!(said(&second), "Please hang up. We will call you right back.", "{script}");
        function.invoke(&hangup(&call, &second));
        let line = function.log_line(told);
        let id = line["fields"]["id"].as_str().unwrap_or_else(|| panic!("{script}: {line}"));
        assert_eq!(simulator.ask("GET", &format!("/moonring/calls/{id}"), "").0, 200, "{script}");
    }
}

#[test]
fn a_request_without_a_token_is_made_once_among_processes_that_share_a_journal() {
    let (s3, web) = (S3::shared(), Web::start());
    let folder = tempfile::tempdir().unwrap();
    let script = "return function(call)
      local reply, err = http.post('https://localhost:PORT/echo', { from = call.from })
      call:ask { say = reply and 'posted' or err.message, max = 1 }
    end";
    std::fs::write(folder.path().join("main.lua"), script.replace("PORT", &web.port.to_string()))
        .unwrap();
    let journal = format!("{}/journals", s3.location());
    let settings = [
        ("MOONRING_SCRIPTS", folder.path().to_str().unwrap()),
        ("MOONRING_STATE", &journal),
        ("MOONRING_HTTP_ALLOW", "localhost"),
        ("SSL_CERT_FILE", web.certificate.as_str()),
        ("AWS_ENDPOINT_URL", &s3.endpoint),
    ];
    let (one, other) = (Function::start(&settings), Function::start(&settings));
    let call = new_call();
    let first = one.invoke(&call).answer;
    assert_eq!(first["Actions"][0]["Parameters"]["SpeechParameters"]["Text"], "posted");
    let claims =
        || s3.names().into_iter().filter(|name| name.contains("/request-")).collect::<Vec<_>>();
    assert_eq!(claims().len(), 1);
    drop(web);
    // The server is gone: the other process has the reply from the one that asked.
    assert_eq!(other.invoke(&call).answer["Actions"], first["Actions"]);
    assert_eq!(claims().len(), 1);
}
