//! `chime.*`: calls and meetings of the Amazon Chime SDK.

use std::collections::BTreeMap;

use std::cell::LazyCell;

use mlua::{Table, Value as LuaValue};
use moonring_wire::{Event, Participant};
use schemars::JsonSchema;
use serde_json::{Map, Value, json};

use super::read;
use crate::convert::Unsayable;
use crate::schema::Schema;
use crate::string_format::StringFormat;

const VOICE: &str = "chime-sdk-voice";
const MEETINGS: &str = "chime-sdk-meetings";

/// Members of replies that no script has a use for on the telephone, and that would fill the
/// journal of a flow.
const DROPPED: [&str; 5] =
    ["MediaPlacement", "MeetingFeatures", "TenantIds", "MeetingArn", "Capabilities"];

#[derive(JsonSchema)]
#[allow(dead_code, reason = "the schema is read, the fields are not")]
struct CreateCall {
    #[schemars(extend("x-form" = "phone", "x-data" = true))]
    to: String,
    /// If left out, the account's number in this call.
    #[schemars(extend("x-form" = "phone", "x-data" = true))]
    from: Option<String>,
    #[schemars(length(min = 1, max = 100), extend("x-data" = true))]
    application_id: Option<String>,
    #[schemars(extend("x-form" = "sip_headers", "x-data" = true))]
    sip_headers: Option<BTreeMap<String, String>>,
    #[schemars(extend("x-data" = true))]
    arguments: Option<BTreeMap<String, String>>,
}

#[derive(JsonSchema)]
#[allow(dead_code, reason = "the schema is read, the fields are not")]
struct UpdateCall {
    #[schemars(length(min = 1, max = 100), extend("x-data" = true))]
    transaction_id: String,
    #[schemars(length(min = 1, max = 100), extend("x-data" = true))]
    application_id: Option<String>,
    #[schemars(extend("x-data" = true))]
    arguments: Option<BTreeMap<String, String>>,
}

#[derive(JsonSchema)]
#[allow(dead_code, reason = "the schema is read, the fields are not")]
struct CreateMeeting {
    /// The same token gives the same meeting, for at least ten minutes.
    #[schemars(length(min = 2, max = 64), extend("x-data" = true))]
    token: Option<String>,
    /// The token if left out.
    #[schemars(length(min = 2, max = 64), extend("x-data" = true))]
    external_meeting_id: Option<String>,
    /// This call's Region if left out.
    #[schemars(length(min = 2, max = 64), extend("x-data" = true))]
    media_region: Option<String>,
    #[schemars(length(min = 2, max = 64), extend("x-data" = true))]
    meeting_host_id: Option<String>,
    #[schemars(length(min = 2, max = 64), extend("x-data" = true))]
    primary_meeting_id: Option<String>,
}

/// What an attendee may do with a kind of media.
#[derive(JsonSchema)]
#[allow(dead_code, reason = "the schema is read, the variants are not")]
enum May {
    SendReceive,
    Send,
    Receive,
    None,
}

/// What an attendee may do: a listen-only guest has `audio = "Receive"`. Left out, everything.
#[derive(JsonSchema)]
#[allow(dead_code, reason = "the schema is read, the fields are not")]
struct Capabilities {
    audio: Option<May>,
    video: Option<May>,
    content: Option<May>,
}

#[derive(JsonSchema)]
#[allow(dead_code, reason = "the schema is read, the fields are not")]
struct Attendee {
    #[schemars(length(min = 2, max = 64), extend("x-data" = true))]
    external_user_id: String,
    capabilities: Option<Capabilities>,
}

#[derive(JsonSchema)]
#[allow(dead_code, reason = "the schema is read, the fields are not")]
struct CreateMeetingWithAttendees {
    #[schemars(length(min = 2, max = 64), extend("x-data" = true))]
    token: Option<String>,
    #[schemars(length(min = 2, max = 64), extend("x-data" = true))]
    external_meeting_id: Option<String>,
    #[schemars(length(min = 2, max = 64), extend("x-data" = true))]
    media_region: Option<String>,
    #[schemars(length(min = 2, max = 64), extend("x-data" = true))]
    meeting_host_id: Option<String>,
    #[schemars(length(min = 1, max = 20), extend("x-data" = true))]
    attendees: Vec<Attendee>,
}

#[derive(JsonSchema)]
#[allow(dead_code, reason = "the schema is read, the fields are not")]
struct CreateAttendee {
    #[schemars(length(min = 1, max = 100), extend("x-data" = true))]
    meeting_id: String,
    /// The caller's number if left out.
    #[schemars(length(min = 2, max = 64), extend("x-data" = true))]
    external_user_id: Option<String>,
    capabilities: Option<Capabilities>,
}

#[derive(JsonSchema)]
#[allow(dead_code, reason = "the schema is read, the fields are not")]
struct OfMeeting {
    #[schemars(length(min = 1, max = 100), extend("x-data" = true))]
    meeting_id: String,
}

#[derive(JsonSchema)]
#[allow(dead_code, reason = "the schema is read, the fields are not")]
struct ListAttendees {
    #[schemars(length(min = 1, max = 100), extend("x-data" = true))]
    meeting_id: String,
    #[schemars(range(min = 1, max = 100))]
    max_results: Option<u32>,
    #[schemars(length(min = 1, max = 4096), extend("x-data" = true))]
    next_token: Option<String>,
}

#[derive(JsonSchema)]
#[allow(dead_code, reason = "the schema is read, the fields are not")]
struct DeleteAttendee {
    #[schemars(length(min = 1, max = 100), extend("x-data" = true))]
    meeting_id: String,
    #[schemars(length(min = 1, max = 100), extend("x-data" = true))]
    attendee_id: String,
    /// These have no effect: what `create_attendee` returned fits as it is.
    external_user_id: Option<String>,
    join_token: Option<String>,
}

/// One helper: its name, its service and operation, and what its table takes.
struct Helper {
    name: &'static str,
    service: &'static str,
    operation: &'static str,
    /// Made when it is first used: most calls need none.
    schema: LazyCell<Schema>,
}

/// All of them.
pub(crate) struct Chime(Vec<Helper>);

impl Chime {
    pub(crate) fn new() -> Self {
        let helper = |name, service, operation, schema: fn() -> Schema| {
            let schema = LazyCell::new(schema);
            Helper { name, service, operation, schema }
        };
        Self(vec![
            helper("create_call", VOICE, "CreateSipMediaApplicationCall", Schema::of::<CreateCall>),
            helper("update_call", VOICE, "UpdateSipMediaApplicationCall", Schema::of::<UpdateCall>),
            helper("create_meeting", MEETINGS, "CreateMeeting", Schema::of::<CreateMeeting>),
            helper(
                "create_meeting_with_attendees",
                MEETINGS,
                "CreateMeetingWithAttendees",
                Schema::of::<CreateMeetingWithAttendees>,
            ),
            helper("create_attendee", MEETINGS, "CreateAttendee", Schema::of::<CreateAttendee>),
            helper("get_meeting", MEETINGS, "GetMeeting", Schema::of::<OfMeeting>),
            helper("delete_meeting", MEETINGS, "DeleteMeeting", Schema::of::<OfMeeting>),
            helper("list_attendees", MEETINGS, "ListAttendees", Schema::of::<ListAttendees>),
            helper("delete_attendee", MEETINGS, "DeleteAttendee", Schema::of::<DeleteAttendee>),
        ])
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().map(|helper| helper.name)
    }

    /// What a helper takes.
    pub(crate) fn schema(&self, name: &str) -> Option<&Schema> {
        self.0.iter().find(|helper| helper.name == name).map(|helper| &*helper.schema)
    }

    /// The request of a table.
    pub(super) fn request(
        &self,
        name: &str,
        options: &LuaValue,
        list_mark: &Table,
        event: &Event,
    ) -> Result<Value, Unsayable> {
        let what = format!("chime.{name}");
        let unknown = || Unsayable::Refused(format!("there is no helper {what}"));
        let helper = self.0.iter().find(|helper| helper.name == name).ok_or_else(unknown)?;
        let given = read(&what, options, &helper.schema, list_mark, &format!("{what} {{ … }}"))?;
        let input = input(helper.name, given, event)
            .map_err(|text| Unsayable::Unusable(format!("{what}: {text}")))?;
        Ok(json!({"service": helper.service, "operation": helper.operation, "input": input}))
    }
}

/// The input of an operation: the helper's names in those of the API, and what follows from the
/// call.
fn input(
    name: &str,
    given: Map<String, Value>,
    event: &Event,
) -> Result<Map<String, Value>, String> {
    let mut input = Map::new();
    for (key, value) in given {
        if name == "delete_attendee" && ["external_user_id", "join_token"].contains(&key.as_str()) {
            continue;
        }
        let wire = match key.as_str() {
            "to" => "ToPhoneNumber".to_owned(),
            "from" => "FromPhoneNumber".to_owned(),
            "application_id" => "SipMediaApplicationId".to_owned(),
            "arguments" if name == "create_call" => "ArgumentsMap".to_owned(),
            "token" => "ClientRequestToken".to_owned(),
            key => super::snake::pascal_case(key),
        };
        let is_table = wire == "Attendees" || wire == "Capabilities";
        let mut value = if is_table { super::snake::to_pascal(value) } else { value };
        match (wire.as_str(), &mut value) {
            ("Capabilities", value) => fill_in(value),
            ("Attendees", Value::Array(attendees)) => {
                let each = attendees.iter_mut();
                each.filter_map(|attendee| attendee.get_mut("Capabilities")).for_each(fill_in);
            }
            _ => {}
        }
        input.insert(wire, value);
    }
    let mut or = |key: &str, value: Option<String>| {
        if !input.contains_key(key)
            && let Some(value) = value
        {
            input.insert(key.to_owned(), Value::from(value));
        }
        input.contains_key(key)
    };
    let first = event.first_leg();
    match name {
        "create_call" | "update_call" => {
            if !or("SipMediaApplicationId", event.application_id().map(str::to_owned)) {
                return Err(
                    "`application_id` is missing, and the event does not say which application this is".to_owned()
                );
            }
            if name == "create_call" {
                // The number of the account: of an inbound call the one that was called.
                let is_inbound = first.and_then(Participant::direction) != Some("Outbound");
                let own = if is_inbound {
                    first.and_then(Participant::to)
                } else {
                    first.and_then(Participant::from)
                };
                if !or(
                    "FromPhoneNumber",
                    own.filter(|number| StringFormat::Phone.fits(number)).map(str::to_owned),
                ) {
                    return Err(
                        "`from` is missing, and this call has no number to show as the caller ID"
                            .to_owned(),
                    );
                }
            } else if !input.contains_key("Arguments") {
                input.insert("Arguments".to_owned(), json!({}));
            }
        }
        "create_meeting" | "create_meeting_with_attendees" => {
            or("MediaRegion", event.region().map(str::to_owned));
            let token = input.get("ClientRequestToken").and_then(Value::as_str).map(str::to_owned);
            let external = token.or_else(|| event.call_id().map(str::to_owned));
            input.entry("ExternalMeetingId").or_insert_with(|| json!(external));
        }
        "create_attendee" => {
            let caller = first.and_then(|leg| {
                if leg.direction() == Some("Outbound") { leg.to() } else { leg.from() }
            });
            or("ExternalUserId", caller.filter(|number| number.len() >= 2).map(str::to_owned));
        }
        _ => {}
    }
    Ok(input)
}

/// A reply without what would only fill the journal.
pub(crate) fn trimmed(service: &str, output: Value) -> Value {
    if service != MEETINGS {
        return output;
    }
    match output {
        Value::Object(members) => {
            let kept = members.into_iter().filter(|(name, _)| !DROPPED.contains(&name.as_str()));
            kept.filter(|(_, value)| !value.is_null())
                .map(|(name, value)| (name, trimmed(service, value)))
                .collect()
        }
        Value::Array(items) => items.into_iter().map(|item| trimmed(service, item)).collect(),
        other => other,
    }
}

/// What a helper gives back of its operation's output.
pub(super) fn result(name: &str, output: Value, input: &Map<String, Value>) -> Value {
    let member = |name: &str| output.get(name).cloned().unwrap_or(Value::Null);
    let found = match name {
        "create_call" => {
            return output
                .pointer("/SipMediaApplicationCall/TransactionId")
                .cloned()
                .unwrap_or(json!(true));
        }
        "create_meeting" | "get_meeting" => member("Meeting"),
        "create_attendee" => {
            let mut attendee = member("Attendee");
            // Who joins needs both.
            if let (Some(attendee), Some(meeting)) =
                (attendee.as_object_mut(), input.get("MeetingId"))
            {
                attendee.insert("MeetingId".to_owned(), meeting.clone());
            }
            attendee
        }
        "create_meeting_with_attendees" | "list_attendees" => output,
        _ => return json!(true),
    };
    super::snake::to_snake(found)
}

/// The service wants to know all three; what is left out may be done.
fn fill_in(capabilities: &mut Value) {
    if let Value::Object(all) = capabilities {
        for kind in ["Audio", "Video", "Content"] {
            all.entry(kind).or_insert_with(|| json!("SendReceive"));
        }
    }
}
