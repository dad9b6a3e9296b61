//! Publishing over an S3 that fails: at each request, with each kind of fault, for pusher and host.

use std::time::Duration;

use harness::{Proxy, S3, says, until};

use crate::published::{done, heard, log_has, moonring_by, start, write};

/// What S3 says when it refuses, is at odds, fails or is too busy.
const FAULTS: [u16; 5] = [403, 409, 412, 500, 503];

#[test]
fn a_function_answers_from_what_served_while_s3_refuses_anything_of_the_next_release() {
    let (s3, folder) = (S3::shared(), tempfile::tempdir().unwrap());
    let folder = folder.path();
    let proxy = Proxy::start(&s3.endpoint);
    write(folder, "release 0");
    done(&s3, folder, &["push", "--alias", "live"]);
    let function = start(&s3, &[("AWS_ENDPOINT_URL", &proxy.endpoint)]);
    let mut serves = "release 0".to_owned();
    assert_eq!(heard(&function), serves);
    let mut number = 0;
    let mut next = |hurt: &dyn Fn(&Proxy), what: &str, told: &str| {
        number += 1;
        hurt(&proxy);
        let text = format!("release {number}");
        write(folder, &text);
        done(&s3, folder, &["push", "--alias", "live"]);
        proxy.take_requests();
        // What is hurt has been asked for, and the call has heard what served.
        until(told, || {
            assert_eq!(heard(&function), serves, "{told}");
            let asked = proxy.take_requests();
            asked.iter().any(|asked| asked.starts_with(what)).then_some(())
        });
        assert_eq!(heard(&function), serves, "{told}");
        proxy.pass();
        until(told, || (heard(&function) == text).then_some(()));
        serves = text;
    };
    for status in FAULTS {
        for what in ["aliases/live.json", "releases/", "blobs/"] {
            next(&|proxy| proxy.refuse(what, status), what, &format!("{status} for {what}"));
        }
    }
    for what in ["aliases/live.json", "releases/", "blobs/"] {
        next(&|proxy| proxy.cut(what), what, &format!("{what} cut off"));
    }
    next(&|proxy| proxy.delay(Duration::from_secs(3)), "aliases/live.json", "slow");
    assert!(function.event_lines().iter().all(|line| line["outcome"] == "answered"));
}

#[test]
fn a_push_that_s3_refuses_at_any_request_leaves_what_served_and_ends_when_it_is_repeated() {
    let (s3, folder) = (S3::shared(), tempfile::tempdir().unwrap());
    let folder = folder.path();
    let proxy = Proxy::start(&s3.endpoint);
    write(folder, "release 0");
    done(&s3, folder, &["push", "--alias", "live"]);
    let function = start(&s3, &[]);
    let mut serves = "release 0".to_owned();
    assert_eq!(heard(&function), serves);
    let mut number = 0;
    for status in FAULTS {
        for request in 1.. {
            number += 1;
            let text = format!("release {number}");
            write(folder, &text);
            proxy.take_requests();
            // This request and all after it, as though the network had gone.
            proxy.fail_with(request..usize::MAX, status);
            let push = ["push", "--alias", "live"];
            let output = moonring_by(&proxy.endpoint, &s3, folder, &push);
            let asked = proxy.take_requests();
            proxy.pass();
            if output.status.success() {
                assert!(request > 4, "a push has more requests than {asked:?}");
                break;
            }
            let told = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(told.contains("s3://"), "request {request}, {status}: {told}");
            assert_eq!(heard(&function), serves, "request {request}, {status}: {asked:?}");
            assert_eq!(heard(&start(&s3, &[])), serves, "a new instance: {asked:?}");
            done(&s3, folder, &push);
            until(&text, || (heard(&function) == text).then_some(()));
            serves = text;
        }
        serves = format!("release {number}");
        until(&serves, || (heard(&function) == serves).then_some(()));
    }
    assert!(function.event_lines().iter().all(|line| line["outcome"] == "answered"));
}

#[test]
fn of_two_who_push_at_once_each_is_done_or_told_that_the_other_was_faster() {
    let (s3, first, second) =
        (S3::shared(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    write(first.path(), "first 0");
    done(&s3, first.path(), &["push", "--alias", "live"]);
    let function = start(&s3, &[]);
    for round in 0..10 {
        let texts = [format!("first {round}"), format!("second {round}")];
        write(first.path(), &texts[0]);
        write(second.path(), &texts[1]);
        let push = |folder| moonring_by(&s3.endpoint, &s3, folder, &["push", "--alias", "live"]);
        let outputs = std::thread::scope(|scope| {
            let other = scope.spawn(|| push(second.path()));
            [push(first.path()), other.join().unwrap()]
        });
        assert!(outputs.iter().any(|output| output.status.success()), "{outputs:?}");
        for output in outputs.iter().filter(|output| !output.status.success()) {
            let told = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(told.contains("somebody else has moved the alias `live`"), "{told}");
        }
        let text = heard(&function);
        until("one of the two", || texts.contains(&heard(&function)).then_some(()));
        assert!(text.starts_with("first ") || text.starts_with("second "), "{text}");
    }
}

#[test]
fn recorded_calls_are_replayed_before_an_alias_moves() {
    let (s3, folder) = (S3::shared(), tempfile::tempdir().unwrap());
    let folder = folder.path();
    write(folder, "as recorded");
    done(&s3, folder, &["push", "--alias", "live"]);
    std::fs::create_dir(folder.join("calls")).unwrap();
    let mut call = std::process::Command::new(harness::moonring());
    call.args(["call", "--keys", "wait 1 hangup", "--trace", "calls/one.json"]).current_dir(folder);
    assert!(call.env_clear().output().unwrap().status.success());
    crate::records::keep(&folder.join("calls/one.json"), &folder.join("calls/kept"));
    write(folder, "something else");
    done(&s3, folder, &["push"]);
    let promote = ["promote", "draft", "live", "--replay", "calls"];
    let output = moonring_by(&s3.endpoint, &s3, folder, &promote);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("nothing has moved"), "{told}");
    let shown = String::from_utf8_lossy(&output.stdout).into_owned();
    // Three events of the transcript, and of the same call as a host has kept it.
    assert_eq!(shown.matches("now       \"something else\"").count(), 6, "{shown}");
    let function = start(&s3, &[]);
    assert_eq!(heard(&function), "as recorded");
    std::fs::write(folder.join("scripts/main.lua"), says("as recorded") + "\n-- as it was\n")
        .unwrap();
    done(&s3, folder, &["push"]);
    let release = done(&s3, folder, &promote);
    assert!(release.contains("live serves "), "{release}");
    until("the move", || log_has(&function, "the alias has moved").then(|| heard(&function)));
}

#[test]
fn status_counts_the_calls_that_are_on_an_older_release() {
    let (s3, folder) = (S3::shared(), tempfile::tempdir().unwrap());
    let folder = folder.path();
    write(folder, "one");
    let first = done(&s3, folder, &["push", "--alias", "live"]);
    let function = start(&s3, &[]);
    assert_eq!(heard(&function), "one");
    assert_eq!(heard(&function), "one");
    write(folder, "two");
    let second = done(&s3, folder, &["push", "--alias", "live"]);
    until("two", || (heard(&function) == "two").then_some(()));
    let lines: Vec<String> = function.log().iter().map(ToString::to_string).collect();
    std::fs::write(folder.join("calls.log"), lines.join("\n")).unwrap();
    let told = done(&s3, folder, &["status", "--logs", "calls.log"]);
    assert!(told.contains(&format!("{first}  ")), "{told}");
    assert!(told.contains(&format!("{second}  1 calls in progress")), "{told}");
}
