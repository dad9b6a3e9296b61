//! The script of one event: run until it answers, asks or fails, and resumed with replies.

use std::rc::Rc;
use std::sync::Arc;

use mlua::{MultiValue, Thread, Value as LuaValue};
use moonring_flow::Reply;
use moonring_wire::{Answer, Event};

use crate::RunOutcome;
use crate::error::Error;
use crate::flow::{Farewell, Go, Successor, SuspendedFlow};
use crate::handlers::{Failure, conclude};
use crate::vm::ask::Asked;
use crate::vm::bindings::{EventContext, TOKEN};
use crate::vm::program::Vm;
use crate::vm::run_result::{Step, Suspended};

/// The script of one event, between two steps.
pub(crate) struct Invocation {
    pub(crate) program: Rc<Vm>,
    pub(crate) event: Arc<Event>,
    pub(crate) number: u64,
    pub(crate) file: String,
    pub(crate) thread: Thread,
    /// What is known of the event, while its script is suspended.
    pub(crate) facts: EventContext,
    /// Why the flow has failed at the end of its call: what it gave to `on_hangup` runs all the
    /// same.
    pub(crate) failed: Option<Error>,
}

impl std::fmt::Debug for Invocation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Invocation")
            .field("number", &self.number)
            .field("file", &self.file)
            .finish_non_exhaustive()
    }
}

impl Invocation {
    /// Gives the script its replies.
    pub(crate) fn resume(self, replies: &[Reply]) -> RunOutcome {
        let mut this = self;
        // Another event may have run meanwhile.
        this.program.current.begin(std::mem::take(&mut this.facts));
        let replies = &this.program.flow_shortened(replies);
        let arguments = this
            .program
            .flow_replied(replies)
            .and_then(|()| Ok(this.program.replies_to_lua(replies)?));
        match arguments {
            Ok(arguments) => this.advance(arguments),
            Err(failure) => this.fail(failure),
        }
    }

    /// Holds the event against the step at which a flow waits.
    pub(crate) fn apply(self) -> RunOutcome {
        let mut this = self;
        match this.yielded(true) {
            Ok(Ok(arguments)) => this.advance(arguments),
            Ok(Err(answer)) => this.end(Step::Answer(answer), true),
            Err(failure) => this.fail(failure),
        }
    }

    pub(crate) fn advance(self, arguments: MultiValue) -> RunOutcome {
        let mut this = self;
        let program = Rc::clone(&this.program);
        let number = this.number;
        match this.run(arguments) {
            // A script that caught the stop and returned is still a script that was stopped.
            Ok(_) if program.cancel.is_cancelled(number) => {
                this.fail(Failure::Script(Error::Deadline { place: None, trace: Vec::new() }))
            }
            Ok(Run::Answered(answer, waits)) => this.end(Step::Answer(answer), waits),
            Ok(Run::Asks(asked)) => {
                let mut facts = program.current.end();
                let log = facts.log.take();
                let is_over = facts.flow.as_ref().is_some_and(|flow| flow.is_over());
                let may_be_written = facts.flow.as_ref().is_none_or(|flow| flow.records_request());
                this.facts = facts;
                let step = Step::Requests(Suspended {
                    invocation: Box::new(this),
                    asked,
                    is_over,
                    may_be_written,
                });
                RunOutcome { log, ..RunOutcome::of(Ok(step)) }
            }
            Err(failure) => this.fail(failure),
        }
    }

    /// The script has failed. At the end of a call, what a flow gave to `on_hangup` runs before
    /// that is said.
    fn fail(self, failure: Failure) -> RunOutcome {
        let mut this = self;
        let error = this.program.error_of(this.number, failure);
        // Whatever was stopped is not begun again.
        let is_stopped =
            matches!(error, Error::Deadline { .. } | Error::Memory { .. } | Error::Engine(_));
        if this.failed.is_none() && !is_stopped && this.program.flow_failed(&this.event) {
            this.failed = Some(error);
            let ended = this.program.flow_ended(&this.event);
            return match this.farewell(ended) {
                Ok(arguments) => this.advance(arguments),
                Err(error) => this.program.failed(this.program.error_of(this.number, error.into())),
            };
        }
        this.program.failed(error)
    }

    /// The end of an event. A flow that waits is kept.
    fn end(self, step: Step, waits: bool) -> RunOutcome {
        if let Some(error) = self.failed {
            return self.program.over(error, step);
        }
        let mut facts = self.program.current.end();
        let log = facts.log.take();
        let origins = std::mem::take(&mut *self.program.marks.origins.borrow_mut());
        let journal = facts.flow.as_ref().map(|flow| flow.save());
        let asks_secret = facts.flow.as_ref().is_some_and(|flow| flow.asks_secret());
        let has_secret = facts.flow.as_ref().is_some_and(|flow| flow.has_secret());
        if let (true, Some(journal), Some(call), Some(flow)) =
            (waits, journal.clone(), self.event.call_id(), facts.flow)
        {
            let live = SuspendedFlow {
                call: call.to_owned(),
                file: self.file,
                journal,
                thread: self.thread,
                flow,
            };
            self.program.suspended_flows.borrow_mut().keep(live);
        }
        RunOutcome { log, origins, journal, asks_secret, has_secret, ..RunOutcome::of(Ok(step)) }
    }

    fn run(&mut self, arguments: MultiValue) -> Result<Run, Failure> {
        let mut arguments = arguments;
        loop {
            let returned: MultiValue = self.thread.resume(std::mem::take(&mut arguments))?;
            if !self.thread.is_resumable() {
                return self.returned(returned).map(|answer| Run::Answered(answer, false));
            }
            let waits = match Yield::of(&returned) {
                Some(Yield::Wait) => true,
                Some(Yield::Done) => false,
                Some(Yield::Become) => {
                    arguments = self.becomes()?;
                    continue;
                }
                Some(Yield::Ask) => return Ok(Run::Asks(self.program.asked()?)),
                None => {
                    let message =
                        "the script yielded outside of a coroutine; yield only inside a coroutine of your own"
                            .to_owned();
                    return Err(Error::Answer { place: None, message }.into());
                }
            };
            match self.yielded(waits)? {
                Ok(next) => arguments = next,
                Err(answer) => return Ok(Run::Answered(answer, true)),
            }
        }
    }

    /// A flow has yielded: what it goes on with, or the answer to the event.
    fn yielded(&mut self, waits: bool) -> Result<Result<MultiValue, Answer>, Failure> {
        match self.program.flow_yielded(&self.event, waits)? {
            Go::Resume(arguments) => Ok(Ok(arguments)),
            Go::Answer(answer) => Ok(Err(answer)),
            Go::Farewell(ended) => Ok(Ok(self.farewell(ended)?)),
        }
    }

    /// The flow goes on as another, with a journal of its own.
    fn becomes(&mut self) -> Result<MultiValue, Failure> {
        let program = Rc::clone(&self.program);
        // A row of flows that become one another without end comes to the deadline here too.
        if program.cancel.is_cancelled(self.number) {
            return Err(Error::Deadline { place: None, trace: Vec::new() }.into());
        }
        if let Some(error) = program.flow_failure() {
            return Err(error.into());
        }
        let Successor { script, place, journal } = program.flow_becomes(&self.event)?;
        let file = program.file(&script).map_err(|hint| {
            let message = format!("call:become: the release has no script `{script}`{hint}");
            Error::Raised { place, message, trace: Vec::new() }
        })?;
        self.file = file.to_owned();
        program.flow_became(journal);
        let (thread, arguments) = program.begin(&self.event, true, &self.file)?;
        self.thread = thread;
        Ok(arguments)
    }

    /// What was given to `on_hangup` is run next.
    fn farewell(&mut self, ended: Farewell) -> mlua::Result<MultiValue> {
        let lua = &self.program.sandbox.lua;
        let table =
            self.program.current.facts.borrow().flow.as_ref().map(|flow| flow.table().clone());
        self.thread = lua.create_thread(self.program.farewell.clone())?;
        let Farewell { why, by, code } = ended;
        lua.pack_multi((table, why, by, code))
    }

    fn returned(&self, returned: MultiValue) -> Result<Answer, Failure> {
        let program = &self.program;
        let lua = &program.sandbox.lua;
        // Reading what was returned, within the converter's budgets.
        let limit = lua.set_memory_limit(0)?;
        let answer = conclude(&self.event, &self.file, returned, &program.marks, program.limits);
        lua.set_memory_limit(limit)?;
        answer
    }
}

/// How far a script has run.
enum Run {
    /// To an answer; whether it is a flow that waits for the next event.
    Answered(Answer, bool),
    /// To requests.
    Asks(Asked),
}

/// What the prelude yields for: behind its token, one word. Anything else that yields has no token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Yield {
    /// A flow waits for the step at hand.
    Wait,
    /// A flow has no more to do.
    Done,
    /// A flow goes on as another.
    Become,
    /// The requests that `host.ask` has taken are to be carried out.
    Ask,
}

impl Yield {
    fn of(yielded: &MultiValue) -> Option<Self> {
        let mut yielded = yielded.iter();
        if yielded.next() != Some(&TOKEN) {
            return None;
        }
        let LuaValue::String(word) = yielded.next()? else { return None };
        match &*word.as_bytes() {
            b"wait" => Some(Self::Wait),
            b"done" => Some(Self::Done),
            b"become" => Some(Self::Become),
            b"ask" => Some(Self::Ask),
            _ => None,
        }
    }
}

impl Vm {
    /// The requests that the script has asked for.
    fn asked(&self) -> Result<Asked, Failure> {
        let asked = std::mem::take(&mut self.current.facts.borrow_mut().asked);
        let none = || Error::Engine("the script waits for replies but made no request".to_owned());
        asked.ok_or_else(|| none().into())
    }
}
