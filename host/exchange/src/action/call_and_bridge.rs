//! CallAndBridge: somebody else is called, and joined to the caller.

use std::time::Duration;

use serde_json::{Map, Value};

use super::parameters::{audio_file, is_phone_number};
use super::speech::audio;
use super::stage::Callee;
use super::{ActionSpec, Failure, Parameters, Performance, Progress, Ready, Reports};
use super::{RunningAction, Stage};
use crate::leg::{LegNumber, Numbers};
use crate::prompt::Prompt;
use crate::ticket::Ticket;

pub(super) const SPEC: ActionSpec = ActionSpec {
    name: "CallAndBridge",
    answers: false,
    reports: Reports::Always,
    is_interruptible: false,
    prepare,
};

/// The longest header (rule 58).
const HEADER: usize = 2048;
/// Header names that the service keeps for itself (rule 59).
const RESERVED: &[&str] = &["x-amzn", "x-vine", "x-vc", "x-canary", "x-voice"];

fn prepare(parameters: &mut Parameters, stage: &mut Stage<'_>) -> Ready {
    if !stage.has_room() {
        return Err(Failure::parameter("Invalid action on the call."));
    }
    let timeout = parameters.number("CallTimeoutSeconds", 1, 120).map_err(|()| {
        Failure::parameter(
            "The MaxCallTimeout parameter is invalid. Timeout must be between 0 and 120 seconds.",
        )
    })?;
    let from = caller_id(parameters, stage)?;
    let endpoint = endpoint(parameters)?;
    let ringback = match parameters.table("RingbackTone") {
        Some(tone) if audio_file(Some(tone)).is_some() => Some(audio(Some(tone), stage)?),
        None if parameters.0.get("RingbackTone").is_none_or(Value::is_null) => None,
        _ => {
            return Err(Failure::new("InvalidAudioSource", "Ringtone parameter value is invalid."));
        }
    };
    let headers = headers(parameters)?;
    if !headers.is_empty() && endpoint.trunk.is_none() {
        if !stage.service().readings.headers_to_pstn {
            return Err(Failure::value_of("SipHeaders"));
        }
        stage.warn("CallAndBridge sends SIP headers to a telephone number; they are for AWS endpoints (rule 60)");
    }
    if parameters.0.contains_key("CustomSipHeaders") {
        stage.warn("CallAndBridge has CustomSipHeaders, which is an old name; wanted SipHeaders");
    }
    let timeout = Duration::from_secs(timeout.unwrap_or(30));
    Ok(Performance::Bridging(Bridging { from, endpoint, headers, timeout, ringback, timer: None }))
}

fn caller_id(parameters: &Parameters, stage: &Stage<'_>) -> Result<String, Failure> {
    let id = parameters
        .text("CallerIdNumber")
        .ok_or_else(|| Failure::parameter("Caller ID not defined."))?;
    let numbers = &stage.service().numbers;
    let is_callers = stage.first_leg().is_some_and(|leg| leg.numbers.from == id);
    let is_own = numbers.is_empty() || numbers.iter().any(|number| number == id) || is_callers;
    if !is_phone_number(id) && !is_callers || !is_own {
        return Err(Failure::parameter("Invalid caller ID."));
    }
    Ok(id.to_owned())
}

/// Whom to call.
#[derive(Debug, Clone)]
struct Endpoint {
    to: String,
    /// The Voice Connector, where it is no telephone number.
    trunk: Option<String>,
}

fn endpoint(parameters: &Parameters) -> Result<Endpoint, Failure> {
    let endpoints = parameters.0.get("Endpoints").and_then(Value::as_array);
    let [endpoint] = endpoints.map(Vec::as_slice).unwrap_or_default() else {
        return Err(Failure::parameter("Invalid number of endpoints provided."));
    };
    let text =
        |name: &str| endpoint.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let (to, trunk) = (text("Uri").unwrap_or_default().to_owned(), text("Arn"));
    let is_right = match (text("BridgeEndpointType"), trunk) {
        (Some("PSTN"), None) => is_phone_number(&to),
        (Some("AWS"), Some(arn)) => {
            !to.is_empty() && to.chars().count() <= 30 && arn.starts_with("arn:")
        }
        _ => false,
    };
    if !is_right {
        return Err(Failure::parameter("Endpoint parameter is invalid."));
    }
    Ok(Endpoint { to, trunk: trunk.map(str::to_owned) })
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

#[derive(Debug, Clone)]
pub(crate) struct Bridging {
    from: String,
    endpoint: Endpoint,
    headers: Map<String, Value>,
    timeout: Duration,
    ringback: Option<Prompt>,
    /// It has rung long enough when this one has run out.
    timer: Option<Ticket>,
}

impl Bridging {
    fn not_answered(stage: &mut Stage<'_>) -> Progress {
        stage.drop_second_leg();
        Progress::Failed(Failure::new("CallNotAnswered", "Call not answered"))
    }
}

impl RunningAction for Bridging {
    fn begin(&mut self, stage: &mut Stage<'_>) -> Progress {
        stage.drop_second_leg();
        let Endpoint { to, trunk } = &self.endpoint;
        // The guide's event of a bridge to a telephone shows the caller's own number.
        let callers = stage.first_leg().filter(|_| trunk.is_none());
        let from = callers.map_or_else(|| self.from.clone(), |leg| leg.numbers.from.clone());
        let leg = stage.call(Callee {
            numbers: Numbers { from, to: to.clone() },
            trunk: trunk.clone(),
            sip_headers: std::mem::take(&mut self.headers),
        });
        if let Some(ringback) = self.ringback.take() {
            stage.play_in_a_loop(ringback);
        }
        if stage.service().readings.bridge_rings {
            stage.announce_ringing(leg);
        }
        self.timer = Some(stage.set_timer(self.timeout));
        Progress::Waits
    }

    fn ended(&mut self, stage: &mut Stage<'_>, ticket: Ticket) -> Progress {
        if self.timer == Some(ticket) { Self::not_answered(stage) } else { Progress::Waits }
    }

    fn picked_up(&mut self, stage: &mut Stage<'_>, leg: LegNumber) -> Progress {
        // Nobody hears the ringback tone any more.
        stage.stop();
        // Rule 10: the caller is answered when the callee answers.
        stage.answer_caller();
        stage.connect(leg);
        Progress::done()
    }

    fn not_picked_up(&mut self, stage: &mut Stage<'_>) -> Progress {
        Self::not_answered(stage)
    }

    fn left(&mut self, stage: &mut Stage<'_>) -> Progress {
        Self::not_answered(stage)
    }
}
