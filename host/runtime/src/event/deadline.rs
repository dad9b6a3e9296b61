//! When an event must have its answer.

use std::time::{Duration, Instant, SystemTime};

use crate::EmergencyReply;

/// The service waits 5 s before it sends the event again (rule 29); what is left is for the way
/// back.
const HARD: Duration = Duration::from_millis(4300);
/// What Lambda needs to take an answer before its own time-out.
const BEFORE_LAMBDA: Duration = Duration::from_millis(300);
/// What the fallback needs after a script was stopped.
const FOR_THE_FALLBACK: Duration = Duration::from_millis(300);
/// The most that the start of the process may take from its first event: a function may have been
/// started long before.
const MOST_AGE: Duration = Duration::from_millis(2500);

/// How an event came in.
pub struct Arrival {
    /// When.
    pub at: Instant,
    /// The same by the clock, which scripts see.
    pub clock: SystemTime,
    /// When it must have its answer.
    pub hard: HardDeadline,
    /// How the answer is sent when the host itself is stuck.
    pub emergency_reply: Box<dyn EmergencyReply>,
}

/// The moment at which the fallback is sent, whatever the script is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HardDeadline(Instant);

impl HardDeadline {
    /// The deadline of an event that came at `at`. `age` is the time from the start of the process
    /// to its first event, where the service was already waiting for the answer; `lambda` is when
    /// Lambda ends the invocation.
    pub fn new(at: Instant, age: Option<Duration>, lambda: Option<Instant>) -> Self {
        let own = at + HARD - age.unwrap_or(Duration::ZERO).min(MOST_AGE);
        let lambdas = lambda.and_then(|end| end.checked_sub(BEFORE_LAMBDA));
        Self(lambdas.map_or(own, |end| end.min(own)))
    }

    /// The moment.
    pub fn at(self) -> Instant {
        self.0
    }

    /// When a script must be stopped that may run for `budget` from `now`: early enough for the
    /// fallback.
    pub(crate) fn script(self, now: Instant, budget: Duration) -> Instant {
        let last = self.0.checked_sub(FOR_THE_FALLBACK).unwrap_or(self.0);
        (now + budget).min(last)
    }

    /// How long something other than the script may be waited for: at most `most`, and so that 600
    /// ms of the time are left.
    pub(crate) fn wait(self, now: Instant, most: Duration) -> Duration {
        self.0.saturating_duration_since(now).saturating_sub(2 * FOR_THE_FALLBACK).min(most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    #[test]
    fn the_earlier_of_the_services_patience_and_lambdas_end_counts() {
        let at = Instant::now();
        for (age, lambda, expected) in [
            (None, None, 4300),
            (None, Some(60_000), 4300),
            (None, Some(3000), 2700),
            (Some(600), None, 3700),
            (Some(90_000), None, 1800),
            (Some(600), Some(1000), 700),
        ] {
            let hard = HardDeadline::new(at, age.map(ms), lambda.map(|end| at + ms(end)));
            assert_eq!(hard.at() - at, ms(expected), "{age:?} {lambda:?}");
        }
    }

    #[test]
    fn a_script_is_stopped_early_enough_for_the_fallback() {
        let at = Instant::now();
        let hard = HardDeadline::new(at, None, None);
        assert_eq!(hard.script(at, ms(2500)) - at, ms(2500));
        assert_eq!(hard.script(at + ms(2000), ms(2500)) - at, ms(4000));
    }

    #[test]
    fn waiting_leaves_time_for_the_script() {
        let at = Instant::now();
        let hard = HardDeadline::new(at, None, None);
        assert_eq!(hard.wait(at, ms(2500)), ms(2500));
        assert_eq!(hard.wait(at + ms(3000), ms(2500)), ms(700));
        assert_eq!(hard.wait(at + ms(5000), ms(2500)), ms(0));
    }
}
