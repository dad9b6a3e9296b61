//! The log of a process: lines are held back while somebody waits for an answer.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tracing::Level;
use tracing::subscriber::SetGlobalDefaultError;

use crate::JsonLines;

/// More than this is not held back.
const MOST: usize = 64 * 1024;

/// The log of a process that answers one event at a time.
///
/// Lines of an event are printed together once its answer is sent: to print takes as long as a short
/// script. What warns of something is printed at once, with all that came before it.
#[derive(Clone)]
pub struct Log(Arc<Mutex<Held>>);

struct Held {
    /// Whether an event waits for its answer.
    is_holding: bool,
    lines: Vec<u8>,
    /// Takes lines to where they are read.
    print: fn(&[u8]),
}

impl Log {
    /// Hands what the host says from this level on, and what its libraries warn of, to `print`: whole
    /// lines, one or more.
    ///
    /// # Errors
    /// Where the process has a log already.
    pub fn install(level: Level, print: fn(&[u8])) -> Result<Self, SetGlobalDefaultError> {
        let log = Self::new(print);
        let written = log.clone();
        let write = move |level, line: &[u8]| written.write(level, line);
        tracing::subscriber::set_global_default(JsonLines::new(level, write))?;
        Ok(log)
    }

    fn new(print: fn(&[u8])) -> Self {
        Self(Arc::new(Mutex::new(Held { is_holding: false, lines: Vec::new(), print })))
    }

    /// Somebody waits for an answer from here on: lines are held back.
    pub fn hold(&self) {
        self.held().is_holding = true;
    }

    /// The answer is sent: what was held back is printed.
    pub fn release(&self) {
        let mut held = self.held();
        held.is_holding = false;
        held.write_out();
    }

    fn write(&self, level: Level, line: &[u8]) {
        let mut held = self.held();
        held.lines.extend_from_slice(line);
        if !held.is_holding || level <= Level::WARN || held.lines.len() > MOST {
            held.write_out();
        }
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    fn write_out(&mut self) {
        if !self.lines.is_empty() {
            (self.print)(&self.lines);
            self.lines.clear();
        }
    }
}

impl std::fmt::Debug for Log {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Log").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    thread_local! {
        static WRITTEN: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
    }

    fn log() -> Log {
        Log::new(|lines| {
            let text = String::from_utf8_lossy(lines).into_owned();
            WRITTEN.with_borrow_mut(|written| written.push(text));
        })
    }

    #[test]
    fn the_lines_of_an_event_are_written_together_once_its_answer_is_sent() {
        let log = log();
        log.write(Level::INFO, b"start\n");
        log.hold();
        log.write(Level::INFO, b"one\n");
        log.write(Level::DEBUG, b"two\n");
        assert_eq!(WRITTEN.take(), ["start\n"]);
        log.release();
        log.release();
        assert_eq!(WRITTEN.take(), ["one\ntwo\n"]);
    }

    #[test]
    fn what_warns_is_written_at_once_and_so_is_what_becomes_too_long() {
        let log = log();
        log.hold();
        log.write(Level::INFO, b"before\n");
        log.write(Level::WARN, b"look\n");
        log.write(Level::ERROR, b"there\n");
        assert_eq!(WRITTEN.take(), ["before\nlook\n", "there\n"]);
        log.write(Level::INFO, &[b'x'; MOST]);
        assert!(WRITTEN.take().is_empty());
        log.write(Level::INFO, b"y");
        assert_eq!(WRITTEN.take()[0].len(), MOST + 1);
    }
}
