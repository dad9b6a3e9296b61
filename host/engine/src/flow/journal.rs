//! The journal of a flow: what came of its steps, as the text that travels with the call. docs/journal.md has the format.

use super::recorded::Recorded;
use super::step_kind::StepKind;
use super::text::{Reader, Writer};

/// The format this version writes. It reads all that were ever written.
const VERSION: char = '1';

/// What is known of a call whose script is a flow.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Journal {
    /// When the call began, in seconds since 1970.
    pub(super) started: i64,
    /// The SIP rule, which later events may leave out.
    pub(super) rule: String,
    /// The SIP headers of the first leg, as JSON; empty where there were none.
    pub(super) headers: String,
    /// What came of each step.
    pub(super) entries: Vec<Entry>,
    /// How far the step has come that has not ended yet.
    pub(super) notes: Notes,
}

/// What came of one step.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry {
    pub(super) kind: StepKind,
    /// What the step was, but for its prompts.
    pub(super) digest: u32,
    /// Seconds since the entry before it.
    pub(super) later: i64,
    pub(super) recorded: Recorded,
}

/// What is known besides the entries.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Notes {
    /// An outbound call has been answered.
    pub(super) is_answered: bool,
    /// So many actions of the list at hand are done with: they were carried out, or failed.
    pub(super) skip: usize,
    /// How often the end of the call has failed.
    pub(super) failed_hangups: usize,
    /// The first failure among what was queued.
    pub(super) failed: Option<Recorded>,
    /// Updates and leavings that nobody waited for yet.
    pub(super) kept: Vec<Recorded>,
    /// The flow has failed; the fallback has taken over. `Some(true)` where it had come to its first step before.
    pub(super) broken: Option<bool>,
}

impl Journal {
    /// The journal as text.
    pub(crate) fn to_text(&self) -> String {
        let mut writer = Writer::default();
        writer.text.reserve(64 + 12 * self.entries.len());
        writer.letter(VERSION);
        writer.number(u64::try_from(self.started).unwrap_or(0));
        writer.words(&self.rule);
        writer.words(&self.headers);
        for entry in &self.entries {
            writer.letter(entry.kind.letter());
            writer.digest(entry.digest);
            writer.number(u64::try_from(entry.later).unwrap_or(0));
            entry.recorded.write(&mut writer);
        }
        self.notes.write(&mut writer);
        writer.text
    }

    /// Reads a journal; `None` where the text is none of ours.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let mut reader = Reader::new(text);
        if reader.letter()? != VERSION {
            return None;
        }
        let started = i64::try_from(reader.number()?).ok()?;
        let (rule, headers) = (reader.words()?.to_owned(), reader.words()?.to_owned());
        let mut journal = Self { started, rule, headers, ..Self::default() };
        while !reader.is_empty() {
            let letter = reader.letter()?;
            if letter == '|' {
                journal.notes = Notes::read(&mut reader)?;
                break;
            }
            journal.entries.push(Entry {
                kind: StepKind::from_letter(letter)?,
                digest: reader.digest()?,
                later: i64::try_from(reader.number()?).ok()?,
                recorded: Recorded::read(&mut reader)?,
            });
        }
        Some(journal)
    }

    /// Whether the flow has failed already, by the text alone.
    pub(crate) fn is_broken(text: &str) -> Option<bool> {
        Self::read(text)?.notes.broken
    }
}

impl Notes {
    fn write(&self, writer: &mut Writer) {
        if *self == Self::default() {
            return;
        }
        writer.letter('|');
        if self.is_answered {
            writer.letter('a');
        }
        if self.skip > 0 {
            writer.letter('x');
            writer.number(self.skip as u64);
        }
        if self.failed_hangups > 0 {
            writer.letter('h');
            writer.number(self.failed_hangups as u64);
        }
        if let Some(failed) = &self.failed {
            writer.letter('q');
            failed.write(writer);
        }
        for kept in &self.kept {
            writer.letter('k');
            kept.write(writer);
        }
        if let Some(broken) = self.broken {
            writer.letter(if broken { '!' } else { '?' });
        }
    }

    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let mut notes = Self::default();
        while !reader.is_empty() {
            match reader.letter()? {
                'a' => notes.is_answered = true,
                'x' => notes.skip = usize::try_from(reader.number()?).ok()?,
                'h' => notes.failed_hangups = usize::try_from(reader.number()?).ok()?,
                'q' => notes.failed = Some(Recorded::read(reader)?),
                'k' => notes.kept.push(Recorded::read(reader)?),
                '!' => notes.broken = Some(true),
                '?' => notes.broken = Some(false),
                _ => return None,
            }
        }
        Some(notes)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::failure::Failure;
    use super::*;
    use crate::Reply;

    fn journal() -> Journal {
        let texts = |text: &str| text.to_owned();
        let results = [
            Recorded::True,
            Recorded::Digits(texts("12#")),
            Recorded::Failed(Failure {
                error_type: "no_input",
                message: texts("Invalid digits received."),
                code: texts("InvalidDigitsReceived"),
                action: texts("SpeakAndGetDigits"),
            }),
            Recorded::Failed(Failure::new("busy", "é | !")),
            Recorded::Leg { tag: texts("LEG-B"), id: texts("1-2"), from: texts("+1"), to: texts("+2") },
            Recorded::Recording { bucket: texts("b"), key: texts("k/1.wav"), terminator: texts("#") },
            Recorded::Pressed(texts("9")),
            Recorded::Updated(json!({"a": "|"}).as_object().unwrap().clone()),
            Recorded::Left(texts("LEG-B")),
            Recorded::TimedOut,
            Recorded::Replies(vec![
                Reply::Done(json!({"x": [1, 2.5]})),
                Reply::Failed { error_type: texts("denied"), message: texts("no"), code: None },
            ]),
            Recorded::Value(json!(null)),
            Recorded::Value(json!({"deep": [true]})),
            Recorded::Raised(texts("main.lua:1: no")),
        ];
        let entries = results.into_iter().enumerate().map(|(index, recorded)| Entry {
            kind: StepKind::ALL[index % StepKind::ALL.len()],
            digest: 0x3_FFFF - u32::try_from(index).unwrap(),
            later: i64::try_from(index * index * 7).unwrap(),
            recorded,
        });
        let notes = Notes {
            is_answered: true,
            skip: 3,
            failed_hangups: 2,
            failed: Some(Recorded::Failed(Failure::new("failed", "x"))),
            kept: vec![Recorded::Left(texts("LEG-B"))],
            broken: Some(true),
        };
        Journal {
            started: 1_718_036_405,
            rule: texts("r"),
            headers: texts("{\"X-A\":\"b\"}"),
            entries: entries.collect(),
            notes,
        }
    }

    #[test]
    fn a_journal_is_read_as_it_was_written() {
        let whole = journal();
        assert_eq!(Journal::read(&whole.to_text()), Some(whole));
        let plain = Journal { notes: Notes::default(), ..journal() };
        assert_eq!(Journal::read(&plain.to_text()), Some(plain));
    }

    #[test]
    fn a_text_that_is_cut_or_changed_is_read_as_something_else_or_not_at_all_but_never_panics() {
        let text = journal().to_text();
        for end in text.char_indices().map(|(index, _)| index) {
            drop(Journal::read(&text[..end]));
            let mut changed = text.clone();
            changed.replace_range(end..end + text[end..].chars().next().unwrap().len_utf8(), "~");
            drop(Journal::read(&changed));
        }
        for wrong in ["", "2", "1", "1é", "1AAA~", "1AAAaAAAAtzz"] {
            assert_eq!(Journal::read(wrong), None, "{wrong}");
        }
    }
}
