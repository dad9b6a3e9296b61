//! The printer: the one place that writes to the terminal. Answers go to standard output, talk to
//! standard error.

use std::io::{ErrorKind, IsTerminal as _, Write};
use std::sync::{Mutex, PoisonError, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::Context as _;
use moonring_runtime::Error;
use moonring_runtime::settings::SETTINGS;
use moonring_wire::hint;
use serde_json::Value;

/// What takes longer is said.
const PATIENCE: Duration = Duration::from_secs(2);

/// A terminal on which somebody is typing: lines are written above theirs.
pub(crate) type Screen = Mutex<Box<dyn Write + Send>>;

/// How this terminal is written to.
#[derive(Clone, Copy)]
pub(crate) struct Printer {
    /// For talk, and for data.
    has_colour: bool,
    has_coloured_data: bool,
    screen: Option<&'static Screen>,
}

/// What a line is about, as a colour says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hue {
    /// Somebody hears something.
    Speech,
    /// Somebody presses or says something.
    Caller,
    /// Something fails.
    Failure,
    /// Something is asked of another service, or passes between it and the script.
    Aside,
    Plain,
}

impl Printer {
    /// Colour only on a terminal, and not where `NO_COLOR` is set.
    pub(crate) fn new() -> Self {
        let may = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        Self {
            has_colour: may && std::io::stderr().is_terminal(),
            has_coloured_data: may && std::io::stdout().is_terminal(),
            screen: None,
        }
    }

    /// The same on a screen on which somebody types.
    pub(crate) fn above(self, screen: &'static Screen) -> Self {
        Self { screen: Some(screen), ..self }
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
        let written = match self.screen {
            Some(screen) => write_whole(&mut **lock(screen), text),
            None => write_whole(&mut std::io::stdout().lock(), text),
        };
        match written {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                Err(error).context("cannot write to standard output")
            }
            _ => Ok(()),
        }
    }

    /// The same in the colour of what it is about.
    ///
    /// # Errors
    /// When it cannot be written, but for a pipe whose reader has read enough.
    pub(crate) fn coloured_data(self, text: &str, hue: Hue) -> anyhow::Result<()> {
        let code = match hue {
            Hue::Plain => return self.data(text),
            _ if !self.has_coloured_data => return self.data(text),
            Hue::Speech => "36",
            Hue::Caller => "33",
            Hue::Failure => "31",
            Hue::Aside => "2",
        };
        self.data(&format!("\u{1b}[{code}m{text}\u{1b}[0m"))
    }

    /// Why a command could not begin.
    pub(crate) fn error(self, error: &anyhow::Error) {
        self.error_text(&format!("{error:#}"));
    }

    /// Something that went wrong.
    pub(crate) fn error_text(self, text: &str) {
        self.line("error", "31", text);
    }

    /// Something that is not as somebody would expect.
    pub(crate) fn warning(self, text: &str) {
        self.line("warning", "33", text);
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

    /// A setting that nothing reads.
    pub(crate) fn unknown_setting(self, name: &str, origin: &str) {
        let names = SETTINGS.iter().map(|setting| setting.name);
        let hint = hint(name, names);
        self.warning(&format!(
            "{name} in {origin} is not a setting of this version and is ignored; `moonring settings` lists them{hint}"
        ));
    }

    /// A line on a terminal that the next one takes the place of; empty, it is gone.
    pub(crate) fn status(self, text: &str) {
        let mut terminal = std::io::stderr().lock();
        // Where not even this can be written there is nobody to tell.
        let _ = write!(terminal, "\r\u{1b}[K{text}").and_then(|()| terminal.flush());
    }

    /// A line for the person at the terminal.
    pub(crate) fn talk(self, text: &str) {
        // Where not even this can be written there is nobody to tell.
        let _ = match self.screen {
            Some(screen) => write_whole(&mut **lock(screen), text),
            None => write_whole(&mut std::io::stderr().lock(), text),
        };
    }
}

/// A line in one piece.
fn write_whole(to: &mut dyn Write, text: &str) -> std::io::Result<()> {
    to.write_all(format!("{text}\n").as_bytes())?;
    to.flush()
}

fn lock(screen: &Screen) -> std::sync::MutexGuard<'_, Box<dyn Write + Send>> {
    screen.lock().unwrap_or_else(PoisonError::into_inner)
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
