//! The stream of what happens: server-sent events, which a reader can take up again where it was.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::Stream;
use futures_util::stream::unfold;
use serde::Deserialize;

use super::feed::Feed;

/// After so long without an event a comment is sent: what stands between notices a dead line.
const ALIVE: Duration = Duration::from_secs(15);

/// What a reader may say.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    /// Only events of this call.
    call: Option<String>,
    /// Only events behind this number; `Last-Event-ID` says the same.
    after: Option<u64>,
    /// Known to the guard.
    #[serde(default, rename = "token")]
    _token: Option<String>,
}

/// `GET /moonring/events`.
pub(super) async fn events(
    State(feed): State<Feed>,
    Query(wanted): Query<Wanted>,
    headers: HeaderMap,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let resumed = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse().ok());
    let from = resumed.or(wanted.after).unwrap_or(0);
    let seen = feed.watch();
    let stream = unfold((feed, seen, from, wanted.call), |(feed, mut seen, at, call)| async move {
        loop {
            // Looked at before the events: none can come in between unseen.
            seen.borrow_and_update();
            if let Some(next) = feed.after(at, call.as_deref()) {
                let event = Event::default()
                    .id(next.id.to_string())
                    .event(next.kind)
                    .data(next.to_json().to_string());
                return Some((Ok(event), (feed, seen, next.id, call)));
            }
            seen.changed().await.ok()?;
        }
    });
    Sse::new(stream).keep_alive(KeepAlive::new().interval(ALIVE))
}
