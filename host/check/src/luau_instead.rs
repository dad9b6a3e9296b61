//! What Luau has in place of syntax of Lua 5.4 that it does not know.

/// Syntax of other Luas, and what to write.
const INSTEAD: [(&str, &str); 9] = [
    ("<const>", "Luau has no attributes; write local without <const>"),
    ("<close>", "Luau has no attributes; write local without <close>"),
    ("<<", "Luau has no bit operators; write bit32.lshift(a, b)"),
    (">>", "Luau has no bit operators; write bit32.rshift(a, b)"),
    (" & ", "Luau has no bit operators; write bit32.band(a, b)"),
    (" | ", "Luau has no bit operators; write bit32.bor(a, b)"),
    (" ~ ", "Luau has no bit operators; write bit32.bxor(a, b)"),
    ("goto ", "Luau has no goto; use continue, break or a function"),
    ("::", "Luau has no labels; use continue, break or a function"),
];

/// What to write instead, for a line that could not be parsed; empty where nothing is known.
pub fn luau_instead(line: &str) -> String {
    let found = INSTEAD.iter().find(|(syntax, _)| line.contains(syntax));
    found.map(|(_, instead)| format!("; {instead}")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_other_luas_have_is_named_with_what_luau_has() {
        assert!(luau_instead("local MAX <const> = 3").contains("no attributes"));
        assert!(luau_instead("if flags & 4 then").contains("bit32.band"));
        assert_eq!(luau_instead("local = 1"), "");
    }
}
