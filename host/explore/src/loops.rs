//! Loops: the same choices again and again, until something gives way.

use std::collections::BTreeSet;
use std::time::Duration;

use moonring_exchange::Tag;

use crate::choice::{CalleeDoes, Choice};
use crate::path::Path;

/// How often a caller goes round a loop who wants to.
pub(crate) const ROUNDS: usize = 30;
/// A loop has no way out where a silent caller goes round it so often, and for so long. A wait with
/// music ends by itself, at some time.
pub(crate) const SILENT_LEAST: usize = 25;
pub(crate) const PATIENCE: Duration = Duration::from_secs(15 * 60);
/// The same where nobody is asked: waits of an hour end by themselves.
pub(crate) const LONG_PATIENCE: Duration = Duration::from_secs(4000);
/// The most rounds that are walked to see that; of a wait, as many as a call has invocations
/// (rule 32).
pub(crate) const SILENT_ROUNDS: usize = 400;
pub(crate) const WAITING_ROUNDS: usize = 1000;
/// The most loops that are gone round.
const LOOPS: usize = 40;
/// The longest loop, in choices.
const LONGEST: usize = 8;

/// A loop, and a path that has just gone round it once.
pub(crate) struct Loop {
    pub(crate) path: Path,
    pub(crate) choices: Vec<Choice>,
    pub(crate) key: u64,
    /// The states that it goes through, one behind each choice.
    pub(crate) keys: Vec<u64>,
}

/// Loops that were found, each once.
#[derive(Default)]
pub(crate) struct Loops {
    known: BTreeSet<(u64, Vec<Choice>)>,
    pub(crate) found: Vec<Loop>,
}

impl Loop {
    /// Whether the caller does nothing in it.
    pub(crate) fn is_silent(&self) -> bool {
        self.choices.iter().all(|choice| {
            let rings = matches!(choice, Choice::Callee(CalleeDoes::IsBusy | CalleeDoes::Ignores));
            rings || matches!(choice, Choice::Silent { .. } | Choice::Nothing)
        })
    }

    /// Whether somebody is asked in it; else it is a wait, which may be long.
    pub(crate) fn asks(&self) -> bool {
        self.choices.iter().any(|choice| matches!(choice, Choice::Silent { .. }))
    }
}

impl Loops {
    /// Looks whether a path has come to a state in which it was before.
    pub(crate) fn look(&mut self, path: &Path, key: u64) {
        let Some(from) = path.steps.iter().rposition(|step| step.key == key) else { return };
        let choices: Vec<Choice> =
            path.steps.iter().skip(from).map(|step| step.choice.clone()).collect();
        // What two parties do who talk is no loop.
        let exchange = path.call.exchange();
        if exchange.leg(Tag::B).is_some_and(|leg| exchange.is_leg_up(leg)) {
            return;
        }
        let is_usual = choices.len() <= LONGEST && !choices.iter().any(Choice::is_fault);
        if is_usual && self.known.len() < LOOPS && self.known.insert((key, choices.clone())) {
            let keys = path.steps.iter().skip(from + 1).map(|step| step.key).chain([key]);
            self.found.push(Loop { path: path.clone(), choices, key, keys: keys.collect() });
        }
    }
}
