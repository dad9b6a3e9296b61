//! Published releases: pushed to a bucket, followed by a function, promoted, tried and rolled back.

use std::path::Path;
use std::process::{Command, Output};

use harness::{Function, S3, moonring, new_call, said, says};

fn moonring_in(s3: &S3, folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(moonring());
    command.args(arguments).args(["--to", &s3.location()]).current_dir(folder).env_clear();
    command.env("AWS_ENDPOINT_URL", &s3.endpoint).env("AWS_REGION", "us-east-1");
    command.env("AWS_ACCESS_KEY_ID", "test").env("AWS_SECRET_ACCESS_KEY", "test");
    command.output().unwrap()
}

fn done(s3: &S3, folder: &Path, arguments: &[&str]) -> String {
    let output = moonring_in(s3, folder, arguments);
    let talk = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{arguments:?}: {talk}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn write(folder: &Path, text: &str) {
    std::fs::create_dir_all(folder.join("scripts")).unwrap();
    std::fs::write(folder.join("scripts/main.lua"), says(text)).unwrap();
}

fn heard(function: &Function, call: &str) -> String {
    let mut event = new_call();
    event["CallDetails"]["TransactionId"] = call.into();
    said(&function.invoke(&event).answer).to_owned()
}

#[test]
fn a_function_follows_the_live_alias_and_a_rollback_takes_it_back() {
    let (s3, folder) = (S3::shared(), tempfile::tempdir().unwrap());
    let folder = folder.path();
    write(folder, "one");
    let first = done(&s3, folder, &["push"]);
    done(&s3, folder, &["promote", "draft", "live"]);
    let function = Function::start(&[
        ("MOONRING_SCRIPTS", &s3.location()),
        ("AWS_ENDPOINT_URL", &s3.endpoint),
        ("MOONRING_REFRESH_SECONDS", "0"),
    ]);
    assert_eq!(heard(&function, "a"), "one");
    write(folder, "two");
    assert_ne!(done(&s3, folder, &["push"]), first);
    assert_eq!(heard(&function, "b"), "one", "a draft is not live");
    done(&s3, folder, &["promote", "draft", "live"]);
    harness::until("the second release", || (heard(&function, "c") == "two").then_some(()));
    done(&s3, folder, &["rollback"]);
    harness::until("the first release", || (heard(&function, "d") == "one").then_some(()));
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
    let function = Function::start(&[
        ("MOONRING_SCRIPTS", &s3.location()),
        ("AWS_ENDPOINT_URL", &s3.endpoint),
        ("MOONRING_REFRESH_SECONDS", "0"),
        ("MOONRING_TRUST", &trust),
    ]);
    assert_eq!(heard(&function, "a"), "signed");
    write(folder, "forged");
    done(&s3, folder, &["push", "--alias", "live"]);
    assert_eq!(heard(&function, "b"), "signed");
    harness::until("the refusal", || {
        let lines = function.lines();
        let is_it = |line: &serde_json::Value| {
            line["message"].as_str().is_some_and(|text| text.contains("not signed"))
        };
        lines.iter().any(is_it).then_some(())
    });
    assert_eq!(heard(&function, "c"), "signed");
}
