//! Recordings: of a message, and of the call.

use mlua::Value as LuaValue;
use moonring_flow::{PendingStep, StepKind};
use moonring_wire::Action;
use moonring_wire::action::{
    CallRecordingDestination, PauseCallRecording, RecordAudio, RecordingDestination, ResumeCallRecording,
    StartCallRecording, StopCallRecording, StorageType, TextOrNumber,
};

use super::super::options::{OnLeg, Record, StartRecording, keys, read};
use super::Site;
use crate::convert::Unsayable;

impl Site<'_> {
    pub(super) fn record(&self, record: &Record) -> Result<PendingStep, Unsayable> {
        let bucket_name = record.bucket.as_ref().or(self.buckets.recordings.as_ref()).cloned().ok_or_else(|| {
            let text = "call:record: `bucket` is missing, and there is no default; set MOONRING_RECORDING_BUCKET";
            Unsayable::Refused(text.to_owned())
        })?;
        let prefix = record.prefix.clone();
        let recording_destination = RecordingDestination { destination_type: StorageType::S3, bucket_name, prefix };
        let action = Action::from_typed(&RecordAudio {
            call_id: self.leg(record.leg.as_ref()),
            participant_tag: None,
            duration_in_seconds: record.max.map(|seconds| TextOrNumber::Number(seconds.into())),
            silence_duration_in_seconds: record.silence,
            silence_threshold: record.threshold,
            recording_terminators: keys("call:record", "terminators", record.terminators.as_deref().unwrap_or("#"))?,
            recording_destination,
        });
        Ok(PendingStep::new(StepKind::Record, vec![action]))
    }

    /// `start_recording`, and what is done to that recording later.
    pub(super) fn call_recording(&self, name: &str, options: &LuaValue) -> Result<Action, Unsayable> {
        let what = format!("call:{name}");
        if name == "start_recording" {
            let start: StartRecording = read(&what, options, &self.schemas.start_recording, self.list_mark)?;
            let bucket = start.bucket.as_ref().or(self.buckets.recordings.as_ref()).ok_or_else(|| {
                let text = "`bucket` is missing, and there is no default; set MOONRING_RECORDING_BUCKET";
                Unsayable::Refused(format!("{what}: {text}"))
            })?;
            let location = match start.prefix.as_deref().map(|prefix| prefix.trim_matches('/')) {
                None | Some("") => bucket.clone(),
                Some(prefix) => format!("{bucket}/{prefix}"),
            };
            return Ok(Action::from_typed(&StartCallRecording {
                call_id: self.leg(start.leg.as_ref()),
                participant_tag: None,
                track: start.track.unwrap_or_default().into(),
                destination: CallRecordingDestination { destination_type: StorageType::S3, location },
            }));
        }
        let OnLeg { leg } = read(&what, options, &self.schemas.on_leg, self.list_mark)?;
        let call_id = self.leg(leg.as_ref());
        Ok(match name {
            "pause_recording" => Action::from_typed(&PauseCallRecording { call_id }),
            "resume_recording" => Action::from_typed(&ResumeCallRecording { call_id }),
            _ => Action::from_typed(&StopCallRecording { call_id }),
        })
    }
}
