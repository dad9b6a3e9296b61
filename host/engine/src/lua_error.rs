//! From an error inside Lua to the error an author can use: place, text and trace taken apart,
//! addresses left out, cut short.

use std::borrow::Cow;

use moonring_flow::{Place, truncate};

use crate::error::Error;
use crate::limits::Limits;

/// The longest text of an error, in bytes. One recursion error was 440 KB long.
const BYTES: usize = 2 * 1024;
/// The most lines of a trace.
const LINES: usize = 10;
/// What stands before a trace in Lua's texts.
const TRACE: &str = "stack traceback:";

impl Error {
    /// Reads an error that came out of the VM.
    pub(crate) fn from_lua(error: &mlua::Error, is_cancelled: bool, limits: Limits) -> Self {
        let is_memory = is_memory(error);
        let text = text(error);
        let (message, trace) = text.split_once(TRACE).unwrap_or((&text, ""));
        let trace: Vec<String> = trace.lines().filter_map(frame).take(LINES).collect();
        let (place, message) =
            split_place(&without_addresses(&truncate(message.trim(), BYTES)), &trace);
        if is_cancelled {
            return Self::Deadline { place: place.or_else(|| first_place(&trace)), trace };
        }
        if is_memory {
            let limit_mib = limits.memory_bytes / (1024 * 1024);
            return Self::Memory { place: place.or_else(|| first_place(&trace)), limit_mib };
        }
        Self::Raised { place, message, trace }
    }
}

fn is_memory(error: &mlua::Error) -> bool {
    match error {
        mlua::Error::MemoryError(_) => true,
        mlua::Error::CallbackError { cause, .. } | mlua::Error::WithContext { cause, .. } => {
            is_memory(cause)
        }
        mlua::Error::RuntimeError(text) => {
            let first = text.lines().next().unwrap_or_default();
            first.ends_with("not enough memory")
        }
        _ => false,
    }
}

/// The text and the trace, of whichever layer has them. What a script raises may be megabytes long:
/// it is not copied.
fn text(error: &mlua::Error) -> Cow<'_, str> {
    match error {
        mlua::Error::RuntimeError(text) => Cow::Borrowed(text),
        mlua::Error::CallbackError { traceback, cause } => {
            Cow::Owned(format!("{}\n{TRACE}\n{traceback}", first_line(cause)))
        }
        other => Cow::Owned(other.to_string()),
    }
}

fn first_line(error: &mlua::Error) -> String {
    match error {
        mlua::Error::RuntimeError(text) => truncate(text.lines().next().unwrap_or_default(), BYTES),
        mlua::Error::CallbackError { cause, .. } => first_line(cause),
        other => other.to_string(),
    }
}

/// A line of a trace, if it is one of a script's.
fn frame(line: &str) -> Option<String> {
    let line = line.trim();
    let is_a_scripts =
        !line.is_empty() && !line.starts_with('[') && line != TRACE.trim_end_matches(':');
    is_a_scripts.then(|| truncate(&without_addresses(line), 120))
}

/// The place at the head of a text, and the rest. Where the host's own Lua raised, the place is the
/// script's innermost line.
fn split_place(text: &str, trace: &[String]) -> (Option<Place>, String) {
    match read_place(text) {
        Some((place, rest)) if place.file == "[moonring]" => {
            (first_place(trace), rest.trim().to_owned())
        }
        Some((place, rest)) => (Some(place), rest.trim().to_owned()),
        None => (first_place(trace), named(text)),
    }
}

/// What was raised, where it was no text.
fn named(text: &str) -> String {
    // Lua prints such values as `nil` and `table: 0x…`; the address is out by now.
    let kind = if text == "nil" { Some("nil") } else { text.strip_suffix(": …") };
    match kind {
        Some("nil") => "the script raised nil; raise a string that says what is wrong".to_owned(),
        Some(kind) if !kind.contains(' ') => {
            format!("the script raised a {kind}; raise a string that says what is wrong")
        }
        _ => text.to_owned(),
    }
}

fn first_place(trace: &[String]) -> Option<Place> {
    trace.iter().find_map(|line| read_place(line)).map(|(place, _)| place)
}

/// `file:line` and what follows it.
fn read_place(text: &str) -> Option<(Place, &str)> {
    let (file, rest) = text.split_once(':')?;
    let digits = rest.find(|character: char| !character.is_ascii_digit()).unwrap_or(rest.len());
    let line = rest.get(..digits)?.parse().ok()?;
    // Only a file of a release, or the host's own Lua: a text such as `pin:1234` names no place.
    let is_name = file == "[moonring]"
        || (file.ends_with(".lua") || file.ends_with(".luau"))
            && !file.contains(char::is_whitespace);
    is_name.then(|| (Place { file: file.to_owned(), line }, rest[digits..].trim_start_matches(':')))
}

/// A text without memory addresses: they say nothing to an author, and something to an attacker.
pub(crate) fn without_addresses(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("0x") {
        let digits = rest[start + 2..]
            .find(|character: char| !character.is_ascii_hexdigit())
            .unwrap_or(rest.len() - start - 2);
        clean.push_str(&rest[..start]);
        if digits >= 6 {
            clean.push('…');
        } else {
            clean.push_str(&rest[start..start + 2 + digits]);
        }
        rest = &rest[start + 2 + digits..];
    }
    clean.push_str(rest);
    clean
}
