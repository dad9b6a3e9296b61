//! The telephone: a call in real time, played by the person at the terminal.

use std::cell::Cell;
use std::time::{Duration, Instant};

use moonring_exchange::Tag;
use moonring_sim::{
    Behavior, BehaviorTrigger, Next, Person, PersonAction, PersonError, PlayedCall, Target as _,
    step,
};

use crate::callee::Callee;
use moonring_wire::hint;

use crate::keyboard::{Keyboard, Typed};
use crate::local_host::LocalHost;
use crate::printer::Printer;
use crate::show::Show;
use crate::update::arguments;

/// What can be typed.
const HELP: &str = "\
  1234#              press digits
  hangup             hang up; also q
  wait 5             do nothing for 5 seconds before what you type next
  talk 3             talk for 3 seconds, for a recording
  say WORDS          say words to a bot
  update NAME=VALUE  send an update into the call
  callee answer      the callee answers at once; also busy, ignore, hangup, or digits
  help               this list; also ?";

/// The words of it.
const WORDS: [&str; 8] = ["hangup", "wait", "talk", "say", "update", "callee", "help", "quit"];

/// A telephone in a terminal.
pub(crate) struct Phone {
    printer: Printer,
    show: Show,
    keyboard: Keyboard,
    /// Whether nobody types any more.
    has_ended: Cell<bool>,
}

impl Phone {
    pub(crate) fn new(printer: Printer, show: Show, keyboard: Keyboard) -> Self {
        Self { printer, show, keyboard, has_ended: Cell::new(false) }
    }

    /// Says that a call begins, and what can be done in it.
    pub(crate) fn announce(&self, from: &str, to: &str, is_outbound: bool) -> anyhow::Result<()> {
        let what = if is_outbound {
            format!("{to} is called by {from}")
        } else {
            format!("{from} calls {to}")
        };
        self.printer.data(&what)?;
        if self.keyboard.is_terminal {
            self.printer.talk("Type digits, hangup, or help for everything else.");
        }
        Ok(())
    }

    /// Plays a call in real time, with the person at the terminal as the caller.
    pub(crate) fn talk(
        &self,
        call: &mut PlayedCall,
        mut scripts: &LocalHost,
    ) -> anyhow::Result<()> {
        self.show.begin();
        let began = Instant::now();
        loop {
            self.show.show(call)?;
            let line = match call.go_on() {
                Next::Over => return Ok(()),
                Next::Invoke(invocation) => {
                    let asked = Instant::now();
                    let mut reply = scripts.invoke(&invocation);
                    reply.took += asked.elapsed();
                    call.reply(invocation.attempt, reply);
                    continue;
                }
                Next::At(at) => {
                    let wait = (began + at).saturating_duration_since(Instant::now());
                    match self.keyboard.line_within(wait) {
                        Typed::Nothing => {
                            call.advance(at);
                            continue;
                        }
                        Typed::Line(line) => Some(line),
                        Typed::End => None,
                    }
                }
                Next::Idle if !call.is_up() => return Ok(()),
                Next::Idle => self.keyboard.line(),
            };
            call.advance(began.elapsed());
            match line {
                Some(line) => self.obey(line.trim(), call),
                // Nobody is there any more: what was typed is done, and then they leave.
                None => {
                    self.has_ended.set(true);
                    let leave = Behavior::then(PersonAction::HangUp);
                    if !call.go_on_with(Tag::A, vec![leave]) {
                        call.everybody_hangs_up();
                    }
                    self.run_out(call, scripts)?;
                    return Ok(());
                }
            }
        }
    }

    /// Whether there should be another call.
    pub(crate) fn again(&self) -> anyhow::Result<bool> {
        if !self.keyboard.is_terminal || self.has_ended.get() {
            return Ok(false);
        }
        self.printer
            .data("The call is over. Press Enter to call again, or q and Enter to quit.")?;
        while let Some(line) = self.keyboard.line() {
            match line.trim() {
                "" => return Ok(true),
                "q" | "quit" | "exit" => return Ok(false),
                other => self.printer.talk(&format!(
                    "The call is over, so `{other}` does nothing. Press Enter to call again, or q and Enter to quit."
                )),
            }
        }
        Ok(false)
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
            ("?" | "help", _) => self.printer.talk(HELP),
            ("q" | "quit" | "exit", _) => call.everybody_hangs_up(),
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
                Err(PersonError::Unknown(word)) => {
                    let hint = hint(&word, WORDS);
                    self.printer.error_text(&format!(
                        "`{word}` is unknown; type help for what you can type{hint}"
                    ));
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
