//! Why a waiting method did not do what it was to do: what scripts get behind a nil.

use moonring_wire::Event;
use serde_json::Value;

use super::text::{Reader, Writer};
use crate::log::cut;

/// A failure, with one word of the closed list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) error_type: &'static str,
    /// The service's own words.
    pub(crate) message: String,
    /// The service's own name of the error.
    pub(crate) code: String,
    /// What was tried.
    pub(crate) action: String,
}

/// The most bytes of the service's own words, and of its name for the error.
pub(super) const MESSAGE: usize = 200;
const CODE: usize = 60;

/// The words of `err.type`. Journals name them by their place: new ones go to the end.
const TYPES: &[&str] = &[
    "no_input",
    "no_answer",
    "busy",
    "left",
    "timeout",
    "throttled",
    "denied",
    "not_found",
    "conflict",
    "invalid",
    "failed",
];

/// The one failure that is an everyday matter, in the service's words.
const NO_INPUT: (&str, &str) = ("InvalidDigitsReceived", "Invalid digits received.");

impl Failure {
    /// What an ACTION_FAILED says.
    pub(super) fn of(event: &Event) -> Self {
        let data = event.action_data();
        // Both documented shapes: inside ActionData, or beside it; `Error` where the guide's table has it so.
        let text = |names: [&str; 2]| {
            let places = [data, Some(event.document())];
            let mut found = places.into_iter().flatten().flat_map(|place| names.map(|name| place.get(name)));
            found.find_map(|value| value.and_then(Value::as_str)).unwrap_or_default().to_owned()
        };
        let (code, message) =
            (cut(&text(["ErrorType", "Error"]), CODE), cut(&text(["ErrorMessage", "Message"]), MESSAGE));
        let action = event.action_type().unwrap_or_default().to_owned();
        Self { error_type: type_of(&code), message, code, action }
    }

    /// A failure that no action had.
    pub(super) fn new(error_type: &'static str, message: impl Into<String>) -> Self {
        Self { error_type, message: message.into(), code: String::new(), action: String::new() }
    }

    pub(super) fn write(&self, to: &mut Writer) {
        if (self.code.as_str(), self.message.as_str()) == NO_INPUT {
            to.letter('.');
        } else {
            let place = TYPES.iter().position(|known| *known == self.error_type);
            to.number(place.unwrap_or(TYPES.len() - 1) as u64);
            to.words(&self.code);
            to.words(&self.message);
        }
        to.words(&self.action);
    }

    pub(super) fn read(from: &mut Reader<'_>) -> Option<Self> {
        let mut peek = *from;
        if peek.letter()? == '.' {
            *from = peek;
            let action = from.words()?.to_owned();
            let (code, message) = (NO_INPUT.0.to_owned(), NO_INPUT.1.to_owned());
            return Some(Self { error_type: TYPES[0], message, code, action });
        }
        let error_type = TYPES.get(usize::try_from(from.number()?).ok()?)?;
        let mut text = || from.words().map(str::to_owned);
        let (code, message, action) = (text()?, text()?, text()?);
        Some(Self { error_type, message, code, action })
    }
}

/// The one word for an error type of the service.
fn type_of(code: &str) -> &'static str {
    match code {
        "InvalidDigitsReceived" => "no_input",
        "CallNotAnswered" => "no_answer",
        "ActionExecutionThrottled" => "throttled",
        "AccessDenied" | "ResourceAccessDenied" => "denied",
        "ResourceNotFound" => "not_found",
        code if code.starts_with("Invalid") || code.starts_with("Missing") => "invalid",
        _ => "failed",
    }
}
