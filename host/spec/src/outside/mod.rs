//! The outside of a test: what stands in for other services.

mod patterns;
mod replies;
mod simulated;

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::pin::Pin;
use std::rc::Rc;
use std::time::Duration;

use mlua::{Function, Lua, LuaSerdeExt as _, Value as LuaValue};
use moonring_flow::{Place, Reply, Request};
use moonring_runtime::{Allowance, Asked, Services};
use serde_json::{Map, Value, json};

pub(crate) use self::patterns::capital;
use self::patterns::{is_http, is_request_like};
use self::replies::reply;
pub use self::replies::{CannedReplies, CannedReply, RepliesError};
pub use self::simulated::{SimulatedServices, failed, play_storage};

/// Judges the input of an operation before it is played: its reply where a member is unknown.
pub type RequestJudge = fn(&str, &Value) -> Result<(), Reply>;

/// What a test says to requests like these.
struct TestReply {
    pattern: String,
    made_by: MadeBy,
    is_used: Cell<bool>,
}

/// What makes replies.
enum MadeBy {
    /// The test gives them, in this order; the last stays.
    Test(VecDeque<CannedReply>),
    /// A function of the test.
    Function(Function),
}

/// An update that a script asks for.
#[derive(Debug)]
pub(crate) struct AskedUpdate {
    pub(crate) call: String,
    pub(crate) arguments: Map<String, Value>,
}

/// What stands in for other services in one test.
pub(crate) struct Outside {
    lua: Lua,
    judge: RequestJudge,
    replies: RefCell<Vec<TestReply>>,
    /// What the project says to requests that the test says nothing of.
    project: Option<CannedReplies>,
    pub(crate) simulated: SimulatedServices,
    /// What this event has asked, in the form of a transcript.
    made: RefCell<Vec<Value>>,
    /// What the whole test has asked.
    pub(crate) asked: RefCell<Vec<Value>>,
    pub(crate) updates: RefCell<Vec<AskedUpdate>>,
    /// What nothing answered, in words.
    pub(crate) unanswered: RefCell<Vec<String>>,
    has_stored: Cell<bool>,
    delayed: Cell<Duration>,
    now_ms: Cell<u64>,
}

impl Outside {
    pub(crate) fn new(lua: Lua, judge: RequestJudge, project: Option<CannedReplies>) -> Self {
        Self {
            lua,
            judge,
            replies: RefCell::default(),
            project,
            simulated: SimulatedServices::default(),
            made: RefCell::default(),
            asked: RefCell::default(),
            updates: RefCell::default(),
            unanswered: RefCell::default(),
            has_stored: Cell::default(),
            delayed: Cell::default(),
            now_ms: Cell::default(),
        }
    }

    /// An event begins at this moment.
    pub(crate) fn begin(&self, now_ms: u64) {
        self.made.borrow_mut().clear();
        self.delayed.set(Duration::ZERO);
        self.now_ms.set(now_ms);
    }

    /// What the event has asked, in the form of a transcript.
    pub(crate) fn made(&self) -> Vec<Value> {
        self.made.take()
    }

    /// How long the replies of this event took.
    pub(crate) fn delayed(&self) -> Duration {
        self.delayed.get()
    }

    /// One more reply to requests like these.
    ///
    /// # Errors
    /// When no request is like it, or it is no reply, in words.
    pub(crate) fn reply(&self, pattern: &str, value: Value) -> Result<(), String> {
        let reply = reply(value, is_http(pattern)?)?;
        let mut replies = self.replies.borrow_mut();
        let known = replies.iter_mut().find_map(|known| match &mut known.made_by {
            MadeBy::Test(list) if known.pattern == pattern => Some(list),
            _ => None,
        });
        match known {
            Some(list) => list.push_back(reply),
            None => replies.push(TestReply {
                pattern: pattern.to_owned(),
                made_by: MadeBy::Test(VecDeque::from([reply])),
                is_used: Cell::new(false),
            }),
        }
        Ok(())
    }

    /// A function makes the replies to requests like these.
    ///
    /// # Errors
    /// When no request is like it, in words.
    pub(crate) fn reply_with(&self, pattern: &str, function: Function) -> Result<(), String> {
        is_http(pattern)?;
        self.replies.borrow_mut().push(TestReply {
            pattern: pattern.to_owned(),
            made_by: MadeBy::Function(function),
            is_used: Cell::new(false),
        });
        Ok(())
    }

    /// Whether the test has given replies, or put something into storage.
    pub(crate) fn says_more(&self) -> bool {
        !self.replies.borrow().is_empty() || self.has_stored.get()
    }

    /// Puts values into storage before the script does.
    pub(crate) fn store(&self, values: Map<String, Value>) {
        self.has_stored.set(true);
        self.simulated.store(values);
    }

    /// The patterns that nothing was asked for.
    pub(crate) fn unused(&self) -> Vec<String> {
        let replies = self.replies.borrow();
        let unused = replies.iter().filter(|reply| !reply.is_used.get());
        unused.map(|reply| reply.pattern.clone()).collect()
    }

    /// What was asked so far that is as a pattern says.
    pub(crate) fn asked_like(&self, pattern: &str) -> Vec<Value> {
        let asked = self.asked.borrow();
        asked.iter().filter(|made| is_request_like(made, pattern)).cloned().collect()
    }

    /// Replies to requests that are made together, within a time.
    pub(crate) fn answer_all(
        &self,
        requests: &[Request],
        place: Option<&Place>,
        time: Duration,
    ) -> Vec<Reply> {
        let place = || place.map(ToString::to_string);
        requests.iter().map(|request| self.answer(request, place(), time)).collect()
    }

    fn answer(&self, request: &Request, place: Option<String>, time: Duration) -> Reply {
        let mut made = request.recorded();
        if let Some(place) = &place {
            made["place"] = json!(place);
        }
        let left = time.saturating_sub(self.delayed.get());
        let told = self.told(&made).map(|told| told.within(request, left));
        let CannedReply { reply, delay } = match told {
            Some(told) => told,
            None => CannedReply { reply: self.played(request, &made), delay: Duration::ZERO },
        };
        self.delayed.set(self.delayed.get() + delay);
        made["took_ms"] = json!(u64::try_from(delay.as_millis()).unwrap_or(0));
        match &reply {
            Reply::Done(output) => made["output"] = output.clone(),
            Reply::Failed { message, code, .. } => {
                made["error"] = json!({"code": code, "message": message})
            }
        }
        self.made.borrow_mut().push(made.clone());
        self.asked.borrow_mut().push(made);
        reply
    }

    /// The reply that the test gives, or else the project. Of several patterns the longest counts,
    /// and of those the last.
    fn told(&self, made: &Value) -> Option<CannedReply> {
        let (pattern, function) = {
            let mut replies = self.replies.borrow_mut();
            let fitting = replies.iter_mut().filter(|reply| is_request_like(made, &reply.pattern));
            let Some(found) = fitting.max_by_key(|reply| reply.pattern.replace('*', "").len())
            else {
                return self.project.as_ref().and_then(|project| project.next(made));
            };
            found.is_used.set(true);
            match &mut found.made_by {
                MadeBy::Test(list) if list.len() > 1 => return list.pop_front(),
                MadeBy::Test(list) => return list.front().cloned(),
                MadeBy::Function(function) => (found.pattern.clone(), function.clone()),
            }
        };
        match self.call(&pattern, &function, made) {
            Ok(reply) => Some(reply),
            Err(why) => {
                self.unanswered.borrow_mut().push(format!("the reply to {pattern}: {why}"));
                let reply = failed("Unanswered", why);
                Some(CannedReply { reply, delay: Duration::ZERO })
            }
        }
    }

    fn call(
        &self,
        pattern: &str,
        function: &Function,
        made: &Value,
    ) -> Result<CannedReply, String> {
        let said = |error: mlua::Error| {
            let text = error.to_string();
            let first = text.lines().next().unwrap_or_default();
            first.trim_start_matches("runtime error: ").to_owned()
        };
        let request = self.lua.to_value(&flat(made)).map_err(said)?;
        let returned: LuaValue = function.call(request).map_err(said)?;
        if returned.is_nil() {
            return Err("the function returns nothing; return the reply".to_owned());
        }
        let value: Value = self.lua.from_value(returned).map_err(said)?;
        reply(value, is_http(pattern)?)
    }

    fn played(&self, request: &Request, made: &Value) -> Reply {
        match request {
            Request::Aws { service, operation, input, .. } if service.starts_with("chime-sdk-") => {
                match (self.judge)(operation, input) {
                    Ok(()) => self.chime(operation, input.as_object().unwrap_or(&Map::new())),
                    Err(refused) => refused,
                }
            }
            Request::Storage(request) => self.simulated.storage(request),
            _ => {
                let place = made.get("place").and_then(Value::as_str);
                let place = place.map(|place| format!("{place}: ")).unwrap_or_default();
                let operation = made["operation"].as_str().unwrap_or_default();
                let url = made.pointer("/input/url").and_then(Value::as_str);
                let what = match url {
                    Some(url) => format!("{operation} {url}"),
                    None => operation.to_owned(),
                };
                self.unanswered.borrow_mut().push(format!(
                    "{place}the script asks {what}, and the test gives no reply; give it before the call, such as t:reply(\"{what}\", {{ … }})"
                ));
                failed("Unanswered", "the test gives no reply".to_owned())
            }
        }
    }

    fn chime(&self, operation: &str, input: &Map<String, Value>) -> Reply {
        let text = |name: &str| input.get(name).and_then(Value::as_str).unwrap_or_default();
        let done =
            |id: &str| Reply::Done(json!({"SipMediaApplicationCall": {"TransactionId": id}}));
        match operation {
            // The test plays that call itself, if it wants to, with t:dials.
            "CreateSipMediaApplicationCall" => {
                let number = 1 + self.asked.borrow().len();
                done(&format!("00000000-0000-4000-8000-{number:012}"))
            }
            "UpdateSipMediaApplicationCall" => {
                let call = text("TransactionId").to_owned();
                let arguments = input.get("Arguments").and_then(Value::as_object);
                let arguments = arguments.cloned().unwrap_or_default();
                let reply = done(&call);
                self.updates.borrow_mut().push(AskedUpdate { call, arguments });
                reply
            }
            operation => self.simulated.chime(operation, input, self.now_ms.get()),
        }
    }
}

/// A request as a test sees it: its operation, and beside it what it was asked with.
pub(crate) fn flat(made: &Value) -> Value {
    let mut flat = made.get("input").and_then(Value::as_object).cloned().unwrap_or_default();
    flat.retain(|_, value| !value.is_null());
    flat.insert("operation".to_owned(), made.get("operation").cloned().unwrap_or_default());
    Value::Object(flat)
}

/// The outside, for the host.
pub(crate) struct TestServices(pub(crate) Rc<RefCell<Option<Rc<Outside>>>>);

impl Services for TestServices {
    fn carry_out<'a>(
        &'a self,
        asked: Asked<'a>,
        allowance: Allowance<'a>,
    ) -> Pin<Box<dyn Future<Output = Vec<Reply>> + 'a>> {
        let outside = self.0.borrow().clone();
        let nobody = || failed("Unanswered", "no test is running".to_owned());
        let replies = match &outside {
            Some(outside) => outside.answer_all(asked.requests, asked.place, allowance.time),
            None => asked.requests.iter().map(|_| nobody()).collect(),
        };
        Box::pin(std::future::ready(replies))
    }
}
