//! A VM for those who test scripts: what scripts have, and the words of whoever tests.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;

use mlua::{Function, Lua, MultiValue, Table, Value as LuaValue};
use moonring_flow::{Place, Reply, Request};

use crate::coverage::FunctionHits;
use crate::error::Error;
use crate::vm::program::Program;
use crate::{Compiled, Limits};

/// How many interrupts of the VM one run may take: a count and no time, so that it is stopped at
/// the same place on every machine.
const TICKS: u64 = 50_000_000;

/// Answers requests that are made together, from the line where it is known.
pub type Answering<'a> = &'a dyn Fn(&[Request], Option<&Place>) -> Vec<Reply>;

/// A VM in which files of a release run outside of any event, each run with modules of its own.
pub struct Workbench {
    program: Program,
    ticks: Rc<Cell<u64>>,
}

impl Workbench {
    /// Loads a compiled release into a VM of its own; `words` are globals besides those that
    /// scripts have.
    ///
    /// # Errors
    /// Where the VM cannot be built.
    pub fn new(
        compiled: &Compiled,
        limits: Limits,
        words: impl FnOnce(&Lua) -> mlua::Result<Table>,
    ) -> Result<Self, Error> {
        let ticks = Rc::new(Cell::new(0));
        let counted = Rc::clone(&ticks);
        let stop = move || {
            counted.set(counted.get() + 1);
            counted.get() > TICKS
        };
        Ok(Self { program: Program::load_with(compiled, stop, limits, words)?, ticks })
    }

    /// What a file returns at this moment, in seconds since 1970.
    ///
    /// # Errors
    /// Why it fails.
    pub fn run(&self, file: &str, now_seconds: i64) -> Result<LuaValue, Error> {
        self.ticks.set(0);
        let loaded = self.program.load_file(file, now_seconds, &mut Default::default());
        loaded.map_err(|error| self.explain(&error))?
    }

    /// Calls a function that a file has made. What it asks of other services, `answer` does.
    ///
    /// # Errors
    /// Why it fails; [`Workbench::explain`] says where.
    pub fn call(&self, function: &Function, answer: Answering<'_>) -> mlua::Result<MultiValue> {
        self.ticks.set(0);
        let thread = self.program.lua().create_thread(function.clone())?;
        self.program.is_hosts(&thread)?;
        let mut returned: MultiValue = thread.resume(())?;
        while thread.is_resumable() {
            let asked = self.program.take_asked().ok_or_else(|| {
                mlua::Error::runtime("the function yielded outside of a coroutine")
            })?;
            let replies = answer(&asked.requests, asked.place.as_ref());
            returned = thread.resume(self.program.replies_to_lua(&replies)?)?;
        }
        Ok(returned)
    }

    /// The time that files and functions see from now on, in seconds since 1970.
    pub fn set_clock(&self, now_seconds: i64) {
        self.program.set_clock(now_seconds);
    }

    /// What of the release's own files has run in this VM, by file.
    pub fn hits(&self) -> BTreeMap<String, Vec<FunctionHits>> {
        self.program.hits()
    }

    /// An error of a call, with the line of a script at which it was raised.
    pub fn explain(&self, error: &mlua::Error) -> Error {
        let is_stopped = self.ticks.get() > TICKS;
        Error::from_lua(error, is_stopped, self.program.limits())
    }

    /// The VM.
    pub fn lua(&self) -> &Lua {
        self.program.lua()
    }
}

impl std::fmt::Debug for Workbench {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Workbench").finish_non_exhaustive()
    }
}
