//! The files of a release inside a VM: one compiled main function per file, one instance of it per
//! event.

use std::collections::BTreeMap;
use std::rc::Rc;

use mlua::chunk::ChunkMode;
use mlua::{Function, Lua, Result, Table};

use crate::Compiled;
use crate::coverage::{FunctionHits, functions_of};
use crate::resolve::{own_script, required_file, script_hint};
use crate::sandbox::Sandbox;

/// The main functions of a release, never called themselves.
#[derive(Default)]
pub(crate) struct Modules {
    prototypes: BTreeMap<String, Function>,
}

impl Modules {
    /// Loads every file. The bytecode is the compiler's own, so there is nothing in it to distrust.
    pub(crate) fn load(lua: &Lua, compiled: &Compiled) -> Result<Self> {
        let prototypes = compiled.files.iter().map(|(name, bytecode)| {
            let chunk = lua
                .load(bytecode.as_slice())
                .set_name(format!("={name}"))
                .set_mode(ChunkMode::Binary);
            Ok((name.clone(), chunk.into_function()?))
        });
        Ok(Self { prototypes: prototypes.collect::<Result<_>>()? })
    }

    /// A fresh copy of a file's main function, in an environment that has `require` in it.
    pub(crate) fn instantiate(
        &self,
        lua: &Lua,
        environment: &Table,
        file: &str,
        require: &Function,
    ) -> Result<Function> {
        let prototype =
            self.prototypes.get(file).ok_or_else(|| mlua::Error::runtime("no such file"))?;
        let instance = prototype.deep_clone()?;
        Sandbox::enclose(lua, environment, &instance, &[("require", require)])?;
        Ok(instance)
    }

    /// The file of a script of the release, which may be named without its ending.
    pub(crate) fn script(&self, name: &str) -> Option<&str> {
        own_script(name, &self.prototypes)
    }

    /// What to tell somebody who named a script that is not there.
    pub(crate) fn script_hint(&self, name: &str) -> String {
        script_hint(name, self.names().filter(|name| !name.starts_with('@')))
    }

    /// The file a `require` means, or what to tell the author.
    pub(crate) fn resolve(&self, from: &str, name: &str) -> std::result::Result<&str, String> {
        required_file(from, name, self.names())
    }

    /// What of the release's own files has run.
    pub(crate) fn hits(&self) -> BTreeMap<String, Vec<FunctionHits>> {
        let own = self.prototypes.iter().filter(|(name, _)| !name.starts_with('@'));
        own.map(|(name, main)| (name.clone(), functions_of(main))).collect()
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.prototypes.keys().map(String::as_str)
    }
}

/// The modules of a VM; they come after the prelude that asks for them.
pub(crate) type SharedModules = Rc<std::cell::OnceCell<(Modules, Table)>>;
