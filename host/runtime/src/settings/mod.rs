//! The host's settings: each named, bounded and documented in one place, which
//! docs/reference/settings.md is made from; `table.rs` has the list.

mod secret_place;
mod table;
#[cfg(test)]
mod tests;

use std::fmt::Write as _;
use std::time::Duration;

use moonring_engine::{Buckets, Counting};
use moonring_flow::{Secrets, SecretsError};
use moonring_store::{LIVE, Location, Trust};
use moonring_wire::Event;
use serde_json::{Map, Value};

pub use self::secret_place::SecretPlace;
pub use self::table::SETTINGS;

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
    /// `MOONRING_ALIAS`
    pub alias: String,
    /// `MOONRING_TRUST`
    pub trust: Trust,
    /// `MOONRING_CANARY_CALLS`
    pub canary_calls: u64,
    /// `MOONRING_CANARY_PERCENT`
    pub canary_percent: f64,
    /// `MOONRING_CANARY_WRITE`
    pub canary_write: bool,
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
    /// `MOONRING_STATE`
    pub journal: Option<Location>,
    /// `MOONRING_SECRET_KEY`
    pub secrets: Secrets,
    /// Where that is kept, if the setting says a place and not the key.
    pub secret_place: Option<SecretPlace>,
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
    /// `MOONRING_METRICS`
    pub metrics: bool,
    /// `MOONRING_RECORD`
    pub record_percent: u64,
    /// Whether scripts count which of their lines run. No variable says so: it is for those who
    /// test them.
    pub counting: Counting,
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

/// A setting that had another name, which still works.
struct FormerName {
    now: &'static str,
    then: &'static str,
}

const FORMER_NAMES: [FormerName; 1] =
    [FormerName { now: "MOONRING_STATE", then: "MOONRING_JOURNAL" }];

impl Default for Settings {
    fn default() -> Self {
        Self {
            scripts: None,
            accounts: Vec::new(),
            applications: Vec::new(),
            refresh: Duration::from_secs(5),
            alias: LIVE.to_owned(),
            trust: Trust::default(),
            canary_calls: 10,
            canary_percent: 5.0,
            canary_write: false,
            script_deadline: Duration::from_millis(2500),
            memory_bytes: 32 * 1024 * 1024,
            attributes: 10,
            attribute_chars: 1024,
            journal_pairs: 6,
            buckets: Buckets::default(),
            journal: None,
            secrets: Secrets::default(),
            secret_place: None,
            aws_allow: Vec::new(),
            http_allow: Vec::new(),
            storage: None,
            config: Map::new(),
            log_level: tracing::Level::INFO,
            log_digits: false,
            log_numbers: false,
            metrics: false,
            record_percent: 0,
            counting: Counting::Off,
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
            let former = || FORMER_NAMES.iter().find(|name| name.now == setting.name);
            let value = variable(setting.name).or_else(|| variable(former()?.then));
            let Some(value) = value else { continue };
            if (setting.read)(&mut settings, value.trim()).is_none() {
                // A key with a slip in it is still most of a key.
                let value = if setting.name == SECRET_KEY { "…".to_owned() } else { value };
                return Err(BadSetting { name: setting.name, value, wanted: setting.wanted });
            }
        }
        settings.apart()?;
        Ok(settings)
    }

    /// Whether what the host and its scripts store lies apart from the scripts: else what is stored
    /// would be listed with them, and could be one.
    fn apart(&self) -> Result<(), BadSetting> {
        let wanted = "a prefix that is not inside MOONRING_SCRIPTS and does not contain it";
        for (name, place) in
            [("MOONRING_STATE", &self.journal), ("MOONRING_STORAGE", &self.storage)]
        {
            if let (Some(place), Some(scripts)) = (place, &self.scripts)
                && place.overlaps(scripts)
            {
                return Err(BadSetting { name, value: place.to_string(), wanted });
            }
        }
        Ok(())
    }

    /// With the key that is kept at the place of the setting.
    ///
    /// # Errors
    /// What is wanted, without what is there.
    pub fn with_secret_key(self, text: &str) -> Result<Self, SecretsError> {
        Ok(Self { secrets: Secrets::parse(text.trim())?, ..self })
    }

    /// As the local program has them: what is typed in confidence can be asked for, with a key that
    /// everybody has.
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
    pub fn journal_chars(&self) -> usize {
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
            Some(format!(
                "the SIP media application {} is not in MOONRING_APPLICATIONS",
                text(application)
            ))
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
        let is_unknown = |name: &String| {
            name.starts_with("MOONRING_")
                && SETTINGS.iter().all(|setting| setting.name != name)
                && FORMER_NAMES.iter().all(|former| former.then != name)
        };
        names.into_iter().filter(is_unknown).collect()
    }
}

/// The settings as a Markdown table.
pub fn markdown() -> String {
    let mut text =
        String::from("| setting | default | takes | what it does |\n|---|---|---|---|\n");
    for setting in SETTINGS {
        let Setting { name, default, wanted, about, .. } = setting;
        // Writing to a String cannot fail.
        let _ = writeln!(text, "| `{name}` | {default} | {wanted} | {about} |");
    }
    text
}
