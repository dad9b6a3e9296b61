//! What is different between two releases.

use std::collections::BTreeSet;

use similar::TextDiff;

use crate::SourceFile;

/// The unified difference of two sets of files; empty where there is none.
pub fn unified(before: &[SourceFile], after: &[SourceFile]) -> String {
    let text = |files: &[SourceFile], name: &str| {
        let file = files.iter().find(|file| file.name == name);
        file.map(|file| String::from_utf8_lossy(&file.bytes).into_owned())
    };
    let names: BTreeSet<&str> = before.iter().chain(after).map(|file| file.name.as_str()).collect();
    let mut all = String::new();
    for name in names {
        let (old, new) = (text(before, name), text(after, name));
        if old == new {
            continue;
        }
        let label = |text: &Option<String>, side: &str| match text {
            Some(_) => format!("{side}/{name}"),
            None => "/dev/null".to_owned(),
        };
        let (from, to) = (label(&old, "a"), label(&new, "b"));
        let (old, new) = (old.unwrap_or_default(), new.unwrap_or_default());
        let difference = TextDiff::from_lines(&old, &new);
        all.push_str(&difference.unified_diff().header(&from, &to).to_string());
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changed_new_and_removed_files_are_shown_and_others_are_not() {
        let file = |name: &str, text: &str| SourceFile {
            name: name.to_owned(),
            bytes: text.as_bytes().to_vec(),
        };
        let before = [file("a.lua", "1\n2\n3\n"), file("b.lua", "x\n"), file("same.lua", "y\n")];
        let after = [file("a.lua", "1\ntwo\n3\n"), file("c.lua", "z\n"), file("same.lua", "y\n")];
        let shown = unified(&before, &after);
        for line in
            ["--- a/a.lua", "+++ b/a.lua", "-2", "+two", "+++ /dev/null", "--- /dev/null", "+z"]
        {
            assert!(shown.lines().any(|shown| shown == line), "{line}: {shown}");
        }
        assert!(!shown.contains("same") && unified(&before, &before).is_empty());
    }
}
