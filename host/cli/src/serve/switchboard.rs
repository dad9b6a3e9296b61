//! The switchboard: all calls of the server, in real time, and the account they belong to.

mod calls_in_progress;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use moonring_exchange::api::{Account, HttpRequest, HttpResponse, handle};
use moonring_exchange::{Outcome, Trigger};
use moonring_sim::{Callees, InboundCall, Next, Person, PlayedCall, Reply, Transcript};
use serde_json::{Map, Value, json};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::saved_calls::{SavedCall, SavedCalls};
use super::{Ask, AudioFiles, Functions, Records, State};
use crate::clock::now_ms;
use crate::phone_number::party;
use crate::printer::{Printer, printable};
use crate::show::{Show, ShowForm};

/// How many calls that are over can still be asked about.
const OVER: usize = 1000;

/// What the function said to an attempt of a call.
type Replied = (String, u32, Reply);

/// All calls, and the account.
pub(crate) struct Switchboard {
    account: Account,
    state: State,
    is_strict: bool,
    calls: CallsInProgress,
    functions: Rc<Functions>,
    printer: Printer,
}

/// The calls.
struct CallsInProgress {
    lines: BTreeMap<String, Line>,
    over: VecDeque<(String, Value)>,
    /// How many calls there were: each has its number on the screen.
    count: usize,
    /// What the next call finds around it.
    account: String,
    in_account: InAccount,
    form: ShowForm,
    /// Where detail records and recordings go.
    records: Option<Records>,
    /// Those that are on their way there.
    leaving: JoinSet<()>,
    audio: Arc<AudioFiles>,
    /// How numbers behave that are called.
    callees: Callees,
    /// Where calls are kept over the end of the server.
    saved: Option<SavedCalls>,
    printer: Printer,
}

/// What a call finds around it.
#[derive(Default)]
struct InAccount {
    meetings: BTreeMap<String, moonring_exchange::Meeting>,
    numbers: Vec<String>,
    applications: BTreeMap<String, moonring_exchange::Application>,
    /// The applications whose SIP messages are logged.
    logging: BTreeSet<String>,
}

/// A call in progress.
struct Line {
    call: PlayedCall,
    began: Instant,
    at_ms: u64,
    show: Show,
    due: Option<Instant>,
    saved: Option<SavedCall>,
}

/// What is around the calls of a server.
pub(crate) struct Surroundings {
    /// Where detail records and recordings go.
    pub(crate) records: Option<Records>,
    pub(crate) audio: AudioFiles,
    /// How numbers behave that are called.
    pub(crate) callees: Callees,
}

impl Switchboard {
    pub(crate) fn new(
        state: State,
        account: Account,
        is_strict: bool,
        functions: Functions,
        show: Show,
        surroundings: Surroundings,
    ) -> anyhow::Result<Self> {
        let Surroundings { records, audio, callees } = surroundings;
        let (printer, form) = (show.printer(), show.form());
        let mut calls = CallsInProgress {
            lines: BTreeMap::new(),
            over: VecDeque::new(),
            count: 0,
            account: account.id.clone(),
            in_account: InAccount::default(),
            form,
            records,
            leaving: JoinSet::new(),
            audio: Arc::new(audio),
            saved: state.saved_calls(),
            callees,
            printer,
        };
        calls.go_on_with_kept()?;
        Ok(Self { account, state, is_strict, calls, functions: Rc::new(functions), printer })
    }

    /// Serves until it is stopped. Runs on a local set: scripts stay on their thread.
    pub(crate) async fn run(
        mut self,
        mut asks: mpsc::Receiver<Ask>,
        stopped: impl Future<Output = std::io::Result<()>>,
    ) -> anyhow::Result<()> {
        let mut stopped = std::pin::pin!(stopped);
        let (replied, mut replies) = mpsc::unbounded_channel::<Replied>();
        loop {
            let due = self.calls.lines.values().filter_map(|line| line.due).min();
            tokio::select! {
                ask = asks.recv() => match ask {
                    Some(ask) => self.answer(ask)?,
                    None => break,
                },
                stop = &mut stopped => break stop.context("cannot wait for Ctrl-C")?,
                reply = replies.recv() => if let Some((call, attempt, reply)) = reply
                    && let Some(line) = self.calls.lines.get_mut(&call)
                {
                    line.call.reply(attempt, reply);
                    line.due = Some(Instant::now());
                },
                () = sleep_until(due) => {}
            }
            self.move_on(&replied)?;
        }
        self.calls.close().await;
        Ok(())
    }

    fn answer(&mut self, ask: Ask) -> anyhow::Result<()> {
        let Ask { method, target, body, answer } = ask;
        let response = match target.strip_prefix("/moonring/calls") {
            Some(rest) => self.own(&method, rest.trim_matches('/'), &body),
            None => {
                let before = self.account.clone();
                self.calls.in_account = InAccount::of(&self.account);
                let request = HttpRequest { method: &method, target: &target, body: &body };
                let (response, warnings) =
                    handle(&mut self.account, &mut self.calls, request, now_ms(), self.is_strict);
                for warning in warnings {
                    self.printer.talk(&format!("warning: {warning}"));
                }
                let new = self
                    .account
                    .applications()
                    .into_iter()
                    .filter(|known| before.application(&known.id).is_none());
                for application in
                    new.filter(|application| !self.functions.is_named(&application.lambda_arn))
                {
                    let arn = application.lambda_arn;
                    self.printer.talk(&format!(
                        "warning: no --function names {arn}; the scripts answer for it"
                    ));
                }
                // First written, then acknowledged; what cannot be written was not done.
                match self.state.keep(&self.account) {
                    Ok(()) => response,
                    Err(error) => {
                        self.printer.error_text(&printable(&format!("{error:#}")));
                        self.account = before;
                        let body = json!({"Code": "ServiceFailure", "Message": "The state file cannot be written"});
                        let error_type = Some("ServiceFailureException");
                        HttpResponse {
                            status: 500,
                            error_type,
                            body: body.to_string().into_bytes(),
                        }
                    }
                }
            }
        };
        // Whoever asked may have gone.
        let _ = answer.send(response);
        Ok(())
    }

    /// Calls from outside, which the service's API has no word for: somebody dials a number.
    fn own(&mut self, method: &str, rest: &str, body: &[u8]) -> HttpResponse {
        let respond = |status: u16, body: Value| HttpResponse {
            status,
            error_type: None,
            body: body.to_string().into_bytes(),
        };
        match (method, rest) {
            ("POST", "") => match self.dialled(body) {
                Ok(id) => respond(201, json!({"TransactionId": id})),
                Err(message) => respond(400, json!({"Message": message})),
            },
            ("GET", id) => match self.calls.look(id) {
                Some(call) => respond(200, call),
                None => respond(404, json!({"Message": format!("There is no call {id}")})),
            },
            _ => respond(
                405,
                json!({"Message": "wanted POST /moonring/calls, or GET /moonring/calls/ID"}),
            ),
        }
    }

    fn dialled(&mut self, body: &[u8]) -> Result<String, String> {
        let body: Map<String, Value> = serde_json::from_slice(body)
            .map_err(|error| format!("the body is not a JSON object: {error}"))?;
        let number = |name: &str| {
            let number = body.get(name).and_then(Value::as_str);
            let number = number.ok_or_else(|| format!("{name} is missing; wanted a string"))?;
            party(number).map_err(|why| format!("{name}: {why}"))
        };
        let (from, to) = (number("From")?, number("To")?);
        let words = match body.get("Keys") {
            None | Some(Value::Null) => "",
            Some(words) => words.as_str().ok_or("Keys is not a string")?,
        };
        let caller: Person = words.parse().map_err(|error| format!("Keys: {error}"))?;
        // At the host name of a Voice Connector, whom the caller wants is the user part.
        let trigger = match body.get("Host").and_then(Value::as_str) {
            Some(host) => Trigger::RequestUriHostname(host.to_owned()),
            None => Trigger::ToPhoneNumber(to.clone()),
        };
        let (rule, applications) = self.account.route(&trigger).ok_or_else(|| match &trigger {
            Trigger::ToPhoneNumber(number) => format!("no enabled SIP rule is for {number:?}"),
            Trigger::RequestUriHostname(host) => format!("no enabled SIP rule is for {host:?}"),
        })?;
        self.calls.in_account = InAccount::of(&self.account);
        let application = applications.first().map(|first| first.id.clone()).unwrap_or_default();
        let (at_ms, seed) = (now_ms(), self.calls.next_seed());
        let call = InboundCall {
            from,
            to,
            sip_headers: Map::new(),
            rule_id: Some(rule),
            applications,
            caller,
            callees: self.calls.callees.clone(),
            at_ms,
            seed,
        };
        let call = PlayedCall::inbound(self.calls.world(&application), call);
        Ok(self.calls.add(call, at_ms))
    }

    /// Lets everything happen that is due, in every call.
    fn move_on(&mut self, replied: &mpsc::UnboundedSender<Replied>) -> anyhow::Result<()> {
        let now = Instant::now();
        let due = |line: &Line| line.due.is_some_and(|due| due <= now);
        let ids: Vec<String> = self
            .calls
            .lines
            .iter()
            .filter(|(_, line)| due(line))
            .map(|(id, _)| id.clone())
            .collect();
        for id in ids {
            let Some(line) = self.calls.lines.get_mut(&id) else { continue };
            let is_over = loop {
                line.call.advance(line.began.elapsed());
                match line.call.go_on() {
                    Next::Invoke(invocation) => {
                        let (functions, replied, id) =
                            (Rc::clone(&self.functions), replied.clone(), id.clone());
                        let (audio, printer) = (Arc::clone(&self.calls.audio), self.printer);
                        tokio::task::spawn_local(async move {
                            let reply = functions.invoke(&invocation).await;
                            if let Outcome::Answer(answer) = &reply.outcome
                                && let Err(error) = audio.fetch(answer.as_ref()).await
                            {
                                printer.error_text(&printable(&error));
                            }
                            // The server may have ended meanwhile.
                            let _ = replied.send((id, invocation.attempt, reply));
                        });
                    }
                    Next::At(at) if line.began + at <= Instant::now() => {}
                    Next::At(at) => {
                        line.due = Some(line.began + at);
                        break false;
                    }
                    Next::Idle => {
                        line.due = None;
                        break !line.call.is_up();
                    }
                    Next::Over => break true,
                }
            };
            line.show.show(&line.call)?;
            if !is_over
                && let Some(saved) = &mut line.saved
                && let Err(error) = saved.update(&line.call)
            {
                self.printer.error_text(&printable(&format!("{error:#}")));
            }
            if is_over {
                self.calls.finish(&id);
            }
        }
        Ok(())
    }
}

impl Line {
    fn describe(&self, is_over: bool) -> Value {
        let transcript = Transcript::of(self.call.trace(), &self.call.application().id, self.at_ms);
        let told: Vec<_> = self.call.trace().entries.iter().flat_map(moonring_sim::tell).collect();
        json!({"TransactionId": self.call.id(), "Over": is_over, "Story": told, "Transcript": transcript})
    }
}

impl InAccount {
    fn of(account: &Account) -> Self {
        let applications =
            account.applications().into_iter().map(|known| (known.id.clone(), known)).collect();
        let logging = account.logging().clone();
        Self { meetings: account.meetings(), numbers: account.numbers(), applications, logging }
    }
}

/// Until a moment; for ever where there is none.
async fn sleep_until(due: Option<Instant>) {
    match due {
        Some(due) => tokio::time::sleep_until(due.into()).await,
        None => tokio::time::sleep(Duration::from_secs(86_400)).await,
    }
}
