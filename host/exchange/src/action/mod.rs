//! Actions, one file each: what the service checks, what it orders, how it ends.

mod call_and_bridge;
mod call_recording;
mod collect;
mod failure;
mod hangup;
mod join_chime_meeting;
mod modify_chime_meeting_attendees;
mod parameters;
mod pause;
mod pause_call_recording;
mod performance;
mod play_audio;
mod play_audio_and_get_digits;
mod receive_digits;
mod record_audio;
mod resume_call_recording;
mod send_digits;
mod speak;
mod speak_and_get_digits;
mod speech;
mod stage;
mod start_bot_conversation;
mod start_call_recording;
mod stop_call_recording;
mod voice_focus;

use serde_json::{Map, Value};

use crate::readings::Readings;
pub(crate) use failure::Failure;
use parameters::Parameters;
pub use parameters::is_phone_number;
pub(crate) use performance::{Performance, Progress, RunningAction};
pub(crate) use speech::failure_of;
pub(crate) use stage::{Party, Stage};

/// An action that is ready to run, or why it cannot.
type Ready = Result<Performance, Failure>;

/// Checks an action's parameters, fills in defaults, and has it ready.
type Prepare = fn(&mut Parameters, &mut Stage<'_>) -> Ready;

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
    prepare: Prepare,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reports {
    Always,
    /// The sources leave it open.
    AsTwin,
    OnlyLast,
}

/// Every action, by its name.
const SPECS: &[ActionSpec] = &[
    call_and_bridge::SPEC,
    hangup::SPEC,
    join_chime_meeting::SPEC,
    modify_chime_meeting_attendees::SPEC,
    pause::SPEC,
    play_audio::SPEC,
    play_audio_and_get_digits::SPEC,
    receive_digits::SPEC,
    record_audio::SPEC,
    send_digits::SPEC,
    speak::SPEC,
    speak_and_get_digits::SPEC,
    start_bot_conversation::SPEC,
    start_call_recording::SPEC,
    stop_call_recording::SPEC,
    pause_call_recording::SPEC,
    resume_call_recording::SPEC,
    voice_focus::SPEC,
];

fn spec(name: &str) -> Option<&'static ActionSpec> {
    SPECS.iter().find(|spec| spec.name == name)
}

/// Whether the service knows an action of this name.
pub fn is_action(name: &str) -> bool {
    spec(name).is_some()
}

/// The names of all actions.
pub fn action_names() -> impl Iterator<Item = &'static str> {
    SPECS.iter().map(|spec| spec.name)
}

/// Whether the guide requires the leg of an action, and published handlers leave it out.
pub(crate) fn wants_leg(name: &str) -> bool {
    matches!(name, "Speak" | "SpeakAndGetDigits" | "VoiceFocus" | "SendDigits")
}

/// Whether it answers a new inbound call as its first action (rule 8).
pub(crate) fn answers(name: &str, readings: &Readings) -> bool {
    spec(name).is_some_and(|spec| spec.answers) && (name != "Pause" || readings.pause_answers)
}

/// Whether its success sends an event in the middle of a list (rules 19 and 20).
pub(crate) fn reports(name: &str, readings: &Readings) -> bool {
    spec(name).is_some_and(|spec| match spec.reports {
        Reports::Always => true,
        Reports::AsTwin => readings.speech_twins_report,
        Reports::OnlyLast => false,
    })
}

/// Whether an update stops it (rule 36).
pub(crate) fn is_interruptible(name: &str, readings: &Readings) -> bool {
    spec(name).is_some_and(|spec| spec.is_interruptible)
        && (name != "Speak" || readings.speak_is_interruptible)
}

/// Checks an action's parameters, fills in defaults, and has it ready.
pub(crate) fn prepare(
    name: &str,
    parameters: &mut Map<String, Value>,
    stage: &mut Stage<'_>,
) -> Ready {
    let spec = spec(name).ok_or_else(Failure::system)?;
    let mut read = Parameters(std::mem::take(parameters));
    let ready = (spec.prepare)(&mut read, stage);
    *parameters = read.0;
    ready
}
