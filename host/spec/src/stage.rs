//! The world of one test: its calls on one clock, and everything around them.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::{Rc, Weak};
use std::sync::Arc;
use std::time::Duration;

use mlua::Lua;
use moonring_engine::Workbench;
use moonring_exchange::{Entry, Happened, Outcome as Answered, Tag};
use moonring_runtime::LogKind;
use moonring_sim::{Bot, Faults, Invocation, Next, Reply};
use serde_json::{Map, Value};

use crate::hosts::Hosts;
use crate::menus::MenuPresses;
use crate::outside::Outside;
use crate::suite::Suite;
use crate::test_call::TestCall;

/// How a test runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// One process answers all events.
    Warm,
    /// A process of its own answers each event.
    Cold,
}

/// What a spec is about.
#[derive(Debug, Clone, Default)]
pub(crate) struct Subject {
    /// The file of the spec.
    pub(crate) file: String,
    /// The script that answers its calls, where one has the spec's name.
    pub(crate) script: Option<String>,
    /// The folder of the spec, ending in a slash where it is not the scripts' own.
    pub(crate) folder: String,
}

/// Everything that tests of one worker run in.
pub(crate) struct Stage {
    pub(crate) suite: Arc<Suite>,
    pub(crate) hosts: Hosts,
    pub(crate) state: RefCell<State>,
    pub(crate) menus: RefCell<MenuPresses>,
    /// The files of the scripts.
    pub(crate) files: Vec<String>,
    /// The VM of the specs, which has this stage.
    bench: OnceCell<Weak<Workbench>>,
}

/// What the test at hand has said and seen.
pub(crate) struct State {
    pub(crate) mode: Mode,
    /// When its first call may begin, in milliseconds since 1970.
    pub(crate) at_ms: u64,
    /// The script that answers, where not the routes say which.
    pub(crate) script: Option<String>,
    pub(crate) config: Map<String, Value>,
    pub(crate) faults: Faults,
    pub(crate) bots: BTreeMap<String, Bot>,
    pub(crate) calls: Vec<TestCall>,
    /// How far it has come, from its start.
    pub(crate) now: Duration,
    /// How much later than it should the next answer comes.
    pub(crate) late: Duration,
    pub(crate) outside: Rc<Outside>,
    pub(crate) events: u64,
    /// Whether a script runs: nothing else may happen then.
    pub(crate) is_answering: bool,
    /// Whether only cold processes are wanted.
    pub(crate) is_cold_only: bool,
    /// Why the test is skipped.
    pub(crate) skipped: Option<String>,
    /// Stories that the test compares, by the name of their file.
    pub(crate) snapshots: BTreeMap<String, String>,
    /// The file of the spec.
    pub(crate) file: String,
    /// The folder of the spec, ending in a slash where it is not the scripts' own.
    pub(crate) folder: String,
    /// Calls that scripts have asked for and the test plays, by the id that they were told.
    pub(crate) dialed: BTreeMap<String, usize>,
    /// What the spec has printed.
    pub(crate) printed: Vec<String>,
    /// Scripts that answered.
    pub(crate) scripts: std::collections::BTreeSet<String>,
}

/// Why something did not happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Stuck {
    /// A script failed.
    Failed(String),
    /// A script asks something, and the test gives no reply.
    Unanswered(String),
    /// The call is over.
    Over,
    /// Nothing more happens by itself.
    Idle,
}

impl Stage {
    pub(crate) fn new(suite: Arc<Suite>, lua: Lua, files: Vec<String>) -> Result<Self, String> {
        let hosts = Hosts::new(Arc::clone(&suite.source), suite.settings.clone())?;
        let state = State::new(&suite, lua, Subject::default(), Mode::Warm);
        let (state, menus) = (RefCell::new(state), RefCell::default());
        Ok(Self { suite, hosts, state, menus, files, bench: OnceCell::new() })
    }

    /// The VM of the specs.
    pub(crate) fn set_bench(&self, bench: &Rc<Workbench>) {
        // It is made once.
        let _ = self.bench.set(Rc::downgrade(bench));
    }

    /// Modules that the spec calls itself see this time, in milliseconds since 1970.
    pub(crate) fn set_clock(&self, at_ms: u64) {
        if let Some(bench) = self.bench.get().and_then(Weak::upgrade) {
            bench.set_clock(i64::try_from(at_ms / 1000).unwrap_or(i64::MAX));
        }
    }

    /// A test begins.
    pub(crate) fn begin(&self, lua: Lua, subject: Subject, mode: Mode) {
        let state = State::new(&self.suite, lua, subject, mode);
        self.hosts.set_outside(Some(Rc::clone(&state.outside)));
        self.hosts.forget_calls();
        self.state.replace(state);
    }

    /// Lets the test's world go on until something has happened in a call, or a script has failed.
    pub(crate) fn wait<T>(
        &self,
        id: usize,
        mut done: impl FnMut(&mut TestCall) -> Option<T>,
    ) -> Result<T, Stuck> {
        let waited = self.wait_whatever_fails(id, |call| match call.failure() {
            Some(failure) => Some(Err(failure)),
            None => done(call).map(Ok),
        })?;
        if waited.is_err() {
            // What the caller hears then belongs to the story.
            let now = self.state.borrow().now;
            self.pass_until(now);
        }
        waited
    }

    /// Lets the test's world go on until something has happened in a call.
    pub(crate) fn wait_whatever_fails<T>(
        &self,
        id: usize,
        mut done: impl FnMut(&mut TestCall) -> Option<T>,
    ) -> Result<T, Stuck> {
        loop {
            {
                let mut state = self.state.borrow_mut();
                if let Some(value) = state.calls.get_mut(id).and_then(&mut done) {
                    return Ok(value);
                }
            }
            if !self.step(None) {
                let state = self.state.borrow();
                let is_over =
                    state.calls.get(id).is_some_and(|call| call.call.exchange().is_over());
                return Err(if is_over { Stuck::Over } else { Stuck::Idle });
            }
        }
    }

    /// Lets time pass up to this moment of the test.
    pub(crate) fn pass_until(&self, to: Duration) {
        while self.step(Some(to)) {}
        let mut state = self.state.borrow_mut();
        state.now = state.now.max(to);
        state.catch_up();
    }

    /// Whether no script has failed.
    ///
    /// # Errors
    /// Where one has.
    pub(crate) fn check(&self) -> Result<(), Stuck> {
        let state = self.state.borrow();
        state.calls.iter().find_map(TestCall::failure).map_or(Ok(()), Err)
    }

    /// Everybody hangs up, and what follows happens.
    pub(crate) fn finish(&self) {
        let count = self.state.borrow().calls.len();
        for id in 0..count {
            let mut state = self.state.borrow_mut();
            state.catch_up();
            if let Some(call) = state.calls.get_mut(id)
                && call.call.is_up()
            {
                call.call.everybody_hangs_up();
            }
        }
        while self.step(None) {}
    }

    /// The next thing that happens in any call, unless it is later than this. Whether there was
    /// one.
    fn step(&self, limit: Option<Duration>) -> bool {
        let count = self.state.borrow().calls.len();
        let mut next: Option<(Duration, usize)> = None;
        for id in 0..count {
            let (going, began) = {
                let mut state = self.state.borrow_mut();
                let Some(call) = state.calls.get_mut(id) else { continue };
                (call.call.go_on(), call.began)
            };
            match going {
                Next::Invoke(invocation) => {
                    self.invoke(id, *invocation);
                    return true;
                }
                Next::At(at) if next.is_none_or(|(earliest, _)| began + at < earliest) => {
                    next = Some((began + at, id));
                }
                Next::At(_) | Next::Idle | Next::Over => {}
            }
        }
        let Some((at, id)) = next.filter(|(at, _)| limit.is_none_or(|limit| *at <= limit)) else {
            return false;
        };
        let mut state = self.state.borrow_mut();
        state.now = state.now.max(at);
        if let Some(call) = state.calls.get_mut(id) {
            call.call.advance(at.saturating_sub(call.began));
        }
        true
    }

    /// The script answers an event. What it asks may call functions of the test, so nothing is held
    /// meanwhile.
    fn invoke(&self, id: usize, invocation: Invocation) {
        let (host, script, mode, outside, late) = {
            let mut state = self.state.borrow_mut();
            state.events += 1;
            state.is_answering = true;
            let late = std::mem::take(&mut state.late);
            let (mode, outside) = (state.mode, Rc::clone(&state.outside));
            let Some(call) = state.calls.get(id) else { return };
            (Rc::clone(&call.host), call.script.clone(), mode, outside, late)
        };
        if mode == Mode::Cold {
            self.hosts.forget_calls();
        }
        host.force(script.as_deref());
        outside.begin(invocation.now_ms);
        let outcome = self.hosts.answer(&host, &invocation.event, invocation.now_ms);
        let (api_calls, took) = (outside.made(), outside.delayed());
        let answer: Value = serde_json::from_slice(&outcome.answer.to_bytes()).unwrap_or_default();
        let places: Vec<Option<String>> =
            outcome.places.iter().map(|place| place.as_ref().map(ToString::to_string)).collect();
        if self.suite.counts() {
            self.menus.borrow_mut().take(&invocation.event, &answer, &places);
        }

        let mut state = self.state.borrow_mut();
        state.is_answering = false;
        state.scripts.extend(outcome.script);
        let Some(call) = state.calls.get_mut(id) else { return };
        if let Some(error) = &outcome.error {
            call.failures.push(outcome.error_text.unwrap_or_else(|| error.to_string()));
        }
        let hooks = outcome.log.iter().filter(|record| record.kind == LogKind::HookFailure);
        call.failures.extend(hooks.map(|record| record.message.clone()));
        call.unanswered.append(&mut outside.unanswered.borrow_mut());
        call.log.extend(outcome.log);
        let reply = Reply {
            outcome: Answered::answer(answer),
            took: took + late,
            places,
            api_calls,
            asks_secret: outcome.asks_secret,
        };
        call.call.reply(invocation.attempt, reply);
        state.catch_up();
        for update in outside.updates.take() {
            let dialed = state.dialed.get(&update.call).copied();
            let mut calls = state.calls.iter_mut().enumerate();
            let is_it =
                |id: usize, call: &TestCall| call.call.id() == update.call || dialed == Some(id);
            if let Some((_, meant)) = calls.find(|(id, call)| is_it(*id, call)) {
                meant.call.update(update.arguments);
            }
        }
    }
}

impl State {
    fn new(suite: &Suite, lua: Lua, subject: Subject, mode: Mode) -> Self {
        let Subject { file, script, folder } = subject;
        let project = suite.replies.as_ref().and_then(|replies| replies.read().ok());
        Self {
            mode,
            at_ms: suite.at_ms,
            script,
            config: Map::new(),
            faults: Faults::default(),
            bots: suite.bots.clone(),
            calls: Vec::new(),
            now: Duration::ZERO,
            late: Duration::ZERO,
            outside: Rc::new(Outside::new(lua, suite.judge, project)),
            events: 0,
            is_answering: false,
            is_cold_only: false,
            skipped: None,
            snapshots: BTreeMap::new(),
            file,
            folder,
            dialed: BTreeMap::new(),
            printed: Vec::new(),
            scripts: Default::default(),
        }
    }

    /// Where a story is kept, from the folder of the scripts.
    ///
    /// # Errors
    /// When the name cannot be a file's, in words.
    pub(crate) fn snapshot_path(&self, name: &str) -> Result<String, String> {
        let is_plain = |letter: char| letter.is_alphanumeric() || "-_. ".contains(letter);
        match !name.is_empty() && !name.starts_with('.') && name.chars().all(is_plain) {
            true => Ok(format!("{}__snapshots__/{name}.txt", self.folder)),
            false => Err(format!("story got `{name}`; wanted a name of letters, digits, - and _")),
        }
    }

    /// How many entries the trace of a call has.
    pub(crate) fn entries(&self, id: usize) -> usize {
        self.calls.get(id).map_or(0, |call| call.call.trace().entries.len())
    }

    /// The entry, from this one on, at which somebody pressed something or talked.
    pub(crate) fn acted_at(&self, id: usize, tag: Tag, from: usize) -> Option<usize> {
        let is_own = |happened: &Happened| match happened {
            Happened::Presses { leg, .. } | Happened::Talks { leg, .. } => *leg == tag,
            _ => false,
        };
        let entries = self.calls.get(id)?.call.trace().entries.iter().enumerate().skip(from);
        let mut own = entries.filter(|(_, entry)| is_own(&entry.happened));
        own.next().map(|(number, _)| number)
    }

    /// Whether the test says something of the world that a command line cannot.
    pub(crate) fn says_more(&self) -> bool {
        !self.config.is_empty() || self.outside.says_more()
    }

    /// How many phones have rung in a call.
    pub(crate) fn rings(&self, id: usize) -> usize {
        let entries = self.calls.get(id).map(|call| call.call.trace().entries.as_slice());
        let is_ring =
            |entry: &&Entry| matches!(entry.happened, Happened::Rings { leg: Tag::B, .. });
        entries.unwrap_or_default().iter().filter(is_ring).count()
    }

    /// Brings the clock of every call to that of the test, as far as nothing is due before.
    pub(crate) fn catch_up(&mut self) {
        for call in &mut self.calls {
            call.call.wait(self.now.saturating_sub(call.began));
        }
    }

    /// Whether a leg of a call is on the line.
    pub(crate) fn is_up(&self, id: usize, tag: Tag) -> bool {
        let exchange = self.calls.get(id).map(|call| call.call.exchange());
        exchange
            .is_some_and(|exchange| exchange.leg(tag).is_some_and(|leg| exchange.is_leg_up(leg)))
    }
}
