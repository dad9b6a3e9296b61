//! Actions, one file each: what the service checks, how long it takes, how it ends.

mod call_and_bridge;
mod call_recording;
mod collect;
mod hangup;
mod join_chime_meeting;
mod modify_chime_meeting_attendees;
mod parameters;
mod pause;
mod pause_call_recording;
mod play_audio;
mod play_audio_and_get_digits;
mod prompt;
mod receive_digits;
mod record_audio;
mod resume_call_recording;
mod send_digits;
mod speak;
mod speak_and_get_digits;
mod start_bot_conversation;
mod start_call_recording;
mod stop_call_recording;
mod voice_focus;

use std::fmt::Debug;
use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::Readings;
use crate::call::Call;
use parameters::Parameters;
pub use parameters::is_phone_number;

/// What the service says when something inside it breaks.
const SYSTEM: &str = "System error while running action.";

/// An action while it runs.
pub(crate) trait RunningAction: Debug {
    /// It begins.
    fn begin(&mut self, call: &mut Call) -> Progress;

    /// The time it asked for has come.
    fn due(&mut self, _: &mut Call) -> Progress {
        Progress::Done(Map::new())
    }

    /// Whether it waits for keys of its leg.
    fn asks(&self) -> bool {
        false
    }

    /// Whether this key of its leg is for it.
    fn takes(&self, _: char) -> bool {
        self.asks()
    }

    /// A key of its leg.
    fn key(&mut self, _: &mut Call, _: char) -> Progress {
        Progress::Waits
    }

    /// Somebody on its leg talks.
    fn voice(&mut self, _: &mut Call, _: Option<String>) -> Progress {
        Progress::Waits
    }

    /// Whoever it calls picks up, or does not.
    fn picked_up(&mut self, _: &mut Call, _: usize) -> Progress {
        Progress::Waits
    }

    /// Its party has hung up.
    fn left(&mut self, _: &mut Call) -> Progress {
        Progress::Failed(Failure::system())
    }
}

/// How far an action has come.
#[derive(Debug)]
pub(crate) enum Progress {
    /// It goes on, as it did.
    Waits,
    /// It goes on, and something is due at this moment.
    Until(Duration),
    /// The same, and keys are asked for anew.
    Asks(Duration),
    /// It succeeded; these fields are added to its event.
    Done(Map<String, Value>),
    /// It succeeded, and its leg ended with this code, which has an event of its own.
    HungUp(u16),
    /// It failed.
    Failed(Failure),
    /// It is over and has nothing to say.
    Gone,
}

impl Progress {
    fn done() -> Self {
        Self::Done(Map::new())
    }

    fn done_with(field: &str, value: Value) -> Self {
        Self::Done(Map::from_iter([(field.to_owned(), value)]))
    }
}

/// Why an action failed, as its event says it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Failure {
    error_type: String,
    message: String,
    /// Two actions say it in one field besides.
    error: Option<String>,
    /// ModifyChimeMeetingAttendees adds a list.
    list: Option<Vec<Value>>,
}

impl Failure {
    pub(crate) fn new(error_type: impl Into<String>, message: impl Into<String>) -> Self {
        Self { error_type: error_type.into(), message: message.into(), error: None, list: None }
    }

    /// The fields that two kinds of actions add to theirs.
    pub(crate) fn for_action(mut self, action: &str) -> Self {
        match action {
            "ModifyChimeMeetingAttendees" => drop(self.list.get_or_insert_default()),
            "JoinChimeMeeting" | "StartCallRecording" => {
                let error = format!("{}: {}", self.error_type, self.message);
                self.error.get_or_insert(error);
            }
            _ => {}
        }
        self
    }

    /// A leg that is not there, in the words of this action.
    pub(crate) fn leg_of(action: &str) -> Self {
        match action {
            _ if action.ends_with("CallRecording") => {
                Self::parameter("CallId parameter for action is invalid")
            }
            "ModifyChimeMeetingAttendees" => Self::parameter("Invalid action on the call."),
            _ => Self::leg(),
        }
    }

    /// A parameter that is not what it should be.
    fn parameter(message: impl Into<String>) -> Self {
        Self::new("InvalidActionParameter", message)
    }

    /// A parameter of this name.
    fn value_of(name: &str) -> Self {
        Self::parameter(format!("{name} parameter value is invalid."))
    }

    /// A leg that is not there.
    pub(crate) fn leg() -> Self {
        Self::parameter("CallId or ParticipantTag parameter for action is invalid.")
    }

    fn system() -> Self {
        Self::new("SystemException", SYSTEM)
    }

    pub(crate) fn into_fields(self) -> Map<String, Value> {
        let mut fields = Map::new();
        fields.insert("ErrorType".to_owned(), json!(self.error_type));
        fields.insert("ErrorMessage".to_owned(), json!(self.message));
        fields.extend(self.error.map(|error| ("Error".to_owned(), json!(error))));
        fields.extend(self.list.map(|list| ("ErrorList".to_owned(), Value::Array(list))));
        fields
    }
}

/// For whom an action runs, and who asked for it.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    pub(crate) leg: usize,
    /// The line of the script.
    pub(crate) place: Option<String>,
}

/// An action that is ready to run, or why it cannot.
type Ready = Result<Box<dyn RunningAction>, Failure>;

/// Checks an action's parameters, fills in defaults, and has it ready.
type Perform = fn(&mut Parameters, Part, &mut Call) -> Ready;

/// What there is to know of an action's type.
struct ActionSpec {
    name: &'static str,
    /// Whether it answers a new inbound call as its first action (rule 8). A bridge and a refusal
    /// see to that themselves.
    answers: bool,
    /// Whether its success sends an event in the middle of a list (rules 19 and 20).
    reports: Reports,
    /// Whether an update stops it (rule 36).
    is_interruptible: bool,
    perform: Perform,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reports {
    Always,
    /// The sources leave it open.
    AsTwin,
    OnlyLast,
}

/// Every action, by its name.
const ROLES: &[ActionSpec] = &[
    call_and_bridge::ROLE,
    hangup::ROLE,
    join_chime_meeting::ROLE,
    modify_chime_meeting_attendees::ROLE,
    pause::ROLE,
    play_audio::ROLE,
    play_audio_and_get_digits::ROLE,
    receive_digits::ROLE,
    record_audio::ROLE,
    send_digits::ROLE,
    speak::ROLE,
    speak_and_get_digits::ROLE,
    start_bot_conversation::ROLE,
    start_call_recording::ROLE,
    stop_call_recording::ROLE,
    pause_call_recording::ROLE,
    resume_call_recording::ROLE,
    voice_focus::ROLE,
];

fn role(name: &str) -> Option<&'static ActionSpec> {
    ROLES.iter().find(|role| role.name == name)
}

/// Whether the service knows an action of this name.
pub fn is_action(name: &str) -> bool {
    role(name).is_some()
}

/// Whether the guide requires the leg of an action, and published handlers leave it out.
pub(crate) fn wants_leg(name: &str) -> bool {
    matches!(name, "Speak" | "SpeakAndGetDigits" | "VoiceFocus" | "SendDigits")
}

/// Whether it answers a new inbound call as its first action (rule 8).
pub(crate) fn answers(name: &str, readings: &Readings) -> bool {
    role(name).is_some_and(|role| role.answers) && (name != "Pause" || readings.pause_answers)
}

/// Whether its success sends an event in the middle of a list (rules 19 and 20).
pub(crate) fn reports(name: &str, readings: &Readings) -> bool {
    role(name).is_some_and(|role| match role.reports {
        Reports::Always => true,
        Reports::AsTwin => readings.speech_twins_report,
        Reports::OnlyLast => false,
    })
}

/// Whether an update stops it (rule 36).
pub(crate) fn is_interruptible(name: &str, readings: &Readings) -> bool {
    role(name).is_some_and(|role| role.is_interruptible)
        && (name != "Speak" || readings.speak_is_interruptible)
}

/// Checks an action's parameters, fills in defaults, and has it ready.
pub(crate) fn perform(
    name: &str,
    parameters: &mut Map<String, Value>,
    part: Part,
    call: &mut Call,
) -> Ready {
    let role = role(name).ok_or_else(Failure::system)?;
    let mut read = Parameters(std::mem::take(parameters));
    let ready = (role.perform)(&mut read, part, call);
    *parameters = read.0;
    ready
}

/// An action that takes some time, and is done.
#[derive(Debug)]
struct Takes(Duration);

impl RunningAction for Takes {
    fn begin(&mut self, call: &mut Call) -> Progress {
        Progress::Until(call.now() + self.0)
    }
}
