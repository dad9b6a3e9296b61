//! A path as the command line that plays it.

use std::time::Duration;

use moonring_exchange::{Happened, Tag};
use moonring_spec::quoted;

use crate::choice::{CalleeDoes, Choice, STAYS, TALKS, UPDATED_AFTER};
use crate::path::Path;
use crate::plan::{Direction, Plan};

/// What an update says of which nothing is known.
const SAYS_NOTHING: &str = "reason=unknown";
/// So long behind a digit, somebody is asked again.
const TRIES: Duration = Duration::from_secs(2);

/// The command that plays a path: `moonring call … --keys '…'`.
pub(crate) fn command(path: &Path, plan: &Plan) -> String {
    let mut words = plan.command.clone();
    match path.start.direction {
        Direction::Outbound { answer, .. } => {
            words.push("--outbound".to_owned());
            if answer != CalleeDoes::Answers {
                words.extend(["--pickup".to_owned(), answer.word().to_owned()]);
            }
            for (name, value) in &plan.arguments {
                let value = value.as_str().unwrap_or_default();
                words.extend(["--argument".to_owned(), format!("{name}={value}")]);
            }
        }
        Direction::Inbound if path.start.from != plan.usual_from => {
            words.extend(["--from".to_owned(), path.start.from.clone()]);
        }
        Direction::Inbound => {}
    }
    if path.start.to != plan.usual_to {
        words.extend(["--to".to_owned(), path.start.to.clone()]);
    }
    if let Some(at) = &path.start.at {
        words.extend(["--at".to_owned(), at.time.clone(), "--zone".to_owned(), at.zone.clone()]);
    }
    let mut keys = Keys { words: Vec::new(), last: Duration::ZERO };
    let mut callees: Vec<String> = Vec::new();
    let mut fails: Vec<String> = Vec::new();
    for (number, step) in path.steps.iter().enumerate() {
        let next = path.steps.get(number + 1).map_or(path.call.now(), |next| next.at);
        match &step.choice {
            Choice::Nothing => {}
            Choice::Update { arguments } => {
                let at = step.at + UPDATED_AFTER;
                let seconds = at.as_secs_f64().ceil();
                // An update says something, whatever it is.
                let nothing = arguments.is_empty().then(|| SAYS_NOTHING.to_owned());
                let told = std::iter::once(seconds.to_string()).chain(arguments.iter().cloned());
                let told = told.chain(nothing);
                words.extend(["--update".to_owned(), told.collect::<Vec<_>>().join(" ")]);
            }
            Choice::Press { is_callee: false, digits } => {
                let pressed = pressed(path, step.at, next).unwrap_or(next);
                keys.push(digits.clone(), pressed);
                // A wrong one is followed by the other tries, in silence.
                if number + 1 < path.steps.len() && next.saturating_sub(pressed) > TRIES {
                    keys.wait_until(next);
                }
            }
            Choice::Press { is_callee: true, digits } => {
                if let Some(callee) = callees.last_mut() {
                    callee.push_str(&format!(" {digits}"));
                }
            }
            Choice::Silent { is_callee: false } => keys.wait_until(next),
            Choice::Silent { is_callee: true } => {
                let lasts = next.saturating_sub(step.at).as_secs_f64().ceil();
                if let Some(callee) = callees.last_mut() {
                    callee.push_str(&format!(" wait {lasts}"));
                }
            }
            Choice::HangUp { .. } | Choice::Leave => {
                keys.wait_until(ended(path).unwrap_or(next));
                keys.words.push("hangup".to_owned());
            }
            Choice::Talk { ends_with } => {
                let began = recorded(path, step.at).unwrap_or(step.at);
                keys.wait_until(began);
                let end = ends_with.map(|digit| format!(" !{digit}")).unwrap_or_default();
                keys.push(format!("talk {}{end}", TALKS.as_secs()), began + TALKS);
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
    // The last one stays for all bridges that follow.
    while callees.len() > 1 && callees.last() == callees.get(callees.len() - 2) {
        callees.pop();
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
        // Tenths of a second, and a little later than it was.
        let seconds = (at.saturating_sub(self.last).as_secs_f64() * 10.0).ceil() / 10.0;
        if seconds < 0.1 {
            return;
        }
        self.last = at;
        // Two waits are one.
        let before = self.words.last().and_then(|word| word.strip_prefix("wait "));
        match before.and_then(|before| before.parse::<f64>().ok()) {
            Some(before) => {
                self.words.pop();
                self.words.push(format!("wait {}", tenths(before + seconds)));
            }
            None => self.words.push(format!("wait {}", tenths(seconds))),
        }
    }
}

/// Seconds with at most one digit behind the point.
fn tenths(seconds: f64) -> String {
    let text = format!("{seconds:.1}");
    text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
}

/// What the command line cannot say: that only one action of several of its type fails.
pub(crate) fn untold(path: &Path) -> Option<String> {
    let failing = path.steps.iter().find_map(|step| match &step.choice {
        Choice::ActionFails { action } => Some(action),
        _ => None,
    })?;
    let actions = path.asked.iter().filter_map(|asked| asked.answer.get("Actions")?.as_array());
    let same = actions.flatten().filter(|action| action["Type"] == failing.as_str()).count();
    (same > 1).then(|| format!("only one {failing} fails; `--fail` makes each of them fail"))
}

/// When the caller's leg ended.
fn ended(path: &Path) -> Option<Duration> {
    path.call.trace().entries.iter().find_map(|entry| match entry.happened {
        Happened::Ends { leg: Tag::A, .. } => Some(entry.at),
        _ => None,
    })
}

/// When the caller pressed a digit last between two moments.
fn pressed(path: &Path, from: Duration, to: Duration) -> Option<Duration> {
    let entries = path.call.trace().entries.iter().rev();
    let mut pressed = entries.filter(|entry| {
        matches!(entry.happened, Happened::Presses { leg: Tag::A, .. })
            && (from..=to).contains(&entry.at)
    });
    pressed.next().map(|entry| entry.at)
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
