//! What people on the line do, each when its time has come.

use std::time::Duration;

use moonring_exchange::{Input, LegNumber, Tag};

use crate::call::PlayedCall;
use crate::event_queue::Scheduled;
use crate::person::{Behavior, BehaviorTrigger, PersonAction};
use crate::scene::Party;

/// From one digit to the next.
const BETWEEN_DIGITS: Duration = Duration::from_millis(200);

impl PlayedCall {
    /// Somebody on the line does something now.
    pub fn act(&mut self, leg: Tag, action: PersonAction) {
        if let Some(leg) = self.exchange.leg(leg) {
            self.do_it(leg, action);
        }
    }

    /// All who are on the line hang up at once.
    pub fn everybody_hangs_up(&mut self) {
        let legs = [Tag::A, Tag::B].into_iter().filter_map(|tag| self.exchange.leg(tag));
        let up = legs.filter(|leg| self.exchange.is_leg_up(*leg));
        let left = up.map(|leg| Input::Left { leg }).collect();
        self.feed(Input::Together(left));
    }

    /// Somebody on the line does these things from now on, one after the other, behind what they
    /// are doing already. Whether they are there.
    pub fn go_on_with(&mut self, leg: Tag, behavior: Vec<Behavior>) -> bool {
        let Some(leg) = self.exchange.leg(leg).filter(|leg| self.exchange.is_leg_up(*leg)) else {
            return false;
        };
        let now = self.scene.now;
        let party = self.scene.parties.entry(leg).or_default();
        let is_idle = party.next >= party.person.behavior.len();
        party.person.behavior.extend(behavior);
        if is_idle {
            party.next_since = now.max(party.next_since);
            self.plan_next(leg);
        }
        true
    }

    /// Nothing happens by itself any more: lets somebody do the next thing on their list without
    /// what they wait for, and says whether anybody had one.
    pub fn nudge(&mut self) -> bool {
        let has_more = |party: &Party| party.next < party.person.behavior.len();
        let mut parties = self.scene.parties.iter();
        let next = parties.find(|(leg, party)| self.exchange.is_leg_up(**leg) && has_more(party));
        let Some((leg, number)) = next.map(|(leg, party)| (*leg, party.next)) else { return false };
        let party = self.scene.parties.get(&leg);
        let behavior = party.and_then(|party| party.person.behavior.get(number)).cloned();
        // Digits that wait for somebody to ask for them, in vain.
        if let Some(behavior) = behavior.filter(|_| leg == LegNumber(0))
            && behavior.trigger != BehaviorTrigger::Next
        {
            self.scene.unasked.push(behavior.action);
        }
        self.do_next(leg, number);
        true
    }

    /// Whoever was called is on the line: what they do begins.
    pub(crate) fn begin_behavior(&mut self, leg: LegNumber) {
        let now = self.scene.now;
        if let Some(party) = self.scene.parties.get_mut(&leg) {
            party.next_since = now;
        }
        self.plan_next(leg);
    }

    /// Plans what the person does next, if nothing has to happen before it.
    pub(crate) fn plan_next(&mut self, leg: LegNumber) {
        let now = self.scene.now;
        let Some(party) = self.scene.parties.get_mut(&leg) else { return };
        let Some(behavior) = party.person.behavior.get(party.next) else { return };
        // Nobody does two things at a time.
        let from = now.max(party.next_since);
        let from = match &behavior.trigger {
            BehaviorTrigger::Next => Some(party.next_since),
            // Asked, or listened to: in a way that they have not heeded yet.
            BehaviorTrigger::Asked => {
                let asking = self.exchange.asking_of(leg);
                let is_new = asking.is_some_and(|asking| asking != party.heeded);
                party.heeded = asking.unwrap_or(party.heeded);
                let may = is_new || asking.is_none() && self.exchange.is_listened_to(leg);
                may.then_some(from)
            }
            BehaviorTrigger::Starts(action) => {
                (self.exchange.action_on(leg) == Some(action.as_str())).then_some(from)
            }
        };
        if let Some(from) = from {
            let at = from.saturating_add(behavior.after).max(now);
            self.scene.queue.add(at, Scheduled::Behavior { leg, number: party.next });
        }
    }

    /// Something began that people may have waited for.
    pub(crate) fn cue(&mut self) {
        let waits = |party: &Party| {
            let next = party.person.behavior.get(party.next);
            next.is_some_and(|next| next.trigger != BehaviorTrigger::Next)
        };
        let waiting = self.scene.parties.iter().filter(|(_, party)| waits(party));
        let waiting: Vec<_> = waiting.map(|(leg, _)| *leg).collect();
        for leg in waiting {
            if self.exchange.is_leg_up(leg) {
                self.plan_next(leg);
            }
        }
    }

    pub(crate) fn do_next(&mut self, leg: LegNumber, number: usize) {
        let (now, is_up) = (self.scene.now, self.exchange.is_leg_up(leg));
        let party = self.scene.parties.get_mut(&leg);
        let Some(party) = party.filter(|party| is_up && party.next == number) else { return };
        let Some(Behavior { action, .. }) = party.person.behavior.get(number).cloned() else {
            return;
        };
        party.next += 1;
        let lasts = match &action {
            PersonAction::Press(digits) => {
                BETWEEN_DIGITS
                    * u32::try_from(digits.chars().count().saturating_sub(1)).unwrap_or(u32::MAX)
            }
            PersonAction::Talk(lasts) => *lasts,
            _ => Duration::ZERO,
        };
        party.next_since = now.saturating_add(lasts);
        self.do_it(leg, action);
        if self.exchange.is_leg_up(leg) {
            self.plan_next(leg);
        }
    }

    fn do_it(&mut self, leg: LegNumber, action: PersonAction) {
        if !self.exchange.is_leg_up(leg) {
            return;
        }
        match action {
            PersonAction::Press(digits) => {
                for (number, digit) in (0..).zip(digits.chars()) {
                    let at = self.scene.now + BETWEEN_DIGITS * number;
                    self.scene.queue.add_input(at, Input::Digit { leg, digit });
                }
            }
            PersonAction::Talk(lasts) => self.talk(leg, lasts, None),
            PersonAction::Say(words) => {
                let lasts = crate::spoken_for(&words, false);
                self.talk(leg, lasts, Some(words));
            }
            PersonAction::HangUp => self.feed(Input::Left { leg }),
            PersonAction::Nothing => {}
        }
    }

    fn talk(&mut self, leg: LegNumber, lasts: Duration, words: Option<String>) {
        let until = self.scene.now.saturating_add(lasts);
        self.scene.parties.entry(leg).or_default().talks_until = until;
        self.feed(Input::Talks { leg, lasts, words: words.clone() });
        self.plan_end_of_recordings(leg);
        self.say_to_bot(leg, words.as_deref(), until);
    }
}
