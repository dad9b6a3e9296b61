//! Which file a name means: a pure look-up over the file names of a release.

use std::collections::BTreeMap;

use moonring_flow::truncate;

use moonring_wire::{hint, nearest};

/// The prefix of the standard modules.
const STD: &str = "@std/";
/// How much of a name is said in a message, in bytes.
const SHOWN: usize = 200;
const ENDINGS: [&str; 4] = [".lua", ".luau", "/init.lua", "/init.luau"];

/// The file of a script that is named without its ending, as `--script` does: `support/night`.
pub fn script_file<'a>(
    name: &str,
    files: impl IntoIterator<Item = &'a str> + Clone,
) -> Option<&'a str> {
    find(name, |wanted| files.clone().into_iter().find(|file| *file == wanted))
}

/// What to tell somebody who named a script that is not there: `; did you mean …?`, or nothing.
pub fn script_hint<'a>(name: &str, files: impl IntoIterator<Item = &'a str>) -> String {
    hint(name, files.into_iter().map(stem))
}

/// The file that `require(name)` means in the file `from`.
///
/// # Errors
/// What to tell the author: what was looked for, and the nearest right name.
pub fn required_file<'a>(
    from: &str,
    name: &str,
    files: impl IntoIterator<Item = &'a str> + Clone,
) -> Result<&'a str, String> {
    let shown = truncate(name, SHOWN);
    let wanted = if name.starts_with("./") || name.starts_with("../") {
        join(from, name)
            .ok_or_else(|| format!("require(\"{shown}\"): the path leads outside of the release"))?
    } else if name.starts_with(STD) {
        name.to_owned()
    } else {
        let meant = shown.trim_start_matches('/');
        return Err(format!(
            "require(\"{shown}\"): a path begins with ./, ../ or @std/; did you mean \"./{meant}\"?"
        ));
    };
    let named = |wanted: &str| files.clone().into_iter().find(|file| *file == wanted);
    find(&wanted, named).ok_or_else(|| {
        let scripts = files
            .clone()
            .into_iter()
            .filter(|file| file.starts_with(STD) == wanted.starts_with(STD));
        let near = nearest(&wanted, scripts.map(stem));
        let hint = near
            .map(|near| format!("; did you mean \"{}\"?", spell(from, near)))
            .unwrap_or_default();
        format!(
            "require(\"{shown}\"): there is no file {}.lua in the release{hint}",
            truncate(&wanted, SHOWN)
        )
    })
}

/// The file that a name means, with or without its ending; `named` looks a file up.
fn find<'a>(name: &str, named: impl Fn(&str) -> Option<&'a str>) -> Option<&'a str> {
    let exact = if stem(name) == name { None } else { named(name) };
    exact.or_else(|| ENDINGS.iter().find_map(|ending| named(&format!("{name}{ending}"))))
}

/// The file of one of a release's own scripts, which may be named without its ending.
pub(crate) fn own_script<'a, T>(name: &str, files: &'a BTreeMap<String, T>) -> Option<&'a str> {
    let named = |file: &str| files.get_key_value(file).map(|(file, _)| file.as_str());
    find(name, named).filter(|file| !file.starts_with('@'))
}

/// A file's name without its ending.
pub(crate) fn stem(file: &str) -> &str {
    ENDINGS.iter().rev().find_map(|ending| file.strip_suffix(ending)).unwrap_or(file)
}

/// A relative path, from the folder of a file; `None` where it leaves the release.
fn join(from: &str, name: &str) -> Option<String> {
    let (root, inner) = from.strip_prefix(STD).map_or(("", from), |inner| (STD, inner));
    let mut parts: Vec<&str> = inner.split('/').collect();
    parts.pop();
    for part in name.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(format!("{root}{}", parts.join("/")))
}

/// How a file is written in a `require` of another.
fn spell(from: &str, wanted: &str) -> String {
    if wanted.starts_with(STD) {
        return wanted.to_owned();
    }
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    match wanted.strip_prefix(folder) {
        Some(rest) if folder.is_empty() || rest.starts_with('/') => {
            format!("./{}", rest.trim_start_matches('/'))
        }
        _ => format!("{}{wanted}", "../".repeat(folder.split('/').count())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILES: [&str; 6] = [
        "main.lua",
        "support/night.lua",
        "support/hours.luau",
        "menu/init.lua",
        "@std/ssml.lua",
        "@std/hours.lua",
    ];

    #[test]
    fn relative_and_standard_names_are_found() {
        for (from, name, file) in [
            ("main.lua", "./support/night", "support/night.lua"),
            ("main.lua", "./support/hours", "support/hours.luau"),
            ("main.lua", "./support/night.lua", "support/night.lua"),
            ("main.lua", "./menu", "menu/init.lua"),
            ("support/night.lua", "./hours", "support/hours.luau"),
            ("support/night.lua", "../main", "main.lua"),
            ("main.lua", "@std/ssml", "@std/ssml.lua"),
            ("@std/ssml.lua", "./hours", "@std/hours.lua"),
        ] {
            assert_eq!(required_file(from, name, FILES), Ok(file), "{name} in {from}");
        }
    }

    #[test]
    fn a_wrong_name_is_answered_with_the_nearest_right_one() {
        for (from, name, message) in [
            (
                "main.lua",
                "./suport/night",
                "require(\"./suport/night\"): there is no file suport/night.lua in the release; did you mean \"./support/night\"?",
            ),
            (
                "support/night.lua",
                "../mian",
                "require(\"../mian\"): there is no file mian.lua in the release; did you mean \"../main\"?",
            ),
            (
                "main.lua",
                "@std/smsl",
                "require(\"@std/smsl\"): there is no file @std/smsl.lua in the release; did you mean \"@std/ssml\"?",
            ),
            (
                "main.lua",
                "support/night",
                "require(\"support/night\"): a path begins with ./, ../ or @std/; did you mean \"./support/night\"?",
            ),
            (
                "main.lua",
                "../../etc/passwd",
                "require(\"../../etc/passwd\"): the path leads outside of the release",
            ),
        ] {
            assert_eq!(
                required_file(from, name, FILES),
                Err(message.to_owned()),
                "{name} in {from}"
            );
        }
    }

    #[test]
    fn a_script_is_named_with_or_without_its_ending() {
        assert_eq!(script_file("support/night", FILES), Some("support/night.lua"));
        assert_eq!(script_file("support/night.lua", FILES), Some("support/night.lua"));
        assert_eq!(script_file("night", FILES), None);
    }
}
