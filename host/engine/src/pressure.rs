//! Garbage is not use: where much of the memory is taken, it is collected before the limit is said to be met.
//!
//! Luau collects in small steps while tables and closures are made, and has no emergency collection: a few long texts could fill the memory
//! with what nobody holds any more. So each interrupt looks at what is in use, and collects once a mark is passed. The mark then moves to
//! three quarters of what is left: a script that fills the memory with what it holds is collected twice, and then told.

use std::cell::Cell;

use mlua::{Lua, Result};

/// The least that must be made before it is collected again, as a part of all that may be made.
const GAP: usize = 8;

/// When memory is collected.
#[derive(Debug, Default)]
pub(crate) struct Pressure {
    /// How many bytes were in use when the limit was set, and the limit.
    base: Cell<usize>,
    limit: Cell<usize>,
    /// How many may be in use before the next collection; without a limit there is none.
    mark: Cell<Option<usize>>,
}

impl Pressure {
    /// From now on so many bytes may be in use at most.
    pub(crate) fn begin(&self, used: usize, limit: usize) {
        self.base.set(used);
        self.limit.set(limit);
        self.set_mark(used);
    }

    /// An event begins: what earlier ones left behind may not take more than half of its memory.
    pub(crate) fn begin_event(&self, lua: &Lua) -> Result<()> {
        if lua.used_memory() > self.base.get() + self.room() / 2 {
            lua.gc_collect()?;
        }
        self.set_mark(lua.used_memory());
        Ok(())
    }

    /// Collects, if the mark is passed.
    pub(crate) fn relieve(&self, lua: &Lua) -> Result<()> {
        if self.mark.get().is_some_and(|mark| lua.used_memory() > mark) {
            lua.gc_collect()?;
            self.set_mark(lua.used_memory());
        }
        Ok(())
    }

    fn set_mark(&self, used: usize) {
        let left = self.limit.get().saturating_sub(used);
        self.mark.set(Some(used + (left / 4 * 3).max(self.room() / GAP)));
    }

    /// All that may be made.
    fn room(&self) -> usize {
        self.limit.get().saturating_sub(self.base.get())
    }
}
