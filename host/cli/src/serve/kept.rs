//! What travels with a call at an entry of it, in words: what the next cold process would replay.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use moonring_runtime::{KeptCall, KeptJournal, KeptStep};
use serde_json::{Value, json};

use super::setup::attributes;
use super::sounds::{Sounds, WantedEntry, refused};

/// `GET /moonring/calls/ID/kept?entry=N`.
pub(super) async fn kept(
    State(sounds): State<Sounds>,
    Path(call): Path<String>,
    Query(WantedEntry { entry }): Query<WantedEntry>,
) -> Response {
    let trace = match sounds.trace(call).await {
        Ok(trace) => trace,
        Err(refused) => return refused,
    };
    let Some(until) = trace.entries.get(..=entry) else {
        return refused(StatusCode::NOT_FOUND, &format!("the call has no entry {entry}"));
    };
    // An answer without attributes leaves those that the event brought (rule 50).
    let kept = until.iter().rev().find_map(|entry| attributes(&entry.happened));
    Json(told(&kept.map(KeptCall::of).unwrap_or_default())).into_response()
}

fn told(kept: &KeptCall) -> Value {
    let step =
        |step: &KeptStep| json!({"Step": step.label, "Result": step.result, "Later": step.later});
    let journal = |journal: &KeptJournal| {
        json!({
            "Steps": journal.steps.iter().map(step).collect::<Vec<_>>(), "WaitsAt": journal.waits_at,
            "Failed": journal.has_failed, "Elsewhere": journal.is_elsewhere, "Characters": journal.chars,
        })
    };
    json!({
        "Script": kept.script, "Release": kept.release, "Alias": kept.alias,
        "Journal": kept.journal.as_ref().map(journal),
    })
}
