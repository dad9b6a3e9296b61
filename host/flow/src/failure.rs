//! Why a waiting method did not do what it was to do: what scripts get behind a nil.

use moonring_wire::{Event, Json};

use crate::journal_codec::{Reader, Writer};
use crate::truncate::truncate;

/// A failure, with one word of the closed list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepFailure {
    /// One of [`ERROR_TYPES`].
    pub error_type: &'static str,
    /// The service's own words.
    pub message: String,
    /// The service's own name of the error.
    pub code: String,
    /// What was tried.
    pub action: String,
}

/// The most bytes of the service's own words, and of its name for the error.
pub const MESSAGE_BYTES: usize = 200;
const CODE: usize = 60;

/// The words of `err.type`. Journals name them by their place: new ones go to the end.
pub const ERROR_TYPES: &[&str] = &[
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

impl StepFailure {
    /// What an ACTION_FAILED says.
    pub fn of(event: &Event) -> Self {
        let data = event.action_data();
        // Both documented shapes: inside ActionData, or beside it; `Error` where the guide's table
        // has it so.
        let text = |names: [&str; 2]| {
            let places = [data, Some(event.document())];
            let mut found =
                places.into_iter().flatten().flat_map(|place| names.map(|name| place.get(name)));
            found.find_map(|value| value.and_then(Json::as_str)).unwrap_or_default().to_owned()
        };
        let (code, message) = (
            truncate(&text(["ErrorType", "Error"]), CODE),
            truncate(&text(["ErrorMessage", "Message"]), MESSAGE_BYTES),
        );
        let action = event.action_type().unwrap_or_default().to_owned();
        Self { error_type: type_of(&code), message, code, action }
    }

    /// A failure that no action had.
    pub fn new(error_type: &'static str, message: impl Into<String>) -> Self {
        Self { error_type, message: message.into(), code: String::new(), action: String::new() }
    }

    /// Prints it in a journal.
    pub fn write(&self, to: &mut Writer) {
        if (self.code.as_str(), self.message.as_str()) == NO_INPUT {
            to.letter('.');
        } else {
            let place = ERROR_TYPES.iter().position(|known| *known == self.error_type);
            to.number(place.unwrap_or(ERROR_TYPES.len() - 1) as u64);
            to.words(&self.code);
            to.words(&self.message);
        }
        to.words(&self.action);
    }

    /// Reads it from a journal; `None` where the text is no failure.
    pub fn read(from: &mut Reader<'_>) -> Option<Self> {
        let mut peek = *from;
        if peek.letter()? == '.' {
            *from = peek;
            let action = from.words()?.to_owned();
            let (code, message) = (NO_INPUT.0.to_owned(), NO_INPUT.1.to_owned());
            return Some(Self { error_type: ERROR_TYPES[0], message, code, action });
        }
        let error_type = ERROR_TYPES.get(usize::try_from(from.number()?).ok()?)?;
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
