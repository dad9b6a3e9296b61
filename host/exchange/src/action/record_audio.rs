//! RecordAudio: what a party says goes to S3, until a digit, a time limit or silence.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::stage::PartyRecording;
use super::{ActionSpec, Failure, Parameters, Performance, Progress, Ready, Reports};
use super::{RunningAction, Stage};
use crate::date::date_of;
use crate::ticket::Ticket;

pub(super) const SPEC: ActionSpec = ActionSpec {
    name: "RecordAudio",
    answers: true,
    reports: Reports::Always,
    is_interruptible: true,
    prepare,
};

/// The longest prefix (rule 62).
const PREFIX: usize = 979;

fn prepare(parameters: &mut Parameters, stage: &mut Stage<'_>) -> Ready {
    let seconds = |name: &str, max| {
        let number = parameters.number(name, 1, max).map_err(|()| Failure::value_of(name))?;
        Ok::<_, Failure>(number.map(Duration::from_secs))
    };
    // The guide names no most: a day is the simulator's own.
    let longest = seconds("DurationInSeconds", 86_400)?;
    let silence = seconds("SilenceDurationInSeconds", 1000)?;
    seconds("SilenceThreshold", 1000)?;
    let stops_on = parameters
        .digits("RecordingTerminators")
        .map_err(|()| Failure::value_of("RecordingTerminators"))?;
    let destination = parameters.table("RecordingDestination");
    let text = |name: &str| destination.and_then(|table| table.get(name)).and_then(Value::as_str);
    let bucket =
        text("BucketName").filter(|bucket| !bucket.is_empty() && text("Type") == Some("S3"));
    let bucket = bucket.ok_or_else(|| Failure::value_of("RecordingDestination"))?.to_owned();
    let prefix = text("Prefix").unwrap_or_default().trim_end_matches('/').to_owned();
    if prefix.chars().count() > PREFIX {
        return Err(Failure::value_of("RecordingDestination"));
    }
    let stops_on = stops_on.ok_or_else(|| Failure::value_of("RecordingTerminators"))?;
    // Named when it begins: whoever records must know where to.
    let day = date_of(stage.now_ms()).replace('-', "/");
    let name = format!("{day}/{}-{}.wav", stage.leg_id(), stage.count_recording());
    let key = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
    let began = stage.now();
    Ok(Performance::Recording(Recording { longest, silence, stops_on, bucket, key, began }))
}

#[derive(Debug, Clone)]
pub(crate) struct Recording {
    longest: Option<Duration>,
    silence: Option<Duration>,
    stops_on: Vec<char>,
    bucket: String,
    key: String,
    began: Duration,
}

impl Recording {
    fn finish(&self, stage: &mut Stage<'_>, terminator: Option<char>) -> Progress {
        let file = format!("{}/{}", self.bucket, self.key);
        stage.note_recording(file, stage.now().saturating_sub(self.began));
        let destination = json!({"Type": "S3", "BucketName": self.bucket, "Key": self.key});
        let mut extra = Map::from_iter([("RecordingDestination".to_owned(), destination)]);
        extra.extend(
            terminator
                .map(|digit| ("RecordingTerminatorUsed".to_owned(), json!(digit.to_string()))),
        );
        Progress::Done(extra)
    }
}

impl RunningAction for Recording {
    fn begin(&mut self, stage: &mut Stage<'_>) -> Progress {
        stage.note_done(SPEC.name);
        let file = format!("{}/{}", self.bucket, self.key);
        stage.record(PartyRecording { file, longest: self.longest, silence: self.silence });
        Progress::Waits
    }

    fn ended(&mut self, stage: &mut Stage<'_>, _: Ticket) -> Progress {
        self.finish(stage, None)
    }

    fn asks(&self) -> bool {
        !self.stops_on.is_empty()
    }

    fn takes(&self, digit: char) -> bool {
        self.stops_on.contains(&digit)
    }

    fn digit(&mut self, stage: &mut Stage<'_>, digit: char) -> Progress {
        self.finish(stage, Some(digit))
    }

    // What was said until then is a recording all the same.
    fn left(&mut self, stage: &mut Stage<'_>) -> Progress {
        self.finish(stage, None)
    }
}
