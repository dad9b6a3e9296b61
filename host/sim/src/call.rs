//! A call: the machine that plays the service's side of it.

mod ringing;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use moonring_wire::{Attributes, EventType};
use serde_json::{Map, Value, json};

use crate::action_queue::{Queued, Running};
use crate::event_queue::{EventQueue, Scheduled};
use crate::ids::Ids;
use crate::invocation::{InFlight, Invocation, OutgoingEvent};
use crate::leg::{Leg, Recording, RemoteEnd, Tag};
use crate::person::Person;
use crate::routing::Application;
use crate::trace::{Happened, Trace};
use crate::world::World;

/// A new call that nothing answers ends after so long (rule 11).
const UNANSWERED: Duration = Duration::from_secs(30);
/// How long an outbound call rings until somebody answers or nobody does.
const RINGS: Duration = Duration::from_secs(30);
/// How long it takes until the far end rings.
const DIALLING: Duration = Duration::from_secs(1);
/// No call goes on for longer than this: the simulator ends it.
const LONGEST: Duration = Duration::from_secs(86_400);

/// Somebody calls a number.
#[derive(Debug, Clone)]
pub struct InboundCall {
    /// The number calling.
    pub from: String,
    /// The number called.
    pub to: String,
    /// Headers that came with the call (rule 57).
    pub sip_headers: Attributes,
    /// The SIP rule that matched.
    pub rule_id: Option<String>,
    /// The rule's applications, the first to be tried first.
    pub applications: Vec<Arc<Application>>,
    /// The one who calls.
    pub caller: Person,
    /// Who is called by a bridge.
    pub callee: Person,
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
    /// What its ids are made from.
    pub seed: u64,
}

/// A call that CreateSipMediaApplicationCall makes (rule 12).
#[derive(Debug, Clone)]
pub struct OutboundCall {
    /// The number shown.
    pub from: String,
    /// The number called.
    pub to: String,
    /// Headers that are sent along.
    pub sip_headers: Attributes,
    /// What the first event brings (rule 14).
    pub arguments: Map<String, Value>,
    /// The application.
    pub application: Arc<Application>,
    /// The one who is called.
    pub called: Person,
    /// Who is called by a bridge.
    pub callee: Person,
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
    /// What its ids are made from.
    pub seed: u64,
}

/// What a call does next.
#[derive(Debug)]
pub enum Next {
    /// Give this event to the function, and its reply to [`Call::reply`].
    Invoke(Box<Invocation>),
    /// Nothing until this moment, from the start of the call: see [`Call::advance`].
    At(Duration),
    /// Nothing at all, unless somebody does something.
    Idle,
    /// The call is over.
    Over,
}

/// One call.
#[derive(Debug)]
pub struct Call {
    pub(crate) world: Arc<World>,
    pub(crate) id: String,
    pub(crate) application: Arc<Application>,
    /// Applications that are tried when the first does not answer (rule 2).
    pub(crate) others: VecDeque<Arc<Application>>,
    pub(crate) rule_id: Option<String>,
    pub(crate) legs: Vec<Leg>,
    pub(crate) callee: Option<Person>,
    pub(crate) attributes: Option<Attributes>,
    pub(crate) sequence: u32,
    pub(crate) now: Duration,
    at_ms: u64,
    pub(crate) ids: Ids,
    pub(crate) event_queue: EventQueue,
    pub(crate) notices: VecDeque<OutgoingEvent>,
    pub(crate) flight: Option<InFlight>,
    pub(crate) flights: u64,
    pub(crate) attempts: u32,
    /// An invocation that came about while time passed.
    pub(crate) pending: Option<Invocation>,
    /// The answer that counts of an event that is delivered twice.
    pub(crate) echo: Option<(Arc<Value>, Vec<Option<String>>)>,
    /// The script waits for keys that the trace does not show.
    pub(crate) hides_keys: bool,
    /// What is left of the list of actions.
    pub(crate) list: VecDeque<Queued>,
    pub(crate) running: Option<Running>,
    /// The list waits for the answer to an event of its own.
    pub(crate) list_waits: bool,
    pub(crate) timers: u64,
    /// How many times keys were asked for.
    pub(crate) askings: u64,
    /// When VoiceFocus was used, lately (rule 66).
    pub(crate) focused: VecDeque<Duration>,
    /// How many recordings of a party there were.
    pub(crate) recordings: u32,
    /// Whether a new inbound call was answered.
    pub(crate) is_answered: bool,
    pub(crate) is_over: bool,
    /// Everything that happened.
    pub(crate) trace: Trace,
}

/// The numbers of a leg.
pub(crate) struct Numbers {
    pub(crate) from: String,
    pub(crate) to: String,
}

impl Call {
    /// An inbound call. Without any application the call is hung up at once.
    pub fn inbound(world: Arc<World>, call: InboundCall) -> Self {
        let mut others: VecDeque<_> = call.applications.into();
        let first = others.pop_front();
        let is_refused = first.is_none();
        let application = first.unwrap_or_default();
        let mut this = Self::new(world, application, call.callee, call.at_ms, call.seed);
        (this.others, this.rule_id) = (others, call.rule_id);
        this.add_leg(
            Tag::A,
            Numbers { from: call.from, to: call.to },
            true,
            RemoteEnd::Phone,
            call.caller,
            call.sip_headers,
        );
        // The service's own examples show it as connected from the start, and answered all the same
        // (rule 8).
        this.legs[0].is_connected = Some(true);
        if is_refused {
            this.log("No SIP rule leads to a SIP media application.");
            this.abandon(480);
        } else {
            this.notify(OutgoingEvent::new(EventType::NewInboundCall, 0, None));
            this.event_queue.add(UNANSWERED, Scheduled::Unanswered);
            this.look_at_deeds(0);
        }
        this
    }

    /// An outbound call.
    pub fn outbound(world: Arc<World>, call: OutboundCall) -> Self {
        let mut this = Self::new(world, call.application, call.callee, call.at_ms, call.seed);
        this.is_answered = true;
        // Headers that are sent are no headers that were received (rule 57).
        this.add_leg(
            Tag::A,
            Numbers { from: call.from, to: call.to },
            false,
            RemoteEnd::Phone,
            call.called,
            Attributes::new(),
        );
        let data = (!call.arguments.is_empty()).then(
            || json!({"Type": "CallCreateRequest", "Parameters": {"Arguments": call.arguments}}),
        );
        this.notify(OutgoingEvent::new(EventType::NewOutboundCall, 0, data));
        this
    }

    fn new(
        world: Arc<World>,
        application: Arc<Application>,
        callee: Person,
        at_ms: u64,
        seed: u64,
    ) -> Self {
        let mut ids = Ids::new(seed);
        Self {
            world,
            id: ids.next(),
            application,
            others: VecDeque::new(),
            rule_id: None,
            legs: Vec::with_capacity(2),
            callee: Some(callee),
            attributes: None,
            sequence: 0,
            now: Duration::ZERO,
            at_ms,
            ids,
            event_queue: EventQueue::until(LONGEST),
            notices: VecDeque::new(),
            flight: None,
            flights: 0,
            attempts: 0,
            pending: None,
            echo: None,
            hides_keys: false,
            list: VecDeque::new(),
            running: None,
            list_waits: false,
            timers: 0,
            askings: 0,
            focused: VecDeque::new(),
            recordings: 0,
            is_answered: false,
            is_over: false,
            trace: Trace::default(),
        }
    }

    /// The call's id (TransactionId).
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The application that has the call: another than at its beginning, where that failed.
    pub fn application(&self) -> &Application {
        &self.application
    }

    /// What has happened so far.
    pub fn trace(&self) -> &Trace {
        &self.trace
    }

    /// How far the call has come.
    pub fn now(&self) -> Duration {
        self.now
    }

    /// The same by the clock: milliseconds since 1970.
    pub(crate) fn now_ms(&self) -> u64 {
        self.at_ms + u64::try_from(self.now.as_millis()).unwrap_or(u64::MAX)
    }

    /// What the call does next.
    pub fn go_on(&mut self) -> Next {
        if let Some(invocation) = self.pending.take().or_else(|| self.send_next()) {
            return Next::Invoke(Box::new(invocation));
        }
        if self.is_over && self.flight.is_none() {
            return Next::Over;
        }
        if self.event_queue.is_idle() {
            Next::Idle
        } else {
            self.event_queue.next_at().map_or(Next::Idle, Next::At)
        }
    }

    /// Lets time pass up to this moment, and everything happen that was due by then. In real time
    /// the moment may be any; in virtual time it is the one that [`Next::At`] names.
    pub fn advance(&mut self, to: Duration) {
        while self.pending.is_none() && self.event_queue.next_at().is_some_and(|at| at <= to) {
            let Some((at, happening)) = self.event_queue.pop() else { break };
            self.now = self.now.max(at);
            self.pending = self.happen(happening);
            if self.pending.is_none() {
                self.pending = self.send_next();
            }
        }
        if self.pending.is_none() {
            self.now = self.now.max(to);
        }
    }

    /// How the next callee of a bridge answers.
    pub fn set_callee(&mut self, callee: Person) {
        self.callee = Some(callee);
    }

    /// UpdateSipMediaApplicationCall was accepted (rules 33 and 34). Whether the call was there to
    /// be updated.
    pub fn update(&mut self, arguments: Map<String, Value>) -> bool {
        if self.is_over || !self.is_up() {
            return false;
        }
        let data = json!({"Type": "CallUpdateRequest", "Parameters": {"Arguments": arguments}});
        self.notify(OutgoingEvent::new(EventType::CallUpdateRequested, 0, Some(data)));
        true
    }

    /// The same at a moment of the call, if it comes to that.
    pub fn update_at(&mut self, at: Duration, arguments: Map<String, Value>) {
        self.event_queue.add(at.max(self.now), Scheduled::Updated { arguments });
    }

    /// Whether any leg is up.
    pub fn is_up(&self) -> bool {
        self.legs.iter().any(Leg::is_up)
    }

    pub(crate) fn happen(&mut self, happening: Scheduled) -> Option<Invocation> {
        match happening {
            Scheduled::Arrives { attempt, outcome, places, api_calls } => {
                return self.arrives(attempt, outcome, places, api_calls);
            }
            Scheduled::Again { flight } => return self.again(flight),
            Scheduled::GivesUp { flight } => self.gives_up(flight),
            Scheduled::ActionDue(timer) => self.action_due(timer),
            Scheduled::Unanswered => self.unanswered(),
            Scheduled::TooLong => {
                self.log("The call has gone on for a day; the simulator ends it.");
                self.abandon(480);
            }
            Scheduled::Rings => self.rings(),
            Scheduled::PicksUp { leg } => self.picks_up(leg),
            Scheduled::Behavior { leg, number } => self.do_deed(leg, number),
            Scheduled::Key { leg, key } => self.key(leg, key),
            Scheduled::Listened { leg, number } => self.listened(leg, number),
            Scheduled::Updated { arguments } => {
                if !self.update(arguments) {
                    self.warn("the call cannot be updated: nobody is on the line");
                }
            }
        }
        None
    }

    pub(crate) fn add_leg(
        &mut self,
        tag: Tag,
        numbers: Numbers,
        is_inbound: bool,
        far: RemoteEnd,
        person: Person,
        sip_headers: Attributes,
    ) -> usize {
        let Numbers { from, to } = numbers;
        let leg = Leg {
            id: self.ids.next(),
            tag,
            to,
            from,
            is_inbound,
            started_ms: self.now_ms(),
            is_connected: None,
            sip_headers,
            far,
            person,
            deed: 0,
            deed_since: self.now,
            heeded: 0,
            talks_until: Duration::ZERO,
            listener: None,
            recording: Recording::Never,
            recorded: None,
        };
        self.legs.push(leg);
        let leg = self.legs.len() - 1;
        self.sip(leg, "INVITE");
        leg
    }

    /// A SIP message of a leg, if those are logged (rule 56).
    pub(crate) fn sip(&mut self, leg: usize, message: &'static str) {
        if self.world.logs_sip {
            let group = format!("/aws/ChimeSipMediaApplicationSipMessages/{}", self.application.id);
            let leg = self.legs[leg].tag;
            self.trace.add(self.now, Happened::Sip { group, leg, message });
        }
    }

    pub(crate) fn log(&mut self, text: &str) {
        self.trace.add(self.now, Happened::Logs(text.to_owned()));
    }

    pub(crate) fn warn(&mut self, text: impl Into<String>) {
        self.trace.add(self.now, Happened::Warns(text.into()));
    }
}
