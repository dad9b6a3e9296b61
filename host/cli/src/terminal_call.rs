//! The telephone: a call shown as it goes, and played by the person at the terminal.

use std::cell::Cell;
use std::io::{BufRead as _, IsTerminal as _};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use moonring_exchange::{Happened, Tag};
use moonring_sim::{
    Behavior, BehaviorTrigger, Next, Person, PersonAction, PlayedCall, Target as _, step, tell,
};

use crate::callee::Callee;
use crate::local_host::LocalHost;
use crate::printer::{Printer, printable};
use crate::update::{Update, arguments};

/// What can be typed.
const HELP: &str = "digits (1234#) · hangup · wait SECONDS · talk SECONDS · say WORDS · update NAME=VALUE · callee answer|busy|ignore|hangup|DIGITS";

/// Shows what happens in calls.
pub(crate) struct Show {
    printer: Printer,
    /// Events and answers too.
    events: bool,
    /// How many entries of the trace have been shown.
    shown: Cell<usize>,
    /// What stands before each line, where there are many calls.
    mark: String,
}

impl Show {
    pub(crate) fn new(printer: Printer, events: bool) -> Self {
        Self { printer, events, shown: Cell::new(0), mark: String::new() }
    }

    pub(crate) fn printer(&self) -> Printer {
        self.printer
    }

    /// Whether events and answers are shown.
    pub(crate) fn has_events(&self) -> bool {
        self.events
    }

    /// Shows one call of many.
    pub(crate) fn of_call(printer: Printer, events: bool, number: usize) -> Self {
        Self { mark: format!("{number:>4} "), ..Self::new(printer, events) }
    }

    /// Leaves out what has happened in a call so far.
    pub(crate) fn skip(&self, call: &PlayedCall) {
        self.shown.set(call.trace().entries.len());
    }

    /// Plays a call whose people know what they do, and which is updated at these moments, as fast
    /// as it goes.
    pub(crate) fn play(
        &self,
        call: &mut PlayedCall,
        mut scripts: &LocalHost,
        updates: &[Update],
    ) -> anyhow::Result<()> {
        self.shown.set(0);
        for Update { at, arguments } in updates {
            call.update_at(*at, arguments.clone());
        }
        while step(call, &mut scripts) {
            self.show(call)?;
        }
        self.show(call)?;
        for late in updates.iter().filter(|update| update.at > call.now()) {
            let at = late.at.as_secs_f64();
            self.printer.error_text(&format!("the call cannot be updated at {at} s: it is over"));
        }
        Ok(())
    }

    /// Shows what is new.
    pub(crate) fn show(&self, call: &PlayedCall) -> anyhow::Result<()> {
        for entry in call.trace().entries.iter().skip(self.shown.get()) {
            self.shown.set(self.shown.get() + 1);
            let is_event =
                matches!(entry.happened, Happened::Invoked { .. } | Happened::Answered { .. });
            if let Some(line) = tell(entry).filter(|_| self.events || !is_event) {
                self.printer.data(&format!("{}{}", self.mark, printable(&line)))?;
            }
        }
        Ok(())
    }
}

/// A telephone in a terminal.
pub(crate) struct Phone {
    printer: Printer,
    show: Show,
    /// What is typed; the channel ends where the terminal does.
    lines: Receiver<String>,
    is_terminal: bool,
}

impl Phone {
    pub(crate) fn new(printer: Printer, show: Show) -> Self {
        let (send, lines) = channel();
        // Reading a terminal cannot be broken off: the thread ends with the program.
        std::thread::spawn(move || {
            for line in std::io::stdin().lock().lines() {
                let Ok(line) = line else { return };
                if send.send(line).is_err() {
                    return;
                }
            }
        });
        Self { printer, show, lines, is_terminal: std::io::stdin().is_terminal() }
    }

    /// Says that a call begins, and what can be done in it.
    pub(crate) fn announce(&self, from: &str, to: &str, is_outbound: bool) -> anyhow::Result<()> {
        let what = if is_outbound {
            format!("{to} is called by {from}")
        } else {
            format!("{from} calls {to}")
        };
        self.printer.data(&what)?;
        if self.is_terminal {
            self.printer.talk(HELP);
        }
        Ok(())
    }

    /// Plays a call in real time, with the person at the terminal as the caller.
    pub(crate) fn talk(
        &self,
        call: &mut PlayedCall,
        mut scripts: &LocalHost,
    ) -> anyhow::Result<()> {
        self.show.shown.set(0);
        let began = Instant::now();
        loop {
            self.show.show(call)?;
            let line = match call.go_on() {
                Next::Over => return Ok(()),
                Next::Invoke(invocation) => {
                    let asked = Instant::now();
                    let mut reply = scripts.invoke(&invocation);
                    reply.took = asked.elapsed();
                    call.reply(invocation.attempt, reply);
                    continue;
                }
                Next::At(at) => {
                    let wait = (began + at).saturating_duration_since(Instant::now());
                    match self.lines.recv_timeout(wait) {
                        Err(RecvTimeoutError::Timeout) => {
                            call.advance(at);
                            continue;
                        }
                        Ok(line) => Some(line),
                        Err(RecvTimeoutError::Disconnected) => None,
                    }
                }
                Next::Idle if !call.is_up() => return Ok(()),
                Next::Idle => self.lines.recv().ok(),
            };
            call.advance(began.elapsed());
            match line {
                Some(line) => self.obey(line.trim(), call),
                // Nobody is there any more.
                None => {
                    call.everybody_hangs_up();
                    self.run_out(call, scripts)?;
                    return Ok(());
                }
            }
        }
    }

    /// Whether there should be another call.
    pub(crate) fn again(&self) -> anyhow::Result<bool> {
        if !self.is_terminal {
            return Ok(false);
        }
        self.printer
            .data("The call is over. Press Enter to call again, or q and Enter to quit.")?;
        Ok(self.lines.recv().is_ok_and(|line| !matches!(line.trim(), "q" | "quit" | "exit")))
    }

    /// Lets the last events of a call be answered.
    fn run_out(&self, call: &mut PlayedCall, mut scripts: &LocalHost) -> anyhow::Result<()> {
        while step(call, &mut scripts) {
            self.show.show(call)?;
        }
        self.show.show(call)
    }

    /// Does what was typed.
    fn obey(&self, line: &str, call: &mut PlayedCall) {
        let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        match (word, rest.trim()) {
            ("", _) => {}
            ("update", pairs) => match arguments(pairs) {
                Ok(arguments) if call.update(arguments.clone()) => {
                    self.printer.talk("the call is updated")
                }
                Ok(_) => {
                    self.printer.error_text("the call cannot be updated: nobody is on the line")
                }
                Err(error) => self.printer.error_text(&format!("update: {error}")),
            },
            ("callee", "answer") if call.pick_up() => {}
            ("callee", what) => match what.parse() {
                Ok(Callee::Do(person)) => {
                    if !call.go_on_with(Tag::B, at_once(person)) {
                        self.printer.error_text("there is no second leg");
                    }
                }
                Ok(callee) => call.set_callee(callee.person()),
                Err(error) => self.printer.error_text(&error),
            },
            _ => match format!("{line};").parse::<Person>().or_else(|_| line.parse()) {
                Ok(person) => {
                    if !call.go_on_with(Tag::A, at_once(person)) {
                        self.printer.error_text("nobody is on the line yet");
                    }
                }
                Err(error) => self.printer.error_text(&error.to_string()),
            },
        }
    }
}

/// What was typed is done when it is typed, and not when it is asked for.
fn at_once(person: Person) -> Vec<Behavior> {
    person
        .behavior
        .into_iter()
        .map(|behavior| Behavior {
            trigger: BehaviorTrigger::Next,
            after: if behavior.action == PersonAction::Nothing {
                behavior.after
            } else {
                Duration::ZERO
            },
            ..behavior
        })
        .collect()
}
