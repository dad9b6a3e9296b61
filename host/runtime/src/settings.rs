//! The host's settings: each named, bounded and documented in one place, which docs/settings.md is made from.

use std::fmt::Write as _;
use std::time::Duration;

use moonring_engine::{Buckets, Secrets};
use moonring_store::Location;
use moonring_wire::Event;
use serde_json::{Map, Value};

/// Everything an operator can set.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// `MOONRING_SCRIPTS`
    pub scripts: Option<Location>,
    /// `MOONRING_ACCOUNTS`
    pub accounts: Vec<String>,
    /// `MOONRING_APPLICATIONS`
    pub applications: Vec<String>,
    /// `MOONRING_REFRESH_SECONDS`
    pub refresh: Duration,
    /// `MOONRING_SCRIPT_DEADLINE_MS`
    pub script_deadline: Duration,
    /// `MOONRING_MEMORY_MIB`
    pub memory_bytes: usize,
    /// `MOONRING_ATTRIBUTES`
    pub attributes: usize,
    /// `MOONRING_ATTRIBUTE_CHARS`
    pub attribute_chars: usize,
    /// `MOONRING_JOURNAL_PAIRS`
    pub journal_pairs: usize,
    /// `MOONRING_AUDIO_BUCKET` and `MOONRING_RECORDING_BUCKET`
    pub buckets: Buckets,
    /// `MOONRING_JOURNAL`
    pub journal: Option<Location>,
    /// `MOONRING_SECRET_KEY`
    pub secrets: Secrets,
    /// `MOONRING_AWS_ALLOW`
    pub aws_allow: Vec<String>,
    /// `MOONRING_HTTP_ALLOW`
    pub http_allow: Vec<String>,
    /// `MOONRING_STORAGE`
    pub storage: Option<Location>,
    /// `MOONRING_CONFIG`
    pub config: Map<String, Value>,
    /// `MOONRING_LOG_LEVEL`
    pub log_level: tracing::Level,
    /// `MOONRING_LOG_DIGITS`
    pub log_digits: bool,
    /// `MOONRING_LOG_NUMBERS`
    pub log_numbers: bool,
}

/// One setting, as it is documented and read.
pub struct Setting {
    /// The environment variable.
    pub name: &'static str,
    /// What it is when it is not set.
    pub default: &'static str,
    /// What it takes.
    pub wanted: &'static str,
    /// What it does.
    pub about: &'static str,
    read: fn(&mut Settings, &str) -> Option<()>,
}

/// A setting that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the setting {name} is `{value}`; wanted {wanted}")]
pub struct BadSetting {
    /// The environment variable.
    pub name: &'static str,
    /// What it holds.
    pub value: String,
    /// What it takes.
    pub wanted: &'static str,
}

/// Nobody said where the scripts are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the setting MOONRING_SCRIPTS is missing; wanted a folder or s3://bucket/prefix")]
pub struct MissingScripts;

/// The setting whose value is never shown.
const SECRET_KEY: &str = "MOONRING_SECRET_KEY";

/// Every setting, in the order of the documentation.
pub const SETTINGS: &[Setting] = &[
    Setting {
        name: "MOONRING_SCRIPTS",
        default: "none; the function does not start without it",
        wanted: "a folder or s3://bucket/prefix",
        about: "Where the scripts are. In S3 the function's role needs `s3:GetObject` on the prefix and `s3:ListBucket` on the bucket.",
        read: |settings, text| text.parse().ok().map(|location| settings.scripts = Some(location)),
    },
    Setting {
        name: "MOONRING_ACCOUNTS",
        default: "every account",
        wanted: "account ids of 12 digits, with commas between them",
        about: "Whose calls are answered. An event of another account is answered with nothing, and logged.",
        read: |settings, text| {
            let is_account = |id: &String| id.len() == 12 && id.bytes().all(|digit| digit.is_ascii_digit());
            list(text).filter(|ids| ids.iter().all(is_account)).map(|ids| settings.accounts = ids)
        },
    },
    Setting {
        name: "MOONRING_APPLICATIONS",
        default: "every application",
        wanted: "ids of SIP media applications, with commas between them",
        about: "Whose calls are answered. An event of another SIP media application is answered with nothing, and logged.",
        read: |settings, text| list(text).map(|ids| settings.applications = ids),
    },
    Setting {
        name: "MOONRING_REFRESH_SECONDS",
        default: "5",
        wanted: "a whole number of seconds from 0 to 3600",
        about: "How long a look at the scripts counts. The first event of a call looks again when the last look is older; 0 looks at every new call. A look holds a call 150 ms at most.",
        read: |settings, text| whole(text, 0, 3600).map(|seconds| settings.refresh = Duration::from_secs(seconds)),
    },
    Setting {
        name: "MOONRING_SCRIPT_DEADLINE_MS",
        default: "2500",
        wanted: "a whole number of milliseconds from 10 to 4000",
        about: "How long a script may run for one event before it is stopped and the caller hears the fallback. What it waits for outside does not count. The service sends an event again after 5 seconds, so every event is answered after 4.3 seconds at the latest, whatever this says.",
        read: |settings, text| whole(text, 10, 4000).map(|ms| settings.script_deadline = Duration::from_millis(ms)),
    },
    Setting {
        name: "MOONRING_MEMORY_MIB",
        default: "32",
        wanted: "a whole number of MiB from 1 to 1024",
        about: "How much memory a script may use for one event, on top of what its release takes.",
        read: |settings, text| {
            let mib = usize::try_from(whole(text, 1, 1024)?).ok()?;
            settings.memory_bytes = mib * 1024 * 1024;
            Some(())
        },
    },
    Setting {
        name: "MOONRING_ATTRIBUTES",
        default: "10",
        wanted: "a whole number from 2 to 100",
        about: "How many attributes a call may have, with the one that the host keeps for itself. One page of the service's documentation and its only known error text say 10, another page says 100.",
        read: |settings, text| usize::try_from(whole(text, 2, 100)?).ok().map(|most| settings.attributes = most),
    },
    Setting {
        name: "MOONRING_ATTRIBUTE_CHARS",
        default: "1024",
        wanted: "a whole number from 256 to 20480",
        about: "How many characters a key or a value of an attribute may have. One page says 1,024, another 20 KB in all.",
        read: |settings, text| {
            usize::try_from(whole(text, 256, 20_480)?).ok().map(|most| settings.attribute_chars = most)
        },
    },
    Setting {
        name: "MOONRING_JOURNAL_PAIRS",
        default: "6",
        wanted: "a whole number from 1 to 90",
        about: "How many of a call's attributes the journal of a flow may take. A choice in a menu takes 8 characters of it.",
        read: |settings, text| usize::try_from(whole(text, 1, 90)?).ok().map(|most| settings.journal_pairs = most),
    },
    Setting {
        name: "MOONRING_JOURNAL",
        default: "none; what is too long for the attributes of a call is a script error",
        wanted: "s3://bucket/prefix",
        about: "Where the journals of flows go that are too long for the attributes of their calls, and where the host claims requests that must not be made twice and keeps what came of them. The function's role needs `s3:GetObject`, `s3:PutObject` and `s3:DeleteObject` on the prefix, and `s3:ListBucket` on the bucket. Journals are deleted when their calls end; claims, and what a failure has left, are for a lifecycle rule of a few days.",
        read: |settings, text| match text.parse().ok()? {
            location @ Location::S3 { .. } => {
                settings.journal = Some(location);
                Some(())
            }
            Location::Folder(_) => None,
        },
    },
    Setting {
        name: SECRET_KEY,
        default: "none; flows cannot ask for anything in confidence",
        wanted: "64 hexadecimal digits, as `openssl rand -hex 32` makes them; or two such keys with a comma between them, the new one first",
        about: "Seals what callers type where a flow asks with `secret = true`. To change it, put the new key in front of the old one, and take the old one away when no call lasts from before. The local program has a key of its own.",
        read: |settings, text| Secrets::parse(text).ok().map(|secrets| settings.secrets = secrets),
    },
    Setting {
        name: "MOONRING_AWS_ALLOW",
        default: "none; `chime` needs no permission here",
        wanted: "operations such as dynamodb:GetItem or states:*, with commas between them",
        about: "Which operations scripts may ask for with `aws.json` and `aws.request`, by the service's name in the SDKs and the operation's; `*` is any operation of a service, and what `aws.request` needs. The function's role must allow them too.",
        read: |settings, text| {
            let is_operation = |name: &String| {
                let is_name = |part: &str| {
                    !part.is_empty()
                        && part.bytes().all(|letter| letter.is_ascii_alphanumeric() || b"-.".contains(&letter))
                };
                name.split_once(':')
                    .is_some_and(|(service, operation)| is_name(service) && (operation == "*" || is_name(operation)))
            };
            list(text).filter(|names| names.iter().all(is_operation)).map(|names| settings.aws_allow = names)
        },
    },
    Setting {
        name: "MOONRING_HTTP_ALLOW",
        default: "none",
        wanted: "hosts such as api.example.com, *.example.com or 10.0.0.5, with commas between them",
        about: "Which hosts scripts may ask with `http`. `*.` stands for any one or more parts of a name. A name that leads to a loopback, private or link-local address is refused unless that address is in the list too; `localhost` stands for the loopback addresses.",
        read: |settings, text| {
            let is_host = |host: &String| {
                let host = host.strip_prefix("*.").unwrap_or(host);
                !host.is_empty()
                    && host.bytes().all(|letter| letter.is_ascii_alphanumeric() || b"-.:".contains(&letter))
            };
            list(text).filter(|hosts| hosts.iter().all(is_host)).map(|hosts| settings.http_allow = hosts)
        },
    },
    Setting {
        name: "MOONRING_STORAGE",
        default: "none; `storage` fails",
        wanted: "s3://bucket/prefix",
        about: "Where `storage` keeps what scripts put there. The function's role needs `s3:GetObject`, `s3:PutObject` and `s3:DeleteObject` on the prefix, and `s3:ListBucket` on the bucket, without which a key that is not there is \"denied\".",
        read: |settings, text| match text.parse().ok()? {
            location @ Location::S3 { .. } => {
                settings.storage = Some(location);
                Some(())
            }
            Location::Folder(_) => None,
        },
    },
    Setting {
        name: "MOONRING_AUDIO_BUCKET",
        default: "none; flows name one with each file",
        wanted: "the name of an S3 bucket",
        about: "Where the audio files of flows are, unless they say.",
        read: |settings, text| bucket(text).map(|bucket| settings.buckets.audio = Some(bucket)),
    },
    Setting {
        name: "MOONRING_RECORDING_BUCKET",
        default: "none; flows name one with each recording",
        wanted: "the name of an S3 bucket",
        about: "Where `call:record` puts recordings, unless it says.",
        read: |settings, text| bucket(text).map(|bucket| settings.buckets.recordings = Some(bucket)),
    },
    Setting {
        name: "MOONRING_CONFIG",
        default: "{}",
        wanted: "a JSON object",
        about: "Laid over the `config.json` of the release, key by key: what differs between test and production without a change to the scripts.",
        read: |settings, text| match serde_json::from_str(text) {
            Ok(Value::Object(config)) => {
                settings.config = config;
                Some(())
            }
            _ => None,
        },
    },
    Setting {
        name: "MOONRING_LOG_LEVEL",
        default: "info",
        wanted: "error, warn, info or debug",
        about: "The least important lines that are written. The line of each event is `info`, that of a failed one `error`.",
        read: |settings, text| {
            let levels = [tracing::Level::ERROR, tracing::Level::WARN, tracing::Level::INFO, tracing::Level::DEBUG];
            let level = levels.into_iter().find(|level| level.as_str().eq_ignore_ascii_case(text))?;
            settings.log_level = level;
            Some(())
        },
    },
    Setting {
        name: "MOONRING_LOG_DIGITS",
        default: "false",
        wanted: "true or false",
        about: "Whether what callers type is logged. If not, digits are masked in the texts that scripts log and raise.",
        read: |settings, text| flag(text).map(|flag| settings.log_digits = flag),
    },
    Setting {
        name: "MOONRING_LOG_NUMBERS",
        default: "false",
        wanted: "true or false",
        about: "Whether phone numbers are logged whole. If not, only their last four digits are.",
        read: |settings, text| flag(text).map(|flag| settings.log_numbers = flag),
    },
];

impl Default for Settings {
    fn default() -> Self {
        Self {
            scripts: None,
            accounts: Vec::new(),
            applications: Vec::new(),
            refresh: Duration::from_secs(5),
            script_deadline: Duration::from_millis(2500),
            memory_bytes: 32 * 1024 * 1024,
            attributes: 10,
            attribute_chars: 1024,
            journal_pairs: 6,
            buckets: Buckets::default(),
            journal: None,
            secrets: Secrets::default(),
            aws_allow: Vec::new(),
            http_allow: Vec::new(),
            storage: None,
            config: Map::new(),
            log_level: tracing::Level::INFO,
            log_digits: false,
            log_numbers: false,
        }
    }
}

impl Settings {
    /// Reads the settings of this process.
    ///
    /// # Errors
    /// The first setting that cannot be used: its name, its value and what is wanted.
    pub fn from_env() -> Result<Self, BadSetting> {
        Self::read(|name| std::env::var_os(name).map(|value| value.to_string_lossy().into_owned()))
    }

    /// Reads the settings from environment variables.
    ///
    /// # Errors
    /// The first setting that cannot be used: its name, its value and what is wanted.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, BadSetting> {
        let mut settings = Self::default();
        for setting in SETTINGS {
            let Some(value) = variable(setting.name) else { continue };
            if (setting.read)(&mut settings, value.trim()).is_none() {
                // A key with a slip in it is still most of a key.
                let value = if setting.name == SECRET_KEY { "…".to_owned() } else { value };
                return Err(BadSetting { name: setting.name, value, wanted: setting.wanted });
            }
        }
        Ok(settings)
    }

    /// As the local program has them: what is typed in confidence can be asked for, with a key that everybody has.
    #[must_use]
    pub fn with_local_key(self) -> Self {
        let local = || Secrets::parse(&"00".repeat(32)).unwrap_or_default();
        let secrets = if self.secrets.is_empty() { local() } else { self.secrets };
        Self { secrets, ..self }
    }

    /// How many characters of a journal travel with a call.
    pub(crate) fn travelling_chars(&self) -> usize {
        self.journal_pairs.min(self.attributes - 1) * self.attribute_chars
    }

    /// How many characters a journal may have.
    pub(crate) fn journal_chars(&self) -> usize {
        if self.journal.is_some() { 4 * 1024 * 1024 } else { self.travelling_chars() }
    }

    /// How many characters a flow records of one step.
    pub(crate) fn value_chars(&self) -> usize {
        if self.journal.is_some() { 64 * 1024 } else { 512 }
    }

    /// Why an event is not of those that are answered, if so.
    pub fn stranger(&self, event: &Event) -> Option<String> {
        let is_among = |ids: &[String], id: Option<&str>| {
            ids.is_empty() || id.is_some_and(|id| ids.iter().any(|known| known == id))
        };
        let (account, application) = (event.account(), event.application_id());
        let text = |id: Option<&str>| id.unwrap_or("none").to_owned();
        if !is_among(&self.accounts, account) {
            Some(format!("the account {} is not in MOONRING_ACCOUNTS", text(account)))
        } else if !is_among(&self.applications, application) {
            Some(format!("the application {} is not in MOONRING_APPLICATIONS", text(application)))
        } else {
            None
        }
    }

    /// Where the scripts are, for a program that cannot do without.
    ///
    /// # Errors
    /// When `MOONRING_SCRIPTS` is not set.
    pub fn required_scripts(&self) -> Result<&Location, MissingScripts> {
        self.scripts.as_ref().ok_or(MissingScripts)
    }

    /// The names among these that look like settings and are none: most likely misspelt.
    pub fn unknown(names: impl IntoIterator<Item = String>) -> Vec<String> {
        let is_unknown =
            |name: &String| name.starts_with("MOONRING_") && SETTINGS.iter().all(|setting| setting.name != name);
        names.into_iter().filter(is_unknown).collect()
    }
}

/// The settings as a Markdown table.
pub fn markdown() -> String {
    let mut text = String::from("| setting | default | takes | what it does |\n|---|---|---|---|\n");
    for setting in SETTINGS {
        let Setting { name, default, wanted, about, .. } = setting;
        // Writing to a String cannot fail.
        let _ = writeln!(text, "| `{name}` | {default} | {wanted} | {about} |");
    }
    text
}

/// Ids with commas between them; at least one.
fn list(text: &str) -> Option<Vec<String>> {
    let ids: Vec<String> = text.split(',').map(|id| id.trim().to_owned()).collect();
    ids.iter().all(|id| !id.is_empty() && !id.contains(char::is_whitespace)).then_some(ids)
}

fn whole(text: &str, least: u64, most: u64) -> Option<u64> {
    text.parse().ok().filter(|number| (least..=most).contains(number))
}

fn bucket(text: &str) -> Option<String> {
    let is_name = |letter: char| letter.is_ascii_alphanumeric() || ".-_".contains(letter);
    (!text.is_empty() && text.chars().all(is_name)).then(|| text.to_owned())
}

fn flag(text: &str) -> Option<bool> {
    match text {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, value: &str) -> Result<Settings, String> {
        Settings::read(|asked| (asked == name).then(|| value.to_owned())).map_err(|error| error.to_string())
    }

    #[test]
    fn what_is_not_set_is_what_the_documentation_says() {
        let documented = |asked: &str| {
            let default = SETTINGS.iter().find(|setting| setting.name == asked).unwrap().default;
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
            ("MOONRING_JOURNAL", "folder"),
            ("MOONRING_SECRET_KEY", "…"),
            ("MOONRING_AWS_ALLOW", "dynamodb"),
            ("MOONRING_AWS_ALLOW", "dynamodb:Get Item"),
            ("MOONRING_HTTP_ALLOW", "https://x"),
            ("MOONRING_STORAGE", "folder"),
            ("MOONRING_AUDIO_BUCKET", "s3://x"),
            ("MOONRING_RECORDING_BUCKET", ""),
            ("MOONRING_CONFIG", "[]"),
            ("MOONRING_LOG_LEVEL", "loud"),
            ("MOONRING_LOG_DIGITS", "1"),
            ("MOONRING_LOG_NUMBERS", ""),
        ] {
            let wanted = SETTINGS.iter().find(|setting| setting.name == name).unwrap().wanted;
            assert_eq!(read(name, value), Err(format!("the setting {name} is `{value}`; wanted {wanted}")));
        }
    }

    #[test]
    fn good_settings_are_taken() {
        assert_eq!(read("MOONRING_SCRIPTS", "s3://b/p").unwrap().scripts, "s3://b/p".parse().ok());
        assert_eq!(read("MOONRING_ACCOUNTS", "111122223333, 444455556666").unwrap().accounts.len(), 2);
        assert_eq!(read("MOONRING_REFRESH_SECONDS", "0").unwrap().refresh, Duration::ZERO);
        assert_eq!(read("MOONRING_SCRIPT_DEADLINE_MS", " 100 ").unwrap().script_deadline, Duration::from_millis(100));
        assert_eq!(read("MOONRING_MEMORY_MIB", "64").unwrap().memory_bytes, 64 * 1024 * 1024);
        assert_eq!(read("MOONRING_CONFIG", r#"{"a": 1}"#).unwrap().config["a"], 1);
        assert_eq!(read("MOONRING_LOG_LEVEL", "DEBUG").unwrap().log_level, tracing::Level::DEBUG);
        assert!(read("MOONRING_LOG_DIGITS", "true").unwrap().log_digits);
        assert_eq!(read("MOONRING_JOURNAL", "s3://b/p").unwrap().journal, "s3://b/p".parse().ok());
        assert_ne!(read("MOONRING_SECRET_KEY", &"0f".repeat(32)).unwrap().secrets, Secrets::default());
        assert!(!read("MOONRING_SECRET_KEY", "0123456789").unwrap_err().contains("0123456789"));
    }

    #[test]
    fn misspelt_names_are_noticed() {
        let names = ["PATH", "MOONRING_SCRIPTS", "MOONRING_MEMORY_MB"].map(str::to_owned);
        assert_eq!(Settings::unknown(names), ["MOONRING_MEMORY_MB"]);
    }

    #[test]
    fn the_page_of_settings_is_made_from_this_file() {
        let page = format!(
            "# Settings\n\nEnvironment variables of the deployed function and of the local program. A value that cannot be used stops the\nstart, with a line that says which and why. This page is made from `host/runtime/src/settings.rs`.\n\n{}\nThe AWS SDK's own settings work too: `AWS_REGION`, `AWS_ENDPOINT_URL`, `AWS_ENDPOINT_URL_S3`, `AWS_PROFILE` and so on. Time-outs and\nretries are the host's own; profiles that sign in by SSO or by a credential process are not read.\n",
            markdown()
        );
        expect_test::expect_file!["../../../docs/settings.md"].assert_eq(&page);
    }
}
