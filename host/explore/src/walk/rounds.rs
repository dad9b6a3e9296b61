//! Going round a loop.

use super::{Walk, next_event};
use crate::answer::AnswerView;
use crate::finding::NO_WAY_OUT;
use crate::judge::Fault;
use crate::loops::{
    LONG_PATIENCE, Loop, PATIENCE, ROUNDS, SILENT_LEAST, SILENT_ROUNDS, WAITING_ROUNDS,
};

impl Walk<'_> {
    /// Goes round a loop until something gives way.
    pub(super) fn go_round(&mut self, found: Loop) {
        let is_silent = found.is_silent();
        let most = match is_silent {
            true if found.asks() => SILENT_ROUNDS,
            true => WAITING_ROUNDS,
            false => ROUNDS,
        };
        let mut rounds = 0;
        let patience = if found.asks() { PATIENCE } else { LONG_PATIENCE };
        let Loop { mut path, choices, key, keys } = found;
        let began = path.call.now();
        let Some(last) = path.steps.last().cloned() else { return };
        let mut state = (key, last.node, AnswerView::default());
        while rounds < most {
            rounds += 1;
            for (choice, expected) in choices.iter().zip(&keys) {
                path.choose(choice.clone(), state.0, state.1, &state.2);
                let Some(invocation) = next_event(&mut path) else { return };
                let before = self.errors();
                let (arrival, _) = self.arrive(&path, &invocation, &[]);
                if self.errors() > before {
                    return;
                }
                if arrival.key != *expected {
                    // The loop has ended by itself: what comes then is walked too.
                    return self.fork(arrival);
                }
                path = arrival.path;
                state = (arrival.key, arrival.node, arrival.view);
            }
            let lasts = path.call.now().saturating_sub(began);
            if is_silent && rounds >= SILENT_LEAST && lasts >= patience {
                break;
            }
        }
        let lasts = path.call.now().saturating_sub(began);
        if is_silent && lasts >= patience {
            let place = state.2.place().cloned();
            let message = format!(
                "a caller who does nothing hears this again and again: {rounds} times in {} minutes, and nothing ends it",
                lasts.as_secs() / 60
            );
            self.found(Fault::new(&NO_WAY_OUT, place, message), &path, Some(state.1));
        }
    }
}
