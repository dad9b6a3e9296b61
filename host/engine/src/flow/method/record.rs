//! `call:record`: a message of the caller.

use mlua::Value as LuaValue;
use moonring_flow::{PendingStep, StepKind, StepResult};
use moonring_wire::action::{RecordAudio, RecordingDestination, StorageType, TextOrNumber};
use moonring_wire::{Action, Event, Json};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{BuildContext, Method, MethodDoc, Sends, keys};
use crate::convert::Unsayable;
use crate::schema::json_schema_of;

/// Its letter in journals.
const KIND: StepKind = StepKind::new('r');

pub(super) const METHOD: Method = Method {
    name: "record",
    label: "call:record",
    sends: Sends::Waiting { kind: KIND, build: step },
    schema: Some(json_schema_of::<Record>),
};

pub(super) const DOC: MethodDoc = MethodDoc {
    summary: "Records one leg to S3, such as a voicemail message. The service plays no tone: play one before it.",
    arguments: &[],
    returns: "`{ bucket, key, terminator }`; `terminator` is the digit that ended it, or nil. `call:play` takes this table as it is. The recording of a caller who hangs up is returned too",
    errors: "`left` when the leg ended and there is no recording. Or a common type",
    ends_on: Some("a terminator, silence, the longest time, or the end of the leg"),
    example: r#"return function(call)
  call:say("Please leave a message, and press pound.")
  local message, err = call:record { bucket = "acme-recordings", max = 60, silence = 5 }
  if message then
    call:say("You said:")
    call:play(message)
  else
    call:say(`We have no message: {err.type}.`)
  end
end"#,
};

/// `call:record`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
pub(crate) struct Record {
    /// The longest recording. In seconds. Default: no limit is sent.
    #[schemars(range(min = 1))]
    pub(crate) max: Option<u32>,
    /// How much silence ends the recording. In seconds. Default: silence does not end it.
    #[schemars(range(min = 1, max = 1000))]
    pub(crate) silence: Option<u32>,
    /// What counts as silence: 1 is about 30 dB, 100 about 40 to 50, 200 about 60, 1,000 about 75.
    /// Default: the service's: 200.
    #[schemars(range(min = 1, max = 1000))]
    pub(crate) threshold: Option<u32>,
    /// The digits that end the recording; `""` for none. Default: `"#"`.
    pub(crate) terminators: Option<String>,
    /// The S3 bucket. Default: `MOONRING_RECORDING_BUCKET`; without it the method raises.
    #[schemars(length(min = 1), extend("x-data" = true))]
    pub(crate) bucket: Option<String>,
    /// What the S3 key begins with. Default: the root of the bucket.
    #[schemars(length(max = 979), extend("x-form" = "s3_key", "x-data" = true))]
    pub(crate) prefix: Option<String>,
    /// The leg that is recorded. Default: the first leg.
    #[schemars(extend("x-form" = "leg"))]
    pub(crate) leg: Option<String>,
}

fn step(cx: &BuildContext<'_>, options: &LuaValue) -> Result<PendingStep, Unsayable> {
    let record: Record = cx.read(&METHOD, options)?;
    let bucket_name = record.bucket.as_ref().or(cx.buckets.recordings.as_ref()).cloned().ok_or_else(|| {
        let text = "call:record: `bucket` is missing, and there is no default; set MOONRING_RECORDING_BUCKET";
        Unsayable::Refused(text.to_owned())
    })?;
    let prefix = record.prefix.clone();
    let recording_destination =
        RecordingDestination { destination_type: StorageType::S3, bucket_name, prefix };
    let action = Action::from_typed(&RecordAudio {
        call_id: cx.leg(record.leg.as_ref()),
        participant_tag: None,
        duration_in_seconds: record.max.map(|seconds| TextOrNumber::Number(seconds.into())),
        silence_duration_in_seconds: record.silence,
        silence_threshold: record.threshold,
        recording_terminators: keys(
            "call:record",
            "terminators",
            record.terminators.as_deref().unwrap_or("#"),
        )?,
        recording_destination,
    });
    Ok(PendingStep::new(KIND, vec![action]).giving(recording))
}

/// Where the message lies, and the digit that ended it.
fn recording(event: &Event) -> StepResult {
    let data = |name: &str| {
        event.action_data().and_then(|data| data.get(name)).or(event.document().get(name))
    };
    let text = |value: Option<&Json>| value.and_then(Json::as_str).unwrap_or_default().to_owned();
    let place = data("RecordingDestination").and_then(Json::as_object);
    let of = |name: &str| text(place.and_then(|place| place.get(name)));
    let (bucket, key) = (of("BucketName"), of("Key"));
    StepResult::Recording { bucket, key, terminator: text(data("RecordingTerminatorUsed")) }
}
