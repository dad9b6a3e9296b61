//! Going round a loop.

use super::{Walk, next_event};
use crate::answer::AnswerView;
use crate::finding::NO_WAY_OUT;
use crate::judge::Fault;
use crate::loops::{Loop, PATIENCE, ROUNDS, SILENT_LEAST, SILENT_ROUNDS};

impl Walk<'_> {
    /// Goes round a loop until something gives way.
    pub(super) fn go_round(&mut self, found: Loop) {
        let is_silent = found.is_silent();
        let most = if is_silent { SILENT_ROUNDS } else { ROUNDS };
        let mut rounds = 0;
        let Loop { mut path, choices, key } = found;
        let began = path.call.now();
        let Some(last) = path.steps.last().cloned() else { return };
        let mut state = (key, last.node, AnswerView::default());
        while rounds < most {
            rounds += 1;
            for choice in &choices {
                path.choose(choice.clone(), state.0, state.1, &state.2);
                let Some(invocation) = next_event(&mut path) else { return };
                let before = self.findings.len();
                let (arrival, _) = self.arrive(&path, &invocation, &[]);
                if self.findings.len() > before {
                    return;
                }
                path = arrival.path;
                state = (arrival.key, arrival.node, arrival.view);
            }
            if state.0 != key {
                return;
            }
            let lasts = path.call.now().saturating_sub(began);
            if is_silent && rounds >= SILENT_LEAST && lasts >= PATIENCE {
                break;
            }
        }
        let lasts = path.call.now().saturating_sub(began);
        if is_silent && lasts >= PATIENCE {
            let place = state.2.place().cloned();
            let message = format!(
                "a caller who does nothing hears this again and again: {rounds} times in {} minutes, and nothing ends it",
                lasts.as_secs() / 60
            );
            self.found(Fault::new(&NO_WAY_OUT, place, message), &path, Some(state.1));
        }
    }
}
