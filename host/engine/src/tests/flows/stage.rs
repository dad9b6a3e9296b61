//! A stage for flows: the telephone service, played, and the engine in one of several ways of being
//! delivered to.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use moonring_exchange::{Happened, Outcome};
use moonring_sim::{
    Callees, Invocation, Person, PlayedCall, Reply as Played, Target, World, step, tell,
};
use moonring_wire::{Action, Answer, Json, Object};

use super::super::*;

/// How events reach the engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// All in one process.
    Warm,
    /// Each in a process of its own.
    Cold,
    /// By turns in a process that remembers, and in fresh ones of releases that say the same in
    /// other words.
    Reworded,
    /// In one process that remembers nothing but what the journal says.
    Forgetful,
    /// Each again, to another process and to the same one, whose answers must be the same.
    Twice,
}

/// What was seen of a call.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Seen {
    pub(super) answers: Vec<String>,
    /// Each event, the time by the clock in seconds, and its answer.
    pub(super) events: Vec<(Value, i64, Value)>,
    pub(super) story: Vec<String>,
    pub(super) log: Vec<String>,
    pub(super) errors: Vec<String>,
    /// What was asked of the outside, each once.
    pub(super) requests: Vec<String>,
}

/// A script, loaded into two processes.
pub(super) struct Troupe {
    /// What other services say, by `service:Operation`; others say what [`reply`] makes up.
    pub(super) replies: Map<String, Value>,
    pub(super) compiled: Compiled,
    /// Releases that say the same in other words.
    pub(super) reworded: Vec<Compiled>,
    pub(super) program: Program,
    pub(super) other: Program,
}

impl Troupe {
    pub(super) fn new(script: &[u8], config: &Map<String, Value>) -> Self {
        Self::of(&[("main.lua".to_owned(), script.to_vec())], config)
    }

    fn reply(&self, request: &Request) -> Reply {
        let named = match request {
            Request::Aws { service, operation, .. } => {
                self.replies.get(&format!("{service}:{operation}"))
            }
            _ => None,
        };
        named.map_or_else(|| reply(request), |output| Reply::Done(output.clone()))
    }

    /// With more scripts beside `main.lua`.
    pub(super) fn of(scripts: &[(String, Vec<u8>)], config: &Map<String, Value>) -> Self {
        let scripts = scripts.iter().map(|(name, text)| (name.as_str(), text.as_slice()));
        let compiled = Compiled::new(scripts, config).unwrap();
        let (program, other) = (fresh(&compiled), fresh(&compiled));
        Self { replies: Map::new(), compiled, reworded: Vec::new(), program, other }
    }
}

/// An answer, where its actions were built, and whether keys are typed in confidence next.
type Answered = (Value, Vec<Option<String>>, bool);

/// The script of a call, and what it does outside.
struct Stage<'a> {
    troupe: &'a Troupe,
    way: Way,
    /// The process of this event alone.
    own: Option<Program>,
    number: u64,
    seen: Seen,
    buckets: Buckets,
    secrets: Secrets,
    arguments: Map<String, Value>,
}

impl<'a> Stage<'a> {
    fn new(troupe: &'a Troupe, way: Way) -> Self {
        let (answers, events, story) = (Vec::new(), Vec::new(), Vec::new());
        let (log, errors, requests) = (Vec::new(), Vec::new(), Vec::new());
        let seen = Seen { answers, events, story, log, errors, requests };
        let buckets =
            Buckets { audio: Some("sounds".to_owned()), recordings: Some("box".to_owned()) };
        let arguments = Map::new();
        let secrets = Secrets::parse(&"5a".repeat(32)).unwrap();
        Self { troupe, way, own: None, number: 0, seen, buckets, secrets, arguments }
    }

    fn answer(&mut self, elsewhere: bool, event: &Arc<Event>, now_seconds: i64) -> Answered {
        self.number += 1;
        let program = if elsewhere {
            &self.troupe.other
        } else {
            self.own.as_ref().unwrap_or(&self.troupe.program)
        };
        let attributes = event.attributes();
        let journal = attributes
            .and_then(|pairs| pairs.get("_mr1"))
            .and_then(Json::as_str)
            .map(SavedJournal::from_text);
        let (script, release, kept_arguments) = ("main", "r1", None);
        let arguments = Some(&self.arguments);
        let (number, buckets, secrets) = (self.number, &self.buckets, &self.secrets);
        let mut turn = program.start(Input {
            number,
            event,
            script,
            release,
            arguments,
            kept_arguments,
            now_seconds,
            journal: journal.as_ref(),
            buckets,
            secrets,
        });
        let mut log = Vec::new();
        loop {
            log.extend(turn.log.drain(..).map(|record| record.message));
            match turn.result {
                Ok(Step::Requests(suspended)) => {
                    let replies = suspended
                        .requests()
                        .iter()
                        .map(|request| self.troupe.reply(request))
                        .collect();
                    self.seen
                        .requests
                        .extend(suspended.requests().iter().map(|request| format!("{request:?}")));
                    turn = suspended.resume(replies);
                }
                result => {
                    turn.result = result;
                    break;
                }
            }
        }
        self.seen.log.extend(log);
        let mut answer = match turn.result {
            Ok(Step::Answer(answer)) => answer,
            Ok(Step::Requests(_)) => unreachable!(),
            Err(error) => {
                let path: Vec<_> = turn
                    .breadcrumbs
                    .iter()
                    .map(|at| format!("{} {}", at.name, at.text.as_deref().unwrap_or("")))
                    .collect();
                self.seen.errors.push(format!("{error} [{}]", path.join(" > ")));
                fallback(event)
            }
        };
        if turn.journal != journal {
            let stored = turn
                .journal
                .map(|journal| Map::from_iter([("_mr1".to_owned(), Value::from(journal.text()))]));
            answer.transaction_attributes = Some(stored.unwrap_or_default());
        }
        let places = turn
            .origins
            .iter()
            .map(|origin| origin.place.as_ref().map(ToString::to_string))
            .collect();
        (serde_json::to_value(answer).unwrap(), places, turn.asks_secret)
    }
}

/// The apology of the host, as far as it matters here: what is up is hung up, unless two are
/// talking.
fn fallback(event: &Event) -> Answer {
    let mut answer = Answer::keep(Some(event));
    let up: Vec<_> = event
        .participants()
        .filter(|leg| leg.status() != moonring_wire::Status::Disconnected)
        .collect();
    if let [leg] = up.as_slice() {
        let parameters = json!({"CallId": leg.id()}).as_object().unwrap().clone();
        answer.actions = Some(vec![Action::new("Hangup", parameters)]);
    }
    answer
}

/// What the outside says to a request: the same to the same.
fn reply(request: &Request) -> Reply {
    let (operation, input) = match request {
        Request::Aws { operation, input, .. } => (operation.as_str(), input),
        Request::Http(http) => {
            return Reply::Done(json!({"status": 200, "headers": {}, "body": http.url}));
        }
        Request::Signed(signed) => {
            return Reply::Done(json!({"status": 200, "headers": {}, "body": signed.path}));
        }
        Request::Storage(stored) => return Reply::Done(json!(stored.key)),
    };
    let id = |digit: &str| format!("{}-0000-4000-8000-000000000000", digit.repeat(8));
    let attendee = |user: &Value| json!({"ExternalUserId": user, "AttendeeId": id("a"), "JoinToken": "join-token", "Capabilities": {}});
    let meeting = json!({"MeetingId": id("b"), "ExternalMeetingId": input["ExternalMeetingId"], "MediaPlacement": {}});
    match operation {
        "Fail" => Reply::Failed {
            error_type: "not_found".to_owned(),
            message: "no".to_owned(),
            code: None,
        },
        "Long" => Reply::Done(json!({"text": "x".repeat(2000)})),
        "CreateMeeting" | "GetMeeting" => Reply::Done(json!({"Meeting": meeting})),
        "CreateAttendee" => Reply::Done(json!({"Attendee": attendee(&input["ExternalUserId"])})),
        "CreateSipMediaApplicationCall" => {
            Reply::Done(json!({"SipMediaApplicationCall": {"TransactionId": id("c")}}))
        }
        "ListAttendees" => {
            let other = json!({"ExternalUserId": "x", "AttendeeId": id("d"), "JoinToken": "other"});
            Reply::Done(json!({"Attendees": [attendee(&json!("x")), other]}))
        }
        "DeleteMeeting" | "DeleteAttendee" => Reply::Done(json!({})),
        _ => Reply::Done(json!({"echo": input})),
    }
}

fn fresh(compiled: &Compiled) -> Program {
    Program::load(compiled, CancelFlag::default(), Limits::default()).unwrap()
}

impl Target for Stage<'_> {
    fn invoke(&mut self, invocation: &Invocation) -> Played {
        let event = Arc::new(Event::parse(invocation.event.to_string().as_bytes()).unwrap());
        let now_seconds = i64::try_from(invocation.now_ms / 1000).unwrap();
        if event.event_type() == moonring_wire::EventType::NewOutboundCall {
            let arguments = event.action_parameter("Arguments").and_then(Json::as_object);
            self.arguments = arguments.map(Object::to_map).unwrap_or_default();
        }
        match self.way {
            Way::Cold => self.own = Some(fresh(&self.troupe.compiled)),
            Way::Reworded => {
                let number = usize::try_from(self.number).unwrap();
                let others = &self.troupe.reworded;
                self.own = (number % 2 == 0).then(|| fresh(&others[number / 2 % others.len()]));
            }
            Way::Forgetful => self.troupe.program.forget_flows(),
            Way::Warm | Way::Twice => {}
        }
        let (answer, places, asks_secret) = self.answer(false, &event, now_seconds);
        if self.way == Way::Twice {
            let before = self.seen.clone();
            self.troupe.other.forget_flows();
            assert_eq!(
                self.answer(true, &event, now_seconds).0,
                answer,
                "{} elsewhere",
                invocation.event
            );
            assert_eq!(
                self.answer(false, &event, now_seconds).0,
                answer,
                "{} again",
                invocation.event
            );
            self.seen = before;
        }
        self.seen.answers.push(answer.to_string());
        self.seen.events.push((invocation.event.as_ref().clone(), now_seconds, answer.clone()));
        Played { outcome: Outcome::answer(answer), places, asks_secret, ..Played::default() }
    }
}

/// The answer to one event, in a process that has never seen its call.
pub(super) fn answers_of(
    troupe: &Troupe,
    event: &Value,
    now_seconds: i64,
    arguments: &Map<String, Value>,
) -> Value {
    let mut stage = Stage::new(troupe, Way::Forgetful);
    stage.arguments = arguments.clone();
    troupe.program.forget_flows();
    stage
        .answer(false, &Arc::new(Event::parse(event.to_string().as_bytes()).unwrap()), now_seconds)
        .0
}

/// Plays a call to its end, one way. `now_and_then` sees it between any two moments.
pub(super) fn play(
    troupe: &Troupe,
    way: Way,
    mut call: PlayedCall,
    mut between: impl FnMut(&mut PlayedCall),
) -> Seen {
    let mut stage = Stage::new(troupe, way);
    while step(&mut call, &mut stage) {
        between(&mut call);
    }
    let mut seen = stage.seen;
    seen.story = call
        .trace()
        .entries
        .iter()
        .filter(|entry| !is_talk(&entry.happened))
        .flat_map(tell)
        .collect();
    seen
}

/// What the function was told and said: the answers say it.
fn is_talk(happened: &Happened) -> bool {
    matches!(happened, Happened::Answered { .. })
}

/// The people of a call, and what is around it.
#[derive(Debug, Default, Clone)]
pub(super) struct Setting {
    /// Hours later than the usual call, which begins on a Monday afternoon.
    pub(super) hours_later: u64,
    pub(super) is_outbound: bool,
    pub(super) caller: Person,
    pub(super) callee: Person,
    pub(super) headers: Map<String, Value>,
    pub(super) arguments: Map<String, Value>,
    /// Updates of the call, by the text that is heard before them.
    pub(super) updates: Vec<(String, Map<String, Value>)>,
}

/// A call in this setting.
pub(super) fn call(world: &Arc<World>, setting: &Setting) -> PlayedCall {
    let application = Arc::new(moonring_exchange::Application::default());
    let (from, to) = ("+12065550142".to_owned(), "+14255550117".to_owned());
    let at_ms = 1_718_036_405_907 + setting.hours_later * 3_600_000;
    let (seed, world) = (7, Arc::clone(world));
    let Setting { caller, callee, headers, arguments, .. } = setting.clone();
    if setting.is_outbound {
        let (called, sip_headers) = (caller, headers);
        let outbound = moonring_sim::OutboundCall {
            from,
            to,
            sip_headers,
            arguments,
            application,
            called,
            callees: Callees::all(callee),
            at_ms,
            seed,
        };
        return PlayedCall::outbound(world, outbound);
    }
    let (rule_id, applications, sip_headers) =
        (Some("rule".to_owned()), vec![application], headers);
    let inbound = moonring_sim::InboundCall {
        from,
        to,
        sip_headers,
        rule_id,
        applications,
        caller,
        callees: Callees::all(callee),
        at_ms,
        seed,
    };
    PlayedCall::inbound(world, inbound)
}

/// Sends the updates of a setting, each when its text has been heard.
pub(super) fn updater(setting: &Setting) -> impl FnMut(&mut PlayedCall) + use<> {
    let waiting: Rc<RefCell<BTreeMap<usize, _>>> =
        Rc::new(RefCell::new(setting.updates.iter().cloned().enumerate().collect()));
    move |call| {
        let heard = |text: &str| {
            call.trace().entries.iter().any(
                |entry| matches!(&entry.happened, Happened::Hears { what, .. } if what == text),
            )
        };
        let due: Vec<_> = waiting
            .borrow()
            .iter()
            .filter(|(_, (text, _))| heard(text))
            .map(|(index, _)| *index)
            .collect();
        for index in due {
            if let Some((_, arguments)) = waiting.borrow_mut().remove(&index) {
                call.update(arguments);
            }
        }
    }
}
