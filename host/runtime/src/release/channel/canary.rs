//! A release that is tried on some of the calls, and that gets no more of them where it fails.

use moonring_store::{Candidate, ReleaseId};

use crate::Settings;

/// What was counted of a release.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    calls: u64,
    fallbacks: u64,
}

impl Tally {
    fn percent(self) -> f64 {
        if self.calls == 0 {
            return 0.0;
        }
        // Counts of calls are far below 2^52.
        #[allow(clippy::cast_precision_loss)]
        let percent = 100.0 * self.fallbacks as f64 / self.calls as f64;
        percent
    }
}

/// The candidate of an alias, and how it does beside the release that serves.
#[derive(Debug)]
pub(super) struct Canary {
    candidate: Option<(Candidate, ReleaseId)>,
    of_candidate: Tally,
    of_serving: Tally,
    is_returned: bool,
    /// From how many calls on it is judged.
    least_calls: u64,
    /// How many more fallbacks of a hundred calls it may have.
    most_percent: f64,
}

/// What is known when a candidate gets no more calls.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Returned {
    pub(super) calls: u64,
    pub(super) fallbacks: u64,
    pub(super) serving_calls: u64,
    pub(super) serving_fallbacks: u64,
}

impl Canary {
    pub(super) fn new(settings: &Settings) -> Self {
        Self {
            candidate: None,
            of_candidate: Tally::default(),
            of_serving: Tally::default(),
            is_returned: false,
            least_calls: settings.canary_calls,
            most_percent: settings.canary_percent,
        }
    }

    /// From now on this is the candidate; one that was counted already goes on being counted.
    pub(super) fn is_now(&mut self, candidate: Option<(Candidate, ReleaseId)>) {
        let id = |candidate: &Option<(Candidate, ReleaseId)>| {
            candidate.as_ref().map(|(candidate, _)| (candidate.id.clone(), candidate.since.clone()))
        };
        if id(&candidate) != id(&self.candidate) {
            (self.of_candidate, self.of_serving) = (Tally::default(), Tally::default());
            self.is_returned = false;
        }
        self.candidate = candidate;
    }

    /// The candidate, where a new call gets it.
    pub(super) fn draw(&self, call: &str) -> Option<ReleaseId> {
        let (candidate, id) = self.candidate.as_ref().filter(|_| !self.is_returned)?;
        candidate.is_for(call).then(|| id.clone())
    }

    /// Counts an event of a call; says so when the candidate is to get no more calls from now on.
    pub(super) fn count(
        &mut self,
        release: &ReleaseId,
        is_first: bool,
        has_failed: bool,
    ) -> Option<Returned> {
        let (_, id) = self.candidate.as_ref()?;
        let tally = if release == id { &mut self.of_candidate } else { &mut self.of_serving };
        tally.calls += u64::from(is_first);
        tally.fallbacks += u64::from(has_failed);
        let (candidate, serving) = (self.of_candidate, self.of_serving);
        let is_judged = !self.is_returned && candidate.calls >= self.least_calls;
        if is_judged && candidate.percent() > serving.percent() + self.most_percent {
            self.is_returned = true;
            return Some(Returned {
                calls: candidate.calls,
                fallbacks: candidate.fallbacks,
                serving_calls: serving.calls,
                serving_fallbacks: serving.fallbacks,
            });
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use moonring_store::Snapshot;

    use super::*;

    fn id(text: &str) -> ReleaseId {
        Snapshot::published(text, Vec::new()).id
    }

    fn canary() -> Canary {
        let mut canary = Canary::new(&Settings::default());
        let candidate = Candidate { id: "new".to_owned(), percent: 99, since: "now".to_owned() };
        canary.is_now(Some((candidate, id("new"))));
        canary
    }

    #[test]
    fn a_candidate_that_fails_more_than_what_serves_gets_no_more_calls() {
        let mut canary = canary();
        let least = Settings::default().canary_calls;
        for _ in 1..least {
            assert_eq!(canary.count(&id("new"), true, true), None, "not yet judged");
        }
        assert!(canary.draw("call-3").is_some());
        let returned = canary.count(&id("new"), true, true).unwrap();
        assert_eq!((returned.calls, returned.fallbacks), (least, least));
        assert!(canary.draw("call-3").is_none());
        assert_eq!(canary.count(&id("new"), true, true), None, "it is said once");
        // Tried again, it is counted anew.
        let candidate = Candidate { id: "new".to_owned(), percent: 99, since: "later".to_owned() };
        canary.is_now(Some((candidate, id("new"))));
        assert!(canary.draw("call-3").is_some());
    }

    #[test]
    fn a_candidate_that_fails_as_often_as_what_serves_goes_on() {
        let mut canary = canary();
        for number in 0..200 {
            let fails = number % 5 == 0;
            assert_eq!(canary.count(&id("old"), true, fails), None);
            assert_eq!(canary.count(&id("new"), true, fails), None);
        }
    }
}
