//! A call: the machine that plays the service's side of it.

mod answer;
mod ending;
mod going_wrong;
mod ringing;
mod start;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use moonring_wire::{Attributes, EventType};
use serde_json::{Map, Value, json};

use crate::action_queue::ActionQueue;
use crate::dispatch::Owner;
use crate::input::{Condition, Input, Stamped};
use crate::invocation::{Invocations, Returned, Verdict};
use crate::leg::{Leg, LegNumber, Numbers, RemoteEnd, Tag};
use crate::lines::{Lines, NewLeg};
use crate::order::{Ending, Order};
use crate::outgoing_event::OutgoingEvent;
use crate::routing::Application;
use crate::service::Service;
use crate::ticket::Ticket;
use crate::trace::{Happened, Trace};
pub use start::{Direction, Start};

/// A new call that nothing answers ends after so long (rule 11).
const UNANSWERED: Duration = Duration::from_secs(30);
/// No moment is later than this: a driver may be wrong, and time must not overflow.
pub const LATEST: Duration = Duration::from_secs(1 << 36);
/// No call goes on for longer than this.
const LONGEST: Duration = Duration::from_secs(86_400);

/// One call.
///
/// # Examples
/// A call whose function answers nothing: after 30 s it is ended (rule 11).
/// ```
/// use std::sync::Arc;
/// use std::time::Duration;
/// use moonring_exchange::{Application, Call, Direction, Input, Order, Outcome, Service, Start};
///
/// let mut call = Call::new(Arc::new(Service::default()), Start {
///     from: "+12065550142".to_owned(),
///     to: "+14255550117".to_owned(),
///     sip_headers: Default::default(),
///     direction: Direction::Inbound {
///         rule_id: None,
///         applications: vec![Arc::new(Application::default())],
///     },
///     at_ms: 0,
///     seed: 1,
/// });
/// let (mut unanswered, mut invoked) = (None, None);
/// for order in call.take_orders() {
///     match order {
///         Order::SetTimer { ticket, after } if after.as_secs() == 30 => unanswered = Some(ticket),
///         Order::Invoke { ticket, .. } => invoked = Some(ticket),
///         _ => {}
///     }
/// }
/// let answer = serde_json::json!({"SchemaVersion": "1.0"});
/// call.take(Duration::ZERO, Input::Replied {
///     ticket: invoked.unwrap(),
///     outcome: Outcome::answer(answer),
///     places: Vec::new(),
///     api_calls: Vec::new(),
///     asks_secret: false,
/// });
/// call.take(Duration::from_secs(30), Input::Timer { ticket: unanswered.unwrap() });
/// assert!(!call.is_up());
/// ```
#[derive(Debug, Clone)]
pub struct Call {
    start: Start,
    lines: Lines,
    actions: ActionQueue,
    invocations: Invocations,
    longest: Ticket,
    /// How many actions had begun when an unanswered call was last looked at.
    begun: u64,
    is_over: bool,
    /// The service has ended it by itself.
    was_cut_off: bool,
    inputs: Vec<Stamped>,
}

impl Call {
    /// A call that begins. Without any application the call is hung up at once.
    pub fn new(service: Arc<Service>, start: Start) -> Self {
        let Start { from, to, sip_headers, direction, at_ms, seed } = start.clone();
        let (is_inbound, invocations, data) = match direction {
            Direction::Inbound { rule_id, applications } => {
                let mut others: VecDeque<_> = applications.into();
                let first = others.pop_front();
                (true, first.map(|first| Invocations::new(first, others, rule_id)), None)
            }
            Direction::Outbound { application, arguments } => {
                let parameters = json!({"Arguments": arguments});
                let data = (!arguments.is_empty())
                    .then(|| json!({"Type": "CallCreateRequest", "Parameters": parameters}));
                (false, Some(Invocations::new(application, VecDeque::new(), None)), data)
            }
        };
        let is_refused = invocations.is_none();
        let mut lines = Lines::new(service, at_ms, seed);
        let invocations =
            invocations.unwrap_or_else(|| Invocations::new(Arc::default(), VecDeque::new(), None));
        lines.belong_to(&invocations.application);
        let longest = lines.dispatch.set_timer(Owner::Longest, LONGEST);
        let leg = lines.next_number();
        lines.add_leg(NewLeg {
            number: leg,
            tag: Tag::A,
            numbers: Numbers { from, to },
            is_inbound,
            far: RemoteEnd::Phone,
            // Headers that are sent are no headers that were received (rule 57).
            sip_headers: if is_inbound { sip_headers.clone() } else { Attributes::new() },
        });
        lines.is_answered = !is_inbound;
        let (actions, inputs) = (ActionQueue::default(), Vec::new());
        let mut this = Self {
            start,
            lines,
            actions,
            invocations,
            longest,
            begun: 0,
            is_over: false,
            was_cut_off: false,
            inputs,
        };
        if is_inbound {
            // The service's own examples show it as connected from the start, and answered all the
            // same (rule 8).
            if let Some(leg) = this.lines.leg_mut(leg) {
                leg.is_connected = Some(true);
            }
        } else {
            this.lines.sent_headers = sip_headers;
        }
        if is_refused {
            this.lines.log("No SIP rule leads to a SIP media application.");
            this.abandon(480);
            this.go_on();
            return this;
        }
        let event = if is_inbound { EventType::NewInboundCall } else { EventType::NewOutboundCall };
        this.lines.notify(OutgoingEvent::new(event, leg, data));
        if is_inbound {
            this.lines.dispatch.set_timer(Owner::Unanswered, UNANSWERED);
        }
        this.go_on();
        this
    }

    /// A call as it was, from its start and everything that was put in: see [`Call::inputs`]. Its
    /// orders are those of the call as it was, all of them; [`Call::open`] says which have not
    /// ended.
    pub fn rebuild(
        service: Arc<Service>,
        start: Start,
        inputs: impl IntoIterator<Item = Stamped>,
    ) -> Self {
        let mut this = Self::new(service, start);
        for Stamped { at, input } in inputs {
            this.take(at, input);
        }
        this
    }

    /// Something happened, at this moment from the start of the call. A moment that is earlier than
    /// that of the last input counts as that one.
    pub fn take(&mut self, at: Duration, input: Input) {
        self.lines.now = self.lines.now.max(at.min(LATEST));
        self.inputs.push(Stamped { at: self.lines.now, input: input.clone() });
        self.happen(input);
        self.go_on();
    }

    /// The orders since the last time, in their order.
    pub fn take_orders(&mut self) -> Vec<Order> {
        self.lines.dispatch.take()
    }

    /// The tickets that are open.
    pub fn open(&self) -> impl Iterator<Item = Ticket> + '_ {
        self.lines.dispatch.open()
    }

    /// The timer that ends the call whatever happens: a driver need not wait for it where nothing
    /// else is to come.
    pub fn longest(&self) -> Ticket {
        self.longest
    }

    /// How it began.
    pub fn start(&self) -> &Start {
        &self.start
    }

    /// What is held true for it.
    pub fn service(&self) -> &Service {
        &self.lines.service
    }

    /// Everything that was put in, in order.
    pub fn inputs(&self) -> &[Stamped] {
        &self.inputs
    }

    /// The call's id (TransactionId).
    pub fn id(&self) -> &str {
        &self.lines.id
    }

    /// The application that has the call: another than at its beginning, where that failed.
    pub fn application(&self) -> &Application {
        &self.invocations.application
    }

    /// What has happened so far.
    pub fn trace(&self) -> &Trace {
        &self.lines.trace
    }

    /// The moment of the last input.
    pub fn now(&self) -> Duration {
        self.lines.now
    }

    /// Whether any leg is up.
    pub fn is_up(&self) -> bool {
        self.lines.is_up()
    }

    /// Whether the call is over: no order will come any more.
    pub fn is_over(&self) -> bool {
        self.is_over && !self.invocations.is_under_way()
    }

    /// Whether the service has ended the call by itself, without another word to the function: the
    /// function failed, was silent, or was invoked too often.
    pub fn was_cut_off(&self) -> bool {
        self.was_cut_off
    }

    /// Whether the call can be updated (rule 34): it goes on, and somebody is on the line.
    pub fn can_be_updated(&self) -> bool {
        !self.is_over && self.is_up()
    }

    /// The leg that has this tag now.
    pub fn leg(&self, tag: Tag) -> Option<LegNumber> {
        self.lines.legs.iter().find(|leg| leg.tag == tag).map(|leg| leg.number)
    }

    /// Whether a leg is up.
    pub fn is_leg_up(&self, leg: LegNumber) -> bool {
        self.lines.is_leg_up(leg)
    }

    /// Whether a leg is dialled, or rings.
    pub fn is_ringing(&self, leg: LegNumber) -> bool {
        self.lines.leg(leg).is_some_and(|leg| leg.is_connected.is_none())
    }

    /// How many times something began that a party may have waited for: an action, or another
    /// asking for digits.
    pub fn askings(&self) -> u64 {
        self.actions.askings()
    }

    /// The number of the asking, where a leg is asked for digits now.
    pub fn asking_of(&self, leg: LegNumber) -> Option<u64> {
        self.actions.asking_of(leg)
    }

    /// Whether digits of a leg are listened for in the background.
    pub fn is_listened_to(&self, leg: LegNumber) -> bool {
        self.lines.leg(leg).is_some_and(|leg| leg.listener.is_some())
    }

    /// The type of the action that runs on a leg.
    pub fn action_on(&self, leg: LegNumber) -> Option<&str> {
        self.actions.type_on(leg)
    }

    pub(crate) fn legs(&self) -> &[Leg] {
        &self.lines.legs
    }

    pub(crate) fn rule_id(&self) -> Option<&str> {
        self.invocations.rule_id.as_deref()
    }

    fn happen(&mut self, input: Input) {
        match input {
            Input::Digit { leg, digit } => self.actions.digit(leg, digit, &mut self.lines),
            Input::Ringing { leg } => self.rings(leg),
            Input::Answered { leg } => self.picks_up(leg),
            Input::Busy { leg } => self.does_not_pick_up(leg, 486),
            Input::Left { leg } => self.leaves(leg),
            Input::Finished { ticket } => self.ended(ticket, Ending::Finished),
            Input::Timer { ticket } => self.ended(ticket, Ending::Timer),
            Input::Failed { ticket } => match self.lines.dispatch.fail(ticket) {
                Some(Owner::Action) => self.actions.failed(ticket, &mut self.lines),
                Some(Owner::Leg(leg)) => self.does_not_pick_up(leg, 480),
                Some(Owner::Recording(leg)) => {
                    // What was never recorded is not delivered.
                    self.lines.leg_mut(leg).map(|leg| leg.recorded.take());
                }
                Some(Owner::Attempt) => self.invocations.lost(&mut self.lines),
                _ => {}
            },
            Input::Understood { ticket, intent } => {
                if self.lines.dispatch.end(ticket, Ending::Understood).is_some() {
                    self.actions.understood(ticket, intent, &mut self.lines);
                }
            }
            Input::File { file, condition: Condition::Playable } => {
                self.lines.files.remove(&file);
            }
            Input::File { file, condition } => {
                self.actions.cannot_play(&file, condition, &mut self.lines);
                self.lines.files.insert(file, condition);
            }
            Input::Replied { ticket, outcome, places, api_calls, asks_secret } => {
                if self.lines.dispatch.end(ticket, Ending::Replied).is_some() {
                    self.lines.hides_digits = asks_secret;
                    let returned = Returned { outcome, places, api_calls };
                    let verdict = self.invocations.returned(returned, &mut self.lines);
                    self.heed(verdict);
                }
            }
            Input::Together(inputs) => inputs.into_iter().for_each(|input| self.happen(input)),
            Input::Updated { arguments } => self.update(arguments),
            Input::Talks { leg, lasts, words } => {
                if let Some(leg) = self.lines.leg(leg).map(|leg| leg.tag) {
                    self.lines.note(Happened::Talks { leg, lasts, words });
                }
            }
            Input::Fault(fault) => self.go_wrong(fault),
            Input::Remark { text } => self.lines.warn(text),
        }
    }

    /// What was ordered has ended by itself.
    fn ended(&mut self, ticket: Ticket, ending: Ending) {
        match self.lines.dispatch.end(ticket, ending) {
            Some(Owner::Action) => self.actions.ended(ticket, &mut self.lines),
            Some(Owner::Listener(leg)) => self.lines.listened(leg),
            Some(Owner::Leg(leg)) => self.does_not_pick_up(leg, 480),
            Some(Owner::Unanswered) => self.unanswered(),
            Some(Owner::Patience) => self.invocations.again(&mut self.lines),
            Some(Owner::Limit) => {
                let verdict = self.invocations.gives_up(&mut self.lines);
                self.heed(verdict);
            }
            Some(Owner::Longest) => {
                self.lines.log("The call has gone on for a day; the simulator ends it.");
                self.abandon(480);
            }
            // A recording of a leg may end before its leg: there is nothing more to record.
            Some(Owner::Recording(_) | Owner::Attempt) | None => {}
        }
    }

    /// UpdateSipMediaApplicationCall (rules 33 and 34).
    fn update(&mut self, arguments: Map<String, Value>) {
        let Some(leg) = self.lines.legs.first().filter(|_| self.can_be_updated()) else { return };
        let data = json!({"Type": "CallUpdateRequest", "Parameters": {"Arguments": arguments}});
        let event = OutgoingEvent::new(EventType::CallUpdateRequested, leg.number, Some(data));
        self.lines.notify(event);
    }

    fn heed(&mut self, verdict: Verdict) {
        match verdict {
            Verdict::Waits => {}
            Verdict::Obey(answered) => self.obey(answered),
            Verdict::GivesUp => self.abandon(480),
        }
    }

    /// Sends the next event; and once there is none and the call is over, nothing is open any more.
    fn go_on(&mut self) {
        let verdict = self.invocations.send_next(&mut self.lines);
        self.heed(verdict);
        if self.is_over() {
            self.lines.dispatch.stop_all();
        }
    }
}
