//! Settings: what is taken, what is refused and with which words, and the page that is made of
//! them.

use std::time::Duration;

use moonring_flow::Secrets;
use moonring_store::Location;

use super::*;

fn read(name: &str, value: &str) -> Result<Settings, String> {
    Settings::read(|asked| (asked == name).then(|| value.to_owned()))
        .map_err(|error| error.to_string())
}

#[test]
fn what_is_not_set_is_what_the_documentation_says() {
    let documented = |asked: &str| {
        let default = SETTINGS.iter().find(|setting| setting.name == asked)?.default;
        (!default.starts_with("none") && !default.starts_with("every")).then(|| default.to_owned())
    };
    assert_eq!(Settings::read(documented), Ok(Settings::default()));
}

#[test]
fn a_bad_setting_is_refused_with_its_name_value_and_what_is_wanted() {
    for (name, value) in [
        ("MOONRING_SCRIPTS", "ftp://x"),
        ("MOONRING_ACCOUNTS", "12345"),
        ("MOONRING_ACCOUNTS", ""),
        ("MOONRING_APPLICATIONS", "a,,b"),
        ("MOONRING_REFRESH_SECONDS", "-1"),
        ("MOONRING_SCRIPT_DEADLINE_MS", "2.5"),
        ("MOONRING_SCRIPT_DEADLINE_MS", "9"),
        ("MOONRING_MEMORY_MIB", "lots"),
        ("MOONRING_JOURNAL_PAIRS", "0"),
        ("MOONRING_STATE", "folder"),
        ("MOONRING_SECRET_KEY", "…"),
        ("MOONRING_AWS_ALLOW", "dynamodb"),
        ("MOONRING_AWS_ALLOW", "dynamodb:Get Item"),
        ("MOONRING_AWS_ALLOW", "DynamoDB:GetItem"),
        ("MOONRING_AWS_ALLOW", "dynamodb:getItem"),
        ("MOONRING_AWS_ALLOW", "dynamodb:Get*"),
        ("MOONRING_HTTP_ALLOW", "https://x"),
        ("MOONRING_HTTP_ALLOW", "api.example.com:443"),
        ("MOONRING_HTTP_ALLOW", "."),
        ("MOONRING_HTTP_ALLOW", "api.example.com."),
        ("MOONRING_HTTP_ALLOW", "api..com"),
        ("MOONRING_HTTP_ALLOW", "*"),
        ("MOONRING_HTTP_ALLOW", "192.168.1.300"),
        ("MOONRING_HTTP_ALLOW", "[::1]"),
        ("MOONRING_STORAGE", "folder"),
        ("MOONRING_AUDIO_BUCKET", "s3://x"),
        ("MOONRING_RECORDING_BUCKET", ""),
        ("MOONRING_CONFIG", "[]"),
        ("MOONRING_LOG_LEVEL", "loud"),
        ("MOONRING_LOG_DIGITS", "1"),
        ("MOONRING_LOG_NUMBERS", ""),
    ] {
        let wanted = SETTINGS.iter().find(|setting| setting.name == name).unwrap().wanted;
        assert_eq!(
            read(name, value),
            Err(format!("the setting {name} is `{value}`; wanted {wanted}"))
        );
    }
}

#[test]
fn good_settings_are_taken() {
    assert_eq!(read("MOONRING_SCRIPTS", "s3://b/p").unwrap().scripts, "s3://b/p".parse().ok());
    assert_eq!(read("MOONRING_ACCOUNTS", "111122223333, 444455556666").unwrap().accounts.len(), 2);
    assert_eq!(read("MOONRING_REFRESH_SECONDS", "0").unwrap().refresh, Duration::ZERO);
    assert_eq!(
        read("MOONRING_SCRIPT_DEADLINE_MS", " 100 ").unwrap().script_deadline,
        Duration::from_millis(100)
    );
    assert_eq!(read("MOONRING_MEMORY_MIB", "64").unwrap().memory_bytes, 64 * 1024 * 1024);
    assert_eq!(read("MOONRING_CONFIG", r#"{"a": 1}"#).unwrap().config["a"], 1);
    assert_eq!(read("MOONRING_LOG_LEVEL", "DEBUG").unwrap().log_level, tracing::Level::DEBUG);
    assert!(read("MOONRING_LOG_DIGITS", "true").unwrap().log_digits);
    assert_eq!(
        read("MOONRING_HTTP_ALLOW", "*.a-b.com, ::1, 10.0.0.5, localhost")
            .unwrap()
            .http_allow
            .len(),
        4
    );
    assert_eq!(
        read("MOONRING_AWS_ALLOW", "dynamodb:GetItem, chime-sdk-voice:*").unwrap().aws_allow.len(),
        2
    );
    for name in ["MOONRING_STATE", "MOONRING_JOURNAL"] {
        assert_eq!(read(name, "s3://b/p").unwrap().journal, "s3://b/p".parse().ok());
        assert!(Settings::unknown([name.to_owned()]).is_empty());
    }
    assert_ne!(read("MOONRING_SECRET_KEY", &"0f".repeat(32)).unwrap().secrets, Secrets::default());
    assert!(!read("MOONRING_SECRET_KEY", "0123456789").unwrap_err().contains("0123456789"));
}

#[test]
fn what_is_stored_may_not_lie_among_the_scripts() {
    let read = |name: &str, place: &str, scripts: &str| {
        Settings::read(|asked| match asked {
            "MOONRING_SCRIPTS" => Some(scripts.to_owned()),
            asked => (asked == name).then(|| place.to_owned()),
        })
        .map_err(|error| error.to_string())
    };
    for name in ["MOONRING_STATE", "MOONRING_STORAGE"] {
        for (place, scripts) in [
            ("s3://b/live", "s3://b/live/"),
            ("s3://b/live/kept", "s3://b/live"),
            ("s3://b/kept", "s3://b/kept/live"),
            ("s3://b", "s3://b/live"),
            ("s3://b/live", "s3://b"),
        ] {
            let text = format!(
                "the setting {name} is `{}`; wanted a prefix",
                place.parse::<Location>().unwrap()
            );
            assert!(
                read(name, place, scripts).unwrap_err().starts_with(&text),
                "{place} {scripts}"
            );
        }
        for (place, scripts) in [
            ("s3://b/kept", "s3://b/live"),
            ("s3://b/live2", "s3://b/live"),
            ("s3://c/live", "s3://b/live"),
            ("s3://b", "live"),
        ] {
            assert!(read(name, place, scripts).is_ok(), "{place} {scripts}");
        }
    }
}

#[test]
fn misspelt_names_are_noticed() {
    let names = ["PATH", "MOONRING_SCRIPTS", "MOONRING_MEMORY_MB"].map(str::to_owned);
    assert_eq!(Settings::unknown(names), ["MOONRING_MEMORY_MB"]);
}

#[test]
fn the_page_of_settings_is_made_from_this_file() {
    let page = format!(
        "# Settings\n\nSettings are environment variables of the deployed function and of the local program.\nA setting that cannot be used stops the start with an error that names it.\nThis page is generated from `host/runtime/src/settings/table.rs`.\n\n{}\nThe AWS SDK's own settings work too: `AWS_REGION`, `AWS_ENDPOINT_URL`, `AWS_ENDPOINT_URL_S3`, `AWS_PROFILE` and so on.\nThe host sets timeouts and retries itself.\nProfiles that sign in with SSO or a credential process are not read.\n",
        markdown()
    );
    expect_test::expect_file!["../../../../docs/reference/settings.md"].assert_eq(&page);
}
