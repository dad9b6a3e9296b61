//! The way of a caller through a flow, for the error that ends it: what was said, chosen and asked,
//! in its order.

use mlua::{Table, Value as LuaValue};
use moonring_flow::truncate;

use crate::convert::text_of;

/// The most stations that are told: the last ones.
const STATIONS: usize = 12;
/// The most characters of a station's text.
const CHARS: usize = 300;

/// One step of the way. What was asked for stands as `****`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breadcrumb {
    /// The method, such as `say` or `menu:`.
    pub name: String,
    /// What was said or chosen there.
    pub text: Option<String>,
}

/// The path in the prelude's half of a flow: a list of names and texts, by turns.
pub(crate) fn breadcrumbs(flow: &Table) -> Vec<Breadcrumb> {
    read(flow).unwrap_or_default()
}

fn read(flow: &Table) -> Option<Vec<Breadcrumb>> {
    let path: Table = flow.raw_get("path").ok()?;
    let stations = path.raw_len() / 2;
    let skipped = stations.saturating_sub(STATIONS);
    let mut told = Vec::new();
    if skipped > 0 {
        told.push(Breadcrumb { name: "…".to_owned(), text: None });
    }
    for index in skipped..stations {
        let at = |offset: usize| path.raw_get::<LuaValue>(2 * index + offset).ok();
        let name = at(1).and_then(|name| text_of(&name)).unwrap_or_default();
        let text = match at(2)? {
            // A prompt may be a table.
            LuaValue::Table(prompt) => {
                let of =
                    |key: &str| prompt.raw_get::<LuaValue>(key).ok().filter(LuaValue::is_string);
                of("text").or_else(|| of("key")).and_then(|text| text_of(&text))
            }
            LuaValue::Boolean(_) => None,
            other => text_of(&other),
        };
        let text = text.map(|text| truncate(&text.replace(['\n', '\r'], " "), CHARS));
        told.push(Breadcrumb { name, text });
    }
    Some(told)
}
