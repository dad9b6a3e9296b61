//! A path as the command line that plays it.

use std::time::Duration;

use moonring_exchange::{Happened, Tag};
use moonring_spec::quoted;

use crate::choice::{CalleeDoes, Choice, STAYS, TALKS};
use crate::path::Path;
use crate::plan::Direction;

/// The command that plays a path: `moonring call … --keys '…'`.
pub(crate) fn command(path: &Path, beginning: &[String], usual_from: &str) -> String {
    let mut words = beginning.to_vec();
    match path.start.direction {
        Direction::Outbound { .. } => words.push("--outbound".to_owned()),
        Direction::Inbound if path.start.from != usual_from => {
            words.extend(["--from".to_owned(), path.start.from.clone()]);
        }
        Direction::Inbound => {}
    }
    if let Some(at) = &path.start.at {
        words.extend(["--at".to_owned(), at.clone()]);
    }
    let mut keys = Keys { words: Vec::new(), last: Duration::ZERO };
    let mut callees: Vec<String> = Vec::new();
    let mut fails: Vec<String> = Vec::new();
    for (number, step) in path.steps.iter().enumerate() {
        let next = path.steps.get(number + 1).map_or(path.call.now(), |next| next.at);
        match &step.choice {
            Choice::Nothing | Choice::Update => {}
            Choice::Press { is_callee: false, digits } => keys.push(digits.clone(), next),
            Choice::Press { is_callee: true, digits } => {
                if let Some(callee) = callees.last_mut() {
                    callee.push_str(&format!(" {digits}"));
                }
            }
            Choice::Silent => keys.wait_until(next),
            Choice::HangUp { .. } | Choice::Leave => {
                keys.wait_until(ended(path).unwrap_or(next));
                keys.words.push("hangup".to_owned());
            }
            Choice::Talk => {
                keys.wait_until(recorded(path, step.at).unwrap_or(step.at));
                keys.push(format!("talk {}", TALKS.as_secs()), next);
            }
            Choice::Callee(does) => callees.push(match does {
                CalleeDoes::Answers => "answer".to_owned(),
                other => other.word().to_owned(),
            }),
            Choice::CalleeLeaves => {
                if let Some(callee) = callees.last_mut() {
                    callee.push_str(&format!(" wait {} hangup", STAYS.as_secs()));
                }
            }
            Choice::ActionFails { action } => fails.push(format!("{action}=SystemException")),
        }
    }
    for callee in callees {
        words.extend(["--callee".to_owned(), callee]);
    }
    for fail in fails {
        words.extend(["--fail".to_owned(), fail]);
    }
    words.extend(["--keys".to_owned(), keys.words.join(" ")]);
    words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ")
}

/// What the caller does, and when they did something last.
struct Keys {
    words: Vec<String>,
    last: Duration,
}

impl Keys {
    fn push(&mut self, word: String, until: Duration) {
        self.words.push(word);
        self.last = until;
    }

    fn wait_until(&mut self, at: Duration) {
        let seconds = at.saturating_sub(self.last).as_secs_f64().ceil();
        if seconds < 1.0 {
            return;
        }
        self.last = at;
        // Two waits are one.
        let before = self.words.last().and_then(|word| word.strip_prefix("wait "));
        match before.and_then(|before| before.parse::<f64>().ok()) {
            Some(before) => {
                self.words.pop();
                self.words.push(format!("wait {}", before + seconds));
            }
            None => self.words.push(format!("wait {seconds}")),
        }
    }
}

/// When the caller's leg ended.
fn ended(path: &Path) -> Option<Duration> {
    path.call.trace().entries.iter().find_map(|entry| match entry.happened {
        Happened::Ends { leg: Tag::A, .. } => Some(entry.at),
        _ => None,
    })
}

/// When a recording began behind this moment.
fn recorded(path: &Path, from: Duration) -> Option<Duration> {
    path.call.trace().entries.iter().find_map(|entry| match &entry.happened {
        Happened::Does { action, .. } if action == "RecordAudio" && entry.at >= from => {
            Some(entry.at)
        }
        _ => None,
    })
}
