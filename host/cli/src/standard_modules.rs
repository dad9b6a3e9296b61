//! The modules of `@std`, as they are in this program.

use moonring_check::{Modules, module_members};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../../stdlib"]
struct Stdlib;

/// A module of `@std`.
pub(crate) struct StandardModule {
    /// Its file, such as `ssml.lua`.
    pub(crate) name: String,
    pub(crate) text: String,
}

/// All of them.
pub(crate) fn standard_modules() -> Vec<StandardModule> {
    let read = |name: std::borrow::Cow<'static, str>| {
        let file = Stdlib::get(&name)?;
        let text = String::from_utf8_lossy(&file.data).into_owned();
        Some(StandardModule { name: name.into_owned(), text })
    };
    Stdlib::iter().filter(|name| is_module(name)).filter_map(read).collect()
}

/// What each has, by the names that `require` takes.
pub(crate) fn standard_members() -> Modules {
    let members = |module: StandardModule| {
        Some((format!("@std/{}", module.name), module_members(&module.text)?))
    };
    standard_modules().into_iter().filter_map(members).collect()
}

fn is_module(name: &str) -> bool {
    name.ends_with(".lua") && !name.ends_with(".spec.lua") && !name.contains('/')
}
