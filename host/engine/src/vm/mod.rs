//! A release in a VM, and the run of an event in it. These files know one another by design: a
//! script's run is one machine.

pub(crate) mod ask;
pub(crate) mod bindings;
mod failure;
pub(crate) mod invocation;
mod load;
pub(crate) mod program;
pub(crate) mod run_result;

pub use program::{Input, Program};
pub use run_result::{ActionOrigin, RunOutcome, Step, Suspended};

/// The version of the language that scripts are written in, such as `Luau 0.700`.
pub fn luau_version() -> String {
    mlua::Lua::new().globals().get("_VERSION").unwrap_or_else(|_| "Luau".to_owned())
}
