//! What becomes of a snapshot: accepted, or refused with its problems.

use std::sync::Arc;

use moonring_engine::{Compiled, LoadError, Problem, script_hint};
use moonring_store::{Error as StoreError, Snapshot};

use super::look::{Found, Looked};
use super::{Loaded, Needs, ReleaseChannel};

impl ReleaseChannel {
    pub(super) fn harvest(&self, found: Result<Found, tokio::task::JoinError>) {
        let failures = match found {
            Ok(Ok(None)) => Vec::new(),
            Ok(Ok(Some(Looked::Files(judged)))) => {
                self.judge(judged.snapshot, judged.compiled);
                Vec::new()
            }
            Ok(Ok(Some(Looked::Moved(moved)))) => self.follow(*moved),
            Ok(Err(error)) => vec![error],
            Err(error) => {
                tracing::error!(
                    alias = self.alias,
                    serving = self.serving(),
                    "the check for a new release was stopped: {error}"
                );
                Vec::new()
            }
        };
        let refusal = self.report(&failures);
        self.refusal.replace(refusal);
    }

    /// Says why releases cannot be had; what is refused in the same words as before is not said
    /// again. What is refused, in words.
    fn report(&self, failures: &[StoreError]) -> Option<String> {
        for error in failures.iter().filter(|error| !error.is_refusal()) {
            tracing::warn!(
                alias = self.alias,
                serving = self.serving(),
                "the check for a new release failed: {error}"
            );
        }
        let refusals = failures.iter().filter(|error| error.is_refusal());
        let refusals: Vec<String> = refusals.map(ToString::to_string).collect();
        let refusal = Some(refusals.join("; ")).filter(|refusal| !refusal.is_empty());
        if let Some(refusal) = refusal.as_ref().filter(|_| refusal != *self.refusal.borrow()) {
            tracing::error!(
                alias = self.alias,
                serving = self.serving(),
                "the release is refused: {refusal}"
            );
        }
        refusal
    }

    /// Accepts a release that is whole and can answer; says in one line why not otherwise.
    pub(super) fn judge(&self, snapshot: Snapshot, compiled: Result<Compiled, LoadError>) {
        let id = snapshot.id.clone();
        let snapshot = Arc::new(snapshot);
        self.last.replace(Some(Arc::clone(&snapshot)));
        if self.serving().as_deref() == Some(id.as_str()) {
            // Uploaded again with the same content, or put back: what serves is what is there.
            return;
        }
        let Some(loaded) = self.vet(&snapshot, compiled) else { return };
        tracing::info!(
            release = id.as_str(),
            alias = self.alias,
            replaces = self.serving(),
            files = snapshot.files.len(),
            "the release is accepted"
        );
        // A call on an older release has its VM made again when it comes; until then the memory is
        // the new one's.
        self.cache.borrow().iter().for_each(|older| self.discard(older));
        self.cache.borrow_mut().accept(id, loaded);
    }

    /// A release that is whole and can answer; says in one line why not otherwise.
    pub(super) fn vet(
        &self,
        snapshot: &Snapshot,
        compiled: Result<Compiled, LoadError>,
    ) -> Option<Loaded> {
        let (id, alias) = (&snapshot.id, self.alias.as_deref());
        let compiled = match compiled {
            Ok(compiled) => compiled,
            Err(LoadError { problems }) => {
                let first = problems.first();
                let file = first.map(|problem| problem.file.as_str());
                tracing::error!(
                    release = id.as_str(),
                    alias,
                    serving = self.serving(),
                    file,
                    line = first.and_then(|problem| problem.line),
                    version = file.and_then(|file| snapshot.version_of(file)),
                    problems = problems.len(),
                    "the release is refused: {}",
                    in_one_line(&problems)
                );
                return None;
            }
        };
        // Where there are routes, the scripts they name were looked for when they were evaluated.
        let needed = match &self.needs {
            Needs::AnAnswer => compiled.routes().is_none().then_some("main"),
            Needs::Script(script) => Some(script.as_str()),
            Needs::Nothing => None,
        };
        if let Some(script) = needed.filter(|script| compiled.script(script).is_none()) {
            tracing::error!(
                release = id.as_str(),
                alias,
                serving = self.serving(),
                file = format!("{script}.lua"),
                "the release is refused: it has no script `{script}`, so nothing would answer{}",
                script_hint(script, compiled.file_names())
            );
            return None;
        }
        let loaded = Loaded::new(compiled, snapshot);
        if let Err(error) = self.program(&loaded) {
            tracing::error!(
                release = id.as_str(),
                alias,
                serving = self.serving(),
                "the release is refused: {error}"
            );
            return None;
        }
        Some(loaded)
    }
}

/// The first problems of a release, in one line.
pub(super) fn in_one_line(problems: &[Problem]) -> String {
    const SHOWN: usize = 5;
    let mut texts: Vec<String> = problems.iter().take(SHOWN).map(ToString::to_string).collect();
    if problems.len() > SHOWN {
        texts.push(format!("and {} more", problems.len() - SHOWN));
    }
    texts.join("; ")
}
