//! What is found on the way: kept once, with the way that leads there.

use super::Walk;
use crate::answer::AnswerView;
use crate::command::command;
use crate::finding::{Finding, PROMISE_BROKEN};
use crate::judge::Fault;
use crate::path::Path;
use crate::promises;

impl Walk<'_> {
    /// Promises that the caller hears in an answer. Whether they are kept is seen at the end.
    pub(super) fn look_for_promises(&mut self, path: &Path, view: &AnswerView, node: usize) {
        for promise in promises::promises_of(view) {
            if !path.has_fault {
                self.promises.keep(promise);
            } else if let Some(failure) =
                path.changes.only_failure().filter(|_| path.made_up.is_none())
            {
                let (place, message) = (promise.place.clone(), promises::message(failure));
                let fault = Fault::new(&PROMISE_BROKEN, place, message);
                let finding = self.finding(fault, path, Some(node));
                self.promises.doubt(promise, finding);
            }
        }
    }

    pub(super) fn found(&mut self, fault: Fault, path: &Path, node: Option<usize>) {
        let finding = self.finding(fault, path, node);
        self.keep(finding);
    }

    fn finding(&self, fault: Fault, path: &Path, node: Option<usize>) -> Finding {
        let Fault { kind, place, mut message } = fault;
        // What follows from something that was made up need not be so.
        let made_up = path.made_up.filter(|_| !kind.holds_for_any_reply());
        if let Some(made_up) = made_up {
            message.push_str(made_up.advice());
        }
        Finding {
            is_made_up: made_up.is_some(),
            kind,
            place,
            message,
            path: path.words(),
            command: Some(command(path, self.plan)),
            failed_requests: path.failed_requests(),
            node,
        }
    }

    /// How many errors were found.
    pub(super) fn errors(&self) -> usize {
        self.findings.values().filter(|finding| finding.is_error()).count()
    }

    /// Keeps a finding that is new, or surer than what was found before.
    pub(super) fn keep(&mut self, finding: Finding) {
        let known = self.findings.get(&finding.id());
        if known.is_none_or(|known| known.is_made_up && !finding.is_made_up) {
            self.findings.insert(finding.id(), finding);
        }
    }
}
