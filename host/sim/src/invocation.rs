//! Invocations: events to the function one at a time, tried again and given up as the service does.

use std::sync::Arc;
use std::time::Duration;

use moonring_wire::EventType;
use serde_json::{Map, Value, json};

use crate::call::Call;
use crate::event_queue::Scheduled;
use crate::routing::Application;
use crate::trace::{HIDDEN, Happened};

/// After so long without an answer the service invokes again (rule 29).
const PATIENCE: Duration = Duration::from_secs(5);
/// After so long without any answer it hangs up (rule 30).
const LIMIT: Duration = Duration::from_secs(20);
/// The most invocations of a call (rule 32).
const MOST: u32 = 1000;

/// An event for the function.
#[derive(Debug, Clone)]
pub struct Invocation {
    /// Which attempt this is: its reply says so too.
    pub attempt: u32,
    /// The event.
    pub event: Arc<Value>,
    /// Whose function it is for.
    pub application: Arc<Application>,
    /// The time of the call, in milliseconds since 1970.
    pub now_ms: u64,
}

/// What the function did with an event.
#[derive(Debug, Clone, Default)]
pub struct Reply {
    /// What came back.
    pub outcome: Outcome,
    /// How long it took.
    pub took: Duration,
    /// The line that built each action of the answer, as `file:line`, where it is known.
    pub places: Vec<Option<String>>,
    /// What it asked of other services, in the form of a transcript.
    pub api_calls: Vec<Value>,
    /// Whether the script has asked for keys in confidence: the trace does not show them.
    pub asks_secret: bool,
}

/// What came back from the function.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// An answer, right or wrong.
    Answer(Value),
    /// The function failed.
    Failed(String),
    /// Lambda had no room for it (429).
    Throttled,
    /// The service may not call it (rule 6).
    Denied,
    /// Nothing ever.
    Silence,
}

impl Default for Outcome {
    fn default() -> Self {
        Self::Answer(Value::Null)
    }
}

/// An event that waits its turn.
#[derive(Debug)]
pub(crate) struct OutgoingEvent {
    pub(crate) event_type: EventType<'static>,
    /// The leg it is about.
    pub(crate) leg: usize,
    pub(crate) action_data: Option<Value>,
    /// What stands at the top of the event besides, as the error of a refused answer does (rule
    /// 53).
    pub(crate) top: Map<String, Value>,
}

impl OutgoingEvent {
    pub(crate) fn new(
        event_type: EventType<'static>,
        leg: usize,
        action_data: Option<Value>,
    ) -> Self {
        Self { event_type, leg, action_data, top: Map::new() }
    }
}

/// An event that is with the function.
#[derive(Debug)]
pub(crate) struct InFlight {
    pub(crate) number: u64,
    pub(crate) event_type: EventType<'static>,
    pub(crate) leg: usize,
    event: Arc<Value>,
    /// The attempts made; an answer to any of them counts, the first that comes.
    attempts: Vec<(u32, Duration)>,
    failures: u32,
    /// The answer is in; what is awaited is the echo of an event that was delivered twice.
    is_answered: bool,
}

impl Call {
    /// Has an event sent when its turn comes.
    pub(crate) fn notify(&mut self, notice: OutgoingEvent) {
        self.notices.push_back(notice);
    }

    /// Sends the next event, if none is with the function.
    pub(crate) fn send_next(&mut self) -> Option<Invocation> {
        if self.flight.is_some() {
            return None;
        }
        let notice = self.notices.pop_front()?;
        if self.sequence >= MOST {
            self.log("The maximum number of invocations of a call was reached.");
            self.abandon(480);
            return None;
        }
        self.sequence += 1;
        let event = Arc::new(self.event(&notice));
        self.flights += 1;
        let number = self.flights;
        self.event_queue.add(self.now + LIMIT, Scheduled::GivesUp { flight: number });
        let (event_type, leg) = (notice.event_type, notice.leg);
        let (attempts, failures, is_answered) = (Vec::new(), 0, false);
        self.flight =
            Some(InFlight { number, event_type, leg, event, attempts, failures, is_answered });
        self.attempt()
    }

    /// Invokes the function, again where it was before.
    pub(crate) fn attempt(&mut self) -> Option<Invocation> {
        let flight = self.flight.as_mut()?;
        self.attempts += 1;
        let attempt = self.attempts;
        flight.attempts.push((attempt, self.now));
        let event = Arc::clone(&flight.event);
        let nth = u32::try_from(flight.attempts.len()).unwrap_or(u32::MAX);
        self.event_queue.add(self.now + PATIENCE, Scheduled::Again { flight: flight.number });
        let shown = if self.hides_keys { without_digits(&event) } else { Arc::clone(&event) };
        self.trace.add(self.now, Happened::Invoked { event: shown, attempt: nth });
        let application = Arc::clone(&self.application);
        Some(Invocation { attempt, event, application, now_ms: self.now_ms() })
    }

    /// The function has answered an attempt, or failed to.
    pub fn reply(&mut self, attempt: u32, reply: Reply) {
        let Reply { mut outcome, mut took, places, api_calls, asks_secret } = reply;
        self.hides_keys = asks_secret;
        if let Some((fault, after)) = self.world.faults.invocations.get(&attempt) {
            (outcome, took) = (fault.clone(), *after);
        }
        let began = self
            .flight
            .as_ref()
            .and_then(|flight| flight.attempts.iter().find(|(number, _)| *number == attempt));
        let Some((_, began)) = began else { return };
        let at = (*began + took).max(self.now);
        if outcome != Outcome::Silence {
            self.event_queue.add(at, Scheduled::Arrives { attempt, outcome, places, api_calls });
        }
    }

    /// What an attempt came to. Gives the next attempt, where there is one.
    pub(crate) fn arrives(
        &mut self,
        attempt: u32,
        outcome: Outcome,
        places: Vec<Option<String>>,
        api_calls: Vec<Value>,
    ) -> Option<Invocation> {
        let flight = self.flight.as_mut()?;
        if !flight.attempts.iter().any(|(number, _)| *number == attempt) {
            return None;
        }
        match outcome {
            Outcome::Answer(answer) => {
                let counts = !flight.is_answered;
                flight.is_answered = true;
                let answer = Arc::new(answer);
                self.trace.add(
                    self.now,
                    Happened::Answered { answer: Arc::clone(&answer), api_calls, counts },
                );
                let (event_type, leg) = (flight.event_type, flight.leg);
                if counts && self.world.faults.twice {
                    self.echo = Some((answer, places));
                    return self.attempt();
                }
                self.land();
                let (answer, places) = self.echo.take().unwrap_or((answer, places));
                self.obey(event_type, leg, &answer, places);
                None
            }
            Outcome::Failed(why) => self.not_answered(why),
            Outcome::Throttled => {
                self.not_answered("The AWS Lambda function was throttled.".to_owned())
            }
            Outcome::Denied => self
                .not_answered("Access denied while invoking the AWS Lambda function.".to_owned()),
            Outcome::Silence => None,
        }
    }

    /// One retry; at a new call then the next application of the rule; then the call ends (rules 2
    /// and 31).
    fn not_answered(&mut self, why: String) -> Option<Invocation> {
        self.trace.add(self.now, Happened::NotAnswered { why });
        let flight = self.flight.as_mut()?;
        flight.failures += 1;
        let is_new = flight.event_type == EventType::NewInboundCall;
        let has_other = is_new && !self.others.is_empty();
        if flight.failures == 1 && !(has_other && self.world.readings.failover_before_retry) {
            return self.attempt();
        }
        if let (true, Some(next)) = (has_other, self.others.pop_front()) {
            self.application = next;
            let flight = self.flight.as_mut()?;
            flight.failures = 0;
            let event = Arc::make_mut(&mut flight.event);
            event["CallDetails"]["SipMediaApplicationId"] = json!(self.application.id);
            event["CallDetails"]["AwsRegion"] = json!(self.application.region);
            return self.attempt();
        }
        self.land();
        self.abandon(480);
        None
    }

    /// The function has been silent for 5 s.
    pub(crate) fn again(&mut self, number: u64) -> Option<Invocation> {
        let flight =
            self.flight.as_ref().filter(|flight| flight.number == number && !flight.is_answered)?;
        let (_, last) = flight.attempts.last()?;
        (self.now >= *last + PATIENCE).then(|| self.attempt()).flatten()
    }

    /// The function has been silent for 20 s.
    pub(crate) fn gives_up(&mut self, number: u64) {
        if self.flight.as_ref().is_some_and(|flight| flight.number == number) {
            self.land();
            self.log("AWS Lambda client operation timed out.");
            self.abandon(480);
        }
    }

    /// The event is no longer with the function.
    fn land(&mut self) {
        self.flight = None;
        self.event_queue.retain(|happening| {
            !matches!(
                happening,
                Scheduled::Again { .. } | Scheduled::GivesUp { .. } | Scheduled::Arrives { .. }
            )
        });
    }

    /// The document of an event, as the call stands.
    fn event(&self, notice: &OutgoingEvent) -> Value {
        let mut event = Map::new();
        event.insert("SchemaVersion".to_owned(), json!("1.0"));
        event.insert("Sequence".to_owned(), json!(self.sequence));
        event.insert("InvocationEventType".to_owned(), json!(notice.event_type.name()));
        if let Some(data) = &notice.action_data {
            event.insert("ActionData".to_owned(), data.clone());
        }
        event.extend(notice.top.iter().map(|(name, value)| (name.clone(), value.clone())));
        let mut details = Map::new();
        details.insert("TransactionId".to_owned(), json!(self.id));
        if let Some(attributes) = &self.attributes {
            details.insert("TransactionAttributes".to_owned(), Value::Object(attributes.clone()));
        }
        details.insert("AwsAccountId".to_owned(), json!(self.world.account));
        details.insert("AwsRegion".to_owned(), json!(self.application.region));
        if let Some(rule) = &self.rule_id {
            details.insert("SipRuleId".to_owned(), json!(rule));
        }
        details.insert("SipMediaApplicationId".to_owned(), json!(self.application.id));
        // Logs of new calls show no status; an example does.
        let with_status = notice.event_type != EventType::NewInboundCall
            || self.world.readings.new_call_has_status;
        let mut legs: Vec<Value> = self.legs.iter().map(|leg| leg.to_json(with_status)).collect();
        if self.world.readings.second_leg_first {
            legs.reverse();
        }
        details.insert("Participants".to_owned(), Value::Array(legs));
        event.insert("CallDetails".to_owned(), Value::Object(details));
        Value::Object(event)
    }
}

/// An event as the trace has it where keys were typed in confidence.
fn without_digits(event: &Value) -> Arc<Value> {
    let mut shown = event.clone();
    if let Some(digits) = shown.pointer_mut("/ActionData/ReceivedDigits") {
        *digits = json!(HIDDEN.to_string().repeat(4));
    }
    Arc::new(shown)
}
