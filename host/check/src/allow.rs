//! Comments that allow a problem: `-- moonring: allow CODE (reason)`, in its line or in the line
//! above.

use crate::codes::{ALLOW_COMMENT, Code, WALKED, code_named};
use crate::diagnostic::Diagnostic;

/// What a comment begins with.
const MARK: &str = "-- moonring:";

/// A comment that allows a problem.
struct Allowed {
    /// The line of the comment.
    line: u32,
    /// The line that it is for: its own, or where it stands alone the next one with code.
    covers: u32,
    code: &'static Code,
}

/// The problems that no comment of the script allows, and what is wrong with its comments.
pub(crate) fn without_allowed(
    file: &str,
    text: &str,
    problems: Vec<Diagnostic>,
) -> Vec<Diagnostic> {
    let (mut allowed, mut wrong) = (Vec::new(), Vec::new());
    let lines: Vec<&str> = text.lines().collect();
    for (number, line) in (1..).zip(&lines) {
        let Some((before, said)) = line.split_once(MARK) else { continue };
        // Inside a string it is no comment.
        if before.matches('"').count() % 2 == 1 || before.matches('\'').count() % 2 == 1 {
            continue;
        }
        // What a walk finds, the walk judges.
        let is_walked = |kind: &&str| {
            said.trim().strip_prefix("allow ").is_some_and(|rest| rest.trim().starts_with(*kind))
        };
        if WALKED.iter().any(is_walked) {
            continue;
        }
        match read(said) {
            Ok(code) => {
                let is_alone = before.trim().is_empty();
                let covers = if is_alone { next_code(&lines, number) } else { number };
                allowed.push(Allowed { line: number, covers, code });
            }
            Err(why) => wrong.push(Diagnostic::in_line(&ALLOW_COMMENT, file, Some(number), why)),
        }
    }
    let mut used = vec![false; allowed.len()];
    let mut left: Vec<Diagnostic> = Vec::new();
    for problem in problems {
        let is_for = |one: &Allowed| problem.line() == Some(one.covers) && one.code == problem.code;
        match allowed.iter().position(is_for) {
            Some(index) => used[index] = true,
            None => left.push(problem),
        }
    }
    let unused = allowed.iter().zip(used).filter(|(_, is_used)| !is_used);
    wrong.extend(unused.map(|(one, _)| {
        let message = format!("there is no {} to allow here; remove the comment", one.code.name);
        Diagnostic::in_line(&ALLOW_COMMENT, file, Some(one.line), message)
    }));
    left.extend(wrong);
    left
}

/// The reason for which a comment of the script allows what a walk finds in a line.
pub fn allowed_reason(text: &str, line: u32, kind: &str) -> Option<String> {
    let lines: Vec<&str> = text.lines().collect();
    (1..).zip(&lines).find_map(|(number, one)| {
        let (before, said) = one.split_once(MARK)?;
        let is_alone = before.trim().is_empty();
        let covers = if is_alone { next_code(&lines, number) } else { number };
        let rest = said.trim().strip_prefix("allow ")?.trim().strip_prefix(kind)?;
        let reason = rest.trim().strip_prefix('(')?.strip_suffix(')')?.trim();
        (covers == line && !reason.is_empty()).then(|| reason.to_owned())
    })
}

/// The first line behind this one that is no comment.
fn next_code(lines: &[&str], number: u32) -> u32 {
    let behind = (number + 1..).zip(lines.iter().skip(usize::try_from(number).unwrap_or(0)));
    let code = behind.into_iter().find(|(_, line)| !line.trim_start().starts_with("--"));
    code.map_or(number + 1, |(number, _)| number)
}

/// The code that is allowed.
fn read(said: &str) -> Result<&'static Code, String> {
    let wanted = "wanted -- moonring: allow CODE (reason)";
    let rest = said.trim().strip_prefix("allow ").ok_or(wanted)?;
    let (name, reason) = rest.trim().split_once(' ').unwrap_or((rest.trim(), ""));
    let code = code_named(name)?;
    let reason = reason.trim().strip_prefix('(').and_then(|reason| reason.strip_suffix(')'));
    match reason.map(str::trim) {
        Some(reason) if !reason.is_empty() => Ok(code),
        _ => Err(format!("the comment says no reason; {wanted}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes::{UNKNOWN_NAME, UNUSED_LOCAL};

    fn left(text: &str) -> Vec<String> {
        let problems = vec![
            Diagnostic::in_line(&UNKNOWN_NAME, "main.lua", Some(2), "a"),
            Diagnostic::in_line(&UNUSED_LOCAL, "main.lua", Some(2), "b"),
        ];
        let left = without_allowed("main.lua", text, problems);
        left.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_comment_allows_one_code_in_its_line_or_the_next() {
        let kept = "main.lua:2: warning[unused-local]: b";
        assert_eq!(left("\nx() -- moonring: allow unknown-name (old hosts have it)\n"), [kept]);
        assert_eq!(left("  -- moonring: allow unknown-name (old hosts have it)\nx()\n"), [kept]);
    }

    #[test]
    fn a_comment_without_a_reason_with_a_wrong_code_or_for_nothing_is_named() {
        for (comment, told) in [
            ("-- moonring: allow unknown-name", "says no reason"),
            ("-- moonring: allow unknown-nam (x)", "did you mean `unknown-name`?"),
            ("-- moonring: ignore x", "wanted -- moonring: allow"),
            ("-- moonring: allow wrong-value (x)", "there is no wrong-value to allow here"),
        ] {
            let left = left(&format!("{comment}\nx()\n"));
            assert!(left.len() == 3 && left[2].contains(told), "{left:?}");
        }
    }
}
