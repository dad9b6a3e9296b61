//! What methods and helpers give, and the fields of it: read from the definitions.

use std::collections::{BTreeMap, BTreeSet};

/// The types of results, and their fields.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ResultTypes {
    /// By what is called, such as `call:bridge` and `http.get`: the name of the type that it gives
    /// first.
    pub given: BTreeMap<String, String>,
    /// The fields of each type.
    pub fields: BTreeMap<String, BTreeSet<String>>,
}

impl ResultTypes {
    /// Reads definitions.
    pub(super) fn read(definitions: &str) -> Self {
        let mut types = Self::default();
        // What is open: a type, or a library.
        let mut open: Option<(String, bool)> = None;
        for line in definitions.lines() {
            if let Some(rest) = line.strip_prefix("export type ") {
                let Some((name, body)) = rest.split_once(" = {") else { continue };
                types.fields.entry(name.to_owned()).or_default();
                match body.strip_suffix('}') {
                    Some(body) => types.add_fields(name, body.split(", ")),
                    None => open = Some((name.to_owned(), true)),
                }
            } else if let Some(rest) = line.strip_prefix("declare ") {
                open = rest.strip_suffix(": {").map(|name| (name.to_owned(), false));
            } else if line == "}" {
                open = None;
            } else if let Some((name, is_type)) = &open {
                let Some((member, value)) = line.trim_start().split_once(": ") else { continue };
                if line.trim_start().starts_with("--") {
                    continue;
                }
                if *is_type {
                    types.add_fields(name, std::iter::once(line.trim()));
                }
                // The first of several results, where it may be nil.
                let gives = value.rsplit_once("-> (").and_then(|(_, gives)| gives.split_once('?'));
                if let Some((gives, _)) =
                    gives.filter(|(gives, _)| gives.chars().all(char::is_alphanumeric))
                {
                    let callee = match (name.as_str(), is_type) {
                        ("Call", true) => format!("call:{member}"),
                        (_, true) => continue,
                        (library, false) => format!("{library}.{member}"),
                    };
                    types.given.insert(callee, gives.to_owned());
                }
            }
        }
        types.given.retain(|_, gives| types.fields.contains_key(gives));
        types
    }

    fn add_fields<'a>(&mut self, name: &str, fields: impl Iterator<Item = &'a str>) {
        let names = fields.filter_map(|field| field.trim().split_once(':').map(|(name, _)| name));
        let known = self.fields.entry(name.to_owned()).or_default();
        known.extend(names.map(|name| name.trim().to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_read_with_their_fields() {
        let types = ResultTypes::read(&super::super::types_luau());
        for (callee, gives) in [
            ("call:bridge", "Leg"),
            ("call:record", "Recording"),
            ("http.get", "Reply"),
            ("phone.parse", "PhoneNumber"),
        ] {
            assert_eq!(types.given.get(callee).map(String::as_str), Some(gives), "{callee}");
        }
        for (name, field) in [
            ("Leg", "hangup"),
            ("Leg", "status"),
            ("Recording", "key"),
            ("Reply", "json"),
            ("Failure", "type"),
        ] {
            assert!(types.fields[name].contains(field), "{name}.{field}");
        }
    }
}
