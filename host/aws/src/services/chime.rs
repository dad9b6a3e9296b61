//! Calls and meetings, with the SDK's clients.

use std::collections::HashMap;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_chimesdkmeetings::types::{
    Attendee, AttendeeCapabilities, CreateAttendeeRequestItem, MediaCapabilities, Meeting,
};
use moonring_flow::Reply;
use serde_json::{Value, json};

use super::signed::{PAUSE, TRIES};
use super::{failed, sdk_failure};

/// What may be behind a denial: the page is in the service's Administration Guide.
const CLOSED: &str =
    " (closed to new customers; see \"SIP media applications availability change\")";
const VOICE: &str = "chime-sdk-voice";
const MEETINGS: &str = "chime-sdk-meetings";

/// The clients.
pub struct Chime {
    voice: aws_sdk_chimesdkvoice::Client,
    meetings: aws_sdk_chimesdkmeetings::Client,
}

impl Chime {
    pub(super) fn new(config: &SdkConfig) -> Self {
        // A call that was made and whose answer was late would be made twice; the whole of it is
        // bounded by who asks.
        let once = config
            .to_builder()
            .retry_config(RetryConfig::disabled())
            .timeout_config(TimeoutConfig::disabled());
        let config = &once.build();
        Self {
            voice: aws_sdk_chimesdkvoice::Client::new(config),
            meetings: aws_sdk_chimesdkmeetings::Client::new(config),
        }
    }

    /// The clients of a server that stands in for the service. It asks for no credentials, but may
    /// want to see this access key id.
    pub fn at(endpoint: &str, key_id: &str) -> Self {
        let credentials = Credentials::new(key_id, "local", None, None, "moonring");
        let config = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .endpoint_url(endpoint)
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            .build();
        Self::new(&config)
    }

    /// Whether a service is one of these.
    pub(super) fn is_for(service: &str) -> bool {
        [VOICE, MEETINGS].contains(&service)
    }

    /// Carries out an operation; again where it was throttled, for then it was not carried out.
    pub async fn carry_out(&self, operation: &str, input: &Value) -> Reply {
        let mut reply = self.attempt(operation, input).await;
        for number in 1..TRIES {
            if !matches!(&reply, Reply::Failed { error_type, .. } if error_type == "throttled") {
                break;
            }
            tokio::time::sleep(PAUSE * number * number).await;
            reply = self.attempt(operation, input).await;
        }
        if let Reply::Failed { error_type, message, .. } = &mut reply
            && error_type == "denied"
            && operation.contains("SipMediaApplication")
        {
            message.push_str(CLOSED);
        }
        reply
    }

    async fn attempt(&self, operation: &str, input: &Value) -> Reply {
        if let Err(refused) = check_members(operation, input) {
            return refused;
        }
        let text = |name: &str| input.get(name).and_then(Value::as_str).map(str::to_owned);
        let number = |name: &str| {
            input.get(name).and_then(Value::as_i64).and_then(|number| i32::try_from(number).ok())
        };
        let map = |name: &str| {
            let members = input.get(name)?.as_object()?;
            Some(
                members
                    .iter()
                    .map(|(key, value)| {
                        (key.clone(), value.as_str().unwrap_or_default().to_owned())
                    })
                    .collect::<HashMap<_, _>>(),
            )
        };
        let done = match operation {
            "CreateSipMediaApplicationCall" => self
                .voice
                .create_sip_media_application_call()
                .set_from_phone_number(text("FromPhoneNumber"))
                .set_to_phone_number(text("ToPhoneNumber"))
                .set_sip_media_application_id(text("SipMediaApplicationId"))
                .set_sip_headers(map("SipHeaders"))
                .set_arguments_map(map("ArgumentsMap"))
                .send()
                .await
                .map(|output| call(output.sip_media_application_call()))
                .map_err(|error| sdk_failure(&error)),
            "UpdateSipMediaApplicationCall" => self
                .voice
                .update_sip_media_application_call()
                .set_sip_media_application_id(text("SipMediaApplicationId"))
                .set_transaction_id(text("TransactionId"))
                .set_arguments(map("Arguments"))
                .send()
                .await
                .map(|output| call(output.sip_media_application_call()))
                .map_err(|error| sdk_failure(&error)),
            "CreateMeeting" => self
                .meetings
                .create_meeting()
                .set_client_request_token(text("ClientRequestToken"))
                .set_media_region(text("MediaRegion"))
                .set_external_meeting_id(text("ExternalMeetingId"))
                .set_meeting_host_id(text("MeetingHostId"))
                .set_primary_meeting_id(text("PrimaryMeetingId"))
                .send()
                .await
                .map(|output| json!({"Meeting": output.meeting().map(meeting)}))
                .map_err(|error| sdk_failure(&error)),
            "CreateMeetingWithAttendees" => {
                let attendees =
                    input.get("Attendees").and_then(Value::as_array).into_iter().flatten();
                let items = attendees.map(|attendee| {
                    let user =
                        attendee.get("ExternalUserId").and_then(Value::as_str).unwrap_or_default();
                    CreateAttendeeRequestItem::builder()
                        .external_user_id(user)
                        .set_capabilities(capabilities(attendee))
                        .build()
                });
                match items.collect::<Result<Vec<_>, _>>() {
                    Ok(items) => self
                        .meetings
                        .create_meeting_with_attendees()
                        .set_client_request_token(text("ClientRequestToken"))
                        .set_media_region(text("MediaRegion"))
                        .set_external_meeting_id(text("ExternalMeetingId"))
                        .set_meeting_host_id(text("MeetingHostId"))
                        .set_attendees(Some(items))
                        .send()
                        .await
                        .map(|output| {
                            let errors = output.errors().iter().map(|error| {
                                json!({"ExternalUserId": error.external_user_id(), "ErrorCode": error.error_code(), "ErrorMessage": error.error_message()})
                            });
                            json!({
                                "Meeting": output.meeting().map(meeting),
                                "Attendees": output.attendees().iter().map(attendee).collect::<Vec<_>>(),
                                "Errors": errors.collect::<Vec<_>>(),
                            })
                        })
                        .map_err(|error| sdk_failure(&error)),
                    Err(error) => Err(failed("invalid", error.to_string())),
                }
            }
            "CreateAttendee" => self
                .meetings
                .create_attendee()
                .set_meeting_id(text("MeetingId"))
                .set_external_user_id(text("ExternalUserId"))
                .set_capabilities(capabilities(input))
                .send()
                .await
                .map(|output| json!({"Attendee": output.attendee().map(attendee)}))
                .map_err(|error| sdk_failure(&error)),
            "GetMeeting" => self
                .meetings
                .get_meeting()
                .set_meeting_id(text("MeetingId"))
                .send()
                .await
                .map(|output| json!({"Meeting": output.meeting().map(meeting)}))
                .map_err(|error| sdk_failure(&error)),
            "DeleteMeeting" => self
                .meetings
                .delete_meeting()
                .set_meeting_id(text("MeetingId"))
                .send()
                .await
                .map(|_| json!({}))
                .map_err(|error| sdk_failure(&error)),
            "ListAttendees" => self
                .meetings
                .list_attendees()
                .set_meeting_id(text("MeetingId"))
                .set_max_results(number("MaxResults"))
                .set_next_token(text("NextToken"))
                .send()
                .await
                .map(|output| {
                    json!({
                        "Attendees": output.attendees().iter().map(attendee).collect::<Vec<_>>(),
                        "NextToken": output.next_token(),
                    })
                })
                .map_err(|error| sdk_failure(&error)),
            "DeleteAttendee" => self
                .meetings
                .delete_attendee()
                .set_meeting_id(text("MeetingId"))
                .set_attendee_id(text("AttendeeId"))
                .send()
                .await
                .map(|_| json!({}))
                .map_err(|error| sdk_failure(&error)),
            other => Err(failed(
                "invalid",
                format!("the host does not support {other}; use aws.request"),
            )),
        };
        done.map_or_else(|failure| failure, Reply::Done)
    }
}

/// The members of each operation's input that are passed on. What is not would be dropped without a
/// word: a guest who may only listen could speak.
const MEMBERS: &[(&str, &[&str])] = &[
    (
        "CreateSipMediaApplicationCall",
        &[
            "FromPhoneNumber",
            "ToPhoneNumber",
            "SipMediaApplicationId",
            "SipHeaders",
            "ArgumentsMap",
        ],
    ),
    ("UpdateSipMediaApplicationCall", &["SipMediaApplicationId", "TransactionId", "Arguments"]),
    (
        "CreateMeeting",
        &[
            "ClientRequestToken",
            "MediaRegion",
            "ExternalMeetingId",
            "MeetingHostId",
            "PrimaryMeetingId",
        ],
    ),
    (
        "CreateMeetingWithAttendees",
        &["ClientRequestToken", "MediaRegion", "ExternalMeetingId", "MeetingHostId", "Attendees"],
    ),
    ("CreateAttendee", &["MeetingId", "ExternalUserId", "Capabilities"]),
    ("GetMeeting", &["MeetingId"]),
    ("DeleteMeeting", &["MeetingId"]),
    ("ListAttendees", &["MeetingId", "MaxResults", "NextToken"]),
    ("DeleteAttendee", &["MeetingId", "AttendeeId"]),
];
/// Those of an item of `Attendees`.
const ATTENDEE: &[&str] = &["ExternalUserId", "Capabilities"];
/// Those of `Capabilities`.
const CAPABILITIES: &[&str] = &["Audio", "Video", "Content"];

/// What an attendee may do with a kind of media.
const MAY: &[&str] = &["SendReceive", "Send", "Receive", "None"];

/// Refuses an input with a member that would not be passed on.
///
/// # Errors
/// The reply that says which.
pub fn check_members(operation: &str, input: &Value) -> Result<(), Reply> {
    let Some((_, known)) = MEMBERS.iter().find(|(name, _)| *name == operation) else {
        return Ok(());
    };
    let check = |what: &str, value: &Value, known: &[&str]| {
        let members = value.as_object().into_iter().flatten();
        match members.map(|(name, _)| name).find(|name| !known.contains(&name.as_str())) {
            None => Ok(()),
            Some(name) => Err(failed(
                "invalid",
                format!(
                    "{operation}: the host does not pass on {what}{name}; wanted {}, or use aws.request",
                    known.join(", ")
                ),
            )),
        }
    };
    check("", input, known)?;
    // Whatever is not understood would let a guest speak who may only listen.
    let capabilities = |of: &Value| {
        let Some(all) = of.get("Capabilities") else { return Ok(()) };
        check("Capabilities.", all, CAPABILITIES)?;
        let is_word = |value: &Value| value.as_str().is_some_and(|word| MAY.contains(&word));
        if all.as_object().is_some_and(|all| all.values().all(is_word)) {
            return Ok(());
        }
        let wanted = format!("Capabilities with members, each one of {}", MAY.join(", "));
        Err(failed("invalid", format!("{operation}: Capabilities is {all}; wanted {wanted}")))
    };
    capabilities(input)?;
    for attendee in input.get("Attendees").and_then(Value::as_array).into_iter().flatten() {
        check("Attendees.", attendee, ATTENDEE)?;
        capabilities(attendee)?;
    }
    Ok(())
}

/// What an attendee may do, where the input says it.
fn capabilities(of: &Value) -> Option<AttendeeCapabilities> {
    let given = of.get("Capabilities")?;
    let may = |name: &str| {
        let word = given.get(name).and_then(Value::as_str).unwrap_or("SendReceive");
        MediaCapabilities::from(word)
    };
    AttendeeCapabilities::builder()
        .audio(may("Audio"))
        .video(may("Video"))
        .content(may("Content"))
        .build()
        .ok()
}

fn call(call: Option<&aws_sdk_chimesdkvoice::types::SipMediaApplicationCall>) -> Value {
    json!({"SipMediaApplicationCall": {"TransactionId": call.and_then(|call| call.transaction_id())}})
}

fn meeting(meeting: &Meeting) -> Value {
    json!({
        "MeetingId": meeting.meeting_id(),
        "ExternalMeetingId": meeting.external_meeting_id(),
        "MeetingHostId": meeting.meeting_host_id(),
        "MediaRegion": meeting.media_region(),
        "PrimaryMeetingId": meeting.primary_meeting_id(),
    })
}

fn attendee(attendee: &Attendee) -> Value {
    json!({
        "ExternalUserId": attendee.external_user_id(),
        "AttendeeId": attendee.attendee_id(),
        "JoinToken": attendee.join_token(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_not_be_passed_on_and_what_an_attendee_may_not_do_are_refused() {
        let attendee = |capabilities: Value| json!({"MeetingId": "m", "ExternalUserId": "guest", "Capabilities": capabilities});
        let right = attendee(json!({"Audio": "Receive"}));
        assert!(check_members("CreateAttendee", &right).is_ok());
        let may = capabilities(&right).unwrap();
        assert_eq!(
            (may.audio(), may.video()),
            (&MediaCapabilities::Receive, &MediaCapabilities::SendReceive)
        );
        for (operation, input) in [
            ("CreateAttendee", attendee(json!("Receive"))),
            ("CreateAttendee", attendee(json!({"Audio": false}))),
            ("CreateAttendee", attendee(json!({"Audio": "receive"}))),
            ("CreateAttendee", attendee(json!({"Sound": "Receive"}))),
            ("CreateAttendee", json!({"MeetingId": "m", "Nonsense": 5})),
            ("CreateMeeting", json!({"NotificationsConfiguration": {}})),
            (
                "CreateMeetingWithAttendees",
                json!({"Attendees": [{"ExternalUserId": "a"}, attendee(json!("None"))]}),
            ),
        ] {
            assert!(check_members(operation, &input).is_err(), "{operation} {input}");
        }
    }
}
