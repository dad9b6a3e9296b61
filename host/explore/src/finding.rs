//! What the walk finds wrong: where, what, and how to get there.

use std::fmt;

use moonring_flow::Place;

/// A kind of finding.
#[derive(Debug, PartialEq, Eq)]
pub struct FindingKind {
    /// Its name, as reports have it and comments allow it.
    pub name: &'static str,
    /// What it means, in a sentence.
    pub meaning: &'static str,
    /// Whether callers meet it; else it is worth a look.
    pub is_error: bool,
}

impl FindingKind {
    /// Whether it is wrong whatever other services reply: a reply that was made up is no excuse.
    pub(crate) fn holds_for_any_reply(&self) -> bool {
        *self == COLD_DIFFERS || *self == NO_WAY_OUT
    }
}

/// Declares the kinds.
macro_rules! kinds {
    ($($(#[$doc:meta])* $constant:ident = $name:literal, $is_error:literal, $meaning:literal;)*) => {
        $(
            $(#[$doc])*
            pub(crate) static $constant: FindingKind =
                FindingKind { name: $name, meaning: $meaning, is_error: $is_error };
        )*

        /// All kinds.
        pub static KINDS: &[&FindingKind] = &[$(&$constant),*];
    };
}

kinds! {
    /// A script raises an error.
    SCRIPT_FAILS = "script-fails", true, "A script fails, and the caller hears the fallback.";
    /// A function given to on_hangup raises an error.
    HOOK_FAILS = "hook-fails", true, "A function given to on_hangup fails, and nobody sees it but the log.";
    /// The caller hears nothing.
    SILENCE = "silence", true, "The call ends, or stands still, and the caller has heard nothing.";
    /// The caller hears nothing for long.
    DEAD_AIR = "dead-air", false, "The caller hears nothing for 20 seconds or more.";
    /// Another process would answer something else.
    COLD_DIFFERS = "cold-differs", true, "A new process answers differently: something outside the flow was changed.";
    /// A loop that silence does not leave.
    NO_WAY_OUT = "no-way-out", true, "A caller who does nothing stays in a loop, and nothing ends it.";
    /// The service refuses an action.
    ACTION_REFUSED = "action-refused", true, "The service refuses an action, which only the log tells.";
    /// Data is refused, and only the log tells.
    DATA_REFUSED = "data-refused", true, "Data cannot be used, so a prompt is skipped or a step fails, and only the log tells.";
    /// A callee answers, and both are hung up at once.
    DROPPED_ON_ANSWER = "dropped-on-answer", true, "The callee answers, and both legs are hung up in the same second.";
    /// A prompt names digits, and nothing listens.
    DIGITS_NOT_HEARD = "digits-not-heard", true, "A prompt names digits to press, and nothing listens for them.";
    /// A promise is made, and what should keep it has failed.
    PROMISE_BROKEN = "promise-broken", true, "The caller hears a promise, though the request behind it has failed.";
    /// A limit of the service is near.
    NEAR_LIMIT = "near-limit", false, "The call comes within a tenth of a limit of the service: actions, invocations, journal, attributes, or a prompt.";
    /// Lines that no path has run.
    NEVER_RUN = "never-run", false, "No path has run these lines.";
}

/// A finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What kind it is.
    pub kind: &'static FindingKind,
    /// Where, if it is known.
    pub place: Option<Place>,
    /// What is wrong.
    pub message: String,
    /// What led there, in words: digits, `silence`, `busy`.
    pub path: Vec<String>,
    /// The command that plays it.
    pub command: Option<String>,
    /// Requests that failed on the way, which the command line cannot say.
    pub failed_requests: Vec<String>,
    /// Whether it may follow from a reply or from arguments that were made up: then it is a note.
    pub is_made_up: bool,
    /// The node of the drawing.
    pub node: Option<usize>,
}

impl Finding {
    /// Whether callers meet it; else it is worth a look.
    pub fn is_error(&self) -> bool {
        self.kind.is_error && !self.is_made_up
    }

    /// What it is known by: the same while its line and its kind are.
    pub fn id(&self) -> String {
        let place = self.place.as_ref().map(ToString::to_string).unwrap_or_default();
        format!("{}@{place}", self.kind.name)
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(f, "{place}: ")?;
        }
        let severity = if self.is_error() { "error" } else { "note" };
        write!(f, "{severity}[{}]: {}", self.kind.name, self.message)
    }
}
