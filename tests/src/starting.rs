//! The start of the host: settings that cannot be used are refused by name.

use harness::{Function, new_call, said, says};

#[test]
fn a_bad_setting_is_refused_at_the_start_with_its_name_value_and_what_is_wanted() {
    for (name, value, expected) in [
        (
            "MOONRING_MEMORY_MIB",
            "lots",
            "the setting MOONRING_MEMORY_MIB is `lots`; wanted a whole number of MiB from 1 to 1024",
        ),
        (
            "MOONRING_SCRIPTS",
            "ftp://x",
            "the setting MOONRING_SCRIPTS is `ftp://x`; wanted a folder or s3://bucket/prefix",
        ),
        (
            "MOONRING_NOTHING",
            "",
            "the setting MOONRING_SCRIPTS is missing; wanted a folder or s3://bucket/prefix",
        ),
    ] {
        let mut function = Function::start(&[(name, value)]);
        assert!(!function.wait().success());
        let told = function.init_error().unwrap();
        assert_eq!(
            (&told["errorType"], &told["errorMessage"]),
            (&"Moonring.Start".into(), &expected.into())
        );
        let last = function.log().pop().unwrap();
        assert_eq!((&last["level"], &last["message"]), (&"ERROR".into(), &expected.into()));
    }
}

#[test]
fn a_misspelt_setting_is_warned_of() {
    let folder = tempfile::tempdir().unwrap();
    let scripts = folder.path().to_str().unwrap();
    let function = Function::start(&[("MOONRING_SCRIPTS", scripts), ("MOONRING_MEMORY_MB", "64")]);
    assert_eq!(function.log_line("MOONRING_MEMORY_MB is not a setting")["level"], "WARN");
}

#[test]
fn events_of_other_accounts_and_applications_are_answered_with_nothing() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("main.lua"), says("hello")).unwrap();
    let scripts = folder.path().to_str().unwrap();
    let own = "4ca48d39-02ec-4fd0-a160-fdd3c1d94e70";
    for (name, value, is_answered) in [
        ("MOONRING_ACCOUNTS", "444455556666,111122223333", true),
        ("MOONRING_ACCOUNTS", "444455556666", false),
        ("MOONRING_APPLICATIONS", own, true),
        ("MOONRING_APPLICATIONS", "another", false),
    ] {
        let function = Function::start(&[("MOONRING_SCRIPTS", scripts), (name, value)]);
        let answer = function.invoke(&new_call()).answer;
        let line = function.event_lines().pop().unwrap();
        if is_answered {
            assert_eq!(said(&answer), "hello");
        } else {
            assert_eq!(answer, serde_json::json!({"SchemaVersion": "1.0"}));
            assert_eq!(
                (&line["level"], &line["outcome"], &line["reason"]),
                (&"ERROR".into(), &"refused".into(), &"stranger".into())
            );
            assert!(line["error"].as_str().unwrap().contains(name), "{line}");
        }
    }
}
