//! Calls by HTTP, for which the service's API has no word: somebody dials, presses, hangs up.

use std::time::{Duration, Instant};

use moonring_exchange::Tag;
use moonring_exchange::api::HttpResponse;
use moonring_sim::{InboundCall, OutboundCall, PersonAction, PlayedCall};
use moonring_wire::hint;
use serde_json::{Map, Value, json};

use super::{InAccount, Switchboard};
use crate::clock::now_ms;
use crate::phone_number::phone_number;
use crate::serve::dial::{Dial, Way};

/// What can be done in a call.
const VERBS: [&str; 7] = ["press", "hang-up", "talk", "say", "answer", "update", "end"];

/// Why something cannot be done.
struct Refusal {
    status: u16,
    message: String,
}

impl Refusal {
    fn bad(message: impl Into<String>) -> Self {
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
        let at_ms = dial.at_ms.unwrap_or_else(now_ms);
        let callees = dial.callees.unwrap_or_else(|| self.calls.callees.clone());
        let Dial { from, to, person, sip_headers, way, .. } = dial;
        self.calls.in_account = InAccount::of(&self.account);
        let call = match way {
            Way::Inbound(trigger) => {
                let (rule, applications) = self.account.route(&trigger).ok_or_else(|| {
                    let host = matches!(trigger, moonring_exchange::Trigger::RequestUriHostname(_));
                    let what = if host { "this host name" } else { to.as_str() };
                    Refusal::bad(format!(
                        "no enabled SIP rule is for {what}; create one with `aws chime-sdk-voice create-sip-rule`"
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
        Ok(self.calls.add(call, at_ms))
    }

    /// Somebody in a call does something now.
    fn act(&mut self, id: &str, verb: &str, body: &[u8]) -> Result<(), Refusal> {
        let Some(line) = self.calls.lines.get_mut(id) else {
            return Err(match self.calls.look(id) {
                Some(_) => Refusal { status: 409, message: format!("the call {id} is over") },
                None => no_call(id),
            });
        };
        let said = Said::read(body, verb)?;
        // What happens now happens at this moment, not at that of the last thing that happened.
        line.call.advance(line.began.elapsed());
        let leg = said.leg()?;
        let is_there = match verb {
            "press" => line.does(leg, PersonAction::Press(said.digits()?)),
            "hang-up" => line.does(leg, PersonAction::HangUp),
            "talk" => line.does(leg, PersonAction::Talk(said.seconds()?)),
            "say" => line.does(leg, PersonAction::Say(said.words()?)),
            "answer" => line.call.pick_up(),
            "update" => line.call.update(said.arguments()?),
            _ => {
                line.call.everybody_hangs_up();
                true
            }
        };
        line.due = Some(Instant::now());
        if is_there {
            Ok(())
        } else {
            let message = match verb {
                "answer" => "nothing rings in this call".to_owned(),
                "update" => "the call cannot be updated: nobody is on the line".to_owned(),
                _ => format!("{} is not on the line", leg.name()),
            };
            Err(Refusal { status: 409, message })
        }
    }
}

impl super::Line {
    /// Whether the leg was there to do it.
    fn does(&mut self, leg: Tag, action: PersonAction) -> bool {
        let exchange = self.call.exchange();
        let is_up = exchange.leg(leg).is_some_and(|leg| exchange.is_leg_up(leg));
        if is_up {
            self.call.act(leg, action);
        }
        is_up
    }
}

/// The body of a request about a call.
struct Said(Map<String, Value>);

impl Said {
    fn read(body: &[u8], verb: &str) -> Result<Self, Refusal> {
        let keys: &[&str] = match verb {
            "press" => &["Leg", "Digits"],
            "hang-up" => &["Leg"],
            "talk" => &["Leg", "Seconds"],
            "say" => &["Leg", "Words"],
            "update" => &["Arguments"],
            "answer" | "end" => &[],
            other => {
                return Err(Refusal {
                    status: 404,
                    message: format!(
                        "`{other}` is unknown; wanted {}{}",
                        VERBS.join(", "),
                        hint(other, VERBS)
                    ),
                });
            }
        };
        let body = if body.is_empty() { b"{}" } else { body };
        let fields: Map<String, Value> = serde_json::from_slice(body)
            .map_err(|error| Refusal::bad(format!("the body is not a JSON object: {error}")))?;
        if let Some(unknown) = fields.keys().find(|key| !keys.contains(&key.as_str())) {
            let all = if keys.is_empty() { "no keys".to_owned() } else { keys.join(", ") };
            let hint = hint(unknown, keys.iter().copied());
            return Err(Refusal::bad(format!("unknown key `{unknown}`; wanted {all}{hint}")));
        }
        Ok(Self(fields))
    }

    fn leg(&self) -> Result<Tag, Refusal> {
        match self.0.get("Leg") {
            None => Ok(Tag::A),
            Some(leg) if leg == "LEG-A" => Ok(Tag::A),
            Some(leg) if leg == "LEG-B" => Ok(Tag::B),
            Some(other) => Err(Refusal::bad(format!("Leg is {other}; wanted LEG-A or LEG-B"))),
        }
    }

    fn digits(&self) -> Result<String, Refusal> {
        let digits = self.0.get("Digits").and_then(Value::as_str).unwrap_or_default();
        let are_digits = digits.chars().all(|digit| "0123456789*#ABCD".contains(digit));
        if digits.is_empty() || !are_digits {
            return Err(Refusal::bad("Digits: wanted a string of 0-9, *, # and A-D"));
        }
        Ok(digits.to_owned())
    }

    fn seconds(&self) -> Result<Duration, Refusal> {
        let seconds = self.0.get("Seconds").and_then(Value::as_f64);
        let seconds = seconds.filter(|seconds| (0.0..=86_400.0).contains(seconds));
        seconds
            .map(Duration::from_secs_f64)
            .ok_or_else(|| Refusal::bad("Seconds: wanted a number from 0 to 86400"))
    }

    fn words(&self) -> Result<String, Refusal> {
        let words = self.0.get("Words").and_then(Value::as_str).filter(|words| !words.is_empty());
        words.map(str::to_owned).ok_or_else(|| Refusal::bad("Words: wanted a string"))
    }

    fn arguments(&self) -> Result<Map<String, Value>, Refusal> {
        let arguments = self.0.get("Arguments").and_then(Value::as_object);
        let are_texts = |map: &&Map<String, Value>| map.values().all(Value::is_string);
        arguments
            .filter(are_texts)
            .cloned()
            .ok_or_else(|| Refusal::bad("Arguments: wanted an object of strings"))
    }
}

fn no_call(id: &str) -> Refusal {
    Refusal { status: 404, message: format!("There is no call {id}") }
}
