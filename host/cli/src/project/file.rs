//! `moonring.toml`: what a project says of its scripts, settings and calls.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use moonring_runtime::settings::SETTINGS;
use moonring_store::Location;
use moonring_wire::hint;
use toml::Value;

use crate::callee::Callee;
use crate::clock::at_ms;
use crate::phone_number::party;

/// The name of the file.
pub(crate) const FILE: &str = "moonring.toml";

/// The file of a project, and where it lies.
#[derive(Debug)]
pub(crate) struct ProjectFile {
    path: PathBuf,
    text: String,
    content: Content,
}

#[derive(Debug, Default)]
struct Content {
    outside: Written,
    profiles: BTreeMap<String, Written>,
}

/// A table as it is written: keys are judged by hand, so that a message can name the nearest.
type Written = toml::Table;

/// What a project says of its scripts and calls. Paths are those of the file's folder.
#[derive(Debug, Default, Clone, PartialEq)]
pub(crate) struct Table {
    /// Where the scripts are.
    pub(crate) scripts: Option<Location>,
    /// Where releases are published.
    pub(crate) releases: Option<Location>,
    /// Who calls.
    pub(crate) from: Option<String>,
    /// Who is called.
    pub(crate) to: Option<String>,
    /// The clock of a call, such as `2026-12-25 09:00`.
    pub(crate) at: Option<String>,
    /// The time zone of `at`.
    pub(crate) zone: Option<String>,
    /// The file of replies to requests.
    pub(crate) replies: Option<PathBuf>,
    /// The folder of audio files, or a place in S3.
    pub(crate) audio: Option<Location>,
    /// The file of bots.
    pub(crate) bots: Option<PathBuf>,
    /// How numbers behave that are called.
    pub(crate) callees: BTreeMap<String, String>,
}

impl Table {
    /// What is set besides the scripts, as `settings` shows it.
    pub(crate) fn entries(&self) -> Vec<(&'static str, String)> {
        let path = |path: &PathBuf| path.display().to_string();
        let callees = self.callees.iter().map(|(number, what)| format!("{number}={what}"));
        let callees = callees.collect::<Vec<_>>().join(", ");
        let all = [
            ("releases", self.releases.as_ref().map(ToString::to_string)),
            ("from", self.from.clone()),
            ("to", self.to.clone()),
            ("at", self.at.clone()),
            ("zone", self.zone.clone()),
            ("replies", self.replies.as_ref().map(path)),
            ("audio", self.audio.as_ref().map(ToString::to_string)),
            ("bots", self.bots.as_ref().map(path)),
            ("callees", Some(callees).filter(|callees| !callees.is_empty())),
        ];
        all.into_iter().filter_map(|(key, value)| Some((key, value?))).collect()
    }
}

/// The keys of a table, besides `settings`.
const KEYS: [&str; 10] =
    ["scripts", "releases", "from", "to", "at", "zone", "replies", "audio", "bots", "callees"];

impl ProjectFile {
    /// The file of this folder, or of the nearest folder above that has one.
    ///
    /// # Errors
    /// When it is no TOML, or says what nobody asks for.
    pub(crate) fn find(folder: &Path) -> anyhow::Result<Option<Self>> {
        let whole = std::fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
        let Some(found) =
            whole.ancestors().map(|folder| folder.join(FILE)).find(|path| path.is_file())
        else {
            return Ok(None);
        };
        // Nearer to what the author has typed where it lies below.
        let here = std::env::current_dir().unwrap_or_default();
        let path = found.strip_prefix(&here).map_or(found.clone(), Path::to_owned);
        let text = std::fs::read_to_string(&path)
            .with_context(|| format!("cannot read {}", path.display()))?;
        let outside = toml::from_str(&text).map_err(|error: toml::de::Error| {
            let line = error.span().map_or(1, |span| line_of(&text, span.start));
            anyhow::anyhow!("{}:{line}: {}", path.display(), error.message())
        })?;
        let content = Content { outside, profiles: BTreeMap::new() };
        let mut file = Self { path, text, content };
        file.take_profiles()?;
        file.judge()?;
        Ok(Some(file))
    }

    /// The folder it lies in.
    pub(crate) fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new(""))
    }

    /// What it says, with what the profile says in front.
    ///
    /// # Errors
    /// When there is no such profile, or a value is not of its key's type.
    pub(crate) fn table(&self, profile: Option<&str>) -> anyhow::Result<Table> {
        let mut table = Table::default();
        for written in self.written(profile)? {
            for (key, value) in written {
                self.read(&mut table, key, value)?;
            }
        }
        self.judge_values(&table)?;
        Ok(table)
    }

    /// The settings it makes, with the profile's in front, and the place of each.
    ///
    /// # Errors
    /// When there is no such profile.
    pub(crate) fn settings(&self, profile: Option<&str>) -> anyhow::Result<Vec<FileSetting>> {
        let mut settings = Vec::new();
        for written in self.written(profile)? {
            let all = written.get("settings").and_then(Value::as_table);
            for (name, value) in all.into_iter().flatten() {
                let text = as_text(value).with_context(|| {
                    format!("{}: {name} has no value of a setting", self.place(name))
                })?;
                settings.push(FileSetting { name: name.clone(), text, origin: self.place(name) });
            }
        }
        Ok(settings)
    }

    /// Where a key stands, as `file:line`.
    pub(crate) fn place(&self, key: &str) -> String {
        let names = |line: &str| {
            let line = line.trim_start().trim_start_matches(['"', '\'']);
            let rest = line.strip_prefix(key).map(|rest| rest.trim_start_matches(['"', '\'']));
            rest.is_some_and(|rest| rest.trim_start().starts_with('='))
        };
        match self.text.lines().position(names) {
            Some(line) => format!("{}:{}", self.path.display(), line + 1),
            None => self.path.display().to_string(),
        }
    }

    fn written(&self, profile: Option<&str>) -> anyhow::Result<Vec<&Written>> {
        let Some(name) = profile else { return Ok(vec![&self.content.outside]) };
        let Some(found) = self.content.profiles.get(name) else {
            let known = self.content.profiles.keys().map(String::as_str);
            let hint = hint(name, known.clone());
            let all = known.collect::<Vec<_>>().join(", ");
            let all = if all.is_empty() {
                "there are none".to_owned()
            } else {
                format!("there are: {all}")
            };
            anyhow::bail!("{} has no profile `{name}`; {all}{hint}", self.path.display());
        };
        Ok(vec![&self.content.outside, found])
    }

    fn take_profiles(&mut self) -> anyhow::Result<()> {
        match self.content.outside.remove("profile") {
            None => {}
            Some(Value::Table(all)) => {
                for (name, profile) in all {
                    let Value::Table(keys) = profile else {
                        anyhow::bail!("{}: wanted a table, [profile.{name}]", self.place(&name));
                    };
                    self.content.profiles.insert(name, keys);
                }
            }
            Some(_) => anyhow::bail!("{}: wanted a table, [profile.NAME]", self.place("profile")),
        }
        Ok(())
    }

    /// Whether every key is one.
    fn judge(&self) -> anyhow::Result<()> {
        let profiles = self.content.profiles.values();
        for written in std::iter::once(&self.content.outside).chain(profiles) {
            for (key, value) in written {
                if key == "settings" {
                    self.judge_settings(value)?;
                } else if !KEYS.contains(&key.as_str()) {
                    let known = KEYS.iter().copied().chain(["settings", "profile"]);
                    anyhow::bail!(
                        "{}: unknown key `{key}`; wanted one of {}, settings, profile{}",
                        self.place(key),
                        KEYS.join(", "),
                        hint(key, known)
                    );
                }
            }
        }
        Ok(())
    }

    fn judge_settings(&self, value: &Value) -> anyhow::Result<()> {
        let Some(settings) = value.as_table() else {
            anyhow::bail!("{}: settings is not a table; wanted [settings]", self.place("settings"));
        };
        for name in settings.keys() {
            let names = SETTINGS.iter().map(|setting| setting.name);
            if name == "MOONRING_SCRIPTS" {
                anyhow::bail!("{}: write `scripts = …` above [settings] instead", self.place(name));
            }
            if !names.clone().any(|known| known == name) {
                anyhow::bail!(
                    "{}: {name} is not a setting; `moonring settings` lists them{}",
                    self.place(name),
                    hint(name, names)
                );
            }
        }
        Ok(())
    }

    /// Whether what the values say can be.
    fn judge_values(&self, table: &Table) -> anyhow::Result<()> {
        for (key, number) in [("from", &table.from), ("to", &table.to)] {
            if let Some(Err(why)) = number.as_deref().map(party) {
                anyhow::bail!("{}: {key}: {why}", self.place(key));
            }
        }
        let zone = table.zone.as_deref();
        let at = table.at.as_deref().unwrap_or("2026-01-01 00:00");
        if table.at.is_some() || zone.is_some() {
            let key = if table.at.is_some() { "at" } else { "zone" };
            at_ms(at, zone).with_context(|| self.place(key))?;
        }
        for (number, what) in &table.callees {
            let wrong = |why: String| anyhow::anyhow!("{}: {number}: {why}", self.place(number));
            party(number).map_err(wrong)?;
            what.parse::<Callee>().map_err(wrong)?;
        }
        Ok(())
    }

    /// Reads the value of a key into a table.
    fn read(&self, table: &mut Table, key: &str, value: &Value) -> anyhow::Result<()> {
        let wrong = |wanted: &str| {
            anyhow::anyhow!("{}: {key} is {}; wanted {wanted}", self.place(key), kind(value))
        };
        let text = || value.as_str().map(str::to_owned).ok_or_else(|| wrong("a string in quotes"));
        let path = || text().map(|text| self.folder().join(text));
        let location = || {
            let location = text()?.parse::<Location>();
            let location = location.with_context(|| format!("{}: {key}", self.place(key)))?;
            Ok::<_, anyhow::Error>(match location {
                Location::Folder(folder) => Location::Folder(self.folder().join(folder)),
                other => other,
            })
        };
        match key {
            "scripts" => table.scripts = Some(location()?),
            "releases" => table.releases = Some(location()?),
            "from" => table.from = Some(text()?),
            "to" => table.to = Some(text()?),
            // Without quotes TOML reads a date and time.
            "at" => {
                table.at = Some(value.as_datetime().map_or_else(text, |at| Ok(at.to_string()))?)
            }
            "zone" => table.zone = Some(text()?),
            "replies" => table.replies = Some(path()?),
            "audio" => table.audio = Some(location()?),
            "bots" => table.bots = Some(path()?),
            "callees" => {
                let callees = value.as_table().ok_or_else(|| wrong("a table, [callees]"))?;
                for (number, what) in callees {
                    let what = what.as_str().with_context(|| {
                        format!("{}: wanted a string such as \"busy\"", self.place(number))
                    })?;
                    table.callees.insert(number.clone(), what.to_owned());
                }
            }
            _ => {}
        }
        Ok(())
    }
}

/// A setting that the file makes.
pub(super) struct FileSetting {
    pub(super) name: String,
    pub(super) text: String,
    pub(super) origin: String,
}

/// A value as the environment would have it: lists with commas, tables as JSON.
fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Integer(_) | Value::Float(_) | Value::Boolean(_) => Some(value.to_string()),
        Value::Array(list) => {
            let texts = list.iter().map(Value::as_str).collect::<Option<Vec<_>>>()?;
            Some(texts.join(","))
        }
        Value::Table(_) => serde_json::to_string(value).ok(),
        Value::Datetime(_) => None,
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::String(_) => "a string",
        Value::Integer(_) | Value::Float(_) => "a number",
        Value::Boolean(_) => "true or false",
        Value::Datetime(_) => "a date",
        Value::Array(_) => "a list",
        Value::Table(_) => "a table",
    }
}

fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}
