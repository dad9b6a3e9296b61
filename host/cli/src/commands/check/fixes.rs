//! Mends scripts where it is safe: parts of files are replaced.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context as _;
use moonring_check::{Fix, is_script};

use crate::atomic_write;
use crate::judge::Judged;

/// Mends what can be mended in the scripts of a folder. How many problems that were.
///
/// # Errors
/// When a file cannot be written.
pub(super) fn mend(folder: &Path, judged: &Judged) -> anyhow::Result<usize> {
    let mut by_file: BTreeMap<&str, Vec<&Fix>> = BTreeMap::new();
    for problem in &judged.problems {
        if let Some(fix) = &problem.fix {
            by_file.entry(&problem.file).or_default().push(fix);
        }
    }
    let mut mended = 0;
    for (file, fixes) in by_file {
        let Some(script) = judged.scripts.iter().find(|script| script.file == file) else {
            continue;
        };
        let (text, count) = replaced(&script.text, fixes);
        // What was a script stays one.
        if !is_script(&text) {
            continue;
        }
        mended += count;
        let path = folder.join(file);
        atomic_write::write(&path, text)
            .with_context(|| format!("cannot mend {}", path.display()))?;
    }
    Ok(mended)
}

/// The text with parts replaced, from its end on; of two that overlap, the later one.
fn replaced(text: &str, mut fixes: Vec<&Fix>) -> (String, usize) {
    // Places are counted behind the mark that says "UTF-8".
    let mark = text.len() - text.trim_start_matches('\u{feff}').len();
    fixes.sort_by_key(|fix| std::cmp::Reverse(fix.from));
    let (mut text, mut until, mut count) = (text.to_owned(), usize::MAX, 0);
    for fix in fixes {
        let (from, to) = (fix.from + mark, fix.to + mark);
        let fits = to <= until && text.is_char_boundary(from) && text.is_char_boundary(to);
        if fits && from <= to {
            text.replace_range(from..to, &fix.text);
            (until, count) = (from, count + 1);
        }
    }
    (text, count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_replaced_from_the_end_and_none_twice() {
        let fix = |from, to, text: &str| Fix { from, to, text: text.to_owned() };
        let all = [fix(0, 1, "x"), fix(4, 5, ":"), fix(3, 5, "no")];
        assert_eq!(replaced("call.say", all.iter().collect()), ("xall:say".to_owned(), 2));
        let mark = [fix(0, 1, "x")];
        assert_eq!(replaced("\u{feff}abc", mark.iter().collect()).0, "\u{feff}xbc");
    }
}
