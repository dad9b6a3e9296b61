//! A compiled release is loaded into a VM of its own.

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use mlua::{Lua, Table};

use crate::answer::Marks;
use crate::convert::{ToLua, prepare_names};
use crate::error::Error;
use crate::flow;
use crate::helpers;
use crate::limits::Limits;
use crate::modules::{Modules, SharedModules};
use crate::sandbox::Sandbox;
use crate::vm::bindings::{CurrentEvent, fill};
use crate::vm::program::{Program, Vm};
use crate::{CancelFlag, Compiled};

impl Program {
    /// Loads a compiled release into a fresh VM.
    ///
    /// # Errors
    /// [`Error::Engine`] where the VM cannot be built; [`Error::Memory`] where the release alone
    /// has no room.
    pub fn load(compiled: &Compiled, cancel: CancelFlag, limits: Limits) -> Result<Self, Error> {
        let current = Rc::new(CurrentEvent::default());
        let (number, word) = (Rc::clone(&current), cancel.clone());
        let stop = move || word.is_cancelled(number.number());
        Self::build(compiled, cancel, current, stop, limits, |lua| lua.create_table())
            .map_err(|error| Error::Engine(error.to_string()))
    }

    /// A program that no event is at hand for.
    pub(crate) fn load_idle(
        compiled: &Compiled,
        stop: impl Fn() -> bool + 'static,
        limits: Limits,
    ) -> Result<Self, Error> {
        Self::load_with(compiled, stop, limits, |lua| lua.create_table())
    }

    /// The same with more globals than scripts have.
    pub(crate) fn load_with(
        compiled: &Compiled,
        stop: impl Fn() -> bool + 'static,
        limits: Limits,
        words: impl FnOnce(&Lua) -> mlua::Result<Table>,
    ) -> Result<Self, Error> {
        let (cancel, current) = (CancelFlag::default(), Rc::new(CurrentEvent::default()));
        Self::build(compiled, cancel, current, stop, limits, words)
            .map_err(|error| Error::Engine(error.to_string()))
    }

    fn build(
        compiled: &Compiled,
        cancel: CancelFlag,
        current: Rc<CurrentEvent>,
        stop: impl Fn() -> bool + 'static,
        limits: Limits,
        words: impl FnOnce(&Lua) -> mlua::Result<Table>,
    ) -> mlua::Result<Self> {
        let modules: SharedModules = Rc::new(OnceCell::new());
        let marks = OnceCell::new();
        let sandbox = Sandbox::new(stop, |lua, host| {
            prepare_names(lua)?;
            let made = Marks {
                list: lua.create_table()?,
                action: lua.create_table()?,
                recent: Rc::default(),
                origins: Rc::default(),
            };
            for mark in [&made.list, &made.action] {
                mark.raw_set("__metatable", false)?;
                mark.set_readonly(true);
            }
            fill(lua, host, &made, &current, &modules)?;
            helpers::fill(lua, host, &made.list, &current)?;
            flow::fill(lua, host, &made, &current, limits)?;
            let config = ToLua::read_only(lua, &made.list).value(&compiled.config)?;
            host.raw_set("config", config)?;
            host.raw_set("words", words(lua)?)?;
            drop(marks.set(made));
            Ok(())
        })?;
        let missing = || mlua::Error::runtime("the prelude is incomplete");
        let marks = marks.into_inner().ok_or_else(missing)?;
        let loaded = Modules::load(&sandbox.lua, compiled)?;
        drop(modules.set((loaded, sandbox.environment().clone())));
        sandbox.lua.gc_collect()?;
        let loaded_bytes = sandbox.lua.used_memory();
        sandbox.set_memory_limit(loaded_bytes + limits.memory_bytes)?;
        let entries = &sandbox.entries;
        let serve = entries.raw_get("serve")?;
        let farewell = entries.raw_get::<Table>("kit")?.raw_get("farewell")?;
        let (is_spent, events, suspended_flows) =
            (Cell::new(false), Cell::new(0), RefCell::default());
        let inner = Vm {
            sandbox,
            modules,
            marks,
            serve,
            farewell,
            suspended_flows,
            current,
            cancel,
            limits,
            is_spent,
            events,
            texts: Arc::clone(&compiled.texts),
        };
        Ok(Self { inner: Rc::new(inner) })
    }
}
