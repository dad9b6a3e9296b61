//! Outages: S3 that is gone, slow or never there; callers are answered in time all the same.

use std::net::TcpListener;
use std::time::Duration;

use harness::{APOLOGY, Function, Proxy, S3, new_call, said, says, until};

/// The service sends an event again when its answer is not there by then (rule 29).
const SERVICE_WAITS: Duration = Duration::from_secs(5);

#[test]
fn calls_are_answered_in_time_when_s3_stops() {
    let mut s3 = S3::own();
    s3.put("main.lua", &says("still here"));
    let settings = [
        ("MOONRING_SCRIPTS", s3.location()),
        ("AWS_ENDPOINT_URL", s3.endpoint.clone()),
        ("MOONRING_REFRESH_SECONDS", "0".to_owned()),
    ];
    let function =
        Function::start(&settings.each_ref().map(|(name, value)| (*name, value.as_str())));
    assert_eq!(said(&function.invoke(&new_call()).answer), "still here");
    s3.stop();
    for _ in 0..5 {
        let reply = function.invoke(&new_call());
        assert_eq!(said(&reply.answer), "still here");
        assert!(
            reply.took < Duration::from_secs(1),
            "a look holds a call 150 ms at most, and took {:?}",
            reply.took
        );
    }
    let line = function.log_line("the check for a new release failed");
    assert!(
        line["message"].as_str().unwrap().contains("cannot list the scripts: unavailable"),
        "{line}"
    );
}

#[test]
fn an_s3_that_accepts_and_never_answers_holds_a_call_for_a_moment_only() {
    // Connections are taken by the listener's queue and never read.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", silent.local_addr().unwrap());
    let function = Function::start(&[
        ("MOONRING_SCRIPTS", "s3://scripts/live"),
        ("AWS_ENDPOINT_URL", &endpoint),
    ]);
    let reply = function.invoke(&new_call());
    assert_eq!(said(&reply.answer), APOLOGY);
    assert!(reply.took < SERVICE_WAITS, "took {:?}", reply.took);
}

#[test]
fn a_host_whose_s3_is_down_at_the_start_answers_and_serves_once_it_is_back() {
    let s3 = S3::shared();
    let proxy = Proxy::start(&s3.endpoint);
    s3.put("main.lua", &says("back"));
    proxy.refuse("list", 503);
    let function = Function::start(&[
        ("MOONRING_SCRIPTS", &s3.location()),
        ("AWS_ENDPOINT_URL", &proxy.endpoint),
    ]);
    let reply = function.invoke(&new_call());
    assert_eq!(said(&reply.answer), APOLOGY);
    assert!(reply.took < SERVICE_WAITS, "took {:?}", reply.took);
    function.log_line("no release is loaded yet");
    assert_eq!(function.event_lines()[0]["reason"], "no_release");
    proxy.pass();
    until("back", || (said(&function.invoke(&new_call()).answer) == "back").then_some(()));
}

#[test]
fn an_empty_prefix_is_named() {
    let s3 = S3::shared();
    let function = Function::start(&[
        ("MOONRING_SCRIPTS", &s3.location()),
        ("AWS_ENDPOINT_URL", &s3.endpoint),
    ]);
    assert_eq!(said(&function.invoke(&new_call()).answer), APOLOGY);
    let line = function.log_line("the release is refused");
    assert!(
        line["message"]
            .as_str()
            .unwrap()
            .ends_with("there are no scripts (.lua or .luau files) here"),
        "{line}"
    );
    for _ in 0..3 {
        function.invoke(&new_call());
    }
    let refusals = function
        .log()
        .into_iter()
        .filter(|line| line["message"].as_str().unwrap().contains("refused"))
        .count();
    assert_eq!(refusals, 1, "what is refused is said once");
}
