//! The reference page of specs: docs/reference/spec.md.

use std::fmt::Write as _;

use super::words::{On, WORDS, Word};

/// The widest line of a page.
const COLUMNS: usize = 118;

/// The reference page.
pub fn spec_markdown() -> String {
    let mut page = String::from(INTRODUCTION);
    for (on, title, about) in CHAPTERS {
        let _ = write!(page, "\n## {title}\n\n{about}\n");
        for word in WORDS.iter().filter(|word| word.on == *on) {
            let Word { name, form, about, .. } = word;
            let _ = write!(page, "\n### `{name}`\n\n```lua\n{form}\n```\n\n");
            // A sentence a line, as in every page.
            for sentence in about.replace(". ", ".\n").lines() {
                page.push_str(&wrapped(sentence));
            }
        }
    }
    page
}

const INTRODUCTION: &str = "\
<!-- Made from the words themselves; `UPDATE_EXPECT=1 cargo test -p moonring-spec page` writes it. -->
# Words of specs

A spec tests a script.
It is a Lua file that ends in `.spec.lua` and stands beside the script of the same name.
`moonring test` runs it; [How to test scripts](../how-to/test.md) shows the way.
A spec has everything that scripts have, and the words of this page.
";

const CHAPTERS: &[(On, &str, &str)] = &[
    (On::File, "Tests and groups", "They stand in the file itself."),
    (
        On::Test,
        "The world of a test: `t`",
        "`at`, `config`, `fail`, `twice` and `bot` come before the first call.\nWords that return nothing else return `t`, so they can be written in a row.",
    ),
    (
        On::Caller,
        "The caller: what `t:call` returns",
        "A word that waits lets the call go on until it happens, and fails when it cannot.\nWhat is heard, which phones ring and what is recorded are each looked at in their own order.",
    ),
    (
        On::Callee,
        "The callee: what `rings` returns",
        "A callee does nothing until the test says what.",
    ),
    (
        On::Expect,
        "Values: what `expect` returns",
        "Values of any kind, also of modules that the spec requires.",
    ),
];

/// A sentence in lines.
fn wrapped(sentence: &str) -> String {
    let mut lines = String::new();
    let mut width = 0;
    for word in sentence.split(' ') {
        let more = word.chars().count();
        if width > 0 && width + 1 + more > COLUMNS {
            lines.push('\n');
            width = 0;
        } else if width > 0 {
            lines.push(' ');
            width += 1;
        }
        lines.push_str(word);
        width += more;
    }
    lines + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_what_it_is_made_from() {
        expect_test::expect_file!["../../../../docs/reference/spec.md"].assert_eq(&spec_markdown());
    }
}
