//! Invocations: events to the function one at a time, tried again and given up as the service does.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use moonring_wire::{Attributes, EventType};
use serde_json::{Map, Value, json};

use crate::dispatch::Owner;
use crate::input::Outcome;
use crate::leg::LegNumber;
use crate::lines::Lines;
use crate::order::Order;
use crate::outgoing_event::OutgoingEvent;
use crate::routing::Application;
use crate::ticket::Ticket;
use crate::trace::{HIDDEN, Happened};

/// After so long without an answer the service invokes again (rule 29).
const PATIENCE: Duration = Duration::from_secs(5);
/// After so long without any answer it hangs up (rule 30).
const LIMIT: Duration = Duration::from_secs(20);
/// The most invocations of a call (rule 32).
const MOST: u32 = 1000;

/// The function's side of a call.
#[derive(Debug, Clone)]
pub(crate) struct Invocations {
    pub(crate) application: Arc<Application>,
    /// Applications that are tried when the first does not answer (rule 2).
    others: VecDeque<Arc<Application>>,
    pub(crate) rule_id: Option<String>,
    pub(crate) attributes: Option<Attributes>,
    sequence: u32,
    in_flight: Option<InFlight>,
    /// The next event that is answered is delivered a second time.
    pub(crate) twice_next: bool,
}

/// An event that is with the function.
#[derive(Debug, Clone)]
struct InFlight {
    event_type: EventType<'static>,
    leg: LegNumber,
    event: Arc<Value>,
    /// The attempts made; an answer to any of them counts, the first that comes.
    attempts: Vec<Ticket>,
    failures: u32,
    patience: Option<Ticket>,
    limit: Ticket,
    /// The answer that counts, where what is awaited is the echo of an event that was delivered
    /// twice.
    answered: Option<Answered>,
}

/// The answer to an event, which is to be obeyed.
#[derive(Debug, Clone)]
pub(crate) struct Answered {
    pub(crate) event_type: EventType<'static>,
    pub(crate) leg: LegNumber,
    pub(crate) answer: Arc<Value>,
    /// The line that built each action.
    pub(crate) places: Vec<Option<String>>,
}

/// What an attempt came to.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// The event is still with the function.
    Waits,
    Obey(Answered),
    /// The call ends.
    GivesUp,
}

/// What came back, and what the trace has of it.
pub(crate) struct Returned {
    pub(crate) outcome: Outcome,
    pub(crate) places: Vec<Option<String>>,
    pub(crate) api_calls: Vec<Value>,
}

impl Invocations {
    pub(crate) fn new(
        application: Arc<Application>,
        others: VecDeque<Arc<Application>>,
        rule_id: Option<String>,
    ) -> Self {
        Self {
            application,
            others,
            rule_id,
            attributes: None,
            sequence: 0,
            in_flight: None,
            twice_next: false,
        }
    }

    /// Whether an event is with the function.
    pub(crate) fn is_under_way(&self) -> bool {
        self.in_flight.is_some()
    }

    /// Sends the next event, if none is with the function.
    pub(crate) fn send_next(&mut self, lines: &mut Lines) -> Verdict {
        if self.in_flight.is_some() {
            return Verdict::Waits;
        }
        let Some(outgoing) = lines.events.pop_front() else { return Verdict::Waits };
        if self.sequence >= MOST {
            lines.log("The maximum number of invocations of a call was reached.");
            return Verdict::GivesUp;
        }
        self.sequence += 1;
        let (event_type, leg) = (outgoing.event_type, outgoing.leg);
        let event = Arc::new(self.event(outgoing, lines));
        let limit = lines.dispatch.set_timer(Owner::Limit, LIMIT);
        self.in_flight = Some(InFlight {
            event_type,
            leg,
            event,
            attempts: Vec::with_capacity(1),
            failures: 0,
            patience: None,
            limit,
            answered: None,
        });
        self.attempt(lines);
        Verdict::Waits
    }

    /// Invokes the function, again where it was before.
    fn attempt(&mut self, lines: &mut Lines) {
        let Some(in_flight) = &mut self.in_flight else { return };
        let (event, application) = (Arc::clone(&in_flight.event), Arc::clone(&self.application));
        let nth = u32::try_from(in_flight.attempts.len() + 1).unwrap_or(u32::MAX);
        let shown = if lines.hides_digits { without_digits(&event) } else { Arc::clone(&event) };
        lines.note(Happened::Invoked { event: shown, attempt: nth });
        let invoke = |ticket| Order::Invoke { ticket, event, application };
        in_flight.attempts.push(lines.dispatch.give(Owner::Attempt, invoke));
        if let Some(patience) = in_flight.patience.take() {
            lines.dispatch.stop(patience);
        }
        in_flight.patience = Some(lines.dispatch.set_timer(Owner::Patience, PATIENCE));
    }

    /// An attempt has come to something.
    pub(crate) fn returned(&mut self, returned: Returned, lines: &mut Lines) -> Verdict {
        let Returned { outcome, places, api_calls } = returned;
        let Some(in_flight) = &mut self.in_flight else { return Verdict::Waits };
        match outcome {
            Outcome::Answer(answer) => {
                let counts = in_flight.answered.is_none();
                lines.note(Happened::Answered { answer: Arc::clone(&answer), api_calls, counts });
                let (event_type, leg) = (in_flight.event_type, in_flight.leg);
                let answered = Answered { event_type, leg, answer, places };
                if counts && (lines.service.delivers_twice || self.twice_next) {
                    self.twice_next = false;
                    in_flight.answered = Some(answered);
                    self.attempt(lines);
                    return Verdict::Waits;
                }
                let first = in_flight.answered.take();
                self.land(lines);
                Verdict::Obey(first.unwrap_or(answered))
            }
            Outcome::Failed(why) => self.not_answered(why, lines),
            Outcome::Throttled => {
                self.not_answered("The AWS Lambda function was throttled.".to_owned(), lines)
            }
            Outcome::Denied => self.not_answered(
                "Access denied while invoking the AWS Lambda function.".to_owned(),
                lines,
            ),
            Outcome::Silence => Verdict::Waits,
        }
    }

    /// One retry; at a new call then the next application of the rule; then the call ends (rules 2
    /// and 31).
    fn not_answered(&mut self, why: String, lines: &mut Lines) -> Verdict {
        lines.note(Happened::NotAnswered { why });
        let Some(in_flight) = &mut self.in_flight else { return Verdict::Waits };
        in_flight.failures += 1;
        let is_new = in_flight.event_type == EventType::NewInboundCall;
        let has_other = is_new && !self.others.is_empty();
        if in_flight.failures == 1 && !(has_other && lines.service.readings.failover_before_retry) {
            self.attempt(lines);
            return Verdict::Waits;
        }
        if let (true, Some(next)) = (has_other, self.others.pop_front()) {
            self.application = next;
            lines.belong_to(&self.application);
            in_flight.failures = 0;
            let event = Arc::make_mut(&mut in_flight.event);
            event["CallDetails"]["SipMediaApplicationId"] = json!(self.application.id);
            event["CallDetails"]["AwsRegion"] = json!(self.application.region);
            self.attempt(lines);
            return Verdict::Waits;
        }
        self.land(lines);
        Verdict::GivesUp
    }

    /// The event was lost on its way to the function: it is given again, and has all its time. While
    /// it is on its way a second time, nothing is lost.
    pub(crate) fn lost(&mut self, lines: &mut Lines) {
        let Some(flight) = &mut self.in_flight else { return };
        if flight.attempts.iter().any(|attempt| lines.dispatch.is_open(*attempt)) {
            return;
        }
        lines.dispatch.stop(flight.limit);
        flight.limit = lines.dispatch.set_timer(Owner::Limit, LIMIT);
        self.attempt(lines);
    }

    /// The function has been silent for 5 s.
    pub(crate) fn again(&mut self, lines: &mut Lines) {
        let Some(in_flight) = &mut self.in_flight else { return };
        in_flight.patience = None;
        if in_flight.answered.is_none() {
            self.attempt(lines);
        }
    }

    /// The function has been silent for 20 s.
    pub(crate) fn gives_up(&mut self, lines: &mut Lines) -> Verdict {
        self.land(lines);
        lines.log("AWS Lambda client operation timed out.");
        Verdict::GivesUp
    }

    /// The event is no longer with the function.
    fn land(&mut self, lines: &mut Lines) {
        let Some(in_flight) = self.in_flight.take() else { return };
        let awaited =
            in_flight.attempts.into_iter().chain(in_flight.patience).chain([in_flight.limit]);
        awaited.for_each(|ticket| lines.dispatch.stop(ticket));
    }

    /// The document of an event, as the call stands.
    fn event(&self, outgoing: OutgoingEvent, lines: &Lines) -> Value {
        let readings = &lines.service.readings;
        let mut event = Map::with_capacity(8);
        event.insert("SchemaVersion".to_owned(), json!("1.0"));
        event.insert("Sequence".to_owned(), json!(self.sequence));
        event.insert("InvocationEventType".to_owned(), json!(outgoing.event_type.name()));
        if let Some(data) = outgoing.action_data {
            event.insert("ActionData".to_owned(), data);
        }
        event.extend(outgoing.top);
        let mut details = Map::with_capacity(8);
        details.insert("TransactionId".to_owned(), json!(lines.id));
        if let Some(attributes) = &self.attributes {
            details.insert("TransactionAttributes".to_owned(), Value::Object(attributes.clone()));
        }
        details.insert("AwsAccountId".to_owned(), json!(lines.service.account));
        details.insert("AwsRegion".to_owned(), json!(self.application.region));
        if let Some(rule) = &self.rule_id {
            details.insert("SipRuleId".to_owned(), json!(rule));
        }
        details.insert("SipMediaApplicationId".to_owned(), json!(self.application.id));
        // Logs of new calls show no status; an example does.
        let with_status =
            outgoing.event_type != EventType::NewInboundCall || readings.new_call_has_status;
        let mut legs: Vec<Value> = lines.legs.iter().map(|leg| leg.to_json(with_status)).collect();
        if readings.second_leg_first {
            legs.reverse();
        }
        details.insert("Participants".to_owned(), Value::Array(legs));
        event.insert("CallDetails".to_owned(), Value::Object(details));
        Value::Object(event)
    }
}

/// An event as the trace has it where digits were typed in confidence.
fn without_digits(event: &Value) -> Arc<Value> {
    let mut shown = event.clone();
    if let Some(digits) = shown.pointer_mut("/ActionData/ReceivedDigits") {
        *digits = json!(HIDDEN.to_string().repeat(4));
    }
    Arc::new(shown)
}
