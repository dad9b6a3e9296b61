//! A call as a text that is read with pleasure: one line for whatever happened.

mod action_words;
mod explanations;
mod json;
mod requests;

use std::time::Duration;

use moonring_exchange::{Entry, Happened};
use serde_json::Value;

use self::action_words::action_words;
pub use self::explanations::{EndlessExchange, explain};
pub use self::json::to_json;
use self::requests::request_words;

/// One entry of a trace as lines without their ends.
pub fn tell(entry: &Entry) -> Vec<String> {
    let mut lines = tell_requests(entry);
    lines.push(tell_entry(entry));
    lines
}

/// What the function asked of other services before its answer, a line each.
pub fn tell_requests(entry: &Entry) -> Vec<String> {
    let Happened::Answered { api_calls, .. } = &entry.happened else { return Vec::new() };
    let at = clock(entry.at);
    let line = |call: &Value| {
        let place = call.get("place").and_then(Value::as_str);
        format!("{at}  {:<6} {}{}", "", request_words(call), at_line(place))
    };
    api_calls.iter().map(line).collect()
}

fn tell_entry(entry: &Entry) -> String {
    let at = clock(entry.at);
    let line = |who: &str, what: String| format!("{at}  {who:<6} {what}");
    match &entry.happened {
        Happened::Invoked { event, attempt } => {
            let again =
                if *attempt > 1 { format!(" (again, attempt {attempt})") } else { String::new() };
            line("", format!("--> {}{again}", describe_event(event)))
        }
        Happened::Answered { answer, counts, .. } => {
            let note = if *counts { "" } else { " (ignored)" };
            line("", format!("<-- {}{note}", describe_answer(answer)))
        }
        Happened::NotAnswered { why } => line("", format!("<-- no answer: {why}")),
        Happened::Hears { leg, what, is_audio, place, .. } => {
            let what = if *is_audio { format!("♪ {what}") } else { format!("“{what}”") };
            line(leg.name(), format!("hears {what}{}", at_line(place.as_deref())))
        }
        Happened::Presses { leg, digit, is_heard } => line(
            leg.name(),
            format!("presses {digit}{}", if *is_heard { "" } else { ", but nothing is listening" }),
        ),
        Happened::Talks { leg, lasts, words } => {
            let words = words.as_deref().map(|words| format!(": “{words}”")).unwrap_or_default();
            line(leg.name(), format!("talks for {}{words}", seconds(*lasts)))
        }
        Happened::Rings { leg, to, .. } => line(leg.name(), format!("rings at {to}")),
        Happened::Connects { leg } => line(leg.name(), "is connected".to_owned()),
        Happened::Joins { leg, .. } => line(leg.name(), "joins the meeting".to_owned()),
        Happened::Ends { leg, code } => line(leg.name(), format!("ends{}", describe_code(*code))),
        Happened::Does { leg, action, place } => {
            line(leg.name(), format!("{}{}", action_words(action), at_line(place.as_deref())))
        }
        Happened::Records { leg, file, lasts, .. } => {
            line(leg.name(), format!("is recorded for {} in s3://{file}", seconds(*lasts)))
        }
        Happened::Sip { leg, message, .. } => line(leg.name(), format!("SIP {message}")),
        Happened::Logs(text) => line("", format!("the service logs: {text}")),
        Happened::Warns(text) => line("", format!("warning: {text}")),
    }
}

/// Minutes and seconds, to the tenth.
fn clock(at: Duration) -> String {
    let tenths = at.as_millis() / 100;
    format!("{:>3}:{:02}.{}", tenths / 600, tenths / 10 % 60, tenths % 10)
}

fn seconds(lasts: Duration) -> String {
    format!("{:.1} s", lasts.as_secs_f64())
}

fn at_line(place: Option<&str>) -> String {
    place.map(|place| format!("  ({place})")).unwrap_or_default()
}

fn describe_event(event: &Value) -> String {
    let text = |pointer: &str| event.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let mut told = text("/InvocationEventType").to_owned();
    let mut add = |text: &str| {
        if !text.is_empty() {
            told = format!("{told} {text}");
        }
    };
    add(text("/ActionData/Type"));
    add(text("/ActionData/ReceivedDigits"));
    if text("/InvocationEventType") == "HANGUP" {
        add(text("/ActionData/Parameters/ParticipantTag"));
    }
    add(text("/ActionData/ErrorType"));
    add(text("/ErrorType"));
    told
}

fn describe_answer(answer: &Value) -> String {
    let fields = answer.as_object().filter(|fields| fields.contains_key("SchemaVersion"));
    let Some(fields) = fields else {
        let text: String = answer.to_string().chars().take(200).collect();
        return format!("not an answer: {text}");
    };
    let Some(actions) = fields.get("Actions").and_then(Value::as_array) else {
        return "no actions".to_owned();
    };
    let names: Vec<_> =
        actions.iter().filter_map(|action| action.get("Type").and_then(Value::as_str)).collect();
    if names.is_empty() { "no actions".to_owned() } else { names.join(", ") }
}

fn describe_code(code: u16) -> &'static str {
    match code {
        480 => ": no answer (480)",
        486 => ": busy (486)",
        _ => "",
    }
}
