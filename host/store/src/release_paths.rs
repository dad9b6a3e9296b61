//! Which files belong to a release, and where the files of an alias lie.

/// Whether a file, named relative to its source, belongs to a release: Lua files and the
/// `config.json` at the top, but no specs, no definitions for editors, nothing hidden, no audio.
pub fn belongs(name: &str) -> bool {
    let is_plain = name.split('/').all(|part| !part.is_empty() && !part.starts_with(['.', '@']));
    let is_plain =
        is_plain && !name.contains(|character: char| character.is_whitespace() || character == ':');
    let is_lua = name.ends_with(".lua") || name.ends_with(".luau");
    // For tests and for editors: no call runs them.
    let is_aside = [".spec.lua", ".spec.luau", ".d.lua", ".d.luau"]
        .iter()
        .any(|ending| name.ends_with(ending));
    is_plain && (name == "config.json" || is_lua && !is_aside)
}

/// Whether a text can be the alias of a release: 1 to 64 letters, digits, `-` and `_`.
pub fn is_alias(name: &str) -> bool {
    (1..=64).contains(&name.len())
        && name
            .bytes()
            .all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, b'-' | b'_'))
}

/// Where the files of an alias lie, relative to those of the live release, which never have names
/// like this.
pub fn alias_folder(alias: &str) -> String {
    format!("@{alias}")
}

#[cfg(test)]
mod tests {
    use super::{belongs, is_alias};

    #[test]
    fn an_alias_is_one_plain_word() {
        for name in ["draft", "next_2", "a-b"] {
            assert!(is_alias(name), "{name}");
        }
        for name in ["", "..", "a/b", "ä", "a b", &"x".repeat(65)] {
            assert!(!is_alias(name), "{name}");
        }
    }

    #[test]
    fn scripts_and_the_config_belong_and_nothing_else_does() {
        for name in ["main.lua", "a/b/c.luau", "config.json", "spec.lua"] {
            assert!(belongs(name), "{name}");
        }
        for name in [
            "a.spec.lua",
            "a.spec.luau",
            "types/moonring.d.luau",
            "a/config.json",
            "hello.wav",
            "main.lua.bak",
            ".git/x.lua",
            "a//b.lua",
            "",
            "/a.lua",
            "a b.lua",
            "@std/x.lua",
            "@draft/main.lua",
        ] {
            assert!(!belongs(name), "{name}");
        }
    }
}
