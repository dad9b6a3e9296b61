//! The script of one event: run until it answers, asks or fails, and resumed with replies.

use std::rc::Rc;
use std::sync::Arc;

use mlua::{MultiValue, Thread, Value as LuaValue};
use moonring_wire::Event;
use serde_json::{Map, Value};

use crate::bindings::Facts;
use crate::convert::{Unsayable, from_lua, to_lua};
use crate::error::Error;
use crate::handlers::{Failure, conclude};
use crate::program::Inner;
use crate::step::{Step, Suspended};
use crate::{Reply, Request, Turn};

/// The script of one event, between two steps.
pub(crate) struct Invocation {
    pub(crate) program: Rc<Inner>,
    pub(crate) event: Arc<Event>,
    pub(crate) number: u64,
    pub(crate) file: String,
    pub(crate) thread: Thread,
    /// What is known of the event, while its script is suspended.
    pub(crate) facts: Facts,
}

impl std::fmt::Debug for Invocation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Invocation").field("number", &self.number).field("file", &self.file).finish_non_exhaustive()
    }
}

impl Invocation {
    /// Gives the script its replies.
    pub(crate) fn resume(self, replies: &[Reply]) -> Turn {
        let mut this = self;
        // Another event may have run meanwhile.
        this.program.current.begin(std::mem::take(&mut this.facts));
        match this.program.replies_to_lua(replies) {
            Ok(arguments) => this.advance(arguments),
            Err(error) => this.program.fail(this.number, Failure::Lua(error)),
        }
    }

    pub(crate) fn advance(self, arguments: MultiValue) -> Turn {
        let program = Rc::clone(&self.program);
        let number = self.number;
        match self.run(arguments) {
            // A script that caught the stop and returned is still a script that was stopped.
            Ok(_) if program.kill.is_killed(number) => {
                program.fail(number, Failure::Script(Error::Deadline { place: None, trace: Vec::new() }))
            }
            Ok(mut step) => {
                let mut facts = program.current.end();
                let log = facts.log.take();
                if let Step::Requests(suspended) = &mut step {
                    suspended.invocation.facts = facts;
                }
                let places = std::mem::take(&mut *program.marks.places.borrow_mut());
                Turn { result: Ok(step), log, places }
            }
            Err(failure) => program.fail(number, failure),
        }
    }

    fn run(self, arguments: MultiValue) -> Result<Step, Failure> {
        let returned: MultiValue = self.thread.resume(arguments)?;
        if self.thread.is_resumable() {
            // The prelude yields its token and a list of requests; whoever else got to yield has no token.
            let mut yielded = returned.into_iter();
            if yielded.next() != Some(LuaValue::Table(self.program.token.clone())) {
                let message = "the script yielded past the host; yield only inside a coroutine of your own".to_owned();
                return Err(Error::Answer { place: None, message }.into());
            }
            let list = yielded.next().unwrap_or(LuaValue::Nil);
            let requests = self.program.requests_from_lua(&list)?;
            return Ok(Step::Requests(Suspended { invocation: self, requests }));
        }
        let program = &self.program;
        let lua = &program.sandbox.lua;
        // Reading what was returned, within the converter's budgets.
        let limit = lua.set_memory_limit(0)?;
        let answer = conclude(&self.event, &self.file, returned, &program.marks, program.limits);
        lua.set_memory_limit(limit)?;
        answer.map(Step::Answer)
    }
}

impl Inner {
    fn requests_from_lua(&self, list: &LuaValue) -> Result<Vec<Request>, Failure> {
        let wrong = |message: String| Failure::Script(Error::Engine(message));
        let list = from_lua(list, &self.marks.list, "requests").map_err(|error| match error {
            Unsayable::Refused(message) => wrong(message),
            Unsayable::Lua(error) => Failure::Lua(error),
        })?;
        let requests = list.as_array().into_iter().flatten().map(|request| {
            let text = |key: &str| request.get(key).and_then(Value::as_str).map(str::to_owned);
            let (service, operation) = (text("service"), text("operation"));
            let (Some(service), Some(operation)) = (service, operation) else {
                return Err(wrong(format!("a request without a service or an operation: {request}")));
            };
            let input = request.get("input").cloned().unwrap_or_else(|| Value::Object(Map::new()));
            Ok(Request::Aws { service, operation, input, version: text("version") })
        });
        requests.collect()
    }

    /// One table per reply: `{ output = … }`, or `{ error_type = …, message = …, code = … }`.
    fn replies_to_lua(&self, replies: &[Reply]) -> mlua::Result<MultiValue> {
        let lua = &self.sandbox.lua;
        let list = lua.create_table_with_capacity(replies.len(), 0)?;
        for reply in replies {
            let table = lua.create_table()?;
            match reply {
                Reply::Done(output) => table.raw_set("output", to_lua(lua, &self.marks.list, output)?)?,
                Reply::Failed { error_type, message, code } => {
                    table.raw_set("code", code.as_deref())?;
                    table.raw_set("error_type", error_type.as_str())?;
                    table.raw_set("message", message.as_str())?;
                }
            }
            list.raw_push(table)?;
        }
        lua.pack_multi(list)
    }
}
