//! The codes of diagnostics: one for each kind of mistake, with its page.

use std::fmt;

use moonring_engine::hint;

use crate::diagnostic::Severity;

/// A kind of mistake.
#[derive(PartialEq, Eq)]
pub struct Code {
    /// Its name, as reports have it and comments allow it.
    pub name: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// The page about it, as Markdown.
    pub page: &'static str,
}

/// Declares the codes, each with its page in docs/reference/problems.
macro_rules! codes {
    ($($(#[$doc:meta])* $constant:ident = $name:literal, $severity:ident;)*) => {
        $(
            $(#[$doc])*
            pub static $constant: Code = Code {
                name: $name,
                severity: Severity::$severity,
                page: include_str!(concat!("../../../docs/reference/problems/", $name, ".md")),
            };
        )*

        /// All codes.
        pub static CODES: &[&Code] = &[$(&$constant),*];
    };
}

codes! {
    /// A host would refuse the release.
    LOAD = "load", Error;
    /// A global, a member of a library, a method or a field that is not there.
    UNKNOWN_NAME = "unknown-name", Error;
    /// A key that config.json does not have.
    UNKNOWN_CONFIG_KEY = "unknown-config-key", Error;
    /// A global is written to.
    GLOBAL_WRITE = "global-write", Error;
    /// A value that a method, a builder or a helper refuses.
    WRONG_VALUE = "wrong-value", Error;
    /// Options that contradict one another.
    CONTRADICTION = "contradiction", Error;
    /// A regular expression that cannot be used, or never matches.
    WRONG_REGEX = "wrong-regex", Error;
    /// An escape that Lua has taken away.
    LOST_ESCAPE = "lost-escape", Error;
    /// A method of `call` in a function given to call:step.
    METHOD_IN_STEP = "method-in-step", Error;
    /// A function given to call:step changes what stands outside.
    CHANGE_IN_STEP = "change-in-step", Error;
    /// A result that may be nil is used without a look.
    UNCHECKED_RESULT = "unchecked-result", Error;
    /// pcall around a method is taken for its success.
    PCALL_RESULT = "pcall-result", Error;
    /// An action that must be the last is not.
    ACTION_ORDER = "action-order", Error;
    /// More actions than an answer may have.
    TOO_MANY_ACTIONS = "too-many-actions", Error;
    /// An action is built and not returned.
    ACTION_NOT_RETURNED = "action-not-returned", Error;
    /// A function is called without an argument that it needs.
    MISSING_ARGUMENT = "missing-argument", Error;
    /// on_hangup is given what a function returned, and that is no function.
    HOOK_NOT_A_FUNCTION = "hook-not-a-function", Error;
    /// A loop over keys that are tables.
    TABLE_KEYS = "table-keys", Error;
    /// The same key twice in a table.
    DUPLICATE_KEY = "duplicate-key", Error;
    /// Digits are text, and are compared with a number, or looked for in a list.
    DIGITS_ARE_TEXT = "digits-are-text", Error;
    /// A word that `err.type` never is.
    UNKNOWN_ERROR_TYPE = "unknown-error-type", Error;
    /// A comparison with a word that the value never is.
    NEVER_EQUAL = "never-equal", Error;
    /// A condition that always holds.
    ALWAYS_TRUE = "always-true", Error;
    /// call:become names a script that is not there.
    UNKNOWN_SCRIPT = "unknown-script", Error;
    /// An audio file that is not there.
    MISSING_AUDIO = "missing-audio", Error;
    /// A colon where a dot is wanted.
    COLON_FOR_DOT = "colon-for-dot", Error;
    /// A dot where a colon is wanted.
    DOT_FOR_COLON = "dot-for-colon", Error;
    /// `not a == b`.
    NOT_COMPARED = "not-compared", Error;
    /// A statement that is never reached.
    NEVER_REACHED = "never-reached", Error;
    /// A loop whose condition never changes.
    ENDLESS_LOOP = "endless-loop", Error;
    /// A bridge that is hung up at once.
    BRIDGE_HUNG_UP = "bridge-hung-up", Error;
    /// An operation of AWS that the settings do not allow.
    NOT_ALLOWED = "not-allowed", Error;
    /// A route that never matches.
    HIDDEN_ROUTE = "hidden-route", Error;
    /// A voice, an engine and a language that do not go together.
    VOICE_MISMATCH = "voice-mismatch", Error;
    /// A pattern in which a character has another meaning than it seems.
    PATTERN_MAGIC = "pattern-magic", Error;
    /// A local that hides another one.
    SHADOWED_LOCAL = "shadowed-local", Error;
    /// A local that nothing reads.
    UNUSED_LOCAL = "unused-local", Warning;
    /// A comment that allows nothing, or says no reason.
    ALLOW_COMMENT = "allow-comment", Warning;
}

/// The kinds of findings of `moonring explore`, which comments may allow too.
pub const WALKED: [&str; 13] = [
    "promise-broken",
    "script-fails",
    "hook-fails",
    "silence",
    "cold-differs",
    "near-limit",
    "no-way-out",
    "action-refused",
    "data-refused",
    "dropped-on-answer",
    "dead-air",
    "digits-not-heard",
    "never-run",
];

/// The code of this name.
///
/// # Errors
/// With the nearest name.
pub fn code_named(name: &str) -> Result<&'static Code, String> {
    let found = CODES.iter().find(|code| code.name == name).copied();
    found.ok_or_else(|| {
        let hint = hint(name, CODES.iter().map(|code| code.name));
        format!("there is no code `{name}`{hint}")
    })
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}
