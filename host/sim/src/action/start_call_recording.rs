//! StartCallRecording: a leg is recorded from now on, once in a call.

use serde_json::{Value, json};

use super::call_recording::{role, wrong_leg};
use super::{ActionSpec, Failure, Parameters, Part, Progress, Ready, RunningAction};
use crate::call::Call;
use crate::leg::Recording;
use crate::trace::Happened;
use crate::transcript::date_of;

pub(super) const ROLE: ActionSpec = role("StartCallRecording", start);

/// Once per leg: after a stop it cannot start again (rule 63).
fn start(parameters: &mut Parameters, part: Part, call: &mut Call) -> Ready {
    let track =
        parameters.text("Track").filter(|track| ["BOTH", "INCOMING", "OUTGOING"].contains(track));
    track.ok_or_else(|| Failure::parameter("Track parameter for action is invalid"))?;
    let destination = parameters.table("Destination");
    let text = |name: &str| destination.and_then(|table| table.get(name)).and_then(Value::as_str);
    let location =
        text("Location").filter(|location| !location.is_empty() && text("Type") == Some("S3"));
    let location = location
        .ok_or_else(|| Failure::parameter("Destination parameter for action is invalid"))?;
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
    let channels = if parameters.text("Track") == Some("BOTH") { 2 } else { 1 };
    call.legs[part.leg].recorded = Some((file.clone(), call.now, channels));
    call.trace.add(call.now, Happened::Does { action: ROLE.name.to_owned(), place: part.place });
    Ok(Box::new(Started(file)))
}

/// A recording that runs from now on, under this name.
#[derive(Debug)]
struct Started(String);

impl RunningAction for Started {
    fn begin(&mut self, _: &mut Call) -> Progress {
        Progress::done_with("CallRecordingDestination", json!({"Type": "S3", "Location": self.0}))
    }
}

/// `HH-MM-SS-mmm`.
fn time_of(now_ms: u64) -> String {
    let (seconds, ms) = (now_ms / 1000 % 86_400, now_ms % 1000);
    format!("{:02}-{:02}-{:02}-{ms:03}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}
