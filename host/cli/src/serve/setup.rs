//! What a page needs to know of the server, and what requests about scripts need.

use std::path::PathBuf;
use std::rc::Rc;

use anyhow::Context as _;
use moonring_exchange::{Happened, Trace};
use moonring_runtime::KeptCall;
use moonring_sim::PlayedCall;
use moonring_spec::CallStart;
use moonring_wire::hint;
use serde_json::{Map, Value, json};

use super::releases::Releases;
use super::source_switch::SourceSwitch;
use crate::clock::now_ms;
use crate::phone_number::FROM;
use crate::project::Project;
use crate::saved_test;

/// What is around the scripts of a server.
pub(crate) struct Setup {
    /// None, where every function is named.
    pub(crate) project: Option<Rc<Project>>,
    pub(crate) releases: Releases,
    /// Whether the place of the scripts is taken for out of reach; none where that cannot be.
    pub(crate) source: Option<SourceSwitch>,
    /// Whether prompts are said; none where nobody listens.
    pub(crate) has_voice: Option<bool>,
    /// How a link opens a file in an editor, with `{path}` and `{line}`.
    pub(crate) editor: String,
}

impl Setup {
    /// The same as JSON, with the numbers and applications of the account.
    pub(super) fn told(&self, numbers: &[String], applications: &[&str]) -> Value {
        let folder = self.project.as_ref().and_then(|project| project.folder());
        let folder = folder.map(|folder| std::fs::canonicalize(&folder).unwrap_or(folder));
        let from = self.project.as_ref().and_then(|project| project.table.from.clone());
        json!({
            "Numbers": numbers, "Applications": applications, "From": from.as_deref().unwrap_or(FROM),
            "Voice": self.has_voice, "Editor": self.editor, "Folder": folder, "Scripts": self.releases.scripts(),
            "Release": self.releases.newest(), "SourceGone": self.source.as_ref().map(SourceSwitch::is_gone), "Started": started_ms(),
        })
    }

    /// Whether a call can be given to this script.
    ///
    /// # Errors
    /// When there is no such script, with the nearest name.
    pub(super) fn check_script(&self, script: &str) -> Result<(), String> {
        let known = self.releases.scripts();
        if known.iter().any(|known| known == script) {
            return Ok(());
        }
        let hint = hint(script, known.iter().map(String::as_str));
        Err(match known.is_empty() {
            true => {
                "Script is for `moonring dev`; here the routes say which script answers".to_owned()
            }
            false => format!("Script: there is no script `{script}`{hint}"),
        })
    }

    /// Takes the place of the scripts for out of reach, or not. False where that cannot be.
    pub(super) fn set_source_gone(&self, is_gone: bool) -> bool {
        self.source.as_ref().map(|source| source.turn(is_gone)).is_some()
    }

    /// The script that a call says it has.
    pub(super) fn script_of(&self, trace: &Trace) -> Option<String> {
        let mut latest = trace.entries.iter().rev().filter_map(|entry| attributes(&entry.happened));
        let kept = latest.find_map(|attributes| KeptCall::of(attributes).script);
        kept.or_else(|| self.project.as_ref()?.script.clone())
    }

    /// Adds a call to the spec of its script; the spec.
    ///
    /// # Errors
    /// When it cannot be written, or has such a test.
    pub(super) fn save_test(
        &self,
        name: &str,
        call: &PlayedCall,
        start: &CallStart,
        script: Option<&str>,
    ) -> anyhow::Result<PathBuf> {
        let project = self.project.as_ref().context("there are no scripts here")?;
        saved_test::add(name, call, start, script, project)
    }
}

/// The attributes that an event or an answer has (`TransactionAttributes`).
pub(super) fn attributes(happened: &Happened) -> Option<&Map<String, Value>> {
    match happened {
        Happened::Invoked { event, .. } => {
            event.pointer("/CallDetails/TransactionAttributes")?.as_object()
        }
        Happened::Answered { answer, .. } => answer.get("TransactionAttributes")?.as_object(),
        _ => None,
    }
}

/// When this server started: a page tells one run from the next by it.
fn started_ms() -> u64 {
    static STARTED: std::sync::OnceLock<u64> = std::sync::OnceLock::new();
    *STARTED.get_or_init(now_ms)
}
