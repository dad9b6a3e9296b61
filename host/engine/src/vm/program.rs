//! A release inside a VM, and the start of every event.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use mlua::{Function, Lua, MultiValue, Table, Thread, Value as LuaValue};
use moonring_flow::{Reply, SavedJournal, Secrets, failed_journal, stable_hash};
use moonring_wire::{Event, EventType};
use serde_json::{Map, Value};

use crate::answer::Marks;
use crate::coverage::FunctionHits;
use crate::error::Error;
use crate::flow::{self, SuspendedFlow, SuspendedFlows};
use crate::handlers::Failure;
use crate::limits::Limits;
use crate::modules::SharedModules;
use crate::sandbox::{Sandbox, unmetered};
use crate::vm::ask::Asked;
use crate::vm::bindings::{CurrentEvent, EventContext};
use crate::vm::invocation::Invocation;
use crate::vm::run_result::{RunOutcome, Step};
use crate::{Buckets, CancelFlag};

/// A compiled release, loaded and ready for events.
///
/// After a memory error a program is spent ([`Program::is_spent`]): the heap cannot be trusted to
/// have room again. Drop it and load another from the same [`Compiled`].
///
/// # Examples
/// ```
/// use moonring_engine::{CancelFlag, Compiled, Limits, Program};
///
/// let main = b"return function(call) call:say('Hello') end".as_slice();
/// let compiled = Compiled::new([("main.lua", main)], &serde_json::Map::new())?;
/// let program = Program::load(&compiled, CancelFlag::default(), Limits::default())?;
/// assert_eq!(program.events(), 0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Program {
    pub(super) inner: Rc<Vm>,
}

/// One event to be answered.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// A number no other event of this process has, from 1: what the cancel flag is compared with.
    pub number: u64,
    /// The event.
    pub event: &'a Arc<Event>,
    /// The script, with or without its ending.
    pub script: &'a str,
    /// The id of the release, which scripts read as `call.release`.
    pub release: &'a str,
    /// The arguments an outbound call was made with, which scripts read as `call.arguments`.
    pub arguments: Option<&'a Map<String, Value>>,
    /// Those of them that are kept with the call, where not all are: later events will have no
    /// others, and so a flow must not see them either.
    pub kept_arguments: Option<&'a Map<String, Value>>,
    /// The time of the event, in seconds since 1970.
    pub now_seconds: i64,
    /// The journal that came with the event, where the call's script is a flow.
    pub journal: Option<&'a SavedJournal>,
    /// Buckets for methods of flows that name none.
    pub buckets: &'a Buckets,
    /// The keys by which what callers type in confidence is sealed; without one, flows cannot ask
    /// for it.
    pub secrets: &'a Secrets,
}

/// A flow that goes on where it waited.
struct Woken {
    file: String,
    thread: Thread,
}

pub(crate) struct Vm {
    pub(crate) sandbox: Sandbox,
    pub(super) modules: SharedModules,
    pub(crate) marks: Marks,
    pub(super) serve: Function,
    /// Runs what a flow gave to `on_hangup`.
    pub(crate) farewell: Function,
    /// Flows that wait for their next event.
    pub(crate) suspended_flows: RefCell<SuspendedFlows>,
    pub(crate) current: Rc<CurrentEvent>,
    pub(crate) cancel: CancelFlag,
    pub(crate) limits: Limits,
    pub(super) is_spent: Cell<bool>,
    pub(super) events: Cell<u64>,
    /// The text of each script, for the words of errors.
    pub(crate) texts: Arc<BTreeMap<String, String>>,
}

impl Program {
    /// Runs the script of an event until it answers, asks for something, or fails.
    pub fn start(&self, input: Input<'_>) -> RunOutcome {
        let inner = &self.inner;
        // A call may have become another flow's.
        let script = input.journal.and_then(SavedJournal::script).unwrap_or(input.script);
        let file = match inner.file(script) {
            Ok(file) => file,
            Err(hint) => {
                let script = script.to_owned();
                return RunOutcome::of(Err(Error::NoScript { script, hint }));
            }
        };
        match flow::after_failure(input.event, input.journal) {
            Ok(None) => {}
            Ok(Some(answer)) => {
                let journal = input.journal.cloned();
                return RunOutcome { journal, ..RunOutcome::of(Ok(Step::Answer(answer))) };
            }
            Err(error) => {
                let journal = Some(failed_journal(input.journal, input.event, None));
                return RunOutcome { journal, ..RunOutcome::of(Err(error)) };
            }
        }
        inner.current.begin(EventContext::new(&input));
        inner.marks.forget();
        inner.events.set(inner.events.get() + 1);
        let (event, program, facts) =
            (Arc::clone(input.event), Rc::clone(inner), EventContext::default());
        if let Some(live) = inner.live(&input, file) {
            let number = input.number;
            return Invocation {
                program,
                event,
                number,
                file: live.file,
                thread: live.thread,
                facts,
                failed: None,
            }
            .apply();
        }
        match inner.begin(input.event, input.journal.is_some(), file) {
            Ok((thread, arguments)) => {
                let (number, file) = (input.number, file.to_owned());
                Invocation { program, event, number, file, thread, facts, failed: None }
                    .advance(arguments)
            }
            Err(error) => inner.failed(inner.error_of(input.number, Failure::Lua(error))),
        }
    }

    /// Collects what events have left behind, if it is much; for when an answer is sent and nobody
    /// waits. A program that is never told so collects while its events run.
    pub fn end_event(&self) {
        // A finalizer could fail, and there is none.
        let _ = self.inner.sandbox.end_event();
    }

    /// Lets go of the flows that wait: their next events ask the journal.
    pub fn forget_flows(&self) {
        self.inner.suspended_flows.take();
    }

    /// What a file returns, outside of any event.
    pub(crate) fn evaluate(&self, file: &str) -> Result<LuaValue, Error> {
        let inner = &self.inner;
        let run = || -> mlua::Result<LuaValue> {
            let evaluate: Function = inner.sandbox.entries.raw_get("evaluate")?;
            inner.sandbox.lua.create_thread(evaluate)?.resume(file)
        };
        run().map_err(|error| {
            let is_stopped = error.to_string().contains("stopped at the deadline");
            Error::from_lua(&error, is_stopped, inner.limits)
        })
    }

    /// What a file returns, outside of any event, with modules of its own; `required` gets the
    /// files that it requires.
    pub(crate) fn load_file(
        &self,
        file: &str,
        now_seconds: i64,
        required: &mut BTreeSet<String>,
    ) -> mlua::Result<Result<LuaValue, Error>> {
        let inner = &self.inner;
        let lua = &inner.sandbox.lua;
        inner.sandbox.begin_event()?;
        inner.current.begin(EventContext { now_seconds, ..EventContext::default() });
        let names = lua.create_table()?;
        let load: Function = inner.sandbox.entries.raw_get::<Function>("loader")?.call(&names)?;
        let value = lua.create_thread(load)?.resume::<LuaValue>(file);
        names.for_each(|name: String, _: LuaValue| {
            required.insert(name);
            Ok(())
        })?;
        Ok(value.map_err(|error| Error::from_lua(&error, false, inner.limits)))
    }

    /// What of the release's own files has run in this VM, by file; nothing where the release does
    /// not count.
    pub fn hits(&self) -> BTreeMap<String, Vec<FunctionHits>> {
        self.inner.modules.get().map(|(modules, _)| modules.hits()).unwrap_or_default()
    }

    /// The VM.
    pub(crate) fn lua(&self) -> &Lua {
        &self.inner.sandbox.lua
    }

    /// What scripts may use here.
    pub(crate) fn limits(&self) -> Limits {
        self.inner.limits
    }

    /// What runs in this thread runs for the host, as a script does.
    pub(crate) fn is_hosts(&self, thread: &Thread) -> mlua::Result<()> {
        let kit: Table = self.inner.sandbox.entries.raw_get("kit")?;
        kit.raw_get::<Table>("host_threads")?.raw_set(thread, true)
    }

    /// The time outside of any event, in seconds since 1970.
    pub(crate) fn set_clock(&self, now_seconds: i64) {
        self.inner.current.facts.borrow_mut().now_seconds = now_seconds;
    }

    /// What is asked of other services outside of any event.
    pub(crate) fn take_asked(&self) -> Option<Asked> {
        self.inner.current.facts.borrow_mut().asked.take()
    }

    /// Replies as a script reads them.
    pub(crate) fn replies_to_lua(&self, replies: &[Reply]) -> mlua::Result<MultiValue> {
        self.inner.replies_to_lua(replies)
    }

    /// The globals of scripts.
    pub(crate) fn globals(&self) -> mlua::Result<Vec<(String, LuaValue)>> {
        let environment = self.inner.sandbox.environment();
        environment.raw_get::<Table>("__index")?.pairs().collect()
    }

    /// The named values of a table that has a list too.
    pub(crate) fn without_list(&self, table: &Table) -> mlua::Result<Table> {
        let named = self.inner.sandbox.lua.create_table()?;
        for pair in table.pairs::<LuaValue, LuaValue>() {
            let (key, value) = pair?;
            if !matches!(key, LuaValue::Integer(_) | LuaValue::Number(_)) {
                named.raw_set(key, value)?;
            }
        }
        Ok(named)
    }

    /// The mark of lists that may be empty.
    pub(crate) fn list_mark(&self) -> &Table {
        &self.inner.marks.list
    }

    /// How many events this VM has had.
    pub fn events(&self) -> u64 {
        self.inner.events.get()
    }

    /// Whether the VM must be dropped: a script ran into its memory limit.
    pub fn is_spent(&self) -> bool {
        self.inner.is_spent.get()
    }
}

impl std::fmt::Debug for Program {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Program").field("is_spent", &self.is_spent()).finish_non_exhaustive()
    }
}

impl Vm {
    /// Everything `serve` is given, and the thread it will run in.
    pub(crate) fn begin(
        &self,
        event: &Event,
        has_journal: bool,
        file: &str,
    ) -> mlua::Result<(Thread, MultiValue)> {
        let lua = &self.sandbox.lua;
        self.sandbox.begin_event()?;
        unmetered(lua, || {
            let action = event.action_type().map(crate::schema::snake_case);
            let seed = seed(event, has_journal);
            let arguments = (file, event.event_type().lua_name(), action, seed);
            Ok((lua.create_thread(self.serve.clone())?, lua.pack_multi(arguments)?))
        })
    }

    /// The file of a script.
    ///
    /// # Errors
    /// The end of a sentence that names the nearest right name, or nothing.
    pub(crate) fn file(&self, script: &str) -> Result<&str, String> {
        let Some((modules, _)) = self.modules.get() else { return Err(String::new()) };
        modules.script(script).ok_or_else(|| modules.script_hint(script))
    }

    /// The flow of the call that waits for this event, with all that is known of the event.
    fn live(&self, input: &Input<'_>, file: &str) -> Option<Woken> {
        let SuspendedFlow { file, thread, mut flow, .. } =
            self.suspended_flows.borrow_mut().take(input.event.call_id()?, file, input.journal?)?;
        flow.wake();
        // What ended with the flow is the cold way: it asks the journal.
        self.current.facts.borrow_mut().flow = Some(flow);
        Some(Woken { file, thread })
    }

    /// The end of a call whose flow has failed, once what it gave to `on_hangup` has run: said
    /// where it was not said before.
    pub(crate) fn over(&self, error: Error, step: Step) -> RunOutcome {
        let facts = self.current.facts.borrow();
        let known = facts.flow.as_ref().filter(|_| facts.given.is_broken()).map(|flow| flow.save());
        drop(facts);
        let failed = self.failed(error);
        match known {
            Some(journal) => RunOutcome { result: Ok(step), journal: Some(journal), ..failed },
            None => failed,
        }
    }

    /// The end of an event whose script has failed.
    pub(crate) fn failed(&self, error: Error) -> RunOutcome {
        if matches!(error, Error::Memory { .. }) {
            self.is_spent.set(true);
        }
        let mut facts = self.current.end();
        let log = facts.log.take();
        let breadcrumbs =
            facts.flow.as_ref().map(|flow| flow::breadcrumbs(flow.table())).unwrap_or_default();
        let is_flow = facts.flow.is_some() || facts.given.journal.is_some();
        // What the script raises it raises again; what the host has stopped must not be done once
        // more.
        let is_own = matches!(error, Error::Raised { .. } | Error::Answer { .. });
        let after =
            facts.flow.as_ref().filter(|_| is_own).and_then(|flow| flow.journal(self.limits));
        let event = facts.event.filter(|_| is_flow);
        let journal =
            event.map(|event| failed_journal(facts.given.journal.as_ref(), &event, after));
        RunOutcome { log, breadcrumbs, journal, ..RunOutcome::of(Err(error)) }
    }
}

/// A seed for `math.random`: the same for the same event, so that an event that is delivered twice
/// is answered alike; and the same for all events of a flow, whose files are loaded anew in every
/// process.
fn seed(event: &Event, has_journal: bool) -> u32 {
    let is_first =
        matches!(event.event_type(), EventType::NewInboundCall | EventType::NewOutboundCall);
    let sequence = event.sequence().filter(|_| !has_journal && !is_first);
    let sequence = sequence.map(u64::to_le_bytes);
    let parts = [
        event.call_id().unwrap_or_default().as_bytes(),
        sequence.as_ref().map_or(&[], |bytes| &bytes[..]),
    ];
    #[allow(clippy::cast_possible_truncation, reason = "any 32 bits will do")]
    return stable_hash(parts) as u32;
}
