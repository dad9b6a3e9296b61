//! CallAndBridge: somebody else is called, and joined to the caller.

use std::time::Duration;

use moonring_wire::EventType;
use serde_json::{Map, Value};

use super::parameters::{audio, is_phone_number};
use super::prompt::Prompt;
use super::{ActionSpec, Failure, Parameters, Part, Progress, Ready, Reports, RunningAction};
use crate::call::{Call, Numbers};
use crate::event_queue::Scheduled;
use crate::invocation::OutgoingEvent;
use crate::leg::{RemoteEnd, Tag};
use crate::person::{Person, Pickup};
use crate::trace::Happened;

pub(super) const ROLE: ActionSpec = ActionSpec {
    name: "CallAndBridge",
    answers: false,
    reports: Reports::Always,
    is_interruptible: false,
    perform,
};

/// The longest header (rule 58).
const HEADER: usize = 2048;
/// Header names that the service keeps for itself (rule 59).
const RESERVED: &[&str] = &["x-amzn", "x-vine", "x-vc", "x-canary", "x-voice"];

fn perform(parameters: &mut Parameters, part: Part, call: &mut Call) -> Ready {
    if !call.has_room() {
        return Err(Failure::parameter("Invalid action on the call."));
    }
    let timeout = parameters.number("CallTimeoutSeconds", 1, 120).map_err(|()| {
        Failure::parameter(
            "The MaxCallTimeout parameter is invalid. Timeout must be between 0 and 120 seconds.",
        )
    })?;
    let from = caller_id(parameters, call)?;
    let (to, is_pstn) = endpoint(parameters)?;
    let ringback = match parameters.table("RingbackTone") {
        Some(tone) if audio(Some(tone)).is_some() => Some(Prompt::audio(Some(tone), call)?),
        None if parameters.0.get("RingbackTone").is_none_or(Value::is_null) => None,
        _ => {
            return Err(Failure::new("InvalidAudioSource", "Ringtone parameter value is invalid."));
        }
    };
    let headers = headers(parameters)?;
    if !headers.is_empty() && is_pstn {
        if !call.world.readings.headers_to_pstn {
            return Err(Failure::value_of("SipHeaders"));
        }
        call.warn("CallAndBridge sends SIP headers to a telephone number; they are for AWS endpoints (rule 60)");
    }
    if parameters.0.contains_key("CustomSipHeaders") {
        call.warn("CallAndBridge has CustomSipHeaders, which is an old name; wanted SipHeaders");
    }
    let timeout = Duration::from_secs(timeout.unwrap_or(30));
    Ok(Box::new(Bridging {
        part,
        from,
        to,
        timeout,
        ringback,
        is_pstn,
        rings_until: Duration::ZERO,
    }))
}

fn caller_id(parameters: &Parameters, call: &Call) -> Result<String, Failure> {
    let id = parameters
        .text("CallerIdNumber")
        .ok_or_else(|| Failure::parameter("Caller ID not defined."))?;
    let numbers = &call.world.numbers;
    let is_own =
        numbers.is_empty() || numbers.iter().any(|number| number == id) || call.legs[0].from == id;
    if !is_phone_number(id) && id != call.legs[0].from || !is_own {
        return Err(Failure::parameter("Invalid caller ID."));
    }
    Ok(id.to_owned())
}

/// Whom to call, and whether that is a telephone number.
fn endpoint(parameters: &Parameters) -> Result<(String, bool), Failure> {
    let endpoints = parameters.0.get("Endpoints").and_then(Value::as_array);
    let [endpoint] = endpoints.map(Vec::as_slice).unwrap_or_default() else {
        return Err(Failure::parameter("Invalid number of endpoints provided."));
    };
    let text =
        |name: &str| endpoint.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let is_right = match (text("BridgeEndpointType"), text("Uri"), text("Arn")) {
        (Some("PSTN"), Some(number), None) => is_phone_number(number),
        (Some("AWS"), Some(user), Some(arn)) => {
            user.chars().count() <= 30 && arn.starts_with("arn:")
        }
        _ => false,
    };
    if !is_right {
        return Err(Failure::parameter("Endpoint parameter is invalid."));
    }
    Ok((text("Uri").unwrap_or_default().to_owned(), text("BridgeEndpointType") == Some("PSTN")))
}

/// The headers that are sent along, if they may be (rules 58 and 59).
fn headers(parameters: &Parameters) -> Result<Map<String, Value>, Failure> {
    let headers = parameters.table("SipHeaders").cloned().unwrap_or_default();
    let may_not = |name: &&String| {
        let name = name.to_ascii_lowercase();
        let is_sendable = name.starts_with("x-") || name == "user-to-user" || name == "diversion";
        !is_sendable || RESERVED.iter().any(|reserved| name.starts_with(reserved))
    };
    if headers.values().any(|text| text.as_str().is_none_or(|text| text.chars().count() > HEADER)) {
        return Err(Failure::value_of("SipHeaders"));
    }
    match headers.keys().find(may_not) {
        Some(name) => Err(Failure::parameter(format!("Invalid SIP header(s) provided: {name}"))),
        None => Ok(headers),
    }
}

#[derive(Debug)]
struct Bridging {
    part: Part,
    from: String,
    to: String,
    timeout: Duration,
    ringback: Option<Prompt>,
    is_pstn: bool,
    /// When it has rung long enough.
    rings_until: Duration,
}

impl Bridging {
    fn not_answered(call: &mut Call) -> Progress {
        call.drop_second_leg();
        Progress::Failed(Failure::new("CallNotAnswered", "Call not answered"))
    }
}

impl RunningAction for Bridging {
    fn begin(&mut self, call: &mut Call) -> Progress {
        call.drop_second_leg();
        let callee = call.callee.clone().unwrap_or_else(Person::quiet);
        let pickup = callee.pickup;
        // The guide's event of a bridge to a telephone shows the caller's own number.
        let from = if self.is_pstn { call.legs[0].from.clone() } else { self.from.clone() };
        let leg = call.add_leg(
            Tag::B,
            Numbers { from, to: self.to.clone() },
            false,
            RemoteEnd::Phone,
            callee,
            Map::new(),
        );
        call.trace.add(call.now, Happened::Rings { leg: Tag::B, to: self.to.clone() });
        if let Some(ringback) = &self.ringback {
            ringback.play(&self.part, call);
        }
        if call.world.readings.bridge_rings {
            call.notify(OutgoingEvent::new(EventType::Ringing, leg, None));
        }
        self.rings_until = call.now() + self.timeout;
        match pickup {
            Pickup::After(after) if after <= self.timeout => {
                call.event_queue.add(call.now() + after, Scheduled::PicksUp { leg });
            }
            Pickup::Busy | Pickup::Refuses => {
                return Progress::Until(call.now() + Duration::from_secs(1));
            }
            _ => {}
        }
        Progress::Until(self.rings_until)
    }

    fn due(&mut self, call: &mut Call) -> Progress {
        Self::not_answered(call)
    }

    fn picked_up(&mut self, call: &mut Call, leg: usize) -> Progress {
        // Rule 10: the caller is answered when the other side answers.
        call.answer_caller();
        call.connect(leg);
        Progress::done()
    }

    fn left(&mut self, call: &mut Call) -> Progress {
        Self::not_answered(call)
    }
}
