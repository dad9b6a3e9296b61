//! A program that speaks the Lambda Runtime API, started here in as many instances as Lambda would
//! have: one event at a time each.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use moonring_exchange::Outcome;
use moonring_sim::Invocation;
use tokio::sync::Semaphore;

use super::instance::{Instance, TIMEOUT};
use crate::printer::Printer;

/// A program, and its instances.
pub(crate) struct Program {
    name: String,
    command: String,
    /// As many events are answered at a time; the others wait.
    free: Semaphore,
    /// Instances that wait for an event.
    idle: RefCell<Vec<Started>>,
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
            free: Semaphore::new(concurrency),
            idle: RefCell::new(vec![Started { instance, version: 0 }]),
            version: Cell::new(0),
            printer,
        }))
    }

    /// The words of its command line.
    pub(super) fn command(&self) -> &str {
        &self.command
    }

    /// From now on events go to new instances; `why`, as people read it.
    pub(super) fn restart(&self, why: &str) {
        self.version.set(self.version.get() + 1);
        self.idle.take();
        self.printer.talk(&format!("{}: {why}; the next event starts it anew", self.name));
    }

    /// Gives an instance an event, and waits for its answer. Where all are busy, one more is
    /// started, or one is waited for.
    pub(crate) async fn invoke(&self, invocation: &Invocation) -> Outcome {
        let Ok(Ok(_turn)) = tokio::time::timeout(TIMEOUT, self.free.acquire()).await else {
            return Outcome::Silence;
        };
        let idle = self.take_idle();
        let started = match idle {
            Some(started) => started,
            None => match Instance::start(&self.name, &self.command, self.printer).await {
                Ok(instance) => Started { instance, version: self.version.get() },
                Err(error) => return Outcome::Failed(format!("{error:#}")),
            },
        };
        let outcome = started.instance.invoke(invocation).await;
        // What did not answer in time is killed, as Lambda does.
        let is_stuck = outcome == Outcome::Silence;
        if !is_stuck && !started.instance.has_ended() && started.version == self.version.get() {
            self.idle.borrow_mut().push(started);
        }
        outcome
    }

    fn take_idle(&self) -> Option<Started> {
        let mut idle = self.idle.borrow_mut();
        idle.retain(|started| !started.instance.has_ended());
        idle.pop()
    }
}
