//! Calls to be heard: prompts, recordings and whole calls as WAV, and what people say into a
//! microphone.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use moonring_exchange::{Entry, Happened, Tag, Trace};
use moonring_sim::silence;
use serde::Deserialize;
use serde_json::json;
use tokio::sync::{mpsc, oneshot};

use super::Ask;
use crate::sound::{CallSound, Clip, Clips, length, read_wav, recording, wav_bytes};

/// The longest piece that somebody says at once.
const LONGEST: Duration = Duration::from_secs(60);

/// What makes calls to sound.
#[derive(Clone)]
pub(crate) struct Sounds {
    pub(crate) asks: mpsc::Sender<Ask>,
    pub(crate) sound: Arc<CallSound>,
    pub(crate) clips: Clips,
}

/// Which entry of a call.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WantedEntry {
    pub(super) entry: usize,
}

/// Who speaks.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Speaker {
    leg: Option<String>,
}

impl Sounds {
    /// What has happened in a call.
    pub(super) async fn trace(&self, call: String) -> Result<Trace, Response> {
        let (answer, trace) = oneshot::channel();
        let missing = refused(StatusCode::NOT_FOUND, &format!("There is no call {call}"));
        // A server that is about to end has no calls.
        let _ = self.asks.send(Ask::Trace { call, answer }).await;
        trace.await.ok().flatten().ok_or(missing)
    }

    /// What is heard at an entry: a prompt, or a recording that is played back.
    fn entry(&self, call: &str, entry: &Entry) -> Option<Vec<u8>> {
        match &entry.happened {
            Happened::Hears { what, is_audio, .. } => {
                self.sound.heard(what, *is_audio).map(|samples| wav_bytes(&[&samples]))
            }
            Happened::Records { leg, lasts, channels, .. } => {
                let said = recording(&self.clips.of(call), *leg, entry.at, *lasts, *channels);
                Some(match said {
                    Some(said) => wav_bytes(&said.iter().map(Vec::as_slice).collect::<Vec<_>>()),
                    None => silence(*lasts, *channels),
                })
            }
            _ => None,
        }
    }
}

/// `GET /moonring/calls/ID/sound?entry=N`.
pub(super) async fn sound(
    State(sounds): State<Sounds>,
    Path(call): Path<String>,
    Query(WantedEntry { entry }): Query<WantedEntry>,
) -> Response {
    let trace = match sounds.trace(call.clone()).await {
        Ok(trace) => trace,
        Err(refused) => return refused,
    };
    let Some(entry) = trace.entries.get(entry).cloned() else {
        return refused(StatusCode::NOT_FOUND, &format!("the call has no entry {entry}"));
    };
    // The voice is a program of its own.
    let made = tokio::task::spawn_blocking(move || sounds.entry(&call, &entry)).await;
    match made.ok().flatten() {
        Some(bytes) => wav(bytes),
        None => refused(
            StatusCode::NOT_FOUND,
            "nothing is heard here: install espeak-ng for a voice, and see --audio for audio files",
        ),
    }
}

/// `GET /moonring/calls/ID/wav`: left what the caller hears, right what people press and say.
pub(super) async fn whole(State(sounds): State<Sounds>, Path(call): Path<String>) -> Response {
    let trace = match sounds.trace(call.clone()).await {
        Ok(trace) => trace,
        Err(refused) => return refused,
    };
    let made = move || sounds.sound.whole(&trace, &sounds.clips.of(&call));
    match tokio::task::spawn_blocking(made).await {
        Ok(Ok(bytes)) => wav(bytes),
        Ok(Err(error)) => refused(StatusCode::CONFLICT, &error.to_string()),
        Err(error) => refused(StatusCode::INTERNAL_SERVER_ERROR, &error.to_string()),
    }
}

/// `POST /moonring/calls/ID/voice?leg=LEG-A`: a WAV of what somebody says now.
pub(super) async fn voice(
    State(sounds): State<Sounds>,
    Path(call): Path<String>,
    Query(speaker): Query<Speaker>,
    body: Bytes,
) -> Response {
    let leg = match speaker.leg.as_deref() {
        None | Some("LEG-A") => Tag::A,
        Some("LEG-B") => Tag::B,
        Some(other) => {
            return refused(
                StatusCode::BAD_REQUEST,
                &format!("leg is {other}; wanted LEG-A or LEG-B"),
            );
        }
    };
    // A long file takes its time.
    let read = tokio::task::spawn_blocking(move || read_wav(body.as_ref())).await;
    let Some(samples) = read.ok().flatten().filter(|samples| !samples.is_empty()) else {
        return refused(StatusCode::BAD_REQUEST, "the body is not a WAV file with sound in it");
    };
    let lasts = length(&samples);
    if lasts > LONGEST {
        return refused(
            StatusCode::BAD_REQUEST,
            "the WAV file is longer than 60 s; send shorter pieces",
        );
    }
    let (answer, at) = oneshot::channel();
    let ask = Ask::Voice { call: call.clone(), leg, lasts, answer };
    // A server that is about to end has no calls.
    let _ = sounds.asks.send(ask).await;
    match at.await {
        Ok(Ok(at)) => {
            sounds.clips.add(&call, Clip { leg, at, samples });
            Json(json!({})).into_response()
        }
        Ok(Err(error)) => {
            let status = StatusCode::from_u16(error.status).unwrap_or(StatusCode::CONFLICT);
            refused(status, &error.message)
        }
        Err(_) => refused(StatusCode::SERVICE_UNAVAILABLE, "the server ends"),
    }
}

fn wav(bytes: Vec<u8>) -> Response {
    let headers = [(header::CONTENT_TYPE, "audio/wav"), (header::CACHE_CONTROL, "no-store")];
    (headers, bytes).into_response()
}

pub(super) fn refused(status: StatusCode, message: &str) -> Response {
    (status, Json(json!({"Message": message}))).into_response()
}
