//! The journal of a flow: the results of its steps, as the text that travels with the call.
//! docs/reference/journal.md has the format.

mod entry;

use crate::handover::Handover;
use crate::journal_codec::{Reader, Writer};
use crate::limits::{ACTIONS, NOTES};
use crate::sent_action::SentAction;
use crate::step_kind::StepKind;
use crate::step_result::StepResult;
pub use entry::JournalEntry;
use entry::RecentSteps;

/// Of the characters that are kept free for notes, those for updates and leavings that nobody has
/// waited for. More of them take what the journal has left.
const KEPT: usize = 600;

/// The most actions that are remembered of what was sent before.
const FORMER: usize = 6;

/// The formats of a call that is with the script it began with. All that were ever written are
/// read, and a journal goes on in the format it began in.
const FORMATS: [char; 2] = ['1', '3'];
/// Those of a call that another flow has taken over.
const HANDED_OVER: [char; 2] = ['2', '4'];

/// What stands before the journal of a flow that has failed: where its fallback was heard, and
/// where the event took no actions; after its first step, and before it.
const FAILED: [(char, FlowFailed); 4] = [
    ('!', FlowFailed { has_steps: true, is_heard: true }),
    ('?', FlowFailed { has_steps: false, is_heard: true }),
    (';', FlowFailed { has_steps: true, is_heard: false }),
    (',', FlowFailed { has_steps: false, is_heard: false }),
];

/// How a flow failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FlowFailed {
    /// It had come to its first step.
    pub has_steps: bool,
    /// The fallback took over; else it still has to.
    pub is_heard: bool,
}

/// What is known of a call whose script is a flow.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Journal {
    /// When the call began, in seconds since 1970.
    pub started: i64,
    /// The SIP rule, which later events may leave out.
    pub rule: String,
    /// The SIP headers of the first leg, as JSON; empty where there were none.
    pub headers: String,
    /// What the flow before this one has handed over, where there was one.
    pub handover: Option<Handover>,
    /// The result of each step.
    entries: Vec<JournalEntry>,
    /// The steps that were there lately, in the formats that know of them.
    recent: Option<RecentSteps>,
    /// All of that as text: a long journal is not written anew for each of its entries.
    text: String,
    /// How far the step has come that has not ended yet.
    pub notes: JournalNotes,
    /// How the flow has failed, if it has.
    pub failed: Option<FlowFailed>,
}

/// What is known besides the entries.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct JournalNotes {
    /// The first leg has ended, and what was given to `on_hangup` has run.
    pub is_over: bool,
    /// The step at hand: its kind and its digest.
    pub step: Option<(StepKind, u32)>,
    /// What is typed for the step at hand is secret.
    pub is_secret: bool,
    /// An outbound call has been answered.
    pub is_answered: bool,
    /// Seconds after the last entry at which the step at hand was first sent, where an answer had
    /// to be waited for.
    pub heard_later: i64,
    /// So many actions of the list at hand are done with: they were carried out, or failed.
    pub skip: usize,
    /// What was sent last, in its order. Journals of older hosts do not say.
    pub sent: Vec<SentAction>,
    /// What was sent before that, the last few.
    pub former: Vec<SentAction>,
    /// How often the end of the call has failed.
    pub failed_hangups: usize,
    /// How many lists of the step at hand are done, where each try, or each part of a long silence, is
    /// one.
    pub tries: u32,
    /// The first failure among what was queued.
    pub failed: Option<StepResult>,
    /// Updates and leavings that nobody waited for yet.
    pub kept: Vec<StepResult>,
}

impl Journal {
    /// The journal of a call that begins.
    pub fn begin(started: i64, rule: &str, headers: String, handover: Option<Handover>) -> Self {
        let mut writer = Writer::default();
        writer.letter(if handover.is_some() { HANDED_OVER[1] } else { FORMATS[1] });
        writer.number(u64::try_from(started).unwrap_or(0));
        writer.words(rule);
        writer.words(&headers);
        if let Some(handover) = &handover {
            writer.words(&handover.to_text());
        }
        let (rule, entries, text) = (rule.to_owned(), Vec::new(), writer.text);
        Self {
            started,
            rule,
            headers,
            handover,
            entries,
            recent: Some(RecentSteps::default()),
            text,
            notes: JournalNotes::default(),
            failed: None,
        }
    }

    /// How often the call has been handed to another flow.
    pub fn epoch(&self) -> u32 {
        self.handover.as_ref().map_or(0, |handover| handover.epoch)
    }

    /// How many bytes of the text stay as they are whatever comes: all but the mark of a failure in
    /// front, and the notes.
    pub fn settled(&self) -> usize {
        self.text.len()
    }

    /// The result of each step.
    pub fn entries(&self) -> &[JournalEntry] {
        &self.entries
    }

    /// Adds the result of a step, unless it alone has more characters than this.
    ///
    /// # Errors
    /// How many characters it has.
    pub fn add(&mut self, entry: JournalEntry, most: usize) -> Result<(), usize> {
        let mut value = Writer::default();
        entry.result.write(&mut value);
        let chars = value.text.chars().count();
        if chars > most {
            return Err(chars);
        }
        let mut writer = Writer::default();
        match &mut self.recent {
            Some(recent) => entry.write_short(&mut writer, recent),
            None => entry.write_long(&mut writer),
        }
        self.text.push_str(&writer.text);
        self.entries.push(entry);
        Ok(())
    }

    /// How many characters it takes: with its notes, and with what is kept free for notes to come.
    pub fn needed_chars(&self) -> usize {
        self.chars() + NOTES.max(self.notes.kept_chars() + NOTES - KEPT)
    }

    /// How many characters it has, without notes.
    pub fn chars(&self) -> usize {
        self.text.chars().count()
    }

    /// The journal as text.
    pub fn to_text(&self) -> String {
        let mut writer = Writer::default();
        writer.text.reserve(self.text.len() + 16);
        let letter = FAILED.iter().find(|(_, failed)| Some(*failed) == self.failed);
        letter.into_iter().for_each(|(letter, _)| writer.letter(*letter));
        writer.text.push_str(&self.text);
        self.notes.write(&mut writer);
        writer.text
    }

    /// Reads a journal; `None` if the text is not one of ours.
    pub fn read(text: &str) -> Option<Self> {
        let failed = Self::failed_mark(text);
        let text = if failed.is_some() { &text[1..] } else { text };
        let mut reader = Reader::new(text);
        let version = reader.letter()?;
        let is_handed_over = HANDED_OVER.contains(&version);
        if !is_handed_over && !FORMATS.contains(&version) {
            return None;
        }
        let mut recent =
            (version == FORMATS[1] || version == HANDED_OVER[1]).then(RecentSteps::default);
        let started = seconds(reader.number()?)?;
        let (rule, headers) = (reader.words()?.to_owned(), reader.words()?.to_owned());
        let handover = if is_handed_over { Some(Handover::parse(reader.words()?)?) } else { None };
        let mut journal = Self { started, rule, headers, handover, failed, ..Self::default() };
        let mut end = text.len();
        while !reader.is_empty() {
            let left = reader.left();
            let letter = reader.letter()?;
            if letter == '|' {
                end = text.len() - left;
                journal.notes = JournalNotes::read(&mut reader)?;
                break;
            }
            journal.entries.push(JournalEntry::read(letter, &mut reader, recent.as_mut())?);
        }
        journal.recent = recent;
        text[..end].clone_into(&mut journal.text);
        Some(journal)
    }

    /// Whether a text, without the mark of a failure, is the journal of a call that another flow
    /// has taken over.
    pub fn has_handover(text: &str) -> bool {
        text.starts_with(HANDED_OVER.as_slice())
    }

    /// The letter for a failure.
    pub fn mark(failed: FlowFailed) -> char {
        FAILED.iter().find(|(_, known)| *known == failed).map_or('!', |(letter, _)| *letter)
    }

    /// Whether the flow has failed already, by the text alone.
    pub fn failed_mark(text: &str) -> Option<FlowFailed> {
        FAILED.iter().find(|(letter, _)| text.starts_with(*letter)).map(|(_, failed)| *failed)
    }
}

/// A time or a length of time that can be: what is not ours may say anything.
fn seconds(number: u64) -> Option<i64> {
    i64::try_from(number).ok().filter(|seconds| *seconds < 1 << 40)
}

impl JournalNotes {
    /// Keeps an update or a leaving for the next wait.
    pub fn keep(&mut self, kept: StepResult) {
        self.kept.push(kept);
    }

    /// How many characters the updates and leavings have that nobody waited for yet.
    fn kept_chars(&self) -> usize {
        let mut writer = Writer::default();
        self.kept.iter().for_each(|kept| kept.write(&mut writer));
        writer.text.chars().count()
    }

    fn write(&self, writer: &mut Writer) {
        if *self == Self::default() {
            return;
        }
        writer.letter('|');
        if let Some((kind, digest)) = self.step {
            writer.letter('w');
            writer.letter(kind.letter());
            writer.digest(digest);
        }
        if self.is_over {
            writer.letter('z');
        }
        if self.is_secret {
            writer.letter('s');
        }
        if self.is_answered {
            writer.letter('a');
        }
        if self.heard_later > 0 {
            writer.letter('l');
            writer.number(u64::try_from(self.heard_later).unwrap_or(0));
        }
        if self.skip > 0 {
            writer.letter('x');
            writer.number(self.skip as u64);
        }
        if !self.sent.is_empty() {
            writer.letter('y');
            writer.number(self.sent.len() as u64);
            self.sent.iter().for_each(|sent| sent.write(writer));
        }
        if !self.former.is_empty() {
            writer.letter('v');
            writer.number(self.former.len() as u64);
            self.former.iter().for_each(|former| former.write(writer));
        }
        if self.failed_hangups > 0 {
            writer.letter('h');
            writer.number(self.failed_hangups as u64);
        }
        if self.tries > 0 {
            writer.letter('t');
            writer.number(u64::from(self.tries));
        }
        if let Some(failed) = &self.failed {
            writer.letter('q');
            failed.write(writer);
        }
        for kept in &self.kept {
            writer.letter('k');
            kept.write(writer);
        }
    }

    /// What was sent is on the line no more.
    pub fn retire_sent(&mut self) {
        self.former.append(&mut self.sent);
        let old = self.former.len().saturating_sub(FORMER);
        self.former.drain(..old);
    }

    fn read_sent(reader: &mut Reader<'_>) -> Option<Vec<SentAction>> {
        let count = usize::try_from(reader.number()?).ok().filter(|count| *count <= 2 * ACTIONS)?;
        (0..count).map(|_| SentAction::read(reader)).collect()
    }

    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let mut notes = Self::default();
        while !reader.is_empty() {
            match reader.letter()? {
                'w' => {
                    notes.step = Some((StepKind::from_letter(reader.letter()?)?, reader.digest()?))
                }
                'z' => notes.is_over = true,
                's' => notes.is_secret = true,
                'a' => notes.is_answered = true,
                'l' => notes.heard_later = seconds(reader.number()?)?,
                'x' => notes.skip = usize::try_from(reader.number()?).ok()?,
                'y' => notes.sent = Self::read_sent(reader)?,
                'v' => notes.former = Self::read_sent(reader)?,
                'h' => notes.failed_hangups = usize::try_from(reader.number()?).ok()?,
                't' => notes.tries = u32::try_from(reader.number()?).ok()?,
                'q' => notes.failed = Some(StepResult::read(reader)?),
                'k' => notes.kept.push(StepResult::read(reader)?),
                _ => return None,
            }
        }
        Some(notes)
    }
}

#[cfg(test)]
mod tests;
