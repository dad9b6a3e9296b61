//! The switchboard: all calls of the server, in real time, and the account they belong to.

mod acts;
mod again;
mod calls_in_progress;
mod own_calls;
mod said;

pub(crate) use own_calls::Refusal;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use moonring_exchange::api::{Account, HttpRequest, HttpResponse, handle};
use moonring_exchange::{Outcome, plain};
use moonring_sim::{Callees, Next, PlayedCall, Transcript, to_json};
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::feed::Feed;
use super::releases::Releases;
use super::saved_calls::{SavedCall, SavedCalls};
use super::{Ask, AudioFiles, Functions, HttpAsk, Records, Setup, State};
use crate::clock::now_ms;
use crate::local_host::Invoked;
use crate::printer::{Printer, printable};
use crate::show::{Show, ShowForm};
use crate::sound::{Clips, Voice};

/// How many calls that are over can still be asked about.
const OVER: usize = 1000;

/// What the function did with an attempt of a call.
struct Replied {
    call: String,
    attempt: u32,
    invoked: Invoked,
}

/// All calls, and the account.
pub(crate) struct Switchboard {
    account: Account,
    state: State,
    is_strict: bool,
    calls: CallsInProgress,
    functions: Rc<Functions>,
    setup: Setup,
    printer: Printer,
}

/// The calls.
struct CallsInProgress {
    lines: BTreeMap<String, Line>,
    /// Those that are over, the oldest first.
    over: VecDeque<EndedCall>,
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
    /// What happens in them, for who listens.
    feed: Feed,
    voice: Option<Arc<Voice>>,
    clips: Clips,
    /// What serves calls that begin.
    releases: Releases,
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
    /// Whether who dialed has set the clock of the call.
    is_clock_set: bool,
    show: Show,
    due: Option<Instant>,
    saved: Option<SavedCall>,
    /// How many entries of the trace are in the feed.
    published: usize,
}

/// A call that is over, and can still be asked about.
struct EndedCall {
    call: PlayedCall,
    at_ms: u64,
    is_clock_set: bool,
}

/// What is around the calls of a server.
pub(crate) struct Surroundings {
    /// Where detail records and recordings go.
    pub(crate) records: Option<Records>,
    pub(crate) audio: AudioFiles,
    /// How numbers behave that are called.
    pub(crate) callees: Callees,
    pub(crate) feed: Feed,
    /// The voice that says prompts, where calls are to be heard: prompts take as long as it needs.
    pub(crate) voice: Option<Arc<Voice>>,
    /// What people say into microphones.
    pub(crate) clips: Clips,
    /// What a page needs to know of the server.
    pub(crate) setup: Setup,
}

impl Switchboard {
    pub(crate) fn new(
        state: State,
        account: Account,
        is_strict: bool,
        functions: Rc<Functions>,
        show: Show,
        surroundings: Surroundings,
    ) -> anyhow::Result<Self> {
        let Surroundings { records, audio, callees, feed, voice, clips, setup } = surroundings;
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
            feed,
            voice,
            clips,
            releases: setup.releases.clone(),
            printer,
        };
        calls.go_on_with_kept()?;
        Ok(Self { account, state, is_strict, calls, functions, setup, printer })
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
                    Some(ask) => self.answer(ask),
                    None => break,
                },
                stop = &mut stopped => break stop.context("cannot wait for Ctrl-C")?,
                replied = replies.recv() => if let Some(replied) = replied {
                    self.calls.take_reply(replied);
                },
                () = sleep_until(due) => {}
            }
            self.move_on(&replied)?;
        }
        self.calls.close().await;
        Ok(())
    }

    fn answer(&mut self, ask: Ask) {
        // Whoever asked may have gone.
        match ask {
            Ask::Http(request) => self.respond(request),
            Ask::Trace { call, answer } => drop(answer.send(self.calls.trace(&call))),
            Ask::Voice { call, leg, lasts, answer } => {
                let _ = answer.send(self.speaks(&call, leg, lasts));
            }
        }
    }

    fn respond(&mut self, request: HttpAsk) {
        let HttpAsk { method, target, body, answer } = request;
        let response = match target.strip_prefix("/moonring/calls") {
            Some(rest) => self.own(&method, rest, &body),
            None if method == "GET" && is_setup(&target) => self.told_setup(),
            None => {
                let before = self.account.clone();
                self.calls.in_account = InAccount::of(&self.account);
                let request = HttpRequest { method: &method, target: &target, body: &body };
                let (response, warnings) =
                    handle(&mut self.account, &mut self.calls, request, now_ms(), self.is_strict);
                for warning in warnings {
                    self.printer.warning(&warning);
                }
                let new = self
                    .account
                    .applications()
                    .into_iter()
                    .filter(|known| before.application(&known.id).is_none());
                for application in new {
                    if let Some(warning) = self.functions.warning(&application.lambda_arn) {
                        self.printer.warning(&warning);
                    }
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
    }

    /// What a page needs to know.
    fn told_setup(&self) -> HttpResponse {
        let numbers = self.account.numbers();
        let applications = self.account.applications();
        let applications: Vec<_> = applications.iter().map(|known| known.id.as_str()).collect();
        let body = self.setup.told(&numbers, &applications);
        HttpResponse { status: 200, error_type: None, body: body.to_string().into_bytes() }
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
                        let voice = self.calls.voice.clone();
                        tokio::task::spawn_local(async move {
                            let invoked = functions.invoke(&invocation).await;
                            if let Outcome::Answer(answer) = &invoked.reply.outcome
                                && let Err(error) = audio.fetch(answer.as_ref()).await
                            {
                                printer.error_text(&printable(&error));
                            }
                            if let (Some(voice), Outcome::Answer(answer)) =
                                (voice, &invoked.reply.outcome)
                            {
                                learn(voice, answer).await;
                            }
                            // The server may have ended meanwhile.
                            let attempt = invocation.attempt;
                            let _ = replied.send(Replied { call: id, attempt, invoked });
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
            line.publish(&id, &self.calls.feed);
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

/// What there is to say of a call.
fn describe(call: &PlayedCall, at_ms: u64, is_over: bool) -> Value {
    let transcript = Transcript::of(call.trace(), &call.application().id, at_ms);
    let told: Vec<_> = call.trace().entries.iter().flat_map(moonring_sim::tell).collect();
    let start = call.exchange().start();
    json!({
        "TransactionId": call.id(), "Over": is_over, "From": start.from, "To": start.to, "At": start.at_ms,
        "Story": told, "Transcript": transcript,
    })
}

impl Line {
    fn describe(&self, is_over: bool) -> Value {
        describe(&self.call, self.at_ms, is_over)
    }

    /// Tells those who listen what is new.
    fn publish(&mut self, id: &str, feed: &Feed) {
        for entry in self.call.trace().entries.iter().skip(self.published) {
            let mut told = to_json(entry);
            // By it the sound of the entry is asked for.
            told["entry"] = json!(self.published);
            feed.add("story", id, told);
            self.published += 1;
        }
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

fn is_setup(target: &str) -> bool {
    target.split('?').next() == Some("/moonring/setup")
}

/// Has the voice say every prompt of an answer, beside the calls: how long each takes is then known.
async fn learn(voice: Arc<Voice>, answer: &Value) {
    let mut texts = Vec::new();
    prompts(answer, &mut texts);
    let saying = move || texts.iter().for_each(|text| drop(voice.say(&plain(text))));
    // What cannot be said is silent.
    let _ = tokio::task::spawn_blocking(saying).await;
}

/// The texts that are spoken in an answer.
fn prompts(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            texts.extend(fields.get("Text").and_then(Value::as_str).map(str::to_owned));
            fields.values().for_each(|inner| prompts(inner, texts));
        }
        Value::Array(list) => list.iter().for_each(|inner| prompts(inner, texts)),
        _ => {}
    }
}

/// Until a moment; for ever where there is none.
async fn sleep_until(due: Option<Instant>) {
    match due {
        Some(due) => tokio::time::sleep_until(due.into()).await,
        None => tokio::time::sleep(Duration::from_secs(86_400)).await,
    }
}
