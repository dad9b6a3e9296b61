//! What the sources leave open, decided: one choice a rule, each of them a switch.

use serde::{Deserialize, Serialize};

/// How open points of the service's rules are read. The default is the choice that
/// `docs/reference/rules.md` names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Readings {
    /// Rule 3: whether a SIP rule may name two applications of one Region.
    pub one_region_twice: bool,
    /// Rule 8: whether Pause as the first action answers an inbound call.
    pub pause_answers: bool,
    /// Rule 11: whether an answer without actions to a new call hangs up at once, instead of after
    /// 30 s.
    pub empty_answer_hangs_up: bool,
    /// Rule 20: whether SpeakAndGetDigits and StartBotConversation send an event of their own in
    /// the middle of a list.
    pub speech_twins_report: bool,
    /// Rule 71: whether InputDigitsRegex is held against the whole input, instead of being looked
    /// for anywhere in it.
    pub regex_is_whole: bool,
    /// Rule 72: whether a terminator alone is an input where no digits are required.
    pub empty_input_succeeds: bool,
    /// Rule 24: whether an empty list of actions stops what is left of the old list.
    pub empty_list_stops: bool,
    /// Rule 25: whether no action in the middle of a list sends an event when it succeeds.
    pub only_last_reports: bool,
    /// Rule 31: whether a failed invocation of a new call goes to the next application without a
    /// second try.
    pub failover_before_retry: bool,
    /// Rule 36: whether an update stops a Speak.
    pub speak_is_interruptible: bool,
    /// Rule 39: whether the meeting leg has `SMA` as its number and the meeting's as the caller,
    /// instead of the other way round.
    pub meeting_leg_swapped: bool,
    /// Rule 42: whether a Hangup of one of two bridged legs sends ACTION_SUCCESSFUL before HANGUP.
    pub bridge_hangup_reports: bool,
    /// Rule 45: how an action ends whose party hangs up.
    pub when_leg_leaves: WhenLegLeaves,
    /// Rule 46: whether codes other than 0, 480 and 486 are taken in a Hangup, with a warning.
    pub other_codes: bool,
    /// Rule 48: whether the second leg stands before the first.
    pub second_leg_first: bool,
    /// Rule 50: whether attributes in an answer are added to the stored ones, instead of replacing
    /// them.
    pub attributes_add: bool,
    /// Rule 52: how many attributes there may be.
    pub attributes: usize,
    /// Rule 52: how many characters the name or the text of an attribute may have.
    pub attribute_chars: usize,
    /// Rule 60: whether SIP headers may be sent to a telephone number, with a warning.
    pub headers_to_pstn: bool,
    /// NEW_INBOUND_CALL: whether its leg has a Status. An example has, logs have not.
    pub new_call_has_status: bool,
    /// DIGITS_RECEIVED: whether actions answered to it stop what runs, as those answered to an
    /// update do.
    pub digits_interrupt: bool,
    /// Rule 74: whether what is answered to HANGUP stops what can be interrupted on the other leg.
    pub leaving_interrupts: bool,
    /// CallAndBridge: whether the ringing of the second leg sends RINGING.
    pub bridge_rings: bool,
}

/// How an action ends when the party it runs for hangs up (rule 45).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum WhenLegLeaves {
    /// A recording and a Speak succeed; all else fails. Then HANGUP.
    AsFarAsItGot,
    /// There is only HANGUP.
    Quietly,
}

impl Default for Readings {
    fn default() -> Self {
        Self {
            one_region_twice: false,
            pause_answers: true,
            empty_answer_hangs_up: false,
            speech_twins_report: true,
            regex_is_whole: false,
            empty_input_succeeds: true,
            empty_list_stops: false,
            only_last_reports: false,
            failover_before_retry: false,
            speak_is_interruptible: true,
            meeting_leg_swapped: false,
            bridge_hangup_reports: true,
            when_leg_leaves: WhenLegLeaves::AsFarAsItGot,
            other_codes: true,
            second_leg_first: false,
            attributes_add: false,
            attributes: 10,
            attribute_chars: 1024,
            headers_to_pstn: true,
            new_call_has_status: false,
            digits_interrupt: true,
            leaving_interrupts: false,
            bridge_rings: false,
        }
    }
}
