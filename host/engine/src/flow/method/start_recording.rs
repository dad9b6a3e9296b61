//! `call:start_recording`: records a leg for the rest of the call.

use mlua::Value as LuaValue;
use moonring_wire::Action;
use moonring_wire::action::{
    CallRecordingDestination, RecordingTrack, StartCallRecording, StorageType,
};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{BuildContext, Method, MethodDoc, Sends};
use crate::convert::Unsayable;
use crate::schema::json_schema_of;

pub(super) const METHOD: Method = Method {
    name: "start_recording",
    label: "call:start_recording",
    sends: Sends::QueuedRecording { build: actions, becomes: "on" },
    schema: Some(json_schema_of::<StartRecording>),
};

pub(super) const DOC: MethodDoc = MethodDoc {
    summary: "Records a leg for the rest of the call. The recording is in the bucket after the call. The service records each leg of a call once.",
    arguments: &[],
    returns: "nothing",
    errors: "none; an action that fails is logged and left out",
    ends_on: None,
    example: r#"return function(call)
  call:start_recording { bucket = "acme-recordings", prefix = "calls", track = "incoming" }
  call:say("This call is recorded.")
  local digits = call:ask { say = "Please enter your order number.", max = 6 }
  call:say(if digits then "Thank you." else "Goodbye.")
end"#,
};

/// `call:start_recording`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
pub(crate) struct StartRecording {
    /// The S3 bucket. Default: `MOONRING_RECORDING_BUCKET`; without it the method raises.
    #[schemars(length(min = 1), extend("x-data" = true))]
    pub(crate) bucket: Option<String>,
    /// What the S3 key begins with. Default: a prefix of the service's own.
    #[schemars(length(max = 900), extend("x-form" = "s3_key", "x-data" = true))]
    pub(crate) prefix: Option<String>,
    /// What is recorded. Default: `"both"`.
    pub(crate) track: Option<Track>,
    /// The leg that is recorded. Default: the first leg.
    #[schemars(extend("x-form" = "leg"))]
    pub(crate) leg: Option<String>,
}

/// Which party is recorded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Track {
    #[default]
    Both,
    Incoming,
    Outgoing,
}

impl From<Track> for RecordingTrack {
    fn from(track: Track) -> Self {
        match track {
            Track::Both => Self::Both,
            Track::Incoming => Self::Incoming,
            Track::Outgoing => Self::Outgoing,
        }
    }
}

fn actions(cx: &BuildContext<'_>, options: &LuaValue) -> Result<Vec<Action>, Unsayable> {
    let start: StartRecording = cx.read(&METHOD, options)?;
    let what = METHOD.label;
    let bucket = start.bucket.as_ref().or(cx.buckets.recordings.as_ref()).ok_or_else(|| {
        let text = "`bucket` is missing, and there is no default; set MOONRING_RECORDING_BUCKET";
        Unsayable::Refused(format!("{what}: {text}"))
    })?;
    let location = match start.prefix.as_deref().map(|prefix| prefix.trim_matches('/')) {
        None | Some("") => bucket.clone(),
        Some(prefix) => format!("{bucket}/{prefix}"),
    };
    Ok(vec![Action::from_typed(&StartCallRecording {
        call_id: cx.leg(start.leg.as_ref()),
        participant_tag: None,
        track: start.track.unwrap_or_default().into(),
        destination: CallRecordingDestination { destination_type: StorageType::S3, location },
    })])
}
