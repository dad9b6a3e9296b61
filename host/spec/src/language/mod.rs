//! The language of specs, in a VM of its own.

mod bindings;
mod calls;
mod dialed;
mod facts;
mod meetings;
mod page;
mod parties;
mod words;

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use mlua::{Function, Lua, Table};
use moonring_engine::{Compiled, Error, Limits, Workbench};

pub(crate) use self::bindings::stuck;
pub use self::page::spec_markdown;
pub use self::words::{On, WORDS, Word};
use crate::stage::Stage;
use crate::suite::Suite;

/// The part of the language that is written in Lua itself.
const PRELUDE: &str = concat!(
    include_str!("lua/classes.luau"),
    include_str!("lua/heard.luau"),
    include_str!("lua/parties.luau"),
    include_str!("lua/t.luau"),
    include_str!("lua/expect.luau"),
    include_str!("lua/registration.luau"),
);

/// A VM in which specs run, and the stage that they play on.
pub(crate) struct SpecVm {
    pub(crate) bench: Rc<Workbench>,
    pub(crate) stage: Rc<Stage>,
    begin: Function,
    loaded: Function,
}

/// A test as its file declares it.
pub(crate) struct Declared {
    /// The names of its groups, and its own.
    pub(crate) path: Vec<String>,
    pub(crate) line: u32,
    pub(crate) skip: Option<String>,
    pub(crate) is_only: bool,
    pub(crate) play: Function,
}

impl SpecVm {
    /// # Errors
    /// When the system gives no means for it, in words.
    pub(crate) fn new(suite: Arc<Suite>, compiled: &Compiled) -> Result<Self, String> {
        let made = RefCell::new(None);
        let limits = Limits { memory_bytes: 256 * 1024 * 1024, ..Limits::default() };
        let bench = Workbench::new(compiled, limits, |lua| {
            let files = compiled.file_names().map(str::to_owned).collect();
            let (stage, prelude) = Self::prelude(suite, lua, files)?;
            let words: Table = prelude.raw_get("words")?;
            made.replace(Some((stage, prelude)));
            Ok(words)
        });
        let bench = bench.map_err(|error| error.to_string())?;
        let (stage, prelude) = made.take().ok_or("the language of specs is incomplete")?;
        let stage = stage?;
        let bench = Rc::new(bench);
        stage.set_bench(&bench);
        let function = |name: &str| prelude.raw_get(name).map_err(|error| error.to_string());
        Ok(Self { bench, stage, begin: function("begin")?, loaded: function("loaded")? })
    }

    fn prelude(
        suite: Arc<Suite>,
        lua: &Lua,
        files: Vec<String>,
    ) -> mlua::Result<(Result<Rc<Stage>, String>, Table)> {
        let stage = Stage::new(suite, lua.clone(), files).map(Rc::new);
        let host = match &stage {
            Ok(stage) => bindings::host(lua, stage)?,
            Err(_) => lua.create_table()?,
        };
        let prelude = lua.load(PRELUDE).set_name("=[moonring]").call(host)?;
        Ok((stage, prelude))
    }

    /// The tests of a file, which is loaded anew: nothing is left of the last time.
    ///
    /// # Errors
    /// Why the file fails.
    pub(crate) fn declared(&self, file: &str, now_seconds: i64) -> Result<Vec<Declared>, Error> {
        self.declare(file, None, now_seconds)
    }

    /// One test of a file, by its number from 0; the others are passed over.
    ///
    /// # Errors
    /// Why the file fails.
    pub(crate) fn declared_at(
        &self,
        file: &str,
        number: usize,
        now_seconds: i64,
    ) -> Result<Option<Declared>, Error> {
        Ok(self.declare(file, Some(number + 1), now_seconds)?.pop())
    }

    fn declare(
        &self,
        file: &str,
        number: Option<usize>,
        now_seconds: i64,
    ) -> Result<Vec<Declared>, Error> {
        let broken = |error: mlua::Error| self.bench.explain(&error);
        self.begin.call::<()>(number).map_err(broken)?;
        self.bench.run(file, now_seconds)?;
        let tests: Vec<Table> = self.loaded.call(()).map_err(broken)?;
        let read = |test: Table| {
            Ok(Declared {
                path: test.raw_get("path")?,
                line: test.raw_get("line")?,
                skip: test.raw_get("skip")?,
                is_only: test.raw_get::<Option<bool>>("only")?.unwrap_or(false),
                play: test.raw_get("play")?,
            })
        };
        tests.into_iter().map(read).collect::<mlua::Result<_>>().map_err(broken)
    }
}
