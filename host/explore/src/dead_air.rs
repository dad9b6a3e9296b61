//! Dead air: a caller who hears nothing for so long that they hang up.

use std::time::Duration;

use moonring_flow::Place;
use serde_json::Value;

use crate::finding::DEAD_AIR;
use crate::judge::Fault;
use crate::path::{AskedEvent, Path};

/// So long a silence is taken for a line that has failed.
const LONGEST: Duration = Duration::from_secs(20);

/// Actions that callers do not hear.
const SILENT: [&str; 7] = [
    "VoiceFocus",
    "ReceiveDigits",
    "StartCallRecording",
    "StopCallRecording",
    "PauseCallRecording",
    "ResumeCallRecording",
    "ModifyChimeMeetingAttendees",
];

/// A silence, as long as it has lasted.
#[derive(Debug, Default)]
struct Silence {
    lasts: Duration,
    /// The line that began it.
    place: Option<Place>,
}

/// The first silence of a call that is too long.
pub(crate) fn of(path: &Path) -> Option<Fault> {
    let mut silence = Silence::default();
    for (number, asked) in path.asked.iter().enumerate() {
        let next = path.asked.get(number + 1).map(|next| next.now_ms);
        let most = next.map(|next| Duration::from_millis(next.saturating_sub(asked.now_ms)));
        silence.go_on(asked, most.unwrap_or(Duration::MAX));
        if silence.lasts >= LONGEST {
            let message = format!(
                "the caller hears nothing for {} s; say something, or play music",
                silence.lasts.as_secs()
            );
            return Some(Fault::new(&DEAD_AIR, silence.place, message));
        }
    }
    None
}

impl Silence {
    /// What an answer does to it until the next event, which comes after so long at most.
    fn go_on(&mut self, asked: &AskedEvent, most: Duration) {
        if is_callee_there(&asked.event) {
            *self = Self::default();
            return;
        }
        let actions = asked.answer.get("Actions").and_then(Value::as_array);
        for action in actions.into_iter().flatten() {
            let pause = action.pointer("/Parameters/DurationInMilliseconds").and_then(millis);
            match pause.filter(|_| action["Type"] == "Pause") {
                Some(pause) => {
                    if self.lasts.is_zero() {
                        self.place.clone_from(&asked.place);
                    }
                    self.lasts = self.lasts.saturating_add(pause.min(most));
                }
                None if is_silent(action) => {}
                None => *self = Self::default(),
            }
        }
    }
}

/// Whether an action is not heard.
fn is_silent(action: &Value) -> bool {
    action["Type"].as_str().is_some_and(|kind| SILENT.contains(&kind))
}

/// A number of milliseconds, which may come as a text.
fn millis(value: &Value) -> Option<Duration> {
    let number = value.as_u64().or_else(|| value.as_str()?.parse().ok());
    number.map(Duration::from_millis)
}

fn is_callee_there(event: &Value) -> bool {
    let participants = event.pointer("/CallDetails/Participants").and_then(Value::as_array);
    participants.into_iter().flatten().any(|participant| {
        participant["ParticipantTag"] == "LEG-B" && participant["Status"] == "Connected"
    })
}
