//! The printer: the one place that writes to the terminal. Answers go to standard output, talk to
//! standard error.

use std::io::{ErrorKind, IsTerminal as _, Write as _};
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::Context as _;
use moonring_runtime::Error;
use serde_json::Value;

/// What takes longer is said.
const PATIENCE: Duration = Duration::from_secs(2);

/// How this terminal is written to.
#[derive(Clone, Copy)]
pub(crate) struct Printer {
    has_colour: bool,
}

impl Printer {
    /// Colour only on a terminal, and not where `NO_COLOR` is set.
    pub(crate) fn new() -> Self {
        Self {
            has_colour: std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none(),
        }
    }

    /// An answer, as indented JSON.
    ///
    /// # Errors
    /// When it cannot be written, but for a pipe whose reader has read enough.
    pub(crate) fn answer(self, bytes: &[u8]) -> anyhow::Result<()> {
        let value: Value = serde_json::from_slice(bytes)?;
        let text = serde_json::to_string_pretty(&value)?;
        self.data(&text)
    }

    /// A line, or lines, for the reader of standard output.
    ///
    /// # Errors
    /// When it cannot be written, but for a pipe whose reader has read enough.
    pub(crate) fn data(self, text: &str) -> anyhow::Result<()> {
        let mut out = std::io::stdout().lock();
        match writeln!(out, "{text}").and_then(|()| out.flush()) {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                Err(error).context("cannot write to standard output")
            }
            _ => Ok(()),
        }
    }

    /// Why a command could not begin.
    pub(crate) fn error(self, error: &anyhow::Error) {
        self.error_text(&format!("{error:#}"));
    }

    /// Something that went wrong.
    pub(crate) fn error_text(self, text: &str) {
        self.line("error", "31", text);
    }

    /// What an answer is that no script gave.
    pub(crate) fn fallback_note(self) {
        self.talk("The caller would hear the fallback, which is printed above.");
    }

    /// Why a script gave no answer of its own.
    pub(crate) fn script_error(self, error: &Error, text: &str) {
        self.error_text(&printable(text));
        // A trace of one line says what the error itself has said.
        if let Error::Script(script) = error
            && script.trace().len() > 1
        {
            for call in script.trace() {
                self.talk(&printable(&format!("  in {call}")));
            }
        }
        self.fallback_note();
    }

    /// The same in a call that goes on.
    pub(crate) fn failure(self, error: &str) {
        self.error_text(&format!("{}\n  the caller hears the fallback", printable(error)));
    }

    /// Says what is going on if it is still going on after two seconds; until the returned value is
    /// dropped.
    pub(crate) fn progress(self, what: &str) -> Progress {
        let (done, wait) = mpsc::channel::<()>();
        let text = format!("{what} …");
        let thread = std::thread::spawn(move || {
            if wait.recv_timeout(PATIENCE) == Err(mpsc::RecvTimeoutError::Timeout) {
                self.talk(&text);
            }
        });
        Progress { done: Some(done), thread: Some(thread) }
    }

    fn line(self, word: &str, colour: &str, text: &str) {
        if self.has_colour {
            self.talk(&format!("\u{1b}[1;{colour}m{word}\u{1b}[0m: {text}"));
        } else {
            self.talk(&format!("{word}: {text}"));
        }
    }

    /// A line for the person at the terminal.
    pub(crate) fn talk(self, text: &str) {
        let _ = writeln!(std::io::stderr().lock(), "{text}");
    }
}

/// Something that is going on.
pub(crate) struct Progress {
    done: Option<mpsc::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.done.take();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// A script's text, without what would move the cursor or colour the terminal.
pub(crate) fn printable(text: &str) -> String {
    let is_harmless = |letter: &char| !letter.is_control() || matches!(letter, '\n' | '\t');
    text.chars().map(|letter| if is_harmless(&letter) { letter } else { '\u{fffd}' }).collect()
}
