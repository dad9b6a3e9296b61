//! A call as objects for programs: one for whatever happened.

use moonring_exchange::{Entry, Happened};
use serde_json::{Map, Value, json};

use super::tell;

/// One entry of a trace: `at` in seconds from the start of the call, `what` happened, `leg` where
/// it has one, `place` as `file:line` where the script is known to be behind it, and `line`, what
/// people read of it. docs/reference/story.md has every kind.
pub fn to_json(entry: &Entry) -> Value {
    let (what, leg, more) = match &entry.happened {
        Happened::Invoked { event, attempt } => {
            ("invoked", None, json!({"event": event.as_ref(), "attempt": attempt}))
        }
        Happened::Answered { answer, api_calls, counts } => (
            "answered",
            None,
            json!({"answer": answer.as_ref(), "requests": api_calls, "counts": counts}),
        ),
        Happened::NotAnswered { why } => ("not_answered", None, json!({"why": why})),
        Happened::Hears { leg, what, is_audio, place, .. } => {
            let name = if *is_audio { "file" } else { "text" };
            ("hears", Some(leg), json!({name: what, "place": place}))
        }
        Happened::Presses { leg, digit, is_heard } => {
            ("presses", Some(leg), json!({"digit": digit, "heard": is_heard}))
        }
        Happened::Talks { leg, lasts, words } => {
            ("talks", Some(leg), json!({"seconds": lasts.as_secs_f64(), "words": words}))
        }
        Happened::Rings { leg, to, place } => {
            ("rings", Some(leg), json!({"to": to, "place": place}))
        }
        Happened::Connects { leg } => ("connects", Some(leg), json!({})),
        Happened::Joins { leg, meeting } => ("joins", Some(leg), json!({"meeting": meeting})),
        Happened::Ends { leg, code } => ("ends", Some(leg), json!({"code": code})),
        Happened::Does { leg, action, place } => {
            ("does", Some(leg), json!({"action": action, "place": place}))
        }
        Happened::Records { leg, file, lasts, channels } => (
            "records",
            Some(leg),
            json!({"file": file, "seconds": lasts.as_secs_f64(), "channels": channels}),
        ),
        Happened::Sip { leg, group, message } => {
            ("sip", Some(leg), json!({"group": group, "message": message}))
        }
        Happened::Logs(text) => ("logs", None, json!({"text": text})),
        Happened::Warns(text) => ("warns", None, json!({"text": text})),
    };
    let at = entry.at.as_millis();
    let mut object = Map::new();
    #[expect(clippy::cast_precision_loss, reason = "a call lasts at most some days")]
    object.insert("at".to_owned(), json!(at as f64 / 1000.0));
    object.insert("what".to_owned(), json!(what));
    if let Some(leg) = leg {
        object.insert("leg".to_owned(), json!(leg.name()));
    }
    let more = more.as_object().cloned().unwrap_or_default();
    object.extend(more.into_iter().filter(|(_, value)| !value.is_null()));
    let lines = tell(entry);
    if !lines.is_empty() {
        object.insert("line".to_owned(), json!(lines.join("\n")));
    }
    Value::Object(object)
}
