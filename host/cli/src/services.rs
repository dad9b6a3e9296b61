//! Other services, as the local program has them: recorded, played, or asked for real.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::path::PathBuf;
use std::pin::Pin;
use std::rc::Rc;
use std::time::{Duration, Instant};

use clap::Args;
use moonring_aws::{AwsServices, Chime, SharedConfig, check_members};
use moonring_flow::{Reply, Request};
use moonring_runtime::{Allowance, Asked, Services, Settings};
use moonring_sim::normal_request;
use moonring_spec::{CannedReplies, CannedReply, SimulatedServices, failed};
use serde_json::{Map, Value, json};

use crate::clock::now_ms;
use crate::printer::Printer;
use crate::project::Table;
use crate::replies;

/// Who answers what scripts ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Others {
    /// Only what is recorded.
    Recorded,
    /// Meetings and storage are played, and the rest fails.
    Played,
    /// Meetings are played, and the rest is asked for real.
    Live,
    /// Everything is asked for real, calls and meetings too.
    Real,
    /// Calls and meetings are those of the server at this address; storage is played, and the rest
    /// fails.
    Served(ServerAddress),
    /// The same, but for storage and the rest, which are asked for real.
    ServedLive(ServerAddress),
}

/// A server of this program, and what it wants to hear.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ServerAddress {
    pub(crate) endpoint: String,
    pub(crate) token: Option<String>,
}

/// What a command line says of the outside.
#[derive(Debug, Args)]
pub(crate) struct OutsideArguments {
    /// A JSON file with the replies to requests of your scripts, by operation
    #[arg(long, value_name = "FILE")]
    pub(crate) replies: Option<PathBuf>,

    /// Send requests of your scripts to AWS, HTTP servers and storage for real, as the settings
    /// allow. Without it, requests without a canned reply fail, except that storage is simulated.
    /// Calls and meetings are always simulated
    #[arg(long)]
    pub(crate) live: bool,
}

impl OutsideArguments {
    /// The canned replies that the command line names, else the project.
    ///
    /// # Errors
    /// When the file cannot be used.
    pub(crate) fn canned(&self, table: &Table) -> anyhow::Result<Option<CannedReplies>> {
        replies::open(self.replies.as_ref(), table.replies.as_ref())
    }
}

/// Who answers, and what is said without asking them.
pub(crate) struct Outside {
    pub(crate) others: Others,
    pub(crate) canned: Option<CannedReplies>,
}

impl Outside {
    /// Nobody but these.
    pub(crate) fn only(others: Others) -> Self {
        Self { others, canned: None }
    }
}

/// What stands in for the outside.
pub(crate) struct ServiceMode {
    others: Others,
    /// Who makes calls and meetings, where a server does.
    chime: Option<Chime>,
    live: AwsServices,
    printer: Printer,
    canned: Option<CannedReplies>,
    /// How long the replies to the requests of this event take, by the file of replies.
    delayed: Cell<Duration>,
    /// What is still to be asked, in order.
    expected: RefCell<VecDeque<Value>>,
    /// What was asked, with what came back.
    made: RefCell<Vec<Value>>,
    simulated: SimulatedServices,
}

impl ServiceMode {
    pub(crate) fn new(outside: Outside, settings: &Settings, printer: Printer) -> Self {
        let Outside { others, canned } = outside;
        let chime = if let Others::Served(server) | Others::ServedLive(server) = &others {
            Some(Chime::at(&server.endpoint, server.token.as_deref().unwrap_or("local")))
        } else {
            None
        };
        Self {
            others,
            chime,
            live: AwsServices::new(settings, SharedConfig::default()),
            printer,
            canned,
            delayed: Cell::default(),
            expected: RefCell::default(),
            made: RefCell::default(),
            simulated: SimulatedServices::default(),
        }
    }

    /// From now on these are answered as they were recorded.
    pub(crate) fn expect(&self, recorded: &[Value]) {
        *self.expected.borrow_mut() = recorded.iter().cloned().collect();
        self.made.borrow_mut().clear();
        self.delayed.set(Duration::ZERO);
    }

    /// The canned replies that nothing has asked for.
    pub(crate) fn unused_replies(&self) -> Vec<String> {
        let unused = self.canned.as_ref().map(CannedReplies::unused).unwrap_or_default();
        unused.into_iter().map(str::to_owned).collect()
    }

    /// How long the replies of this event have taken, besides the time that has passed.
    pub(crate) fn delayed(&self) -> Duration {
        self.delayed.get()
    }

    /// What was asked since the last time, in the form of a transcript.
    pub(crate) fn made(&self) -> Vec<Value> {
        self.made.take()
    }

    async fn reply(
        &self,
        request: &Request,
        place: Option<String>,
        allowance: Allowance<'_>,
    ) -> Reply {
        let mut made = request.recorded();
        let asked = Instant::now();
        let (reply, delay) = if let Some(reply) = self.recorded(&made) {
            (reply, Duration::ZERO)
        } else if let Some(canned) = self.canned.as_ref().and_then(|canned| canned.next(&made)) {
            self.in_time(canned, request, allowance)
        } else {
            (self.not_recorded(request, allowance).await, Duration::ZERO)
        };
        made["took_ms"] = json!(u64::try_from((asked.elapsed() + delay).as_millis()).unwrap_or(0));
        if let Some(place) = place {
            made["place"] = json!(place);
        }
        match &reply {
            Reply::Done(output) => made["output"] = output.clone(),
            Reply::Failed { message, code, .. } => {
                made["error"] = json!({"code": code, "message": message})
            }
        }
        self.made.borrow_mut().push(made);
        reply
    }

    /// A canned reply and how long it takes, or that nobody waits so long.
    fn in_time(
        &self,
        canned: CannedReply,
        request: &Request,
        allowance: Allowance<'_>,
    ) -> (Reply, Duration) {
        let left = allowance.time.saturating_sub(self.delayed.get());
        let CannedReply { reply, delay } = canned.within(request, left);
        self.delayed.set(self.delayed.get() + delay);
        (reply, delay)
    }

    /// The reply of the next recorded request that is the same, or else of this operation.
    fn recorded(&self, made: &Value) -> Option<Reply> {
        let mut expected = self.expected.borrow_mut();
        let made = normal_request(made);
        let same = expected.iter().position(|recorded| normal_request(recorded) == made);
        let like = |recorded: &Value| normal_request(recorded)["operation"] == made["operation"];
        let at = same.or_else(|| expected.iter().position(like))?;
        let recorded = expected.remove(at)?;
        if recorded.get("error").is_none() {
            return Some(Reply::Done(recorded.get("output").cloned().unwrap_or_else(|| json!({}))));
        }
        let text = |name: &str| recorded["error"][name].as_str().unwrap_or_default().to_owned();
        Some(failed(&text("code"), text("message")))
    }

    async fn not_recorded(&self, request: &Request, allowance: Allowance<'_>) -> Reply {
        match (&self.others, request) {
            (Others::Recorded, _) => self.refused(),
            (Others::Real, request) => self.asked(request, allowance).await,
            (_, Request::Aws { service, operation, input, .. })
                if service.starts_with("chime-sdk-") =>
            {
                match &self.chime {
                    Some(chime) => chime.carry_out(operation, input).await,
                    None => match check_members(operation, input) {
                        Ok(()) => self.played(operation, input.as_object().unwrap_or(&Map::new())),
                        Err(refused) => refused,
                    },
                }
            }
            (Others::Played | Others::Served(_), Request::Storage(request)) => {
                self.simulated.storage(request)
            }
            (Others::Live | Others::ServedLive(_), request) => self.asked(request, allowance).await,
            _ => self.refused(),
        }
    }

    async fn asked(&self, request: &Request, allowance: Allowance<'_>) -> Reply {
        let requests = std::slice::from_ref(request);
        let replies = self.live.carry_out(Asked { requests, place: None }, allowance).await;
        replies.into_iter().next().unwrap_or_else(|| failed("", "no reply".to_owned()))
    }

    fn refused(&self) -> Reply {
        let unfit = self.canned.as_ref().map(|canned| {
            format!(
                "nothing answers: no reply in {} fits; its first name that fits counts",
                canned.path()
            )
        });
        let way = match self.others {
            Others::Played | Others::Served(_) if unfit.is_some() => {
                unfit.as_deref().unwrap_or_default()
            }
            Others::Played | Others::Served(_) => {
                "nothing answers; give the reply with --replies FILE, or use --live to call services"
            }
            Others::Recorded => {
                "no reply is recorded; use `moonring replay --live` to call services"
            }
            _ => "nothing answers",
        };
        let message = way.to_owned();
        Reply::Failed { error_type: "failed".to_owned(), message, code: None }
    }

    fn played(&self, operation: &str, input: &Map<String, Value>) -> Reply {
        let text = |name: &str| input.get(name).and_then(Value::as_str).unwrap_or_default();
        let arguments = |name: &str| input.get(name).map(Value::to_string).unwrap_or_default();
        match operation {
            // One call is played at a time: of another one there is only this line.
            "CreateSipMediaApplicationCall" => {
                let (from, to) = (text("FromPhoneNumber"), text("ToPhoneNumber"));
                self.printer.talk(&format!(
                    "a call is made from {from} to {to} {}",
                    arguments("ArgumentsMap")
                ));
                Reply::Done(
                    json!({"SipMediaApplicationCall": {"TransactionId": "00000000-0000-4000-8000-000000000001"}}),
                )
            }
            "UpdateSipMediaApplicationCall" => {
                self.printer.talk(&format!(
                    "the call {} is updated {}",
                    text("TransactionId"),
                    arguments("Arguments")
                ));
                Reply::Done(
                    json!({"SipMediaApplicationCall": {"TransactionId": text("TransactionId")}}),
                )
            }
            operation => self.simulated.chime(operation, input, now_ms()),
        }
    }
}

/// The same, for the host.
pub(crate) struct LocalServices(pub(crate) Rc<ServiceMode>);

impl Services for LocalServices {
    fn carry_out<'a>(
        &'a self,
        asked: Asked<'a>,
        allowance: Allowance<'a>,
    ) -> Pin<Box<dyn Future<Output = Vec<Reply>> + 'a>> {
        Box::pin(async move {
            let mut replies = Vec::new();
            for request in asked.requests {
                let place = asked.place.map(ToString::to_string);
                replies.push(self.0.reply(request, place, allowance).await);
            }
            replies
        })
    }
}
