//! The releases that a server has seen, with the texts of their scripts: what a line of a call says
//! of the script is shown from the release that the call has.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use axum::Json;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::clock::now_ms;
use crate::judge::Judged;

/// How many releases are kept.
const KEPT: usize = 50;

/// Those that were seen, the newest last.
#[derive(Debug, Clone, Default)]
pub(crate) struct Releases(Arc<Mutex<Seen>>);

#[derive(Debug, Default)]
struct Seen {
    releases: VecDeque<SeenRelease>,
    /// The release that answers new calls.
    serving: Option<String>,
    /// The last thing that was told.
    told: Option<Value>,
}

#[derive(Debug)]
struct SeenRelease {
    id: String,
    /// By file.
    texts: BTreeMap<String, String>,
}

impl Releases {
    /// Takes what a check found. What there is to tell of it; nothing where nothing has changed.
    pub(crate) fn take(&self, judged: &Judged) -> Option<Value> {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let texts: BTreeMap<String, String> = judged
            .scripts
            .iter()
            .map(|script| (script.file.clone(), script.text.clone()))
            .collect();
        let before = seen.releases.back();
        let changed: Vec<String> = match before {
            None => Vec::new(),
            Some(before) => {
                let all = before
                    .texts
                    .keys()
                    .chain(texts.keys().filter(|file| !before.texts.contains_key(*file)));
                all.filter(|file| before.texts.get(*file) != texts.get(*file)).cloned().collect()
            }
        };
        if judged.is_accepted {
            seen.serving.clone_from(&judged.release);
        }
        let problems: Vec<Value> = judged
            .problems
            .iter()
            .map(|problem| {
                json!({
                    "File": problem.file, "Line": problem.line(), "Message": problem.message,
                    "Code": problem.code.name, "Severity": problem.code.severity.to_string(),
                })
            })
            .collect();
        let told = json!({
            "Release": judged.release, "Accepted": judged.is_accepted, "Serving": seen.serving,
            "Problems": problems, "Changed": changed, "At": now_ms(),
        });
        let id = judged.release.clone().unwrap_or_default();
        // The same files again: nothing has changed but, perhaps, what is wrong with them.
        let is_same = |key: &str| seen.told.as_ref().is_some_and(|known| known[key] == told[key]);
        if is_same("Release") && is_same("Problems") {
            return None;
        }
        seen.told = Some(told.clone());
        seen.releases.retain(|known| known.id != id);
        seen.releases.push_back(SeenRelease { id, texts });
        let oldest = seen.releases.len().saturating_sub(KEPT);
        seen.releases.drain(..oldest);
        Some(told)
    }

    /// What was told last.
    pub(crate) fn newest(&self) -> Option<Value> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).told.clone()
    }

    /// The release that answers calls that begin.
    pub(super) fn serving(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).serving.clone()
    }

    /// The names of the scripts of the newest release.
    pub(crate) fn scripts(&self) -> Vec<String> {
        let seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let files = seen.releases.back().into_iter().flat_map(|release| release.texts.keys());
        let name = |file: &String| {
            file.strip_suffix(".lua").or_else(|| file.strip_suffix(".luau")).map(str::to_owned)
        };
        files.filter_map(name).filter(|name| name != "routes" && !name.starts_with('@')).collect()
    }

    fn text(&self, release: Option<&str>, file: &str) -> Option<(String, String)> {
        let seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = release.and_then(|id| seen.releases.iter().find(|known| known.id == id));
        let known = known.or_else(|| seen.releases.back())?;
        known.texts.get(file).map(|text| (known.id.clone(), text.clone()))
    }
}

/// What a reader of a script says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    /// The release; the newest where it is not said, or not known any more.
    release: Option<String>,
    file: String,
}

/// `GET /moonring/source`.
pub(super) async fn source(
    State(releases): State<Releases>,
    Query(wanted): Query<Wanted>,
) -> Response {
    match releases.text(wanted.release.as_deref(), &wanted.file) {
        Some((release, text)) => {
            Json(json!({"File": wanted.file, "Release": release, "Text": text})).into_response()
        }
        None => {
            let message = format!(
                "there is no script {} here; `moonring dev` shows the scripts of its folder",
                wanted.file
            );
            (StatusCode::NOT_FOUND, Json(json!({"Message": message}))).into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use moonring_runtime::ScriptText;

    use super::*;

    fn judged(id: &str, is_accepted: bool, files: &[(&str, &str)]) -> Judged {
        let script = |(file, text): &(&str, &str)| ScriptText {
            file: (*file).to_owned(),
            text: (*text).to_owned(),
        };
        let scripts = files.iter().map(script).collect();
        Judged { release: Some(id.to_owned()), is_accepted, scripts, ..Judged::default() }
    }

    #[test]
    fn a_new_release_says_what_has_changed_and_a_broken_one_what_serves_on() {
        let releases = Releases::default();
        let first =
            releases.take(&judged("one", true, &[("main.lua", "1"), ("a.lua", "1")])).unwrap();
        assert_eq!((&first["Serving"], &first["Changed"]), (&json!("one"), &json!([])));
        assert_eq!(releases.take(&judged("one", true, &[("main.lua", "1"), ("a.lua", "1")])), None);
        let second =
            releases.take(&judged("two", false, &[("main.lua", "2"), ("b.lua", "1")])).unwrap();
        assert_eq!(
            (&second["Serving"], &second["Changed"]),
            (&json!("one"), &json!(["a.lua", "main.lua", "b.lua"]))
        );
        assert_eq!(releases.text(Some("one"), "main.lua").unwrap().1, "1");
        assert_eq!(
            releases.text(Some("gone"), "main.lua").unwrap(),
            ("two".to_owned(), "2".to_owned())
        );
        assert_eq!(releases.scripts(), ["b", "main"]);
        // What was mended by taking it back is news too.
        assert_eq!(
            releases.take(&judged("one", true, &[("main.lua", "1"), ("a.lua", "1")])).unwrap()["Serving"],
            "one"
        );
    }
}
