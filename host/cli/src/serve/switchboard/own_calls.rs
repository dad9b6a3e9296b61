//! Calls by HTTP, for which the service's API has no word: somebody dials, looks at calls, or does
//! something in one.

use moonring_exchange::api::HttpResponse;
use moonring_sim::{InboundCall, OutboundCall, PlayedCall};
use serde_json::json;

use super::{InAccount, Switchboard};
use crate::clock::now_ms;
use crate::phone_number::phone_number;
use crate::serve::dial::{Dial, Way};

/// Why something cannot be done.
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) message: String,
}

impl Refusal {
    pub(crate) fn bad(message: impl Into<String>) -> Self {
        Self { status: 400, message: message.into() }
    }
}

impl Switchboard {
    /// Answers a request to `/moonring/calls`; `rest` is the path behind it.
    pub(super) fn own(&mut self, method: &str, rest: &str, body: &[u8]) -> HttpResponse {
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        let done = match (method, parts.as_slice()) {
            ("GET", []) => match query {
                "" | "over=true" => Ok((200, self.calls.list(false))),
                "over=false" => Ok((200, self.calls.list(true))),
                other => Err(Refusal::bad(format!("?{other} is unknown; wanted ?over=true or ?over=false"))),
            },
            ("POST", []) => self.dialled(body).map(|id| (201, json!({"TransactionId": id}))),
            ("GET", [id]) => self.calls.look(id).map(|call| (200, call)).ok_or_else(|| no_call(id)),
            ("DELETE", [id]) => self.act(id, "end", b"").map(|()| (200, json!({}))),
            ("POST", [id, "again"]) => self.again(id, body).map(|id| (201, json!({"TransactionId": id}))),
            ("POST", [id, "save-test"]) => self.save_test(id, body).map(|saved| (201, saved)),
            ("POST", [id, verb]) => self.act(id, verb, body).map(|()| (200, json!({}))),
            _ => Err(Refusal {
                status: 405,
                message: "wanted GET or POST /moonring/calls, GET or DELETE /moonring/calls/ID, or POST /moonring/calls/ID/VERB".to_owned(),
            }),
        };
        let (status, body) = done
            .unwrap_or_else(|Refusal { status, message }| (status, json!({"Message": message})));
        HttpResponse { status, error_type: None, body: body.to_string().into_bytes() }
    }

    fn dialled(&mut self, body: &[u8]) -> Result<String, Refusal> {
        let dial = Dial::read(body).map_err(Refusal::bad)?;
        let is_clock_set = dial.at_ms.is_some();
        let at_ms = dial.at_ms.unwrap_or_else(now_ms);
        let callees = dial.callees.unwrap_or_else(|| self.calls.callees.clone());
        let Dial { from, to, person, sip_headers, way, script, .. } = dial;
        if let Some(script) = &script {
            self.setup.check_script(script).map_err(Refusal::bad)?;
        }
        self.calls.in_account = InAccount::of(&self.account);
        let call = match way {
            Way::Inbound(trigger) => {
                let (rule, applications) = self.account.route(&trigger).ok_or_else(|| {
                    let host = matches!(trigger, moonring_exchange::Trigger::RequestUriHostname(_));
                    let what = if host { "this host name" } else { to.as_str() };
                    let numbers = self.account.numbers().join(", ");
                    let other = if numbers.is_empty() {
                        String::new()
                    } else {
                        format!("the numbers here are {numbers}; ")
                    };
                    Refusal::bad(format!(
                        "no enabled SIP rule is for {what}; {other}create one with `aws chime-sdk-voice create-sip-rule`"
                    ))
                })?;
                let application = applications.first().map(|first| first.id.clone());
                let world = self.calls.world(&application.unwrap_or_default());
                let seed = self.calls.next_seed();
                let call = InboundCall {
                    from,
                    to,
                    sip_headers,
                    rule_id: Some(rule),
                    applications,
                    caller: person,
                    callees,
                    at_ms,
                    seed,
                };
                PlayedCall::inbound(world, call)
            }
            Way::Outbound { application, arguments } => {
                phone_number(&to).map_err(|why| Refusal::bad(format!("To: {why}")))?;
                if !self.account.numbers().contains(&from) {
                    return Err(Refusal::bad(format!(
                        "From: {from} is not a number of the account; order it with `aws chime-sdk-voice create-phone-number-order`"
                    )));
                }
                let known = self.account.applications();
                let found = match &application {
                    Some(id) => known.into_iter().find(|known| known.id == *id),
                    None => known.into_iter().next(),
                };
                let application = found.ok_or_else(|| {
                    Refusal::bad(match application {
                        Some(id) => format!("there is no application {id}"),
                        None => "there is no application; create one with `aws chime-sdk-voice create-sip-media-application`".to_owned(),
                    })
                })?;
                let world = self.calls.world(&application.id);
                let seed = self.calls.next_seed();
                let call = OutboundCall {
                    from,
                    to,
                    sip_headers,
                    arguments,
                    application: application.into(),
                    called: person,
                    callees,
                    at_ms,
                    seed,
                };
                PlayedCall::outbound(world, call)
            }
        };
        let id = self.calls.add(call, at_ms, is_clock_set);
        if let (Some(script), Some(scripts)) = (script, self.functions.scripts()) {
            scripts.choose(&id, script);
        }
        Ok(id)
    }
}

pub(super) fn no_call(id: &str) -> Refusal {
    Refusal { status: 404, message: format!("There is no call {id}") }
}
