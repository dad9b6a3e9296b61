//! `wait`: what may come, and what is heard meanwhile.

use std::time::Duration;

use moonring_flow::{PendingStep, StepKind, Waits};
use moonring_wire::Action;
use moonring_wire::action::ReceiveDigits;

use super::super::options::{Audio, Prompt, Wait};
use super::prompts::TEXT;
use super::{Site, millis, small_millis};
use crate::convert::Unsayable;

/// How long a `wait` without a prompt and a time pauses at a time, in milliseconds.
const PAUSE: u64 = 60_000;

impl Site<'_> {
    pub(super) fn wait(&self, wait: &Wait) -> Result<PendingStep, Unsayable> {
        let refuse = |text: &str| Err(Unsayable::Refused(format!("call:wait: {text}")));
        let leg = wait.leg.as_ref();
        let mut actions = Vec::new();
        if let Some(regex) = &wait.digits {
            let quiet = small_millis(wait.digit_timeout.unwrap_or(1.0));
            actions.push(Action::from_typed(&ReceiveDigits {
                call_id: self.leg(leg),
                participant_tag: None,
                input_digits_regex: regex.clone(),
                in_between_digits_duration_in_milliseconds: quiet,
                // As long as a whole input may take.
                flush_digits_duration_in_milliseconds: quiet.saturating_mul(10),
            }));
        }
        let has_update = wait.update.unwrap_or(true);
        let prompt = match (&wait.say, &wait.play) {
            (Some(_), Some(_)) => return refuse("it has both `say` and `play`; wanted one of them"),
            (Some(prompt), None) => {
                if prompt.text.chars().count() > TEXT {
                    return refuse("the prompt has more than 1000 characters; say the first of it with call:say");
                }
                let prompt = Prompt { leg: prompt.leg.clone().or_else(|| leg.cloned()), ..prompt.clone() };
                actions.push(self.speak(&prompt));
                // Heard once: each further round costs an invocation, of which a call has 1,000 (rule 32).
                Some(self.pause_for(wait.again.map_or(PAUSE, millis), leg))
            }
            (None, Some(audio)) => {
                let audio = Audio { leg: audio.leg.clone().or_else(|| leg.cloned()), ..audio.clone() };
                Some(self.play("call:wait", &audio)?)
            }
            (None, None) => match wait.timeout {
                Some(seconds) => Some(self.pause_for(millis(seconds), leg)),
                // Two who talk need nothing to keep them.
                None if self.is_bridged => None,
                None if wait.digits.is_none() && !has_update => {
                    return refuse(
                        "nothing could end it: there is no other leg, and it waits for no keys, update or time",
                    );
                }
                None => Some(self.pause_for(PAUSE, leg)),
            },
        };
        if wait.again.is_some() && wait.say.is_none() {
            return refuse("`again` is for a prompt that is said; a file is played again and again by itself");
        }
        let has_prompt = prompt.is_some();
        actions.extend(prompt);
        let waits = Waits {
            digits: wait.digits.is_some(),
            update: has_update,
            timeout: wait.timeout.map(Duration::from_secs_f64),
            has_prompt,
            has_said: wait.say.is_some() || wait.play.is_some(),
            says: wait.say.is_some(),
            says_again: wait.again.is_some(),
            leg: None,
        };
        Ok(PendingStep { waits, ..PendingStep::new(StepKind::Wait, actions) })
    }
}
