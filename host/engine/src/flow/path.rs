//! The way of a caller through a flow, for the error that ends it: what was said, chosen and asked, in its order.

use mlua::{Table, Value as LuaValue};

use crate::convert::text_of;
use crate::log::cut;

/// The most stations that are told: the last ones.
const STATIONS: usize = 12;
/// The most characters of a station's text.
const CHARS: usize = 300;

/// One station: the method, and what was said or chosen there. What was asked for stands as `****`.
pub type Station = (String, Option<String>);

/// The path in the prelude's half of a flow: a list of names and texts, by turns.
pub(crate) fn path(flow: &Table) -> Vec<Station> {
    read(flow).unwrap_or_default()
}

fn read(flow: &Table) -> Option<Vec<Station>> {
    let path: Table = flow.raw_get("path").ok()?;
    let stations = path.raw_len() / 2;
    let skipped = stations.saturating_sub(STATIONS);
    let mut told = Vec::new();
    if skipped > 0 {
        told.push(("…".to_owned(), None));
    }
    for index in skipped..stations {
        let at = |offset: usize| path.raw_get::<LuaValue>(2 * index + offset).ok();
        let name = at(1).and_then(|name| text_of(&name)).unwrap_or_default();
        let text = match at(2)? {
            // A prompt may be a table.
            LuaValue::Table(prompt) => {
                let of = |key: &str| prompt.raw_get::<LuaValue>(key).ok().filter(LuaValue::is_string);
                of("text").or_else(|| of("key")).and_then(|text| text_of(&text))
            }
            LuaValue::Boolean(_) => None,
            other => text_of(&other),
        };
        told.push((name, text.map(|text| cut(&text.replace(['\n', '\r'], " "), CHARS))));
    }
    Some(told)
}
