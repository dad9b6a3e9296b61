//! One call of a test: how far it has come, and what of it the test has named.

use std::rc::Rc;
use std::time::Duration;

use moonring_exchange::{Happened, Tag};
use moonring_runtime::{Host, LogRecord};
use moonring_sim::{EndlessExchange, PlayedCall, explain, tell, tell_requests};
use serde_json::Value;

use crate::stage::Stuck;

/// A call of a test.
pub(crate) struct TestCall {
    pub(crate) call: PlayedCall,
    /// When it began, from the start of the test.
    pub(crate) began: Duration,
    pub(crate) host: Rc<Host>,
    /// The script that answers, where not the routes say which.
    pub(crate) script: Option<String>,
    /// How its command line begins: `moonring call …`.
    pub(crate) command: Vec<String>,
    /// What the caller has done, as words of `--keys`.
    pub(crate) keys: Vec<String>,
    /// What callees have done, as words of `--callee`.
    pub(crate) callees: Vec<Callee>,
    pub(crate) log: Vec<LogRecord>,
    /// Why its script failed, and the test has not asked for it.
    pub(crate) failures: Vec<String>,
    /// What it asked and nothing answered, in words.
    pub(crate) unanswered: Vec<String>,
    /// Entries of the trace that the test has named, by what it looked for.
    pub(crate) seen: Seen,
    pub(crate) has_hung_up: bool,
    /// When the caller did something last, from the start of the test.
    pub(crate) acted: Duration,
}

/// Somebody who was called, in words of a command line.
pub(crate) struct Callee {
    pub(crate) number: String,
    pub(crate) words: Vec<String>,
    /// When they did something last, from the start of the test.
    pub(crate) acted: Duration,
}

/// How far a test has looked at a call: the number of the first entry that it has not, for each
/// thing that it looks for.
#[derive(Default)]
pub(crate) struct Seen {
    pub(crate) heard_by_a: usize,
    pub(crate) heard_by_b: usize,
    pub(crate) rings: usize,
    pub(crate) joins: usize,
    pub(crate) records: usize,
}

/// What somebody hears.
#[derive(Debug, Clone)]
pub(crate) struct Heard {
    pub(crate) what: String,
    pub(crate) is_audio: bool,
    pub(crate) place: Option<String>,
}

impl Heard {
    /// The same as the story has it.
    pub(crate) fn told(&self) -> String {
        let what = match self.is_audio {
            true => format!("♪ {}", self.what),
            false => format!("“{}”", self.what),
        };
        match &self.place {
            Some(place) => format!("{what}  ({place})"),
            None => what,
        }
    }
}

impl TestCall {
    /// Why nothing more of it counts, if something went wrong.
    pub(crate) fn failure(&self) -> Option<Stuck> {
        let unanswered = self.unanswered.first().map(|text| Stuck::Unanswered(text.clone()));
        unanswered.or_else(|| self.failures.first().map(|text| Stuck::Failed(text.clone())))
    }

    /// When somebody did something last, from the start of the test.
    pub(crate) fn acted(&self, tag: Tag) -> Duration {
        match (tag, self.callees.last()) {
            (Tag::B, Some(callee)) => callee.acted,
            _ => self.acted,
        }
    }

    /// What happened from this entry on that is looked for, and the entry behind it.
    pub(crate) fn find<T>(
        &self,
        from: usize,
        look: impl Fn(&Happened) -> Option<T>,
    ) -> Option<(T, usize)> {
        let entries = self.call.trace().entries.iter().enumerate().skip(from);
        let mut found = entries.filter_map(|(at, entry)| Some((look(&entry.happened)?, at + 1)));
        found.next()
    }

    /// The next thing that somebody hears, and the entry behind it.
    pub(crate) fn next_heard(&self, tag: Tag) -> Option<(Heard, usize)> {
        let from = if tag == Tag::A { self.seen.heard_by_a } else { self.seen.heard_by_b };
        self.find(from, |happened| match happened {
            // A prompt without a text is silence.
            Happened::Hears { leg, what, is_audio, place }
                if *leg == tag && !what.trim().is_empty() =>
            {
                Some(Heard { what: what.clone(), is_audio: *is_audio, place: place.clone() })
            }
            _ => None,
        })
    }

    /// The same, named by the test.
    pub(crate) fn take_heard(&mut self, tag: Tag) -> Option<Heard> {
        let (heard, behind) = self.next_heard(tag)?;
        let seen = &mut self.seen;
        *(if tag == Tag::A { &mut seen.heard_by_a } else { &mut seen.heard_by_b }) = behind;
        Some(heard)
    }

    /// The code with which a leg has ended, if it has.
    pub(crate) fn ended(&self, tag: Tag) -> Option<u16> {
        let entries = self.call.trace().entries.iter().rev();
        let mut ends = entries.filter_map(|entry| match &entry.happened {
            Happened::Ends { leg, code } if *leg == tag => Some(*code),
            _ => None,
        });
        ends.next()
    }

    /// The last action of this type that the function answered with.
    pub(crate) fn last_action(&self, action_type: &str) -> Option<&Value> {
        self.action_before(self.call.trace().entries.len(), action_type)
    }

    /// The last action of this type before an entry of the trace.
    pub(crate) fn action_before(&self, entry: usize, action_type: &str) -> Option<&Value> {
        let answers = self.call.trace().entries.iter().take(entry).rev();
        let actions = answers.filter_map(|entry| match &entry.happened {
            Happened::Answered { answer, counts: true, .. } => answer.get("Actions")?.as_array(),
            _ => None,
        });
        let mut found = actions.flat_map(|actions| actions.iter().rev());
        found.find(|action| action.get("Type").is_some_and(|known| known == action_type))
    }

    /// The last answer that counts.
    pub(crate) fn last_answer(&self) -> Option<&Value> {
        self.call.trace().entries.iter().rev().find_map(|entry| match &entry.happened {
            Happened::Answered { answer, counts: true, .. } => Some(answer.as_ref()),
            _ => None,
        })
    }

    /// What happened so far, as lines.
    pub(crate) fn story(&self) -> Vec<String> {
        let is_event = |happened: &Happened| {
            matches!(happened, Happened::Invoked { .. } | Happened::Answered { .. })
        };
        let mut endless = EndlessExchange::default();
        let lines = self.call.trace().entries.iter().flat_map(|entry| {
            let mut troubles = match &entry.happened {
                Happened::NotAnswered { .. } => Vec::new(),
                _ => explain(entry),
            };
            troubles.extend(endless.look(entry));
            let told = match is_event(&entry.happened) {
                true => tell_requests(entry),
                false => tell(entry),
            };
            told.into_iter().chain(troubles)
        });
        lines.collect()
    }

    /// What its script logged, a line each.
    pub(crate) fn logged(&self) -> Vec<String> {
        let records = self.log.iter().filter(|record| record.kind.is_line());
        let line = |record: &LogRecord| {
            let fields = match record.fields.as_object() {
                Some(fields) if !fields.is_empty() => format!(" {}", record.fields),
                _ => String::new(),
            };
            format!("{}: {}{fields}", record.level.name(), record.message)
        };
        records.map(line).collect()
    }

    /// The command line that plays it.
    pub(crate) fn command(&self) -> String {
        let mut words = self.command.clone();
        for callee in &self.callees {
            words.extend([
                "--callee".to_owned(),
                format!("{}={}", callee.number, callee.words.join(" ")),
            ]);
        }
        words.extend(["--keys".to_owned(), self.keys.join(" ")]);
        words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ")
    }
}

/// A word of a command line, in quotes where a shell wants them.
pub fn quoted(word: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "+-_./:=@,".contains(letter);
    match !word.is_empty() && word.chars().all(is_plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', "'\\''")),
    }
}
