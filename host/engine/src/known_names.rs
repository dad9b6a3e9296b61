//! The names that scripts can use without having made them: globals, what stands in them, and the
//! methods and fields of `call`.

use std::collections::{BTreeMap, BTreeSet};

use mlua::{Table, Value as LuaValue};
use moonring_flow::ERROR_TYPES;

use crate::call::NAMES;
use crate::flow::method::METHODS;
use crate::types::{ResultTypes, result_types};
use crate::vm::program::Program;
use crate::{Compiled, Error, Limits};

/// Globals whose members a release makes itself.
const OWN: [&str; 1] = ["config"];

/// The names of a VM, before any script has run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownNames {
    /// Globals, and the members of those that are tables.
    pub globals: BTreeMap<String, BTreeSet<String>>,
    /// Methods and fields of `call` in flows and handlers.
    pub call: BTreeSet<String>,
    /// The methods among them.
    pub methods: BTreeSet<String>,
    /// The words of `err.type`.
    pub error_types: &'static [&'static str],
    /// What methods and helpers give.
    pub results: ResultTypes,
}

impl KnownNames {
    /// Looks into a VM.
    ///
    /// # Errors
    /// Where it cannot be built.
    pub fn new() -> Result<Self, Error> {
        let nothing = Compiled::new([], &serde_json::Map::new());
        let nothing = nothing.map_err(|error| Error::Engine(error.to_string()))?;
        let program = Program::load_idle(&nothing, || false, Limits::default())?;
        let mut globals = BTreeMap::new();
        let named = program.globals().map_err(|error| Error::Engine(error.to_string()))?;
        for (name, value) in named {
            let members = match value {
                LuaValue::Table(table) if !OWN.contains(&name.as_str()) => members(&table),
                _ => BTreeSet::new(),
            };
            globals.insert(name, members);
        }
        globals.insert("require".to_owned(), BTreeSet::new());
        let methods: BTreeSet<String> =
            METHODS.iter().map(|method| method.name.to_owned()).collect();
        let call = NAMES.into_iter().map(str::to_owned).chain(methods.clone()).collect();
        Ok(Self { globals, call, methods, error_types: ERROR_TYPES, results: result_types() })
    }
}

fn members(table: &Table) -> BTreeSet<String> {
    let pairs = table.pairs::<LuaValue, LuaValue>().flatten();
    pairs.filter_map(|(key, _)| key.as_string().map(|key| key.to_string_lossy())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globals_their_members_and_methods_are_known() {
        let known = KnownNames::new().unwrap();
        for (global, member) in
            [("phone", "parse"), ("string", "find"), ("json", "encode"), ("os", "time")]
        {
            assert!(known.globals[global].contains(member), "{global}.{member}");
        }
        assert!(!known.globals["os"].contains("clock"));
        assert!(known.globals.contains_key("print") && !known.globals.contains_key("io"));
        for name in ["say", "bridge", "from", "legs", "on_hangup"] {
            assert!(known.call.contains(name), "{name}");
        }
    }
}
