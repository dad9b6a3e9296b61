//! StartCallRecording, StopCallRecording, PauseCallRecording, ResumeCallRecording: a leg is recorded while the call goes on.

use serde_json::{Value, json};

use super::{Failure, Parameters, Part, Perform, Performance, Progress, Ready, Reports, Role};
use crate::call::Call;
use crate::leg::Recording;
use crate::trace::Happened;
use crate::transcript::date_of;

const fn role(name: &'static str, perform: Perform) -> Role {
    Role { name, answers: false, reports: Reports::OnlyLast, is_interruptible: false, perform }
}

pub(super) const START: Role = role("StartCallRecording", start);
pub(super) const STOP: Role = role("StopCallRecording", |_, part, call| {
    change(part, call, STOP.name, &[Recording::Runs, Recording::Rests], Recording::Stopped)
});
pub(super) const PAUSE: Role =
    role("PauseCallRecording", |_, part, call| change(part, call, PAUSE.name, &[Recording::Runs], Recording::Rests));
pub(super) const RESUME: Role =
    role("ResumeCallRecording", |_, part, call| change(part, call, RESUME.name, &[Recording::Rests], Recording::Runs));

/// What a wrong leg is called here.
fn wrong_leg() -> Failure {
    Failure::parameter("CallId parameter for action is invalid")
}

/// Once per leg: after a stop it cannot start again (rule 63).
fn start(parameters: &mut Parameters, part: Part, call: &mut Call) -> Ready {
    let track = parameters.text("Track").filter(|track| ["BOTH", "INCOMING", "OUTGOING"].contains(track));
    track.ok_or_else(|| Failure::parameter("Track parameter for action is invalid"))?;
    let destination = parameters.table("Destination");
    let text = |name: &str| destination.and_then(|table| table.get(name)).and_then(Value::as_str);
    let location = text("Location").filter(|location| !location.is_empty() && text("Type") == Some("S3"));
    let location = location.ok_or_else(|| Failure::parameter("Destination parameter for action is invalid"))?;
    // A bucket alone gets the service's own prefix (rule 63).
    let folder = match location.trim_end_matches('/') {
        bucket if !bucket.contains('/') => format!("{bucket}/Amazon-Chime-SMA-Call-Recordings"),
        folder => folder.to_owned(),
    };
    let leg = &mut call.legs[part.leg];
    if leg.recording != Recording::Never {
        return Err(wrong_leg());
    }
    leg.recording = Recording::Runs;
    let id = leg.id.clone();
    let (date, time) = (date_of(call.now_ms()), time_of(call.now_ms()));
    let file = format!("{folder}/{}/{date}-{time}_{}_{id}.wav", date.replace('-', "/"), call.id);
    call.trace.add(call.now, Happened::Does { action: START.name.to_owned(), place: part.place });
    Ok(Box::new(Started(file)))
}

fn change(part: Part, call: &mut Call, name: &str, from: &[Recording], to: Recording) -> Ready {
    let leg = &mut call.legs[part.leg];
    if !from.contains(&leg.recording) {
        return Err(wrong_leg());
    }
    leg.recording = to;
    call.trace.add(call.now, Happened::Does { action: name.to_owned(), place: part.place });
    Ok(Box::new(super::Takes(std::time::Duration::ZERO)))
}

/// A recording that runs from now on, under this name.
#[derive(Debug)]
struct Started(String);

impl Performance for Started {
    fn begin(&mut self, _: &mut Call) -> Progress {
        Progress::done_with("CallRecordingDestination", json!({"Type": "S3", "Location": self.0}))
    }
}

/// `HH-MM-SS-mmm`.
fn time_of(now_ms: u64) -> String {
    let (seconds, ms) = (now_ms / 1000 % 86_400, now_ms % 1000);
    format!("{:02}-{:02}-{:02}-{ms:03}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}
