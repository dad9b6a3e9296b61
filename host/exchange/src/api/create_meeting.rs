//! CreateMeeting: a meeting; the same token gives the same one.

use serde_json::{Value, json};

use super::account::MeetingRecord;
use super::body::{optional_text, text};
use super::request::Request;
use super::{ApiError, Context, Operation};

pub(super) const OPERATION: Operation = Operation {
    name: "CreateMeeting",
    method: "POST",
    path: &["meetings"],
    query: None,
    status: 200,
    run,
};

fn run(context: &mut Context<'_>, request: &Request) -> Result<Value, ApiError> {
    let record = meeting(context, request)?;
    Ok(json!({"Meeting": record.meeting}))
}

/// The meeting that a request asks for, made if there is none for its token yet.
pub(super) fn meeting<'a>(
    context: &'a mut Context<'_>,
    request: &Request,
) -> Result<&'a mut MeetingRecord, ApiError> {
    let token = text(&request.body, "ClientRequestToken");
    let region = text(&request.body, "MediaRegion");
    let external = text(&request.body, "ExternalMeetingId");
    let host = optional_text(&request.body, "MeetingHostId");
    let known = context.account.meetings.iter().position(|record| record.token == token);
    if let Some(known) = known {
        let is_same =
            context.account.meetings[known].meeting["ExternalMeetingId"] == json!(external);
        if !is_same {
            return Err(ApiError::Conflict(
                "The token was already used for another meeting".to_owned(),
            ));
        }
        return Ok(&mut context.account.meetings[known]);
    }
    let id = context.account.new_id();
    let place = |name: &str| format!("wss://{name}.meetings.example/{id}");
    let mut meeting = json!({
        "MeetingId": id,
        "ExternalMeetingId": external,
        "MediaRegion": region,
        "MeetingArn": format!("arn:aws:chime:{region}:{}:meeting/{id}", context.account.id),
        "MediaPlacement": {
            "AudioHostUrl": place("audio"), "AudioFallbackUrl": place("audio-fallback"), "SignalingUrl": place("signaling"),
            "TurnControlUrl": place("turn"), "EventIngestionUrl": place("events"),
        },
    });
    for (name, value) in [
        ("MeetingHostId", host.map(Value::from)),
        ("MeetingFeatures", request.body.get("MeetingFeatures").cloned()),
    ] {
        if let Some(value) = value {
            meeting[name] = value;
        }
    }
    context.account.meetings.push(MeetingRecord { meeting, token, attendees: Vec::new() });
    context.account.meeting(&id)
}
