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
                    let text = key.map_or(what.as_str(), |(_, key)| key).to_owned();
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
