//! What people on the line do, each when its time has come.

use std::time::Duration;

use crate::Tag;
use crate::agenda::Happening;
use crate::call::Call;
use crate::person::{Act, Cue, Deed};
use crate::trace::Happened;

/// From one key to the next.
const KEY: Duration = Duration::from_millis(200);

impl Call {
    /// Somebody on the line does something now.
    pub fn act(&mut self, leg: Tag, act: Act) {
        if let Some(leg) = self.legs.iter().position(|found| found.tag == leg) {
            self.do_it(leg, act);
        }
    }

    /// Somebody on the line does these things from now on, one after the other, behind what they are doing already. Whether they are there.
    pub fn go_on_with(&mut self, leg: Tag, deeds: Vec<Deed>) -> bool {
        let Some(leg) = self.legs.iter().position(|found| found.tag == leg && found.is_up()) else { return false };
        let is_idle = self.legs[leg].deed >= self.legs[leg].person.deeds.len();
        self.legs[leg].person.deeds.extend(deeds);
        if is_idle {
            self.legs[leg].deed_since = self.now.max(self.legs[leg].deed_since);
            self.look_at_deeds(leg);
        }
        true
    }

    /// The second leg is answered now, if it rings. Whether it did.
    pub fn pick_up(&mut self) -> bool {
        let leg = self.legs.iter().position(|leg| leg.tag == Tag::B && leg.is_connected.is_none());
        leg.map(|leg| self.agenda.add(self.now, Happening::PicksUp { leg })).is_some()
    }

    /// Nothing happens by itself any more: lets somebody do the next thing on their list without what they wait for, and says whether
    /// anybody had one.
    pub fn nudge(&mut self) -> bool {
        let next = (0..self.legs.len()).find(|leg| {
            let leg = &self.legs[*leg];
            leg.is_up() && leg.deed < leg.person.deeds.len()
        });
        let Some(leg) = next else { return false };
        let number = self.legs[leg].deed;
        self.happen(Happening::Deed { leg, number });
        true
    }

    /// Sets the person's next deed down, if nothing has to happen before it.
    pub(crate) fn look_at_deeds(&mut self, leg: usize) {
        let Some(deed) = self.legs[leg].person.deeds.get(self.legs[leg].deed).cloned() else { return };
        let from = match &deed.cue {
            Cue::Next => Some(self.legs[leg].deed_since),
            // Nobody does two things at a time.
            Cue::Asked => self.heeds(leg).then_some(self.now.max(self.legs[leg].deed_since)),
            Cue::Starts(action) => self.runs_on(leg, action).then_some(self.now.max(self.legs[leg].deed_since)),
        };
        if let Some(from) = from {
            let number = self.legs[leg].deed;
            self.agenda.add(from.saturating_add(deed.after).max(self.now), Happening::Deed { leg, number });
        }
    }

    /// Something began that people may have waited for.
    pub(crate) fn cue(&mut self) {
        for leg in 0..self.legs.len() {
            let next = self.legs[leg].person.deeds.get(self.legs[leg].deed);
            if self.legs[leg].is_up() && next.is_some_and(|deed| deed.cue != Cue::Next) {
                self.look_at_deeds(leg);
            }
        }
    }

    pub(crate) fn do_deed(&mut self, leg: usize, number: usize) {
        if self.legs[leg].deed != number || !self.legs[leg].is_up() {
            return;
        }
        let Some(Deed { act, .. }) = self.legs[leg].person.deeds.get(number).cloned() else { return };
        self.legs[leg].deed += 1;
        let lasts = match &act {
            Act::Press(keys) => KEY * u32::try_from(keys.chars().count().saturating_sub(1)).unwrap_or(u32::MAX),
            Act::Talk(lasts) => *lasts,
            _ => Duration::ZERO,
        };
        self.legs[leg].deed_since = self.now.saturating_add(lasts);
        self.do_it(leg, act);
        if self.legs[leg].is_up() {
            self.look_at_deeds(leg);
        }
    }

    fn do_it(&mut self, leg: usize, act: Act) {
        if !self.legs[leg].is_up() {
            return;
        }
        match act {
            Act::Press(keys) => {
                for (number, key) in (0..).zip(keys.chars()) {
                    self.agenda.add(self.now + KEY * number, Happening::Key { leg, key });
                }
            }
            Act::Talk(lasts) => self.talk(leg, lasts, None),
            Act::Say(words) => {
                let lasts = crate::spoken_for(&words, false);
                self.talk(leg, lasts, Some(words));
            }
            Act::HangUp => self.end_leg(leg, 0),
            Act::Nothing => {}
        }
    }

    fn talk(&mut self, leg: usize, lasts: Duration, words: Option<String>) {
        self.legs[leg].talks_until = self.now.saturating_add(lasts);
        let tag = self.legs[leg].tag;
        self.trace.add(self.now, Happened::Talks { leg: tag, lasts, words: words.clone() });
        self.voice(leg, words);
    }
}
