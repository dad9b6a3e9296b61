//! What people on the line do, each when its time has come.

use std::time::Duration;

use crate::Tag;
use crate::call::Call;
use crate::event_queue::Scheduled;
use crate::person::{Behavior, BehaviorTrigger, PersonAction};
use crate::trace::Happened;

/// From one key to the next.
const KEY: Duration = Duration::from_millis(200);

impl Call {
    /// Somebody on the line does something now.
    pub fn act(&mut self, leg: Tag, act: PersonAction) {
        if let Some(leg) = self.legs.iter().position(|found| found.tag == leg) {
            self.do_it(leg, act);
        }
    }

    /// Somebody on the line does these things from now on, one after the other, behind what they
    /// are doing already. Whether they are there.
    pub fn go_on_with(&mut self, leg: Tag, behavior: Vec<Behavior>) -> bool {
        let Some(leg) = self.legs.iter().position(|found| found.tag == leg && found.is_up()) else {
            return false;
        };
        let is_idle = self.legs[leg].deed >= self.legs[leg].person.behavior.len();
        self.legs[leg].person.behavior.extend(behavior);
        if is_idle {
            self.legs[leg].deed_since = self.now.max(self.legs[leg].deed_since);
            self.look_at_deeds(leg);
        }
        true
    }

    /// The second leg is answered now, if it rings. Whether it did.
    pub fn pick_up(&mut self) -> bool {
        let leg = self.legs.iter().position(|leg| leg.tag == Tag::B && leg.is_connected.is_none());
        leg.map(|leg| self.event_queue.add(self.now, Scheduled::PicksUp { leg })).is_some()
    }

    /// Nothing happens by itself any more: lets somebody do the next thing on their list without
    /// what they wait for, and says whether anybody had one.
    pub fn nudge(&mut self) -> bool {
        let next = (0..self.legs.len()).find(|leg| {
            let leg = &self.legs[*leg];
            leg.is_up() && leg.deed < leg.person.behavior.len()
        });
        let Some(leg) = next else { return false };
        let number = self.legs[leg].deed;
        self.happen(Scheduled::Behavior { leg, number });
        true
    }

    /// Sets the person's next deed down, if nothing has to happen before it.
    pub(crate) fn look_at_deeds(&mut self, leg: usize) {
        let Some(deed) = self.legs[leg].person.behavior.get(self.legs[leg].deed).cloned() else {
            return;
        };
        let from = match &deed.cue {
            BehaviorTrigger::Next => Some(self.legs[leg].deed_since),
            // Nobody does two things at a time.
            BehaviorTrigger::Asked => {
                self.heeds(leg).then_some(self.now.max(self.legs[leg].deed_since))
            }
            BehaviorTrigger::Starts(action) => {
                self.runs_on(leg, action).then_some(self.now.max(self.legs[leg].deed_since))
            }
        };
        if let Some(from) = from {
            let number = self.legs[leg].deed;
            self.event_queue.add(
                from.saturating_add(deed.after).max(self.now),
                Scheduled::Behavior { leg, number },
            );
        }
    }

    /// Something began that people may have waited for.
    pub(crate) fn cue(&mut self) {
        for leg in 0..self.legs.len() {
            let next = self.legs[leg].person.behavior.get(self.legs[leg].deed);
            if self.legs[leg].is_up() && next.is_some_and(|deed| deed.cue != BehaviorTrigger::Next)
            {
                self.look_at_deeds(leg);
            }
        }
    }

    pub(crate) fn do_deed(&mut self, leg: usize, number: usize) {
        if self.legs[leg].deed != number || !self.legs[leg].is_up() {
            return;
        }
        let Some(Behavior { act, .. }) = self.legs[leg].person.behavior.get(number).cloned() else {
            return;
        };
        self.legs[leg].deed += 1;
        let lasts = match &act {
            PersonAction::Press(keys) => {
                KEY * u32::try_from(keys.chars().count().saturating_sub(1)).unwrap_or(u32::MAX)
            }
            PersonAction::Talk(lasts) => *lasts,
            _ => Duration::ZERO,
        };
        self.legs[leg].deed_since = self.now.saturating_add(lasts);
        self.do_it(leg, act);
        if self.legs[leg].is_up() {
            self.look_at_deeds(leg);
        }
    }

    fn do_it(&mut self, leg: usize, act: PersonAction) {
        if !self.legs[leg].is_up() {
            return;
        }
        match act {
            PersonAction::Press(keys) => {
                for (number, key) in (0..).zip(keys.chars()) {
                    self.event_queue.add(self.now + KEY * number, Scheduled::Key { leg, key });
                }
            }
            PersonAction::Talk(lasts) => self.talk(leg, lasts, None),
            PersonAction::Say(words) => {
                let lasts = crate::spoken_for(&words, false);
                self.talk(leg, lasts, Some(words));
            }
            PersonAction::HangUp => self.end_leg(leg, 0),
            PersonAction::Nothing => {}
        }
    }

    fn talk(&mut self, leg: usize, lasts: Duration, words: Option<String>) {
        self.legs[leg].talks_until = self.now.saturating_add(lasts);
        let tag = self.legs[leg].tag;
        self.trace.add(self.now, Happened::Talks { leg: tag, lasts, words: words.clone() });
        self.voice(leg, words);
    }
}
