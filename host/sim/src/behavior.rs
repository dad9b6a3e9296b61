//! What people on the line do, each when its time has come.

use std::time::Duration;

use moonring_exchange::{Input, LegNumber, Tag};

use crate::call::PlayedCall;
use crate::event_queue::Scheduled;
use crate::person::{Behavior, BehaviorTrigger, PersonAction};
use crate::scene::Party;

/// From one key to the next.
const KEY: Duration = Duration::from_millis(200);

impl PlayedCall {
    /// Somebody on the line does something now.
    pub fn act(&mut self, leg: Tag, act: PersonAction) {
        if let Some(leg) = self.exchange.leg(leg) {
            self.do_it(leg, act);
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
        let is_idle = party.deed >= party.person.behavior.len();
        party.person.behavior.extend(behavior);
        if is_idle {
            party.deed_since = now.max(party.deed_since);
            self.look_at_deeds(leg);
        }
        true
    }

    /// Nothing happens by itself any more: lets somebody do the next thing on their list without
    /// what they wait for, and says whether anybody had one.
    pub fn nudge(&mut self) -> bool {
        let has_more = |party: &Party| party.deed < party.person.behavior.len();
        let mut parties = self.scene.parties.iter();
        let next = parties.find(|(leg, party)| self.exchange.is_leg_up(**leg) && has_more(party));
        let Some((leg, number)) = next.map(|(leg, party)| (*leg, party.deed)) else { return false };
        self.do_deed(leg, number);
        true
    }

    /// Whoever was called is on the line: what they do begins.
    pub(crate) fn begin_deeds(&mut self, leg: LegNumber) {
        let now = self.scene.now;
        if let Some(party) = self.scene.parties.get_mut(&leg) {
            party.deed_since = now;
        }
        self.look_at_deeds(leg);
    }

    /// Sets the person's next deed down, if nothing has to happen before it.
    pub(crate) fn look_at_deeds(&mut self, leg: LegNumber) {
        let now = self.scene.now;
        let Some(party) = self.scene.parties.get_mut(&leg) else { return };
        let Some(deed) = party.person.behavior.get(party.deed) else { return };
        // Nobody does two things at a time.
        let from = now.max(party.deed_since);
        let from = match &deed.cue {
            BehaviorTrigger::Next => Some(party.deed_since),
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
            let at = from.saturating_add(deed.after).max(now);
            self.scene.queue.add(at, Scheduled::Behavior { leg, number: party.deed });
        }
    }

    /// Something began that people may have waited for.
    pub(crate) fn cue(&mut self) {
        let waits = |party: &Party| {
            let next = party.person.behavior.get(party.deed);
            next.is_some_and(|deed| deed.cue != BehaviorTrigger::Next)
        };
        let waiting = self.scene.parties.iter().filter(|(_, party)| waits(party));
        let waiting: Vec<_> = waiting.map(|(leg, _)| *leg).collect();
        for leg in waiting {
            if self.exchange.is_leg_up(leg) {
                self.look_at_deeds(leg);
            }
        }
    }

    pub(crate) fn do_deed(&mut self, leg: LegNumber, number: usize) {
        let (now, is_up) = (self.scene.now, self.exchange.is_leg_up(leg));
        let party = self.scene.parties.get_mut(&leg);
        let Some(party) = party.filter(|party| is_up && party.deed == number) else { return };
        let Some(Behavior { act, .. }) = party.person.behavior.get(number).cloned() else { return };
        party.deed += 1;
        let lasts = match &act {
            PersonAction::Press(keys) => {
                KEY * u32::try_from(keys.chars().count().saturating_sub(1)).unwrap_or(u32::MAX)
            }
            PersonAction::Talk(lasts) => *lasts,
            _ => Duration::ZERO,
        };
        party.deed_since = now.saturating_add(lasts);
        self.do_it(leg, act);
        if self.exchange.is_leg_up(leg) {
            self.look_at_deeds(leg);
        }
    }

    fn do_it(&mut self, leg: LegNumber, act: PersonAction) {
        if !self.exchange.is_leg_up(leg) {
            return;
        }
        match act {
            PersonAction::Press(keys) => {
                for (number, key) in (0..).zip(keys.chars()) {
                    let at = self.scene.now + KEY * number;
                    self.scene.queue.add_input(at, Input::Key { leg, key });
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
