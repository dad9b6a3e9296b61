//! A call in the virtual world: the exchange's call, and the people on its line.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use moonring_exchange::{
    Application, Call as Exchange, Direction, Input, LATEST, LegNumber, Outcome, Service, Stamped,
    Start, Trace,
};
use moonring_wire::Attributes;
use serde_json::{Map, Value};

use crate::callees::Callees;
use crate::event_queue::Scheduled;
use crate::fault::FaultyReply;
use crate::person::{Person, PersonAction};
use crate::scene::{Party, Scene};
use crate::world::World;

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
    pub callees: Callees,
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
    pub callees: Callees,
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
    /// What its ids are made from.
    pub seed: u64,
}

/// An event for the function.
#[derive(Debug, Clone)]
pub struct Invocation {
    /// Which attempt of the call this is, from 1: its reply says so too.
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
    /// Whether the script has asked for digits in confidence: the trace does not show them.
    pub asks_secret: bool,
}

/// What a call does next.
#[derive(Debug)]
pub enum Next {
    /// Give this event to the function, and its reply to [`PlayedCall::reply`].
    Invoke(Box<Invocation>),
    /// Nothing until this moment, from the start of the call: see [`PlayedCall::advance`].
    At(Duration),
    /// Nothing at all, unless somebody does something.
    Idle,
    /// The call is over.
    Over,
}

/// One call.
#[derive(Debug, Clone)]
pub struct PlayedCall {
    pub(crate) world: Arc<World>,
    pub(crate) exchange: Exchange,
    pub(crate) scene: Scene,
    /// Events that are to be given to the function.
    pub(crate) invocations: VecDeque<Invocation>,
}

impl PlayedCall {
    /// An inbound call. Without any application the call is hung up at once.
    pub fn inbound(world: Arc<World>, call: InboundCall) -> Self {
        let InboundCall { from, to, sip_headers, rule_id, applications, at_ms, seed, .. } = call;
        let direction = Direction::Inbound { rule_id, applications };
        let start = Start { from, to, sip_headers, direction, at_ms, seed };
        let mut this = Self::begin(world, start, call.caller, call.callees);
        // What the caller does by themselves comes before what the service does at that moment.
        this.plan_next(LegNumber(0));
        this.carry_out();
        this
    }

    /// An outbound call.
    pub fn outbound(world: Arc<World>, call: OutboundCall) -> Self {
        let OutboundCall { from, to, sip_headers, arguments, application, at_ms, seed, .. } = call;
        let direction = Direction::Outbound { application, arguments };
        let start = Start { from, to, sip_headers, direction, at_ms, seed };
        let mut this = Self::begin(world, start, call.called, call.callees);
        this.carry_out();
        this
    }

    fn begin(world: Arc<World>, start: Start, first: Person, callees: Callees) -> Self {
        let exchange = Exchange::new(Arc::new(world.service()), start);
        let mut scene = Scene { callees, ..Scene::default() };
        scene.parties.insert(LegNumber(0), Party::new(first));
        Self { world, exchange, scene, invocations: VecDeque::new() }
    }

    /// A call as it stood, from how it began, what was put into the exchange, and where the world
    /// stood then. An event that was with the function is given to it again.
    pub fn restore(
        world: Arc<World>,
        service: Service,
        start: Start,
        inputs: impl IntoIterator<Item = Stamped>,
        scene: Scene,
    ) -> Self {
        let mut exchange = Exchange::rebuild(Arc::new(service), start, inputs);
        // All of them were carried out, or stand in the scene.
        exchange.take_orders();
        let mut this = Self { world, exchange, scene, invocations: VecDeque::new() };
        // What the function had not answered is lost; an answer that is on its way is not.
        let lost = this.scene.invoked.keys().copied();
        let lost: Vec<_> = lost.filter(|ticket| !this.scene.queue.has(*ticket)).collect();
        for ticket in lost {
            this.scene.invoked.remove(&ticket);
            this.feed(Input::Failed { ticket });
        }
        this
    }

    /// The exchange's side of it.
    pub fn exchange(&self) -> &Exchange {
        &self.exchange
    }

    /// Where the world stands.
    pub fn scene(&self) -> &Scene {
        &self.scene
    }

    /// The call's id (TransactionId).
    pub fn id(&self) -> &str {
        self.exchange.id()
    }

    /// The application that has the call: another than at its beginning, where that failed.
    pub fn application(&self) -> &Application {
        self.exchange.application()
    }

    /// What has happened so far.
    pub fn trace(&self) -> &Trace {
        self.exchange.trace()
    }

    /// How far the call has come.
    pub fn now(&self) -> Duration {
        self.scene.now
    }

    /// The same by the clock: milliseconds since 1970.
    pub(crate) fn now_ms(&self) -> u64 {
        let now = u64::try_from(self.scene.now.as_millis()).unwrap_or(u64::MAX);
        self.exchange.start().at_ms.saturating_add(now)
    }

    /// Whether any leg is up.
    pub fn is_up(&self) -> bool {
        self.exchange.is_up()
    }

    /// What the call does next.
    pub fn go_on(&mut self) -> Next {
        if let Some(invocation) = self.invocations.pop_front() {
            return Next::Invoke(Box::new(invocation));
        }
        if self.exchange.is_over() {
            return Next::Over;
        }
        if self.scene.queue.is_idle(self.exchange.longest()) {
            Next::Idle
        } else {
            self.scene.queue.next_at().map_or(Next::Idle, Next::At)
        }
    }

    /// Lets time pass up to this moment, and everything happen that was due by then. In real time
    /// the moment may be any; in virtual time it is the one that [`Next::At`] names.
    pub fn advance(&mut self, to: Duration) {
        let to = to.min(LATEST);
        while self.invocations.is_empty() {
            let Some((at, what)) = self.scene.queue.pop_due(to) else { break };
            self.scene.now = self.scene.now.max(at);
            self.happen(what);
        }
        if self.invocations.is_empty() {
            self.scene.now = self.scene.now.max(to);
        }
    }

    /// Lets time pass up to this moment, or to the one before it at which something would happen.
    /// Nothing happens.
    pub fn wait(&mut self, to: Duration) {
        let to = self.scene.queue.next_at().map_or(to, |next| next.min(to));
        self.scene.now = self.scene.now.max(to);
    }

    /// The function has answered an attempt, or failed to.
    pub fn reply(&mut self, attempt: u32, reply: Reply) {
        let Reply { mut outcome, mut took, places, api_calls, asks_secret } = reply;
        if let Some(fault) = self.world.faults.invocations.get(&attempt) {
            let FaultyReply { outcome: faulty, after } = fault;
            (outcome, took) = (faulty.clone(), *after);
        }
        if let Some(late) = self.scene.late.take() {
            took += late;
        }
        let found = self.scene.invoked.iter().find(|(_, invoked)| invoked.number == attempt);
        let Some((ticket, began)) = found.map(|(ticket, invoked)| (*ticket, invoked.began)) else {
            return;
        };
        if outcome == Outcome::Silence {
            self.scene.invoked.remove(&ticket);
        } else {
            let replied = Input::Replied { ticket, outcome, places, api_calls, asks_secret };
            self.scene.queue.add_input((began + took).max(self.scene.now), replied);
        }
    }

    /// Everybody who is called from now on answers like this.
    pub fn set_callee(&mut self, callee: Person) {
        self.scene.callees = Callees::all(callee);
    }

    /// What the first party still had to do when the call ended, or did although nothing asked: to
    /// press, to talk or to say. Who
    /// waits, or would have hung up, has missed nothing.
    pub fn left_over(&self) -> Vec<PersonAction> {
        let party = self.scene.parties.get(&LegNumber(0));
        let left = party.and_then(|party| party.person.behavior.get(party.next..));
        let left = left.unwrap_or_default().iter().map(|behavior| behavior.action.clone());
        let actions = self.scene.unasked.iter().cloned().chain(left);
        let counts =
            |action: &PersonAction| !matches!(action, PersonAction::Nothing | PersonAction::HangUp);
        actions.filter(counts).collect()
    }

    /// UpdateSipMediaApplicationCall was accepted (rules 33 and 34). Whether the call was there to
    /// be updated.
    pub fn update(&mut self, arguments: Map<String, Value>) -> bool {
        let may = self.exchange.can_be_updated();
        if may {
            self.feed(Input::Updated { arguments });
        }
        may
    }

    /// The same at a moment of the call, if it comes to that.
    pub fn update_at(&mut self, at: Duration, arguments: Map<String, Value>) {
        self.scene.queue.add(at.max(self.scene.now), Scheduled::Updated { arguments });
    }

    pub(crate) fn happen(&mut self, what: Scheduled) {
        match what {
            Scheduled::Input(input) => self.feed(input),
            Scheduled::Rings { leg } => self.ring(leg),
            Scheduled::Behavior { leg, number } => self.do_next(leg, number),
            Scheduled::Updated { arguments } => {
                if !self.update(arguments) {
                    self.warn("the call cannot be updated: nobody is on the line");
                }
            }
        }
    }

    /// Tells the exchange what has happened, and carries out what it orders then.
    pub(crate) fn feed(&mut self, input: Input) {
        let mut answered = None;
        if let Input::Answered { leg } | Input::Busy { leg } | Input::Left { leg } = &input {
            self.scene.dialled.retain(|_, dialled| dialled != leg);
        }
        match &input {
            Input::Answered { leg } => {
                answered = Some(*leg).filter(|leg| self.exchange.is_ringing(*leg));
            }
            Input::Replied { ticket, outcome, .. } => {
                self.scene.invoked.remove(ticket);
                if let Outcome::Answer(answer) = outcome {
                    self.look_at_files(&Arc::clone(answer));
                }
            }
            Input::Finished { ticket } => drop(self.scene.recordings.remove(ticket)),
            Input::Understood { .. } => self.scene.conversation = None,
            _ => {}
        }
        self.exchange.take(self.scene.now, input);
        self.carry_out();
        if let Some(leg) = answered.filter(|leg| self.exchange.is_leg_up(*leg)) {
            self.begin_behavior(leg);
        }
        if self.scene.askings != self.exchange.askings() {
            self.scene.askings = self.exchange.askings();
            self.cue();
        }
    }

    pub(crate) fn warn(&mut self, text: &str) {
        self.feed(Input::Remark { text: text.to_owned() });
    }
}
