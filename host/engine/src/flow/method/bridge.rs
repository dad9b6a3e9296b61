//! `call:bridge`: a second party.

use mlua::Value as LuaValue;
use moonring_flow::{PendingStep, StepKind};
use moonring_wire::action::{BridgeEndpoint, CallAndBridge, TextOrNumber};
use moonring_wire::{Action, Participant};
use schemars::JsonSchema;
use serde::Deserialize;

use super::prompt::Audio;
use super::second_leg::connected_leg;
use super::{BuildContext, Method, MethodDoc, Sends};
use crate::convert::Unsayable;
use crate::schema::json_schema_of;
use crate::string_format::StringFormat;

pub(super) const METHOD: Method = Method {
    name: "bridge",
    label: "call:bridge",
    sends: Sends::Waiting { kind: StepKind::BRIDGE, build: step },
    schema: Some(json_schema_of::<Bridge>),
};

pub(super) const DOC: MethodDoc = MethodDoc {
    summary: "Dials a second leg and connects it to the call. When it returns, the two can talk; the flow goes on beside them.",
    arguments: &[],
    returns: "the leg: `id`, `tag`, `from`, `to`, `direction`, `status` and `leg:hangup()`. It is in `call.legs` too",
    errors: "`no_answer` when the callee does not answer, or hangs up before. `left` when the callee has answered and left again. Or a common type",
    ends_on: Some("the answer of the callee, or its failure"),
    example: r#"return function(call)
  call:say("We connect you.")
  local leg, err = call:bridge { to = "+12065550101", timeout = 20 }
  if not leg then
    call:say(if err.type == "no_answer" then "There is no answer." else "That did not work.")
  end
end"#,
};

/// `call:bridge`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
pub(crate) struct Bridge {
    /// The number to dial. Give either `to`, or `arn` and `uri`. Required, or `arn` and `uri`.
    #[schemars(extend("x-form" = "phone", "x-data" = true))]
    pub(crate) to: Option<String>,
    /// The ARN of a Voice Connector or of a Voice Connector group. Default: none; needs `uri`.
    #[schemars(length(min = 1), extend("x-data" = true))]
    pub(crate) arn: Option<String>,
    /// The user part of the request URI there. Default: none; needs `arn`.
    #[schemars(length(min = 1, max = 30), extend("x-form" = "sip_user", "x-data" = true))]
    pub(crate) uri: Option<String>,
    /// The caller ID that the callee sees: a number of the account, or the caller's. Default: the
    /// caller's number; if it is withheld, the dialed number.
    #[schemars(extend("x-form" = "phone", "x-data" = true))]
    pub(crate) caller_id: Option<String>,
    /// How long the new leg rings. In seconds. Default: 30.
    #[schemars(range(min = 1, max = 120))]
    pub(crate) timeout: Option<u32>,
    /// What the caller hears meanwhile; its `key` and `bucket` count. Default: the service's own
    /// ringing.
    pub(crate) ringback: Option<Audio>,
    /// SIP headers of the new leg: `x-…`, `User-to-User` or `Diversion`. Names that begin with
    /// `x-amzn`, `x-vine`, `x-vc`, `x-canary` or `x-voice` are reserved. The service's page names
    /// headers for `arn` only ([rule 60](rules.md)). Default: none.
    #[schemars(extend("x-form" = "sip_headers", "x-data" = true))]
    pub(crate) sip_headers: Option<std::collections::BTreeMap<String, String>>,
}

fn step(cx: &BuildContext<'_>, options: &LuaValue) -> Result<PendingStep, Unsayable> {
    let bridge: Bridge = cx.read(&METHOD, options)?;
    let refuse = |text: &str| Err(Unsayable::Refused(format!("call:bridge: {text}")));
    let endpoint = match (&bridge.to, &bridge.arn, &bridge.uri) {
        (Some(to), None, None) => BridgeEndpoint::Pstn { uri: to.clone() },
        (None, Some(arn), Some(uri)) => BridgeEndpoint::Aws { arn: arn.clone(), uri: uri.clone() },
        (None, None, None) => {
            return refuse("`to` is missing; wanted a phone number, or `arn` and `uri`");
        }
        _ => return refuse("wanted `to`, or both `arn` and `uri`"),
    };
    let leg = cx.event.first_leg();
    let numbers = [leg.and_then(Participant::from), leg.and_then(Participant::to)];
    // A withheld number, an extension or a SIP address cannot be shown.
    let is_number = |number: &&str| StringFormat::Phone.fits(number);
    let own = numbers.into_iter().flatten().find(is_number).map(str::to_owned);
    let Some(caller_id_number) = bridge.caller_id.clone().or(own) else {
        return Err(Unsayable::Unusable(
            "call:bridge: `caller_id` is missing, and neither number of the call can be used; wanted a phone number".to_owned(),
        ));
    };
    let ringback = bridge.ringback.as_ref();
    let ringback_tone = ringback
        .map(|audio| cx.source("call:bridge", &audio.key, audio.bucket.as_ref()))
        .transpose()?;
    let action = Action::from_typed(&CallAndBridge {
        call_id: None,
        call_timeout_seconds: Some(TextOrNumber::Number(bridge.timeout.unwrap_or(30).into())),
        caller_id_number,
        ringback_tone,
        endpoints: vec![endpoint],
        sip_headers: bridge.sip_headers.clone(),
    });
    Ok(PendingStep::new(StepKind::BRIDGE, vec![action]).giving(connected_leg))
}
