//! Garbage is not use: memory is collected before a script is told that it uses too much.
//!
//! Luau collects in small steps while tables and closures are made, and has no emergency
//! collection: a few long texts could fill the memory with what nobody holds any more. So each
//! interrupt looks at what is in use, and collects once a mark is passed; what is in use then is
//! held against the limit. The VM's own limit is half as high again: room for one large value
//! beside the garbage that lies there.
//!
//! What events leave behind is collected once an answer is sent, while nobody waits. Luau's own small
//! steps, which would come inside of events, are then left out; the marks see to a script that makes
//! more than others.

use std::cell::Cell;

use mlua::{Error, Lua, Result};

/// The least that must be made before it is collected again, as a part of all that may be made.
const GAP: usize = 8;

/// When memory is collected.
#[derive(Debug, Default)]
pub(crate) struct Pressure {
    /// How many bytes were in use after the last collection.
    alive: Cell<usize>,
    /// How many bytes were in use when the limit was set, and the limit.
    base: Cell<usize>,
    limit: Cell<usize>,
    /// How many may be in use before the next collection; without a limit there is none.
    mark: Cell<Option<usize>>,
}

impl Pressure {
    /// From now on so many bytes may be in use at most. The limit that the VM is to have itself.
    pub(crate) fn begin(&self, used: usize, limit: usize) -> usize {
        self.base.set(used);
        self.limit.set(limit);
        self.alive.set(used);
        self.set_mark(used);
        limit + self.room() / 2
    }

    /// An event begins: what earlier ones left behind may not take more than half of its memory.
    pub(crate) fn begin_event(&self, lua: &Lua) -> Result<()> {
        if lua.used_memory() > self.base.get() + self.room() / 2 {
            self.collect(lua)?;
        }
        self.set_mark(lua.used_memory());
        Ok(())
    }

    /// The answer is sent: collects, where memory has doubled, or the next event would have to.
    pub(crate) fn end_event(&self, lua: &Lua) -> Result<()> {
        let most = self.base.get() + self.room() / 2;
        if lua.used_memory() >= most.min(2 * self.alive.get()) {
            self.collect(lua)?;
        }
        // To collect is to begin with steps again.
        lua.gc_stop();
        Ok(())
    }

    /// Collects, if the mark is passed.
    ///
    /// # Errors
    /// Where more is in use than may be, and none of it is garbage.
    pub(crate) fn relieve(&self, lua: &Lua) -> Result<()> {
        if self.mark.get().is_none_or(|mark| lua.used_memory() <= mark) {
            return Ok(());
        }
        self.collect(lua)?;
        let used = lua.used_memory();
        if used > self.limit.get() {
            return Err(Error::MemoryError("not enough memory".to_owned()));
        }
        self.set_mark(used);
        Ok(())
    }

    fn collect(&self, lua: &Lua) -> Result<()> {
        lua.gc_collect()?;
        self.alive.set(lua.used_memory());
        Ok(())
    }

    fn set_mark(&self, used: usize) {
        let left = self.limit.get().saturating_sub(used);
        self.mark.set(Some((used + (left / 2).max(self.room() / GAP)).min(self.limit.get())));
    }

    /// All that may be made.
    fn room(&self) -> usize {
        self.limit.get().saturating_sub(self.base.get())
    }
}
