//! What somebody may do next in a call, and how it is done.

use std::fmt;
use std::time::Duration;

use moonring_exchange::{NextFault, Tag};
use moonring_sim::{Behavior, BehaviorTrigger, Person, PersonAction, Pickup, PlayedCall};
use serde_json::json;

/// How long after a choice the call is updated.
pub(crate) const UPDATED_AFTER: Duration = Duration::from_secs(3);
/// How long callers stay on a line that rests.
pub(crate) const STAYS: Duration = Duration::from_secs(20);
/// How long somebody talks into a recording.
pub(crate) const TALKS: Duration = Duration::from_secs(3);

/// What happens next.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Choice {
    /// Nobody has anything to choose.
    Nothing,
    /// Somebody presses digits.
    Press {
        /// Whether it is a callee.
        is_callee: bool,
        /// The digits.
        digits: String,
    },
    /// Somebody is asked, and does nothing.
    Silent {
        /// Whether it is a callee.
        is_callee: bool,
    },
    /// The caller hangs up while this action runs.
    HangUp {
        /// The action's type.
        during: String,
    },
    /// The caller hangs up after a while.
    Leave,
    /// The caller talks into a recording.
    Talk {
        /// The digit that ends it, where it is not silence.
        ends_with: Option<char>,
    },
    /// The callee answers, is busy, or lets it ring.
    Callee(CalleeDoes),
    /// The callee hangs up after a while.
    CalleeLeaves,
    /// The first action of this type of the answer fails.
    ActionFails {
        /// Its type.
        action: String,
    },
    /// The call is updated from outside, with these arguments.
    Update {
        /// As `NAME=VALUE`, in their order.
        arguments: Vec<String>,
    },
}

/// What a callee does when the telephone rings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CalleeDoes {
    /// Answers.
    Answers,
    /// Is on the telephone.
    IsBusy,
    /// Lets it ring.
    Ignores,
}

impl CalleeDoes {
    /// The same as the simulator has it.
    pub(crate) fn pickup(self) -> Pickup {
        match self {
            Self::Answers => Pickup::default(),
            Self::IsBusy => Pickup::Busy,
            Self::Ignores => Pickup::Never,
        }
    }

    /// The word of a command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::Answers => "answer",
            Self::IsBusy => "busy",
            Self::Ignores => "ignore",
        }
    }
}

impl Choice {
    /// Whether something goes wrong that is nobody's doing.
    pub(crate) fn is_fault(&self) -> bool {
        matches!(self, Self::ActionFails { .. })
    }

    /// Whether the caller hangs up.
    pub(crate) fn leaves(&self) -> bool {
        matches!(self, Self::HangUp { .. } | Self::Leave)
    }

    /// Does it.
    pub(crate) fn make(&self, call: &mut PlayedCall) {
        let (next, nothing) = (BehaviorTrigger::Next, Duration::ZERO);
        let does = |trigger, after, action| vec![Behavior { trigger, after, action }];
        match self {
            Self::Nothing | Self::Silent { .. } => {}
            Self::Press { is_callee, digits } => {
                let tag = if *is_callee { Tag::B } else { Tag::A };
                call.go_on_with(tag, vec![Behavior::press(digits)]);
            }
            Self::HangUp { during } => {
                let starts = BehaviorTrigger::Starts(during.clone());
                // Before a short prompt is over.
                let soon = Duration::from_millis(200);
                call.go_on_with(Tag::A, does(starts, soon, PersonAction::HangUp));
            }
            Self::Leave => {
                call.go_on_with(Tag::A, does(next, STAYS, PersonAction::HangUp));
            }
            Self::Talk { ends_with } => {
                let starts = BehaviorTrigger::Starts("RecordAudio".to_owned());
                let mut all = does(starts, nothing, PersonAction::Talk(TALKS));
                let end = ends_with.map(|digit| PersonAction::Press(digit.to_string()));
                all.extend(end.map(Behavior::then));
                call.go_on_with(Tag::A, all);
            }
            Self::Callee(does) => call.set_callee(Person::who(does.pickup())),
            Self::CalleeLeaves => {
                call.go_on_with(Tag::B, does(next, STAYS, PersonAction::HangUp));
            }
            Self::ActionFails { action } => {
                let action_type = Some(action.clone());
                let error_type = "SystemException".to_owned();
                call.go_wrong(NextFault::Action { error_type, action_type });
            }
            Self::Update { arguments } => {
                let pairs = arguments.iter().filter_map(|pair| pair.split_once('='));
                let pairs = pairs.map(|(name, value)| (name.to_owned(), json!(value)));
                call.update_at(call.now() + UPDATED_AFTER, pairs.collect());
            }
        }
    }
}

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str(""),
            Self::Press { is_callee: false, digits } => f.write_str(digits),
            Self::Press { is_callee: true, digits } => write!(f, "the callee presses {digits}"),
            Self::Silent { is_callee: false } => f.write_str("silence"),
            Self::Silent { is_callee: true } => f.write_str("the callee does nothing"),
            Self::HangUp { .. } | Self::Leave => f.write_str("hangs up"),
            Self::Talk { ends_with: None } => f.write_str("talks"),
            Self::Talk { ends_with: Some(digit) } => write!(f, "talks, {digit}"),
            Self::Callee(CalleeDoes::Answers) => f.write_str("answered"),
            Self::Callee(CalleeDoes::IsBusy) => f.write_str("busy"),
            Self::Callee(CalleeDoes::Ignores) => f.write_str("no answer"),
            Self::CalleeLeaves => f.write_str("the callee hangs up"),
            Self::ActionFails { action } => write!(f, "{action} fails"),
            Self::Update { .. } => f.write_str("an update"),
        }
    }
}
