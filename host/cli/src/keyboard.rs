//! The keyboard of whoever calls: lines with editing and history at a terminal, plain lines from
//! a pipe.

use std::io::{BufRead as _, IsTerminal as _};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use anyhow::Context as _;
use rustyline::completion::Completer;
use rustyline::config::Configurer as _;
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::MemHistory;
use rustyline::validate::Validator;
use rustyline::{Context, Editor, ExternalPrinter, Helper};

use crate::printer::{Printer, Screen};

/// What stands before a line that is typed.
const PROMPT: &str = "> ";
/// The words that Tab completes.
const WORDS: [&str; 9] =
    ["hangup", "wait ", "talk ", "say ", "update ", "callee ", "help", "quit", "callee busy"];

/// Who types.
pub(crate) struct Keyboard {
    /// The channel ends where the terminal does.
    lines: Receiver<String>,
    pub(crate) is_terminal: bool,
}

impl Keyboard {
    /// Reads standard input; at a terminal the printer writes above the line that is typed.
    ///
    /// # Errors
    /// When the terminal cannot be used.
    pub(crate) fn open(printer: Printer) -> anyhow::Result<(Self, Printer)> {
        let (send, lines) = channel();
        let is_terminal = std::io::stdin().is_terminal();
        if !is_terminal || !std::io::stdout().is_terminal() {
            // Reading cannot be broken off: the thread ends with the program.
            std::thread::spawn(move || read(&send));
            return Ok((Self { lines, is_terminal }, printer));
        }
        let failed = "cannot use the terminal";
        let mut editor = Editor::<Words, MemHistory>::with_history(
            rustyline::Config::default(),
            MemHistory::new(),
        )
        .context(failed)?;
        editor.set_auto_add_history(true);
        editor.set_helper(Some(Words));
        let above = editor.create_external_printer().context(failed)?;
        // For as long as the program runs.
        let above: Box<dyn std::io::Write + Send> = Box::new(Above(above));
        let screen: &'static Screen = Box::leak(Box::new(Mutex::new(above)));
        std::thread::spawn(move || edit(editor, &send));
        Ok((Self { lines, is_terminal }, printer.above(screen)))
    }

    /// The next line; `None` where there are no more.
    pub(crate) fn line(&self) -> Option<String> {
        self.lines.recv().ok()
    }

    /// The next line within a time.
    pub(crate) fn line_within(&self, wait: Duration) -> Typed {
        match self.lines.recv_timeout(wait) {
            Ok(line) => Typed::Line(line),
            Err(RecvTimeoutError::Timeout) => Typed::Nothing,
            Err(RecvTimeoutError::Disconnected) => Typed::End,
        }
    }
}

/// What was typed.
pub(crate) enum Typed {
    Line(String),
    /// Nothing in this time.
    Nothing,
    /// There will be nothing more.
    End,
}

fn read(send: &Sender<String>) {
    for line in std::io::stdin().lock().lines() {
        let Ok(line) = line else { return };
        if send.send(line).is_err() {
            return;
        }
    }
}

fn edit(mut editor: Editor<Words, MemHistory>, send: &Sender<String>) {
    loop {
        match editor.readline(PROMPT) {
            Ok(line) => {
                if send.send(line).is_err() {
                    return;
                }
            }
            // Another size of the window.
            Err(ReadlineError::Signal(_)) => {}
            // Ctrl-D and Ctrl-C: nobody is there any more.
            Err(_) => return,
        }
    }
}

/// Writes above the line that is being typed.
struct Above<P>(P);

impl<P: ExternalPrinter + Send> std::io::Write for Above<P> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let text = String::from_utf8_lossy(bytes).into_owned();
        self.0.print(text).map_err(std::io::Error::other)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// What Tab completes.
struct Words;

impl Completer for Words {
    type Candidate = String;

    fn complete(
        &self,
        line: &str,
        at: usize,
        _: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<String>)> {
        let typed = line.get(..at).unwrap_or(line);
        let fits = WORDS.iter().filter(|word| word.starts_with(typed));
        Ok((0, fits.map(|word| (*word).to_owned()).collect()))
    }
}

impl Hinter for Words {
    type Hint = String;
}

impl Highlighter for Words {}
impl Validator for Words {}
impl Helper for Words {}
