//! What the names of a script stand for, as far as its text alone tells.

use std::collections::BTreeSet;

/// The longest line that is looked at, in bytes.
const LONGEST: usize = 1000;
/// A statement of several lines has its other lines within so many.
const AROUND: usize = 3;

/// Names of a script, by what they stand for.
pub(super) struct Roots<'a> {
    /// The call.
    pub(super) call: Vec<&'a str>,
    /// What comes behind a nil.
    pub(super) errors: Vec<&'a str>,
    pub(super) legs: Vec<&'a str>,
    /// All that the script makes itself.
    own: BTreeSet<&'a str>,
}

impl<'a> Roots<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let mut roots =
            Self { call: vec!["call"], errors: Vec::new(), legs: Vec::new(), own: BTreeSet::new() };
        for line in text.lines() {
            let line = line.trim();
            if let Some(rest) = line.strip_prefix("return function(") {
                roots.call.extend(parameters(rest).first());
            }
            for rest in line.split("function").skip(1) {
                if let Some((_, rest)) = rest.split_once('(') {
                    roots.own.extend(parameters(rest));
                }
            }
            for rest in line.split("local ").skip(1) {
                let (names, value) = rest.split_once('=').unwrap_or((rest, ""));
                let names: Vec<&str> = names.split(',').map(bare).collect();
                let is_asked = [
                    "call:",
                    "http.",
                    "aws.",
                    "storage.",
                    "chime.",
                    "leg:",
                    "json.decode",
                    "phone.",
                ]
                .iter()
                .any(|asked| value.contains(asked))
                    || value.contains(":bridge")
                    || names.get(1) == Some(&"err");
                if let ([_, err], true) = (names.as_slice(), is_asked) {
                    roots.errors.push(err);
                }
                let is_leg =
                    [":bridge", ":join_meeting", ".legs"].iter().any(|asked| value.contains(asked));
                if let (Some(leg), true) = (names.first(), is_leg) {
                    roots.legs.push(leg);
                }
                roots.own.extend(names.iter().filter(|name| !roots.errors.contains(name)));
            }
        }
        roots
    }

    /// Whether the script makes a name its own: then nothing is known of it here.
    pub(super) fn is_own(&self, name: &str) -> bool {
        self.own.contains(name)
    }
}

/// The line, and those around it that may be of the same statement.
pub(super) fn lines_around(text: &str, line: usize) -> Vec<&str> {
    let lines: Vec<&str> = text.lines().collect();
    let Some(own) = lines.get(line).filter(|own| own.len() <= LONGEST) else { return Vec::new() };
    let from = line.saturating_sub(AROUND);
    let around = lines.iter().enumerate().skip(from).take(2 * AROUND + 1);
    let others = around.filter(|(at, other)| *at != line && other.len() <= LONGEST);
    std::iter::once(*own).chain(others.map(|(_, other)| *other)).collect()
}

/// What a name was given last above a line.
pub(super) fn value_of<'a>(text: &'a str, line: usize, name: &str) -> Option<&'a str> {
    let lines: Vec<&str> = text.lines().take(line).collect();
    lines.into_iter().rev().find_map(|line| {
        let line = line.trim();
        let rest = line.strip_prefix("local ").unwrap_or(line);
        let (names, value) = rest.split_once('=')?;
        names.split(',').any(|own| bare(own) == name).then_some(value)
    })
}

/// The names of parameters, up to the bracket.
fn parameters(text: &str) -> Vec<&str> {
    let inside = text.split(')').next().unwrap_or_default();
    inside.split(',').map(bare).filter(|name| !name.is_empty()).collect()
}

/// A name without its type.
fn bare(name: &str) -> &str {
    name.split(':').next().unwrap_or_default().trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_known_by_what_they_are_given() {
        let text = "local phone_number = 1\nreturn function(c: Call)\n  local leg, e = c:bridge { to = 'x' }\n  local err = { a = 1 }\nend";
        let roots = Roots::of(text);
        assert_eq!(roots.call, ["call", "c"]);
        assert_eq!((roots.legs.as_slice(), roots.errors.as_slice()), (&["leg"][..], &["e"][..]));
        assert!(roots.is_own("phone_number") && roots.is_own("err") && !roots.is_own("phone"));
        assert_eq!(value_of(text, 3, "phone_number"), Some(" 1"));
    }
}
