//! A line of the log, as the host writes it.

use serde_json::{Value, json};

/// What Lambda writes where it ends the function.
const LAMBDA: [&str; 2] = ["Task timed out after", "Runtime exited with error"];

/// A line of the log.
#[derive(Debug, Clone)]
pub(super) struct LogLine {
    /// When CloudWatch got it, in milliseconds since 1970, where that is known.
    pub(super) at_ms: Option<u64>,
    /// What CloudWatch calls it; empty where it comes from a file.
    pub(super) id: String,
    fields: Value,
}

impl LogLine {
    /// `None` for what is no line of the host; where Lambda says that it ended the function, that is
    /// an error too.
    pub(super) fn parse(at_ms: Option<u64>, text: &str) -> Option<Self> {
        let fields = match serde_json::from_str::<Value>(text.trim()) {
            Ok(fields) => fields,
            Err(_) if LAMBDA.iter().any(|end| text.contains(end)) => {
                json!({"level": "ERROR", "message": text.trim()})
            }
            Err(_) => return None,
        };
        fields.get("level")?;
        Some(Self { at_ms, id: String::new(), fields })
    }

    pub(super) fn with_id(self, id: &str) -> Self {
        Self { id: id.to_owned(), ..self }
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.fields.get(name).and_then(Value::as_str)
    }

    pub(super) fn number(&self, name: &str) -> Option<u64> {
        self.fields.get(name).and_then(Value::as_u64)
    }

    pub(super) fn fields(&self) -> &Value {
        &self.fields
    }

    /// Whether it is the line of an event.
    pub(super) fn is_event(&self) -> bool {
        self.text("message") == Some("event")
    }

    pub(super) fn is_error(&self) -> bool {
        self.text("level") == Some("ERROR")
    }

    /// Whether the script did not answer: the caller heard the fallback, or was refused.
    pub(super) fn is_fallback(&self) -> bool {
        matches!(self.text("outcome"), Some("fallback" | "refused"))
    }

    /// Whether a number of the call is this one; the log shows only its last digits.
    pub(super) fn has_number(&self, name: &str, wanted: &str) -> bool {
        self.text(name).is_some_and(|shown| match shown.strip_prefix('…') {
            Some(last) => wanted.ends_with(last),
            None => shown == wanted,
        })
    }

    /// The place in a script, as `file:line`.
    pub(super) fn place(&self) -> Option<String> {
        Some(format!("{}:{}", self.text("file")?, self.number("line")?))
    }

    /// The line as people read it, without its time and its call.
    pub(super) fn told(&self) -> String {
        if !self.is_event() {
            let level = self.text("level").unwrap_or_default().to_lowercase();
            let message = self.text("message").unwrap_or_default();
            let fields = match self.fields.get("fields") {
                Some(fields) if !fields.is_null() => format!(" {fields}"),
                _ => String::new(),
            };
            return format!("{level}: {message}{fields}");
        }
        let word = |name: &str| self.text(name).unwrap_or_default();
        let mut told = word("event").to_owned();
        for more in
            [word("action"), word("leg"), word("digits")].iter().filter(|more| !more.is_empty())
        {
            told = format!("{told} {more}");
        }
        if word("outcome") == "repeated" {
            return format!("{told}, again: the same answer");
        }
        let actions = if word("actions").is_empty() { "no actions" } else { word("actions") };
        told = format!("{told} → {}", actions.replace(',', ", "));
        if !word("requests").is_empty() {
            let asked = word("requests").replace(',', ", ").replace('!', " fails with ");
            told = format!("{told}; asked {asked}");
        }
        if self.is_error() {
            let place = self.place().map(|place| format!("{place}: ")).unwrap_or_default();
            told = format!("{told}; {}: {place}{}", word("reason"), word("error"));
        }
        told
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_an_event_is_told_in_words_and_lines_of_lambda_are_none() {
        let text = r#"{"level":"ERROR","message":"event","event":"ACTION_SUCCESSFUL","action":"Speak","to":"…0117","actions":"Speak,Hangup","outcome":"fallback","reason":"error","error":"no more","file":"main.lua","line":7}"#;
        let line = LogLine::parse(Some(1), text).unwrap();
        assert_eq!(
            line.told(),
            "ACTION_SUCCESSFUL Speak → Speak, Hangup; error: main.lua:7: no more"
        );
        let asking = r#"{"level":"INFO","message":"event","event":"HANGUP","requests":"storage:put!timeout,http:GET"}"#;
        assert_eq!(
            LogLine::parse(None, asking).unwrap().told(),
            "HANGUP → no actions; asked storage:put fails with timeout, http:GET"
        );
        assert!(line.has_number("to", "+14255550117") && !line.has_number("to", "+14255550118"));
        assert!(LogLine::parse(None, "START RequestId: 1").is_none());
        // What a script logs is a line of its own, whatever it says.
        let said = r#"{"level":"INFO","message":"Task timed out after lunch"}"#;
        assert!(!LogLine::parse(None, said).unwrap().is_error());
        assert!(LogLine::parse(None, "x Task timed out after 3.00 seconds").unwrap().is_error());
    }
}
