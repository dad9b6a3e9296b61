//! A program that speaks the Lambda Runtime API, started here in as many instances as Lambda would
//! have: one event at a time each.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use moonring_exchange::Outcome;
use moonring_sim::Invocation;

use super::instance::Instance;
use crate::printer::Printer;

/// A program, and its instances.
pub(crate) struct Program {
    name: String,
    command: String,
    /// The most instances.
    concurrency: usize,
    /// Those that wait for an event.
    idle: RefCell<Vec<Started>>,
    /// How many there are, those that answer among them.
    count: Cell<usize>,
    /// How often the program's files have changed: instances from before are not used again.
    version: Cell<u64>,
    printer: Printer,
}

/// An instance, and the version of the files it was started with.
struct Started {
    instance: Instance,
    version: u64,
}

impl Program {
    /// Starts the first instance: a command that cannot be started is known at once.
    ///
    /// # Errors
    /// When it cannot be started.
    pub(crate) async fn start(
        name: &str,
        command: &str,
        concurrency: usize,
        printer: Printer,
    ) -> anyhow::Result<Rc<Self>> {
        let instance = Instance::start(name, command, printer).await?;
        Ok(Rc::new(Self {
            name: name.to_owned(),
            command: command.to_owned(),
            concurrency,
            idle: RefCell::new(vec![Started { instance, version: 0 }]),
            count: Cell::new(1),
            version: Cell::new(0),
            printer,
        }))
    }

    /// The words of its command line.
    pub(super) fn command(&self) -> &str {
        &self.command
    }

    /// The files of the program have changed: from now on events go to new instances.
    pub(super) fn restart(&self) {
        self.version.set(self.version.get() + 1);
        let idle = self.idle.take();
        self.count.set(self.count.get() - idle.len());
        self.printer.talk(&format!("{}: files changed; the next event starts it anew", self.name));
    }

    /// Gives an instance an event, and waits for its answer. Where all are busy, one more is
    /// started.
    pub(crate) async fn invoke(&self, invocation: &Invocation) -> Outcome {
        let started = match self.take_idle() {
            Some(started) => started,
            None if self.count.get() >= self.concurrency => return Outcome::Throttled,
            None => {
                self.count.set(self.count.get() + 1);
                match Instance::start(&self.name, &self.command, self.printer).await {
                    Ok(instance) => Started { instance, version: self.version.get() },
                    Err(error) => {
                        self.count.set(self.count.get() - 1);
                        return Outcome::Failed(format!("{error:#}"));
                    }
                }
            }
        };
        let outcome = started.instance.invoke(invocation).await;
        // What did not answer in time is killed, as Lambda does.
        let is_stuck = outcome == Outcome::Silence;
        if is_stuck || started.instance.has_ended() || started.version != self.version.get() {
            self.count.set(self.count.get() - 1);
        } else {
            self.idle.borrow_mut().push(started);
        }
        outcome
    }

    fn take_idle(&self) -> Option<Started> {
        let mut idle = self.idle.borrow_mut();
        let before = idle.len();
        idle.retain(|started| !started.instance.has_ended());
        self.count.set(self.count.get() - (before - idle.len()));
        idle.pop()
    }
}
