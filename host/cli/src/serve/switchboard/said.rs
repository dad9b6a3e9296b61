//! What the body of a request says that somebody does in a call.

use std::time::Duration;

use moonring_exchange::{Tag, error_types};
use moonring_wire::hint;
use serde_json::{Map, Value};

use super::own_calls::Refusal;

/// What can be done in a call.
const VERBS: [&str; 10] =
    ["press", "hang-up", "talk", "say", "answer", "decline", "update", "fault", "end", "save-test"];

/// The longest name of a test.
const LONGEST: usize = 120;

/// The body of a request about a call.
pub(super) struct Said(Map<String, Value>);

impl Said {
    pub(super) fn read(body: &[u8], verb: &str) -> Result<Self, Refusal> {
        let keys: &[&str] = match verb {
            "press" => &["Leg", "Digits"],
            "hang-up" => &["Leg"],
            "talk" => &["Leg", "Seconds"],
            "say" => &["Leg", "Words"],
            "update" => &["Arguments"],
            "fault" => &["Fault", "Error", "Seconds"],
            "save-test" => &["Name"],
            "answer" | "decline" | "again" | "end" => &[],
            other => {
                return Err(Refusal {
                    status: 404,
                    message: format!(
                        "`{other}` is unknown; wanted {}{}",
                        VERBS.join(", "),
                        hint(other, VERBS)
                    ),
                });
            }
        };
        let body = if body.is_empty() { b"{}" } else { body };
        let fields: Map<String, Value> = serde_json::from_slice(body)
            .map_err(|error| Refusal::bad(format!("the body is not a JSON object: {error}")))?;
        if let Some(unknown) = fields.keys().find(|key| !keys.contains(&key.as_str())) {
            let all = if keys.is_empty() { "no keys".to_owned() } else { keys.join(", ") };
            let hint = hint(unknown, keys.iter().copied());
            return Err(Refusal::bad(format!("unknown key `{unknown}`; wanted {all}{hint}")));
        }
        Ok(Self(fields))
    }

    pub(super) fn leg(&self) -> Result<Tag, Refusal> {
        match self.0.get("Leg") {
            None => Ok(Tag::A),
            Some(leg) if leg == "LEG-A" => Ok(Tag::A),
            Some(leg) if leg == "LEG-B" => Ok(Tag::B),
            Some(other) => Err(Refusal::bad(format!("Leg is {other}; wanted LEG-A or LEG-B"))),
        }
    }

    pub(super) fn digits(&self) -> Result<String, Refusal> {
        let digits = self.0.get("Digits").and_then(Value::as_str).unwrap_or_default();
        let are_digits = digits.chars().all(|digit| "0123456789*#ABCD".contains(digit));
        if digits.is_empty() || !are_digits {
            return Err(Refusal::bad("Digits: wanted a string of 0-9, *, # and A-D"));
        }
        Ok(digits.to_owned())
    }

    pub(super) fn seconds(&self) -> Result<Duration, Refusal> {
        let seconds = self.0.get("Seconds").and_then(Value::as_f64);
        let seconds = seconds.filter(|seconds| (0.0..=86_400.0).contains(seconds));
        seconds
            .map(Duration::from_secs_f64)
            .ok_or_else(|| Refusal::bad("Seconds: wanted a number from 0 to 86400"))
    }

    pub(super) fn words(&self) -> Result<String, Refusal> {
        let words = self.0.get("Words").and_then(Value::as_str).filter(|words| !words.is_empty());
        words.map(str::to_owned).ok_or_else(|| Refusal::bad("Words: wanted a string"))
    }

    pub(super) fn name(&self) -> Result<&str, Refusal> {
        let name = self.0.get("Name").and_then(Value::as_str).map(str::trim);
        let name = name.filter(|name| !name.is_empty());
        let is_line =
            |name: &&str| name.chars().count() <= LONGEST && !name.chars().any(char::is_control);
        name.filter(is_line).ok_or_else(|| {
            Refusal::bad(format!(
                "Name: wanted the name of the test, one line of at most {LONGEST} characters"
            ))
        })
    }

    pub(super) fn arguments(&self) -> Result<Map<String, Value>, Refusal> {
        let arguments = self.0.get("Arguments").and_then(Value::as_object);
        let are_texts = |map: &&Map<String, Value>| map.values().all(Value::is_string);
        arguments
            .filter(are_texts)
            .cloned()
            .ok_or_else(|| Refusal::bad("Arguments: wanted an object of strings"))
    }

    pub(super) fn fault(&self) -> Result<Fault, Refusal> {
        let text = |name: &str| self.0.get(name).and_then(Value::as_str);
        let word = text("Fault").unwrap_or_default();
        match word {
            "action_fails" => {
                let error = text("Error").unwrap_or("SystemException").to_owned();
                let known: Vec<_> = error_types().collect();
                if !known.contains(&error.as_str()) {
                    let near = hint(&error, known.iter().copied());
                    let known = known.join(", ");
                    return Err(Refusal::bad(format!("Error: wanted {known}{near}")));
                }
                Ok(Fault::ActionFails(error))
            }
            "late" if self.0.contains_key("Seconds") => Ok(Fault::Late(self.seconds()?)),
            "late" => Ok(Fault::Late(LATE)),
            "twice" => Ok(Fault::Twice),
            "cold" => Ok(Fault::Cold),
            "s3_gone" => Ok(Fault::SourceGone(true)),
            "s3_back" => Ok(Fault::SourceGone(false)),
            _ => {
                let hint = hint(word, FAULTS);
                Err(Refusal::bad(format!("Fault: wanted {}{hint}", FAULTS.join(", "))))
            }
        }
    }
}

/// What can go wrong, as the body says it.
const FAULTS: [&str; 6] = ["action_fails", "late", "twice", "cold", "s3_gone", "s3_back"];
/// How late an answer is where nobody says: the service waits for 5 s (rule 29).
const LATE: Duration = Duration::from_secs(6);

/// Something that is to go wrong.
pub(super) enum Fault {
    /// The next action, with this error type.
    ActionFails(String),
    /// The next answer is late.
    Late(Duration),
    /// The next event is delivered twice.
    Twice,
    /// The next event finds a process that knows nothing of the call.
    Cold,
    /// Whether the place of the scripts is out of reach.
    SourceGone(bool),
}
