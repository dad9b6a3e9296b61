//! Escapes that Lua takes away before a regular expression is read: `"\d"` is the letter d.

/// The first escape of a string literal, as it stands in the script, that means something in a
/// regular expression and nothing in Lua.
pub(crate) fn lost_escape(literal: &str) -> Option<char> {
    if !literal.starts_with(['"', '\'', '`']) {
        // A long string keeps everything.
        return None;
    }
    let mut letters = literal.chars();
    while let Some(letter) = letters.next() {
        if letter == '\\'
            && let Some(escaped) = letters.next()
            && "dwsDWSB.+*?()[]|^$/".contains(escaped)
        {
            return Some(escaped);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_of_regular_expressions_are_lost_in_plain_strings() {
        assert_eq!(lost_escape(r#""^\d+$""#), Some('d'));
        assert_eq!(lost_escape(r"'\*'"), Some('*'));
        for kept in [r#""^\\d+$""#, "[[^\\d$]]", r#""\n""#, "\"^[0-9]$\"", r#""\\""#] {
            assert_eq!(lost_escape(kept), None, "{kept}");
        }
    }
}
