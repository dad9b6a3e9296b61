//! What stands in for other services: storage and meetings as they stood on the path, and requests
//! that are answered, or fail, as the path has chosen.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::pin::Pin;
use std::rc::Rc;

use moonring_exchange::api::{Account, NoCalls, perform};
use moonring_flow::{Place, Reply, Request, StorageOperation};
use moonring_runtime::{Allowance, Asked, Services};
use moonring_spec::{CannedReplies, ProjectReplies, failed, play_storage};
use serde_json::{Map, Value, json};

/// The type of error of what somebody else has stored before.
const CONFLICT: &str = "conflict";

/// Operations that make calls, and update them.
const MAKE_CALLS: [&str; 2] = ["CreateSipMediaApplicationCall", "UpdateSipMediaApplicationCall"];

/// What other services remember on a path.
#[derive(Debug, Clone)]
pub(crate) struct Memory {
    account: Account,
    stored: BTreeMap<String, Value>,
    /// How many calls the script has made.
    dialed: u32,
    /// The requests that were answered as the project says: each takes its turn.
    replied: Vec<Value>,
}

impl Default for Memory {
    fn default() -> Self {
        Self {
            account: Account::new("111122223333"),
            stored: BTreeMap::new(),
            dialed: 0,
            replied: Vec::new(),
        }
    }
}

/// What becomes of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Fate {
    /// The reply of the project, or of a simulated service.
    Answered,
    /// A reply with nothing in it, since nobody says what the service replies.
    Empty,
    /// It fails, with this type of error.
    Fails(&'static str),
}

impl Fate {
    /// Whether somebody else has done what was asked for.
    pub(crate) fn is_done_already(self) -> bool {
        self == Self::Fails(CONFLICT)
    }

    /// Whether something has gone wrong.
    pub(crate) fn is_fault(self) -> bool {
        matches!(self, Self::Fails(_))
    }
}

/// A request of an event, what may become of it, and what has.
#[derive(Debug, Clone)]
pub(crate) struct Met {
    pub(crate) what: String,
    /// The line that asks.
    pub(crate) place: Option<Place>,
    /// Whether it asks for a change; else it only reads.
    pub(crate) is_change: bool,
    pub(crate) fates: Vec<Fate>,
    pub(crate) fate: Fate,
}

/// What stands in for other services in one event.
#[derive(Debug, Default)]
pub(crate) struct Outside {
    replies: Option<ProjectReplies>,
    event: RefCell<Event>,
}

#[derive(Debug, Default)]
struct Event {
    memory: Memory,
    chosen: Vec<Fate>,
    met: Vec<Met>,
    made: Vec<Value>,
    now_ms: u64,
    /// What the project replies, without the turns that earlier events have taken.
    replies: Option<CannedReplies>,
}

impl Outside {
    pub(crate) fn new(replies: Option<ProjectReplies>) -> Self {
        Self { replies, event: RefCell::default() }
    }

    /// An event begins; its first requests go as it was chosen.
    pub(crate) fn begin(&self, memory: Memory, chosen: &[Fate], now_ms: u64) {
        let (met, made) = (Vec::new(), Vec::new());
        let replies = self.replies.as_ref().and_then(|replies| replies.read().ok());
        if let Some(replies) = &replies {
            memory.replied.iter().for_each(|made| drop(replies.next(made)));
        }
        self.event.replace(Event { memory, chosen: chosen.to_vec(), met, made, now_ms, replies });
    }

    /// What the event has asked, in the form of a transcript, and what is remembered behind it.
    pub(crate) fn end(&self) -> Ended {
        let Event { memory, met, made, .. } = self.event.take();
        Ended { memory, met, made }
    }

    fn answer(&self, request: &Request, place: Option<&Place>) -> Reply {
        let event = &mut *self.event.borrow_mut();
        let mut made = request.recorded();
        if let Some(place) = place {
            made["place"] = json!(place.to_string());
        }
        let canned = event.replies.as_ref().and_then(|replies| replies.next(&made));
        if canned.is_some() {
            event.memory.replied.push(made.clone());
        }
        let canned = canned.map(|canned| canned.reply);
        let usual = usual_fates(request, canned.is_some());
        let about = ["/input/url", "/input/key"];
        let about = about.iter().find_map(|pointer| made.pointer(pointer)?.as_str());
        let operation = made["operation"].as_str().unwrap_or_default();
        let what = about.map_or_else(|| operation.to_owned(), |it| format!("{operation} {it}"));
        // What has just failed fails again at once.
        let again = event.met.iter().rev().find(|met| met.what == what && met.fate.is_fault());
        let chosen = event.chosen.get(event.met.len()).copied();
        let fate = chosen.or(again.map(|met| met.fate)).or(usual.first().copied());
        let fate = fate.unwrap_or(Fate::Answered);
        let reply = match (fate, canned) {
            (Fate::Fails(error_type), _) => Reply::Failed {
                error_type: error_type.to_owned(),
                message: format!("explored: {error_type}"),
                code: None,
            },
            (Fate::Empty, _) => Reply::Done(empty(request)),
            (Fate::Answered, Some(reply)) => reply,
            (Fate::Answered, None) => event.played(request),
        };
        event.met.push(Met {
            what,
            place: place.cloned(),
            is_change: is_change(request),
            fates: usual,
            fate,
        });
        match &reply {
            Reply::Done(output) => made["output"] = output.clone(),
            Reply::Failed { message, code, error_type } => {
                made["error"] =
                    json!({"code": code.as_ref().unwrap_or(error_type), "message": message});
            }
        }
        event.made.push(made);
        reply
    }
}

/// What an event has asked, and what is remembered behind it.
pub(crate) struct Ended {
    pub(crate) memory: Memory,
    pub(crate) met: Vec<Met>,
    pub(crate) made: Vec<Value>,
}

impl Event {
    fn played(&mut self, request: &Request) -> Reply {
        match request {
            Request::Storage(request) => play_storage(&mut self.memory.stored, request),
            // Calls are made, and nobody plays them. Whether an account has the number and the
            // application, is not for a walk to say.
            Request::Aws { operation, input, .. } if MAKE_CALLS.contains(&operation.as_str()) => {
                self.memory.dialed += 1;
                let made = format!("00000000-0000-4000-8000-{:012}", self.memory.dialed);
                let id = input.get("TransactionId").cloned().unwrap_or_else(|| json!(made));
                Reply::Done(json!({"SipMediaApplicationCall": {"TransactionId": id}}))
            }
            Request::Aws { operation, input, .. } => {
                let nothing = Map::new();
                let input = input.as_object().unwrap_or(&nothing);
                let account = &mut self.memory.account;
                let done = perform(account, &mut NoCalls, operation, input, self.now_ms);
                done.map_or_else(|(code, message)| failed(code, message), Reply::Done)
            }
            Request::Http(_) | Request::Signed(_) => Reply::Done(empty(request)),
        }
    }
}

/// Whether a request asks for a change.
fn is_change(request: &Request) -> bool {
    match request {
        Request::Storage(request) => request.operation != StorageOperation::Get,
        _ => request.must_not_repeat() || request.takes_token(),
    }
}

/// What may become of a request, the usual first. One failure of each kind that scripts treat
/// differently is enough.
fn usual_fates(request: &Request, is_canned: bool) -> Vec<Fate> {
    let failures: &[&'static str] = match request {
        Request::Storage(request) if request.operation == StorageOperation::PutNew => {
            &[CONFLICT, "timeout"]
        }
        Request::Storage(_) => &["timeout"],
        Request::Aws { service, .. } if service.starts_with("chime-sdk-") => &["failed"],
        _ => &["timeout", "not_found", "failed"],
    };
    let is_simulated = match request {
        Request::Storage(_) => true,
        Request::Aws { service, .. } => service.starts_with("chime-sdk-"),
        _ => false,
    };
    let first = if is_canned || is_simulated { Fate::Answered } else { Fate::Empty };
    std::iter::once(first).chain(failures.iter().map(|word| Fate::Fails(word))).collect()
}

/// A reply with nothing in it.
fn empty(request: &Request) -> Value {
    match request {
        Request::Http(_) | Request::Signed(_) => {
            json!({"status": 200, "headers": {}, "body": "{}"})
        }
        _ => json!({}),
    }
}

/// The outside, for the host.
pub(crate) struct PathServices(pub(crate) Rc<Outside>);

impl Services for PathServices {
    fn carry_out<'a>(
        &'a self,
        asked: Asked<'a>,
        _: Allowance<'a>,
    ) -> Pin<Box<dyn Future<Output = Vec<Reply>> + 'a>> {
        let replies = asked.requests.iter().map(|request| self.0.answer(request, asked.place));
        Box::pin(std::future::ready(replies.collect()))
    }
}
