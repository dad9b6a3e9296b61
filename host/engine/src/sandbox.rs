//! A VM for scripts: what stays of the standard libraries, what the host adds, and the locks on
//! both.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Once;

use mlua::chunk::ChunkMode;
use mlua::{Function, Lua, LuaOptions, Result, StdLib, Table, Value as LuaValue, VmState};

use moonring_flow::Place;

use crate::pressure::Pressure;
use moonring_wire::hint;

/// What stays of the base library, of `debug` and of everything else. Not on the list: what loads
/// code, reads files, changes environments or looks behind the sandbox.
const GLOBALS: &[&str] = &[
    "assert",
    "bit32",
    "buffer",
    "coroutine",
    "debug",
    "error",
    "getmetatable",
    "ipairs",
    "math",
    "next",
    "os",
    "pairs",
    "pcall",
    "rawequal",
    "rawget",
    "rawlen",
    "rawset",
    "select",
    "setmetatable",
    "string",
    "table",
    "tonumber",
    "tostring",
    "type",
    "typeof",
    "unpack",
    "utf8",
    "vector",
    "xpcall",
    "_VERSION",
];
const DEBUG: &[&str] = &["info", "traceback"];

/// The parts of the prelude, compiled with the host itself.
const PRELUDE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/prelude.luac"));
const HELPERS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/helpers.luac"));
const FLOW: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/flow.luac"));
const FLOW_METHODS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/flow_methods.luac"));

/// A closed VM and the host's way into it.
pub(crate) struct Sandbox {
    pub(crate) lua: Lua,
    /// What the prelude returned: its functions by name.
    pub(crate) entries: Table,
    /// The metatable of every instance's environment.
    environment: Table,
    pressure: Rc<Pressure>,
    stopped_at: Rc<RefCell<Option<Place>>>,
}

impl Sandbox {
    /// Builds a VM. `fill` adds the host's functions to the table that the prelude is given.
    /// `stop` is asked at every interrupt.
    pub(crate) fn new(
        stop: impl Fn() -> bool + 'static,
        fill: impl FnOnce(&Lua, &Table) -> Result<()>,
    ) -> Result<Self> {
        set_flags();
        let lua = Lua::new_with(StdLib::ALL_SAFE, LuaOptions::default())?;
        let globals = lua.globals();
        keep_only(&globals, GLOBALS)?;
        keep_only(&globals.get::<Table>("debug")?, DEBUG)?;

        // Errors are put at the author's line by counting calls: functions that the compiler
        // inlines would not count.
        let host = lua.create_table()?;
        fill(&lua, &host)?;
        let library = lua.create_table()?;
        let own = |part: &'static [u8]| {
            lua.load(part).set_name("=[moonring]").set_mode(ChunkMode::Binary)
        };
        let entries: Table = own(PRELUDE).call((&host, &library))?;
        let kit: Table = entries.raw_get("kit")?;
        own(HELPERS).call::<()>((&host, &library, &kit))?;
        for part in [FLOW, FLOW_METHODS] {
            own(part).call::<()>((&host, &kit))?;
        }
        library.for_each(|name: String, value: LuaValue| {
            if let LuaValue::Table(table) = &value {
                table.set_readonly(true);
            }
            globals.raw_set(name, value)
        })?;
        // `config` is the release's own, and comes as a finished, frozen table.
        globals.raw_set("config", host.raw_get::<LuaValue>("config")?)?;
        if let Some(words) = host.raw_get::<Option<Table>>("words")? {
            words.for_each(|name: String, value: LuaValue| globals.raw_set(name, value))?;
        }

        let environment = lua.create_table()?;
        environment.raw_set("__index", &globals)?;
        let refuse = "local _, name = ... error(`there are no global variables; write \"local {tostring(name)} = …\"`, 2)";
        environment
            .raw_set("__newindex", lua.load(refuse).set_name("=[moonring]").into_function()?)?;
        environment.raw_set("__metatable", false)?;

        // A name that nobody has given is a slip, and is told at its line.
        let mut names = Vec::new();
        globals.for_each(|name: String, _: LuaValue| {
            names.push(name);
            Ok(())
        })?;
        let unknown = lua.create_function(move |_, name: LuaValue| {
            let name = name.as_string().map(|name| name.to_string_lossy()).unwrap_or_default();
            let hint = match name.as_str() {
                "call" => "; a flow is given it: return function(call) … end".to_owned(),
                name => hint(name, names.iter().map(String::as_str).chain(["call"])),
            };
            Ok(format!("there is no global variable `{name}`{hint}"))
        })?;
        let raise = "local unknown = ... return function(_, name) error(unknown(name), 2) end";
        let raise: Function = lua.load(raise).set_name("=[moonring]").call(unknown)?;
        let missing = lua.create_table()?;
        missing.raw_set("__index", raise)?;
        missing.raw_set("__metatable", false)?;
        globals.set_metatable(Some(missing))?;

        lua.sandbox(true)?;
        let pressure = Rc::new(Pressure::default());
        let watched = Rc::clone(&pressure);
        let stopped_at = Rc::new(RefCell::new(None));
        let line = Rc::clone(&stopped_at);
        lua.set_interrupt(move |lua| match stop() {
            true => {
                let mut line = line.borrow_mut();
                if line.is_none() {
                    *line = line_of(lua);
                }
                Err(mlua::Error::runtime("stopped at the deadline"))
            }
            false => watched.relieve(lua).map(|()| VmState::Continue),
        });
        Ok(Self { lua, entries, environment, pressure, stopped_at })
    }

    /// The line at which the last script was stopped, if it was a line of its own.
    pub(crate) fn stopped_at(&self) -> Option<Place> {
        self.stopped_at.take()
    }

    /// Gives a function an environment of its own: read-only, the base library behind it, and what
    /// differs per instance in it.
    pub(crate) fn enclose(
        lua: &Lua,
        environment: &Table,
        function: &Function,
        own: &[(&str, &Function)],
    ) -> Result<()> {
        let table = lua.create_table_with_capacity(0, own.len())?;
        for (name, value) in own {
            table.raw_set(*name, *value)?;
        }
        table.set_metatable(Some(environment.clone()))?;
        table.set_readonly(true);
        // Without this Luau takes the environment for one that may change under it, and loops are
        // five times slower.
        table.set_safeenv(true);
        function.set_environment(table)?;
        Ok(())
    }

    /// Sets the most bytes that may be in use from now on.
    pub(crate) fn set_memory_limit(&self, bytes: usize) -> Result<()> {
        let most = self.pressure.begin(self.lua.used_memory(), bytes);
        self.lua.set_memory_limit(most).map(drop)
    }

    /// An event begins.
    pub(crate) fn begin_event(&self) -> Result<()> {
        self.stopped_at.take();
        self.pressure.begin_event(&self.lua)
    }

    /// Its answer is sent.
    pub(crate) fn end_event(&self) -> Result<()> {
        self.pressure.end_event(&self.lua)
    }

    pub(crate) fn environment(&self) -> &Table {
        &self.environment
    }
}

/// The innermost line of a script that is running.
fn line_of(lua: &Lua) -> Option<Place> {
    (0..DEEPEST).find_map(|level| {
        lua.inspect_stack(level, |frame| {
            let file = frame.source().short_src?.into_owned();
            let line = u32::try_from(frame.current_line()?).ok()?;
            (file != "[moonring]" && !file.starts_with('@')).then_some(Place { file, line })
        })?
    })
}

/// How deep a line of a script is looked for below the host's own.
const DEEPEST: usize = 20;

/// Does something of the host's own without counting its memory against the script. What the host
/// makes is bounded by itself, and where no limit can be met Lua's values need no guard against it:
/// making them is twice as fast.
pub(crate) fn unmetered<T>(lua: &Lua, work: impl FnOnce() -> Result<T>) -> Result<T> {
    let limit = lua.set_memory_limit(0)?;
    let made = work();
    lua.set_memory_limit(limit)?;
    made
}

fn keep_only(table: &Table, names: &[&str]) -> Result<()> {
    let mut others = Vec::new();
    table.for_each(|key: LuaValue, _: LuaValue| {
        let is_kept = key
            .as_string()
            .is_some_and(|key| names.iter().any(|name| key.as_bytes() == name.as_bytes()));
        if !is_kept {
            others.push(key);
        }
        Ok(())
    })?;
    others.into_iter().try_for_each(|key| table.raw_set(key, LuaValue::Nil))
}

/// Two mends of Luau that are still behind flags: without them `table.move` and `string.split` can
/// run for minutes inside one native call. They hold for the process and must be set before its
/// first VM; a version that no longer knows them has them in.
fn set_flags() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        for flag in ["LuauTableMoveTimeoutFix", "LuauOptimizeStringSplit"] {
            let _ = Lua::set_fflag(flag, true);
        }
    });
}
