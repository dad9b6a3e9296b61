//! An action while it runs: what it does when it begins, when what it ordered ends, at digits.

use serde_json::{Map, Value};

use super::call_and_bridge::Bridging;
use super::call_recording::Changing;
use super::collect::Collecting;
use super::failure::Failure;
use super::hangup::HangingUp;
use super::join_chime_meeting::Joining;
use super::modify_chime_meeting_attendees::Modifying;
use super::pause::Pausing;
use super::play_audio::Playing;
use super::receive_digits::Listening;
use super::record_audio::Recording;
use super::send_digits::Sending;
use super::speak::Speaking;
use super::stage::Stage;
use super::start_bot_conversation::Conversation;
use super::start_call_recording::Starting;
use super::voice_focus::Focusing;
use crate::input::Intent;
use crate::leg::LegNumber;
use crate::prompt::AudioFile;
use crate::ticket::Ticket;

/// An action while it runs.
pub(crate) trait RunningAction {
    /// It begins.
    fn begin(&mut self, stage: &mut Stage<'_>) -> Progress;

    /// What it ordered has ended by itself.
    fn ended(&mut self, _: &mut Stage<'_>, _: Ticket) -> Progress {
        Progress::done()
    }

    /// A bot has heard out its party.
    fn understood(&mut self, _: &mut Stage<'_>, _: Option<Intent>) -> Progress {
        Progress::Waits
    }

    /// The audio file that it plays now.
    fn plays(&self) -> Option<&AudioFile> {
        None
    }

    /// Whether it waits for digits of its leg.
    fn asks(&self) -> bool {
        false
    }

    /// Whether this digit of its leg is for it.
    fn takes(&self, _: char) -> bool {
        self.asks()
    }

    /// A digit of its leg.
    fn digit(&mut self, _: &mut Stage<'_>, _: char) -> Progress {
        Progress::Waits
    }

    /// Whoever it calls picks up.
    fn picked_up(&mut self, _: &mut Stage<'_>, _: LegNumber) -> Progress {
        Progress::Waits
    }

    /// Whoever it calls does not, and will not.
    fn not_picked_up(&mut self, _: &mut Stage<'_>) -> Progress {
        Progress::Waits
    }

    /// Its party has hung up.
    fn left(&mut self, _: &mut Stage<'_>) -> Progress {
        Progress::Failed(Failure::system())
    }
}

/// How far an action has come.
#[derive(Debug)]
pub(crate) enum Progress {
    /// It goes on, until something ends that it ordered, or a digit is pressed.
    Waits,
    /// The same, and digits are asked for anew.
    Asks,
    /// It succeeded; these fields are added to its event.
    Done(Map<String, Value>),
    /// It succeeded, and its leg ended with this code, which has an event of its own.
    HungUp(u16),
    /// It failed.
    Failed(Failure),
    /// It is over and has nothing to say.
    Gone,
    /// The same, and nothing that stands behind it is done any more.
    GoneWithList,
}

impl Progress {
    pub(super) fn done() -> Self {
        Self::Done(Map::new())
    }

    pub(super) fn done_with(field: &str, value: Value) -> Self {
        Self::Done(Map::from_iter([(field.to_owned(), value)]))
    }
}

macro_rules! performances {
    ($($name:ident),* $(,)?) => {
        /// Every kind of action that runs. What runs is data: no closures, no trait objects.
        #[derive(Debug, Clone)]
        pub(crate) enum Performance {
            $($name($name)),*
        }

        impl Performance {
            pub(crate) fn action(&self) -> &dyn RunningAction {
                match self {
                    $(Self::$name(action) => action),*
                }
            }

            pub(crate) fn action_mut(&mut self) -> &mut dyn RunningAction {
                match self {
                    $(Self::$name(action) => action),*
                }
            }
        }
    };
}

performances!(
    Bridging,
    Changing,
    Collecting,
    Conversation,
    Focusing,
    HangingUp,
    Joining,
    Listening,
    Modifying,
    Pausing,
    Playing,
    Recording,
    Sending,
    Speaking,
    Starting,
);
