//! The list of settings: what each is called, takes and does.

use std::time::Duration;

use moonring_flow::Secrets;
use moonring_store::Location;
use serde_json::Value;

use super::{SECRET_KEY, Setting};

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
        wanted: "account ids of 12 digits, separated by commas",
        about: "The AWS accounts whose calls are answered. An event of any other account gets an empty answer and an error line in the log.",
        read: |settings, text| {
            let is_account =
                |id: &String| id.len() == 12 && id.bytes().all(|digit| digit.is_ascii_digit());
            list(text).filter(|ids| ids.iter().all(is_account)).map(|ids| settings.accounts = ids)
        },
    },
    Setting {
        name: "MOONRING_APPLICATIONS",
        default: "every application",
        wanted: "ids of SIP media applications, separated by commas",
        about: "The SIP media applications whose calls are answered. An event of any other gets an empty answer and an error line in the log.",
        read: |settings, text| list(text).map(|ids| settings.applications = ids),
    },
    Setting {
        name: "MOONRING_REFRESH_SECONDS",
        default: "5",
        wanted: "a whole number of seconds from 0 to 3600",
        about: "How long the last check for a new release counts. When it is older, the first event of a call checks again; 0 checks at every new call. A check delays a call by at most 150 ms.",
        read: |settings, text| {
            whole(text, 0, 3600).map(|seconds| settings.refresh = Duration::from_secs(seconds))
        },
    },
    Setting {
        name: "MOONRING_ALIAS",
        default: "live",
        wanted: "the name of an alias: 1 to 64 letters, digits, `-` and `_`",
        about: "Which alias of published releases this function serves. It counts only where `moonring push` has published releases; plain files have no aliases of this kind.",
        read: |settings, text| {
            moonring_store::is_alias(text).then(|| settings.alias = text.to_owned())
        },
    },
    Setting {
        name: "MOONRING_TRUST",
        default: "none; nothing has to be signed",
        wanted: "public keys as `moonring keys new` prints them, separated by commas",
        about: "Who may publish releases. With it, a release or an alias that is not signed by one of these keys is refused in one log line, and the last good release keeps serving. Name the old and the new key while you change keys. A copy of scripts in the function's own package needs no signature.",
        read: |settings, text| text.parse().ok().map(|trust| settings.trust = trust),
    },
    Setting {
        name: "MOONRING_CANARY_CALLS",
        default: "10",
        wanted: "a whole number from 1 to 10000",
        about: "From how many of its calls on a candidate is judged: a release that `moonring promote --percent` gives some of the calls.",
        read: |settings, text| whole(text, 1, 10_000).map(|calls| settings.canary_calls = calls),
    },
    Setting {
        name: "MOONRING_CANARY_PERCENT",
        default: "5",
        wanted: "a whole number from 0 to 100",
        about: "How many more fallbacks in a hundred calls a candidate may have than the release that serves. With more, this instance gives it no new calls, and logs `canary_returned`.",
        read: |settings, text| {
            let percent = u8::try_from(whole(text, 0, 100)?).ok()?;
            settings.canary_percent = f64::from(percent);
            Some(())
        },
    },
    Setting {
        name: "MOONRING_CANARY_WRITE",
        default: "false",
        wanted: "true or false",
        about: "Whether an instance that gives a candidate no more calls takes it back for all of them, by writing the alias. The role then needs `s3:PutObject` on `aliases/*`. Where signatures are asked for, it has no effect: the host has no key.",
        read: |settings, text| flag(text).map(|write| settings.canary_write = write),
    },
    Setting {
        name: "MOONRING_SCRIPT_DEADLINE_MS",
        default: "2500",
        wanted: "a whole number of milliseconds from 10 to 4000",
        about: "How long a script may run for one event before it is stopped and the caller hears the fallback. Time spent waiting for AWS, HTTP servers and storage does not count. The service sends an event again after 5 seconds, so every event is answered within 4.3 seconds, whatever this setting says.",
        read: |settings, text| {
            whole(text, 10, 4000).map(|ms| settings.script_deadline = Duration::from_millis(ms))
        },
    },
    Setting {
        name: "MOONRING_MEMORY_MIB",
        default: "32",
        wanted: "a whole number of MiB from 1 to 1024",
        about: "How much memory a script may use for one event, in addition to what its release uses.",
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
        about: "How many attributes a call may have, including the one that the host keeps for itself. One page of the service's documentation and its only known error message say 10; another page says 100.",
        read: |settings, text| {
            usize::try_from(whole(text, 2, 100)?).ok().map(|most| settings.attributes = most)
        },
    },
    Setting {
        name: "MOONRING_ATTRIBUTE_CHARS",
        default: "1024",
        wanted: "a whole number from 256 to 20480",
        about: "How many characters the name or the value of an attribute may have. One page of the service's documentation says 1,024; another says 20 KB in total.",
        read: |settings, text| {
            usize::try_from(whole(text, 256, 20_480)?)
                .ok()
                .map(|most| settings.attribute_chars = most)
        },
    },
    Setting {
        name: "MOONRING_JOURNAL_PAIRS",
        default: "6",
        wanted: "a whole number from 1 to 90",
        about: "How many of a call's attributes the journal of a flow may use. A menu choice takes 3 characters of the journal when it repeats.",
        read: |settings, text| {
            usize::try_from(whole(text, 1, 90)?).ok().map(|most| settings.journal_pairs = most)
        },
    },
    Setting {
        name: "MOONRING_STATE",
        default: "none; a journal that is too long for the call's attributes is a script error",
        wanted: "s3://bucket/prefix",
        about: "Where the host saves journals that are too long for their calls' attributes. It also claims requests there that must be carried out only once, and saves their replies. The function's role needs `s3:GetObject`, `s3:PutObject` and `s3:DeleteObject` on the prefix, and `s3:ListBucket` on the bucket. Journals are deleted when their calls end. Delete claims, and what failures leave behind, with a lifecycle rule of a few days. The former name `MOONRING_JOURNAL` works too.",
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
        default: "none; flows cannot use `secret = true`",
        wanted: "64 hexadecimal digits, such as the output of `openssl rand -hex 32`; or two such keys separated by a comma, the new one first; or where they are kept: ssm:NAME or secretsmanager:NAME",
        about: "Encrypts the digits that a flow collects with `secret = true`. To change the key, put the new one in front of the old one. Remove the old one when every call from before the change has ended. With `ssm:/acme/secret-key` or `secretsmanager:acme-secret-key`, the host reads the key when it starts; the role then needs `ssm:GetParameter` or `secretsmanager:GetSecretValue`. If it cannot be read, the log has an error line, and only flows that use `secret = true` fail. The local program has its own key.",
        read: |settings, text| {
            if let Ok(place) = text.parse() {
                settings.secret_place = Some(place);
                return Some(());
            }
            Secrets::parse(text).ok().map(|secrets| settings.secrets = secrets)
        },
    },
    Setting {
        name: "MOONRING_AWS_ALLOW",
        default: "none; `chime` needs no entry here",
        wanted: "operations such as dynamodb:GetItem or states:*, the service in lowercase, separated by commas",
        about: "Which operations scripts may call with `aws.json` and `aws.request`: the service's name in the SDKs, a colon and the operation's name. `*` allows every operation of a service; `aws.request` needs it. The function's role must allow them too.",
        read: |settings, text| {
            // Names of services are written in small letters, those of operations begin with
            // a large one: nothing else ever matches.
            let is_service = |name: &str| {
                let is_letter = |letter: u8| {
                    letter.is_ascii_lowercase()
                        || letter.is_ascii_digit()
                        || b"-.".contains(&letter)
                };
                !name.is_empty() && name.bytes().all(is_letter)
            };
            let is_named = |name: &str| {
                name.starts_with(|letter: char| letter.is_ascii_uppercase())
                    && name.bytes().all(|letter| letter.is_ascii_alphanumeric())
            };
            let is_operation = |name: &String| {
                name.split_once(':').is_some_and(|(service, operation)| {
                    is_service(service) && (operation == "*" || is_named(operation))
                })
            };
            list(text)
                .filter(|names| names.iter().all(is_operation))
                .map(|names| settings.aws_allow = names)
        },
    },
    Setting {
        name: "MOONRING_HTTP_ALLOW",
        default: "none",
        wanted: "hosts such as api.example.com, *.example.com or 10.0.0.5, without ports, separated by commas",
        about: "Which hosts scripts may reach with `http`. `*.` stands for one or more parts of a name. A name that resolves to a loopback, private or link-local address is refused unless that address is in the list too. `localhost` stands for the loopback addresses.",
        read: |settings, text| {
            // A port, a scheme or a dot at the end never match: a host is compared with what stands
            // between them.
            let is_label = |label: &str| {
                !label.is_empty()
                    && !label.starts_with('-')
                    && !label.ends_with('-')
                    && label.bytes().all(|letter| {
                        letter.is_ascii_alphanumeric() || letter == b'-' || letter == b'_'
                    })
            };
            let is_host = |host: &String| {
                // A name whose last part is a number is an address, or none.
                let is_number = |label: &str| label.bytes().all(|letter| letter.is_ascii_digit());
                let is_name = || {
                    let name = host.strip_prefix("*.").unwrap_or(host);
                    name.split('.').all(is_label) && !name.rsplit('.').next().is_some_and(is_number)
                };
                host.parse::<std::net::IpAddr>().is_ok() || is_name()
            };
            list(text)
                .filter(|hosts| hosts.iter().all(is_host))
                .map(|hosts| settings.http_allow = hosts)
        },
    },
    Setting {
        name: "MOONRING_STORAGE",
        default: "none; `storage` fails",
        wanted: "s3://bucket/prefix",
        about: "Where `storage` saves what scripts put there. The function's role needs `s3:GetObject`, `s3:PutObject` and `s3:DeleteObject` on the prefix, and `s3:ListBucket` on the bucket; without `s3:ListBucket`, a missing key is \"denied\".",
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
        default: "none; flows name a bucket with each file",
        wanted: "the name of an S3 bucket",
        about: "The bucket of the audio files that flows play, unless a flow names another.",
        read: |settings, text| bucket(text).map(|bucket| settings.buckets.audio = Some(bucket)),
    },
    Setting {
        name: "MOONRING_RECORDING_BUCKET",
        default: "none; flows name a bucket with each recording",
        wanted: "the name of an S3 bucket",
        about: "The bucket for the recordings of `call:record`, unless a flow names another.",
        read: |settings, text| {
            bucket(text).map(|bucket| settings.buckets.recordings = Some(bucket))
        },
    },
    Setting {
        name: "MOONRING_CONFIG",
        default: "{}",
        wanted: "a JSON object",
        about: "Overrides the release's `config.json`, key by key, so that test and production can differ without a change to the scripts.",
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
        about: "The lowest level that is logged. The line of an event is `info`; the line of a failed event is `error`.",
        read: |settings, text| {
            let levels = [
                tracing::Level::ERROR,
                tracing::Level::WARN,
                tracing::Level::INFO,
                tracing::Level::DEBUG,
            ];
            let level =
                levels.into_iter().find(|level| level.as_str().eq_ignore_ascii_case(text))?;
            settings.log_level = level;
            Some(())
        },
    },
    Setting {
        name: "MOONRING_LOG_DIGITS",
        default: "false",
        wanted: "true or false",
        about: "Whether the digits that callers press are logged. If not, they are masked in what scripts log and in the errors they raise.",
        read: |settings, text| flag(text).map(|flag| settings.log_digits = flag),
    },
    Setting {
        name: "MOONRING_LOG_NUMBERS",
        default: "false",
        wanted: "true or false",
        about: "Whether phone numbers are logged in full. If not, only their last four digits are.",
        read: |settings, text| flag(text).map(|flag| settings.log_numbers = flag),
    },
    Setting {
        name: "MOONRING_METRICS",
        default: "false",
        wanted: "true or false",
        about: "Whether the host counts calls for CloudWatch in its embedded metric format: calls, their duration, invocations and journals, fallbacks and cold starts, without dimensions.",
        read: |settings, text| flag(text).map(|flag| settings.metrics = flag),
    },
    Setting {
        name: "MOONRING_RECORD",
        default: "0",
        wanted: "a whole number from 0 to 100",
        about: "Of how many of a hundred calls the host keeps each event with its answer, for `moonring replay`. They lie under `records` in MOONRING_STATE, by release and call, without digits. Words stay, in replies of other services too: delete records with a lifecycle rule.",
        read: |settings, text| whole(text, 0, 100).map(|percent| settings.record_percent = percent),
    },
];

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
