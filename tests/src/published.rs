//! Published releases: pushed to a bucket, followed by a function, promoted, tried and rolled back.

use std::path::Path;
use std::process::{Command, Output};

use harness::{Function, S3, event_of, moonring, new_call, said, says, until};
use serde_json::Value;

fn moonring_in(s3: &S3, folder: &Path, arguments: &[&str]) -> Output {
    moonring_by(&s3.endpoint, s3, folder, arguments)
}

/// The same with another way to the server.
pub(crate) fn moonring_by(endpoint: &str, s3: &S3, folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(moonring());
    command.args(arguments).args(["--to", &s3.location()]).current_dir(folder).env_clear();
    command.env("AWS_ENDPOINT_URL", endpoint).env("AWS_REGION", "us-east-1");
    command.env("AWS_ACCESS_KEY_ID", "test").env("AWS_SECRET_ACCESS_KEY", "test");
    command.output().unwrap()
}

pub(crate) fn done(s3: &S3, folder: &Path, arguments: &[&str]) -> String {
    let output = moonring_in(s3, folder, arguments);
    let talk = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{arguments:?}: {talk}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

pub(crate) fn write(folder: &Path, text: &str) {
    std::fs::create_dir_all(folder.join("scripts")).unwrap();
    std::fs::write(folder.join("scripts/main.lua"), says(text)).unwrap();
}

pub(crate) fn start(s3: &S3, settings: &[(&str, &str)]) -> Function {
    let location = s3.location();
    let own = [
        ("MOONRING_SCRIPTS", location.as_str()),
        ("AWS_ENDPOINT_URL", &s3.endpoint),
        ("MOONRING_REFRESH_SECONDS", "0"),
    ];
    Function::start(&[&own, settings].concat())
}

pub(crate) fn heard(function: &Function) -> String {
    said(&function.invoke(&new_call()).answer).to_owned()
}

/// What a later event of a call hears, on whatever instance.
fn heard_later(function: &Function, first: &Value, answer: &Value) -> String {
    let call = first["CallDetails"]["TransactionId"].as_str().unwrap();
    let mut event = event_of(call, "DIGITS_RECEIVED-ReceiveDigits-match");
    event["CallDetails"]["TransactionAttributes"] = answer["TransactionAttributes"].clone();
    said(&function.invoke(&event).answer).to_owned()
}

pub(crate) fn log_has(function: &Function, text: &str) -> bool {
    let lines = function.lines();
    lines.iter().any(|line| line["message"].as_str().is_some_and(|message| message.contains(text)))
}

#[test]
fn a_function_follows_the_live_alias_and_a_rollback_takes_it_back() {
    let (s3, folder) = (S3::shared(), tempfile::tempdir().unwrap());
    let folder = folder.path();
    write(folder, "one");
    let first = done(&s3, folder, &["push"]);
    done(&s3, folder, &["promote", "draft", "live"]);
    let function = start(&s3, &[]);
    assert_eq!(heard(&function), "one");
    write(folder, "two");
    assert_ne!(done(&s3, folder, &["push"]), first);
    assert_eq!(heard(&function), "one", "a draft is not live");
    done(&s3, folder, &["promote", "draft", "live"]);
    until("the second release", || (heard(&function) == "two").then_some(()));
    done(&s3, folder, &["rollback"]);
    until("the first release", || (heard(&function) == "one").then_some(()));
    assert!(done(&s3, folder, &["status"]).contains(&first));
}

#[test]
fn a_release_with_errors_is_not_pushed() {
    let (s3, folder) = (S3::shared(), tempfile::tempdir().unwrap());
    std::fs::create_dir(folder.path().join("scripts")).unwrap();
    std::fs::write(folder.path().join("scripts/main.lua"), "return function(call) call:sya() end")
        .unwrap();
    let output = moonring_in(&s3, folder.path(), &["push"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(s3.names().is_empty(), "{:?}", s3.names());
}

#[test]
fn with_a_trusted_key_only_what_it_has_signed_is_served() {
    let (s3, folder) = (S3::shared(), tempfile::tempdir().unwrap());
    let folder = folder.path();
    let keys = Command::new(moonring()).args(["keys", "new"]).current_dir(folder).output().unwrap();
    let trust = String::from_utf8(keys.stdout).unwrap();
    let trust = trust.trim().strip_prefix("MOONRING_TRUST=").unwrap().to_owned();
    write(folder, "signed");
    done(&s3, folder, &["push", "--alias", "live", "--key", "moonring.key"]);
    let function = start(&s3, &[("MOONRING_TRUST", &trust)]);
    assert_eq!(heard(&function), "signed");
    write(folder, "forged");
    done(&s3, folder, &["push", "--alias", "live"]);
    assert_eq!(heard(&function), "signed");
    until("the refusal", || log_has(&function, "not signed").then_some(()));
    assert_eq!(heard(&function), "signed");
    // Plain files are not signed either, and a new instance has nothing else.
    s3.put("main.lua", &says("plain"));
    s3.delete("aliases/live.json");
    let other = start(&s3, &[("MOONRING_TRUST", &trust)]);
    assert_eq!(heard(&other), harness::APOLOGY);
}

#[test]
fn calls_stay_on_their_releases_on_every_instance_while_aliases_move() {
    let (s3, folder) = (S3::shared(), tempfile::tempdir().unwrap());
    let folder = folder.path();
    write(folder, "release 0");
    done(&s3, folder, &["push", "--alias", "live"]);
    let functions: Vec<Function> = (0..4).map(|_| start(&s3, &[])).collect();
    let mut calls: Vec<(Value, Value, String)> = Vec::new();
    for number in 0..500_usize {
        if number % 25 == 24 {
            match (number / 25) % 4 {
                0 => {
                    write(folder, &format!("release {number}"));
                    done(&s3, folder, &["push"]);
                    done(&s3, folder, &["promote", "draft", "live", "--percent", "30"]);
                }
                1 => drop(done(&s3, folder, &["promote", "draft", "live"])),
                2 => drop(done(&s3, folder, &["rollback"])),
                _ => {
                    write(folder, &format!("release {number}"));
                    done(&s3, folder, &["push", "--alias", "live"]);
                }
            }
        }
        let first = new_call();
        let answer = functions[number % 4].invoke(&first).answer;
        let text = said(&answer).to_owned();
        assert!(text.starts_with("release "), "{number}: {text}");
        calls.push((first, answer, text));
        // Calls of long ago and of just now, each on an instance that has not begun it.
        for older in [number, number / 2, number.saturating_sub(60)] {
            let (first, answer, text) = &calls[older];
            let later = heard_later(&functions[(older + 1 + number) % 4], first, answer);
            assert_eq!(&later, text, "call {older} after {number}");
        }
    }
    let texts: std::collections::BTreeSet<&String> =
        calls.iter().map(|(_, _, text)| text).collect();
    assert!(texts.len() > 8, "{texts:?}");
    for function in &functions {
        assert!(function.event_lines().iter().all(|line| line["outcome"] == "answered"));
    }
}

#[test]
fn a_candidate_that_cannot_be_read_keeps_nothing_from_serving() {
    let (s3, folder) = (S3::shared(), tempfile::tempdir().unwrap());
    let folder = folder.path();
    write(folder, "one");
    done(&s3, folder, &["push", "--alias", "live"]);
    write(folder, "two");
    done(&s3, folder, &["push", "--alias", "live"]);
    write(folder, "three");
    done(&s3, folder, &["push"]);
    done(&s3, folder, &["promote", "draft", "live", "--percent", "50"]);
    let blob = |text: &str| {
        let wanted = says(text).into_bytes();
        let names = s3.names();
        let blobs = names.iter().filter(|name| name.contains("blobs/"));
        blobs
            .map(|name| name[name.find("blobs/").unwrap()..].to_owned())
            .find(|name| s3.get(name) == wanted)
            .unwrap()
    };
    s3.delete(&blob("three"));
    let function = start(&s3, &[]);
    for _ in 0..10 {
        assert_eq!(heard(&function), "two");
    }
    until("the refusal", || log_has(&function, "it is not there").then_some(()));
    // What serves is damaged: a new instance serves the release before rather than none.
    s3.put(&blob("two"), "return {}");
    assert_eq!(heard(&function), "two");
    let other = start(&s3, &[]);
    assert_eq!(heard(&other), "one");
    until("why", || log_has(&other, "main.lua does not have its hash").then_some(()));
}

#[test]
fn a_candidate_that_fails_gets_no_more_calls() {
    let (s3, folder) = (S3::shared(), tempfile::tempdir().unwrap());
    let folder = folder.path();
    write(folder, "good");
    done(&s3, folder, &["push", "--alias", "live"]);
    let broken = "return { default = function(event) return event.nothing.there end }";
    std::fs::write(folder.join("scripts/main.lua"), broken).unwrap();
    done(&s3, folder, &["push"]);
    done(&s3, folder, &["promote", "draft", "live", "--percent", "60"]);
    let settings = [("MOONRING_CANARY_CALLS", "3"), ("MOONRING_CANARY_WRITE", "true")];
    let function = start(&s3, &settings);
    until("canary_returned", || {
        heard(&function);
        log_has(&function, "canary_returned").then_some(())
    });
    for _ in 0..20 {
        assert_eq!(heard(&function), "good");
    }
    until("the alias without its candidate", || {
        (!done(&s3, folder, &["status"]).contains('%')).then_some(())
    });
}

#[test]
fn what_is_published_is_shown_compared_checked_and_pulled() {
    let (s3, folder) = (S3::shared(), tempfile::tempdir().unwrap());
    let folder = folder.path();
    write(folder, "one");
    let first = done(&s3, folder, &["push", "--alias", "live", "--message", "the first"]);
    write(folder, "two");
    let told = moonring_in(&s3, folder, &["diff", "live", "."]);
    let text = String::from_utf8(told.stdout).unwrap();
    assert!(told.status.code() == Some(1) && text.contains("+++ b/main.lua"), "{text}");
    assert!(done(&s3, folder, &["push", "--dry-run"]).starts_with("would write main.lua"));
    assert!(!s3.names().iter().any(|name| name.ends_with("aliases/draft.json")));
    let second = done(&s3, folder, &["push"]);
    assert!(done(&s3, folder, &["show", &first[..6]]).contains("the first"));
    let listed = done(&s3, folder, &["releases"]);
    assert!(listed.contains(&first) && listed.contains(&second), "{listed}");
    done(&s3, folder, &["pull", "live", "now"]);
    assert_eq!(std::fs::read_to_string(folder.join("now/main.lua")).unwrap(), says("one"));
    let again = moonring_in(&s3, folder, &["pull", "live", "now"]);
    assert_eq!(again.status.code(), Some(2), "nothing of the author's is overwritten");
    let mut check = Command::new(moonring());
    check.args(["check", &s3.location()]).current_dir(folder).env_clear();
    check.env("AWS_ENDPOINT_URL", &s3.endpoint).env("AWS_REGION", "us-east-1");
    check.env("AWS_ACCESS_KEY_ID", "test").env("AWS_SECRET_ACCESS_KEY", "test");
    let checked = check.output().unwrap();
    let told = String::from_utf8_lossy(&checked.stderr).into_owned();
    assert!(checked.status.success() && told.contains(&first), "{told}");
    let gone = moonring_in(&s3, folder, &["promote", "drfat"]);
    let told = String::from_utf8_lossy(&gone.stderr).into_owned();
    assert!(gone.status.code() == Some(2) && told.contains("there is no release"), "{told}");
    assert!(told.contains("did you mean `draft`?"), "{told}");
}
