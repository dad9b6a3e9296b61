//! What the lines of a script have said and done in a call, in order.

use crate::Tag;
use crate::trace::{Happened, Trace};

/// Something that happens in a call because of its script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SpokenLine {
    /// A line says or does something.
    Line {
        /// The line, as `file:line`.
        place: String,
        /// What is said, the key of what is played, or the number that rings; else nothing.
        text: String,
    },
    /// The parties of a bridge talk.
    Talk,
}

impl Trace {
    /// What the lines of the script have said and done.
    pub fn spoken(&self) -> Vec<SpokenLine> {
        let mut lines: Vec<SpokenLine> = Vec::new();
        for entry in &self.entries {
            match &entry.happened {
                Happened::Hears { what, place: Some(place), .. } => {
                    let key = what.strip_prefix("s3://").and_then(|it| it.split_once('/'));
                    let text = key.map_or(what.as_str(), |(_, key)| told_key(key)).to_owned();
                    lines.push(SpokenLine::Line { place: place.clone(), text });
                }
                Happened::Does { place: Some(place), .. } => {
                    lines.push(SpokenLine::Line { place: place.clone(), text: String::new() });
                }
                Happened::Rings { to, place: Some(place), .. } => {
                    lines.push(SpokenLine::Line { place: place.clone(), text: to.clone() });
                }
                Happened::Connects { leg: Tag::B } => lines.push(SpokenLine::Talk),
                _ => {}
            }
        }
        lines
    }
}

/// The key of an audio file as people are told it. Recordings have the day and an id in theirs (rule 62), which are
/// others in each call.
pub fn told_key(key: &str) -> &str {
    let mut parts = key.rsplit('/').skip(1);
    let mut is_number = |digits: usize| {
        let part = parts.next().unwrap_or_default();
        part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    if is_number(2) && is_number(2) && is_number(4) { "a recording" } else { key }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recordings_are_told_without_what_differs_in_each_call() {
        assert_eq!(told_key("voicemail/2026/11/29/3eca7fb1-0.wav"), "a recording");
        for key in ["welcome.wav", "prompts/2026/welcome.wav", "2026/1/29/a.wav", "11/29/a.wav"] {
            assert_eq!(told_key(key), key);
        }
    }
}
