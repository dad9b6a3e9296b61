//! One entry of a journal, and how it is written in each format.

use crate::failure::StepFailure;
use crate::journal_codec::{Reader, Writer};
use crate::legs::ConnectedLeg;
use crate::step_kind::StepKind;
use crate::step_result::StepResult;

use super::seconds;

/// The result of one step.
#[derive(Debug, Clone, PartialEq)]
pub struct JournalEntry {
    /// The type of the dialog action.
    pub kind: StepKind,
    /// Whether what was queued was sent with it; not where it ended before anything was sent, or
    /// sends nothing.
    pub is_sent: bool,
    /// What the step was, but for its prompts.
    pub digest: u32,
    /// Seconds since the entry before it.
    pub later: i64,
    /// What it gave.
    pub result: StepResult,
}

/// What stands for a step that was there lately: by its place, the latest first. None of them is a
/// letter, which stands for a kind, nor `|`, behind which notes come.
const PLACES: &[u8] = b"0123456789!#$%&()*+,-./:;<=>?@[]^_{}~";

/// The steps that were there lately, each once, the latest first. A script that goes round writes
/// one character for each of its steps.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct RecentSteps(Vec<RecentStep>);

#[derive(Debug, Clone, PartialEq)]
struct RecentStep {
    /// The letter of its kind; a capital where the queue was not sent.
    letter: char,
    digest: u32,
    /// How it failed the last time, if it did.
    failure: Option<StepFailure>,
}

impl RecentSteps {
    /// The place of a step before it is taken away to be the latest, and how it failed then.
    fn take(&mut self, letter: char, digest: u32) -> (Option<char>, Option<StepFailure>) {
        let is_it = |recent: &RecentStep| recent.letter == letter && recent.digest == digest;
        let Some(index) = self.0.iter().position(is_it) else { return (None, None) };
        (PLACES.get(index).copied().map(char::from), self.0.remove(index).failure)
    }

    fn at(&self, place: char) -> Option<&RecentStep> {
        let place = PLACES.iter().position(|known| char::from(*known) == place)?;
        self.0.get(place)
    }

    /// A step is the latest, with this result.
    fn note(&mut self, letter: char, digest: u32, result: &StepResult) {
        let failure = match result {
            StepResult::Failed(failure) => Some(failure.clone()),
            _ => None,
        };
        self.0.insert(0, RecentStep { letter, digest, failure });
        self.0.truncate(PLACES.len());
    }
}

impl JournalEntry {
    /// The entry in the formats that write every step out.
    pub(super) fn write_long(&self, to: &mut Writer) {
        to.letter(self.letter());
        to.digest(self.digest);
        to.number(u64::try_from(self.later).unwrap_or(0));
        self.result.write(to);
    }

    /// The entry in the formats that know what was there before.
    pub(super) fn write_short(&self, to: &mut Writer, recent: &mut RecentSteps) {
        let (letter, digest) = (self.letter(), self.digest & 0x3_FFFF);
        let (place, failure) = recent.take(letter, digest);
        match place {
            Some(place) => to.letter(place),
            None => {
                to.letter(letter);
                to.digest(digest);
            }
        }
        recent.note(letter, digest, &self.result);
        to.number(u64::try_from(self.later).unwrap_or(0));
        match (&self.result, failure) {
            (result, _) if write_common(result, to) => {}
            (StepResult::Failed(now), Some(before)) if *now == before => to.letter(AGAIN),
            (result, _) => result.write(to),
        }
    }

    /// Reads what stands behind the first letter, in either kind of format.
    pub(super) fn read(
        first: char,
        from: &mut Reader<'_>,
        recent: Option<&mut RecentSteps>,
    ) -> Option<Self> {
        let known = recent.as_ref().and_then(|recent| recent.at(first));
        let (letter, digest) = match known.map(|step| (step.letter, step.digest)) {
            Some(known) => known,
            None => (first, from.digest()?),
        };
        let later = seconds(from.number()?)?;
        let result = match recent {
            Some(recent) => {
                let (_, failure) = recent.take(letter, digest);
                let again = failure.filter(|_| from.skip(AGAIN)).map(StepResult::Failed);
                let result = again.or_else(|| read_common(from));
                let result = result.or_else(|| StepResult::read(from))?;
                recent.note(letter, digest, &result);
                result
            }
            None => StepResult::read(from)?,
        };
        Some(Self {
            kind: StepKind::from_letter(letter.to_ascii_lowercase())?,
            is_sent: letter.is_ascii_lowercase(),
            digest,
            later,
            result,
        })
    }

    fn letter(&self) -> char {
        let letter = self.kind.letter();
        if self.is_sent { letter } else { letter.to_ascii_uppercase() }
    }
}

/// A failure that comes again and again, and its letter. New ones go to the end; a letter is never
/// given away again.
struct Common {
    letter: char,
    error_type: &'static str,
    code: &'static str,
    message: &'static str,
    action: &'static str,
}

const fn unanswered(letter: char, code: &'static str, message: &'static str) -> Common {
    let action = if code.is_empty() { "" } else { "CallAndBridge" };
    Common { letter, error_type: "no_answer", code, message, action }
}

const fn no_input(letter: char, action: &'static str) -> Common {
    let (code, message) = ("InvalidDigitsReceived", "Invalid digits received.");
    Common { letter, error_type: "no_input", code, message, action }
}

const fn left(letter: char, message: &'static str) -> Common {
    Common { letter, error_type: "left", code: "", message, action: "" }
}

const COMMON: &[Common] = &[
    unanswered('A', "CallNotAnswered", "Call not answered"),
    unanswered('H', "", "the callee hung up before answering"),
    no_input('N', "SpeakAndGetDigits"),
    no_input('M', "PlayAudioAndGetDigits"),
    left('L', "the leg ended"),
    left('G', "the other leg has ended already"),
];

/// What stands for the failure with which the same step ended the last time.
const AGAIN: char = '=';
/// The letter of a leg whose tag is the usual one and whose id is a UUID.
const LEG: char = 'K';
/// The letter of a `wait` that one digit ended.
const PRESSED: char = 'P';
/// The letter of the leaving of the second leg.
const LEFT: char = 'B';
/// The tag of a second leg.
const SECOND: &str = "LEG-B";

/// Writes a result that is common in a few characters. Whether it is one.
fn write_common(result: &StepResult, to: &mut Writer) -> bool {
    match result {
        StepResult::Digits(digits) if is_one(digits) => to.text.push_str(digits),
        StepResult::Pressed(digits) if is_one(digits) => {
            to.letter(PRESSED);
            to.text.push_str(digits);
        }
        StepResult::Left(tag) if tag == SECOND => to.letter(LEFT),
        StepResult::Failed(failure) => match COMMON.iter().find(|common| common.is(failure)) {
            Some(common) => to.letter(common.letter),
            None => return false,
        },
        StepResult::Leg(ConnectedLeg { tag, id, from, to: called }) if tag == SECOND => {
            let Some(id) = uuid(id) else { return false };
            to.letter(LEG);
            to.wide(id);
            to.words(from);
            to.words(called);
        }
        _ => return false,
    }
    true
}

/// Reads a result that is common; `None`, and nothing read, where it is another.
fn read_common(from: &mut Reader<'_>) -> Option<StepResult> {
    let mut ahead = *from;
    let letter = ahead.letter()?;
    let result = match letter {
        '0'..='9' | '*' | '#' => StepResult::Digits(letter.to_string()),
        PRESSED => StepResult::Pressed(ahead.letter().map(String::from)?),
        LEFT => StepResult::Left(SECOND.to_owned()),
        LEG => StepResult::Leg(ConnectedLeg {
            tag: SECOND.to_owned(),
            id: uuid_text(ahead.wide()?),
            from: ahead.words()?.to_owned(),
            to: ahead.words()?.to_owned(),
        }),
        letter => COMMON.iter().find(|common| common.letter == letter)?.to_result(),
    };
    *from = ahead;
    Some(result)
}

fn is_one(digits: &str) -> bool {
    matches!(digits.as_bytes(), [b'0'..=b'9' | b'*' | b'#'])
}

impl Common {
    fn is(&self, failure: &StepFailure) -> bool {
        failure.error_type == self.error_type
            && failure.code == self.code
            && failure.message == self.message
            && failure.action == self.action
    }

    fn to_result(&self) -> StepResult {
        StepResult::Failed(StepFailure {
            error_type: self.error_type,
            message: self.message.to_owned(),
            code: self.code.to_owned(),
            action: self.action.to_owned(),
        })
    }
}

/// The number of a UUID as the service writes them.
fn uuid(text: &str) -> Option<u128> {
    let number = u128::from_str_radix(&text.replace('-', ""), 16).ok()?;
    (uuid_text(number) == text).then_some(number)
}

fn uuid_text(number: u128) -> String {
    let hex = format!("{number:032x}");
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}
