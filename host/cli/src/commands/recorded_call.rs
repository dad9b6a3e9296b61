//! A recorded call that is played anew, with the people of then.

use std::sync::Arc;

use anyhow::Context as _;
use moonring_exchange::Application;
use moonring_sim::{
    InboundCall, OutboundCall, People, PlayedCall, RecordedUpdate as Update, Transcript, World,
    people_of,
};
use moonring_spec::CallStart;
use serde_json::{Map, Value};

/// A recorded call, about to be played.
pub(super) struct Recorded {
    pub(super) call: PlayedCall,
    pub(super) start: CallStart,
}

impl Recorded {
    /// The call, with everybody who was in it.
    ///
    /// # Errors
    /// When the transcript does not begin with a call.
    pub(super) fn begin(transcript: &Transcript) -> anyhow::Result<Self> {
        let first = transcript.steps.first().context("the transcript has no steps")?;
        let text = |pointer: &str| first.event.pointer(pointer).and_then(Value::as_str);
        let object = |pointer: &str| {
            first.event.pointer(pointer).and_then(Value::as_object).cloned().unwrap_or_default()
        };
        let leg = |name: &str| text(&format!("/CallDetails/Participants/0/{name}"));
        let (from, to) = (leg("From").unwrap_or_default(), leg("To").unwrap_or_default());
        let is_outbound = match text("/InvocationEventType") {
            Some("NEW_INBOUND_CALL") => false,
            Some("NEW_OUTBOUND_CALL") => true,
            other => anyhow::bail!(
                "the transcript begins with {}; a test needs the call from its beginning",
                other.unwrap_or("no event")
            ),
        };
        let arguments: Map<String, Value> = object("/ActionData/Parameters/Arguments");
        let start = CallStart {
            from: from.to_owned(),
            to: to.to_owned(),
            at_ms: first.now_ms,
            sip_headers: object("/CallDetails/Participants/0/SipHeaders"),
            arguments: is_outbound.then(|| arguments.clone()),
            failures: Vec::new(),
            failed_at: Vec::new(),
            config: transcript.env.clone(),
        };
        let application = Arc::new(Application {
            id: text("/CallDetails/SipMediaApplicationId").unwrap_or_default().to_owned(),
            region: text("/CallDetails/AwsRegion").unwrap_or("us-east-1").to_owned(),
            lambda_arn: String::new(),
        });
        let People { caller, callees, updates } = people_of(transcript);
        let CallStart { from, to, at_ms, sip_headers, .. } = start.clone();
        let (world, seed) = (Arc::new(World::default()), 1);
        let mut call = match is_outbound {
            true => {
                let call = OutboundCall {
                    from,
                    to,
                    sip_headers,
                    arguments,
                    application,
                    called: caller,
                    callees,
                    at_ms,
                    seed,
                };
                PlayedCall::outbound(world, call)
            }
            false => {
                let call = InboundCall {
                    from,
                    to,
                    sip_headers,
                    rule_id: text("/CallDetails/SipRuleId").map(str::to_owned),
                    applications: vec![application],
                    caller,
                    callees,
                    at_ms,
                    seed,
                };
                PlayedCall::inbound(world, call)
            }
        };
        for Update { after, arguments } in updates {
            call.update_at(after, arguments);
        }
        Ok(Self { call, start })
    }
}
