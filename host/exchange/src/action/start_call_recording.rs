//! StartCallRecording: a leg is recorded from now on, once in a call.

use serde_json::{Value, json};

use super::call_recording::spec;
use super::{ActionSpec, Failure, Parameters, Performance, Progress, Ready, RunningAction, Stage};
use crate::date::{date_of, time_of};
use crate::leg::Recording;

pub(super) const SPEC: ActionSpec = spec("StartCallRecording", start);

/// Once per leg: after a stop it cannot start again (rule 63).
fn start(parameters: &mut Parameters, stage: &mut Stage<'_>) -> Ready {
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
    if !stage.leg().is_some_and(|leg| leg.recording == Recording::Never) {
        return Err(Failure::leg_of(SPEC.name));
    }
    let (date, time) = (date_of(stage.now_ms()), time_of(stage.now_ms()));
    let (call, leg) = (stage.call_id(), stage.leg_id());
    let file = format!("{folder}/{}/{date}-{time}_{call}_{leg}.wav", date.replace('-', "/"));
    let channels = if parameters.text("Track") == Some("BOTH") { 2 } else { 1 };
    Ok(Performance::Starting(Starting { file, channels }))
}

/// A recording that runs from now on, under this name.
#[derive(Debug, Clone)]
pub(crate) struct Starting {
    file: String,
    channels: u16,
}

impl RunningAction for Starting {
    fn begin(&mut self, stage: &mut Stage<'_>) -> Progress {
        stage.record_leg(self.file.clone(), self.channels);
        stage.note_done(SPEC.name);
        let destination = json!({"Type": "S3", "Location": self.file});
        Progress::done_with("CallRecordingDestination", destination)
    }
}
