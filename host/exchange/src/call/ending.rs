//! How legs end, and calls with them (rules 40 to 46).

use super::Call;
use crate::leg::LegNumber;
use crate::readings::WhenLegLeaves;

impl Call {
    /// A party is gone.
    pub(super) fn leaves(&mut self, number: LegNumber) {
        let Some(leg) = self.lines.leg_mut(number) else { return };
        match leg.is_connected {
            // Whoever leaves before they answer does not answer.
            None if leg.dial.is_some() => self.does_not_pick_up(number, 486),
            Some(true) => {
                leg.has_left = true;
                self.end_leg(number, 0);
            }
            None | Some(false) => {}
        }
    }

    /// A leg ends: its action first, then HANGUP. The other leg stays (rule 40), but for the way
    /// into a meeting.
    pub(super) fn end_leg(&mut self, number: LegNumber, code: u16) {
        if self.lines.leg(number).is_none_or(|leg| leg.is_connected == Some(false)) {
            return;
        }
        self.lines.close(number, code);
        self.party_left(number);
        if let Some(way) = self.lines.close_way_into_meeting(number) {
            self.party_left(way);
        }
        self.lines.announce(number, code);
    }

    /// The action that runs for a leg ends with it.
    fn party_left(&mut self, number: LegNumber) {
        match self.lines.service.readings.when_leg_leaves {
            WhenLegLeaves::AsFarAsItGot => self.actions.party_left(number, &mut self.lines),
            WhenLegLeaves::Quietly => self.actions.party_left_quietly(number, &mut self.lines),
        }
    }

    /// The first leg ends that was never answered: nothing runs for it any more.
    pub(super) fn abandon_first_leg(&mut self, code: u16) {
        self.actions.abandon(&mut self.lines);
        if let Some(leg) = self.lines.legs.first().map(|leg| leg.number) {
            self.end_leg(leg, code);
        }
    }

    /// The service ends the call by itself, without another word to the function.
    pub(super) fn abandon(&mut self, code: u16) {
        let legs = self.lines.legs.iter().filter(|leg| leg.is_connected != Some(false));
        for leg in legs.map(|leg| leg.number).collect::<Vec<_>>() {
            self.lines.close(leg, code);
        }
        self.actions.abandon(&mut self.lines);
        self.lines.events.clear();
        self.is_over = true;
        self.was_cut_off = true;
    }
}
