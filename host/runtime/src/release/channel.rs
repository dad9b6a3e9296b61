//! The releases of one place: looked for, compiled, accepted or refused, and found again for each
//! call.

mod acceptance;
mod canary;
mod look;
mod packaged;
mod published;

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use acceptance::in_one_line;
use canary::Canary;
use look::{Found, Looked, recall};
use moonring_engine::{
    CancelFlag, Compiled, Error as ScriptError, FunctionHits, LoadError, Program,
};
use moonring_store::{
    Error as StoreError, FetchError, KnownAlias, Objects, Published, ReleaseCache, ReleaseId,
    Snapshot, Source,
};
use tokio::task::JoinHandle;
use tokio::time::Instant;

use crate::Settings;
use crate::release::judge::Judge;

/// What a release must have to be accepted.
#[derive(Debug, Clone)]
pub(crate) enum Needs {
    /// Routes, or a script that answers without them.
    AnAnswer,
    /// This script.
    Script(String),
    /// Any scripts: routes elsewhere say which.
    Nothing,
}

/// All releases of a source, and the look at it that may be under way.
pub(crate) struct ReleaseChannel {
    source: Arc<dyn Source>,
    /// The alias they are known by, unless they are the live ones.
    alias: Option<String>,
    needs: Needs,
    judge: Arc<Judge>,
    refresh: Duration,
    cancel: CancelFlag,
    cache: RefCell<ReleaseCache<Loaded>>,
    /// What was taken last, accepted or not: a release that was refused is not read and compiled
    /// again until it changes.
    last: RefCell<Option<Arc<Snapshot>>>,
    look: RefCell<Option<Look>>,
    looked_at: Cell<Option<Instant>>,
    was_awaited: Cell<bool>,
    /// A release of the past that is being rebuilt.
    recall: RefCell<Option<(String, JoinHandle<Found>)>>,
    /// Releases of the past that cannot be restored.
    lost: RefCell<BTreeSet<String>>,
    /// Why the source holds no release, as it was last logged.
    refusal: RefCell<Option<String>>,
    /// The place's published releases under the alias, where it can have some.
    published: Option<Published>,
    /// What the alias said last; none where the place holds plain files.
    known_alias: RefCell<Option<KnownAlias>>,
    /// The release that is tried on some of the calls.
    canary: RefCell<Canary>,
    /// The place, where the host may write the alias.
    objects: Option<Arc<dyn Objects>>,
    /// The copy of the scripts in the function's package.
    packaged: OnceCell<Arc<dyn Source>>,
    /// Its id, once it was read.
    packaged_id: OnceCell<ReleaseId>,
}

/// A look at the source that is under way.
struct Look {
    began: Instant,
    task: JoinHandle<Found>,
}

/// A release that was accepted.
pub(crate) struct Loaded {
    compiled: Compiled,
    program: RefCell<Option<Rc<Program>>>,
    listed_at: Option<u64>,
}

impl Loaded {
    fn new(compiled: Compiled, snapshot: &Snapshot) -> Self {
        let listed_at =
            snapshot.listed_at.and_then(|at| at.duration_since(SystemTime::UNIX_EPOCH).ok());
        Self { compiled, program: RefCell::default(), listed_at: listed_at.map(|at| at.as_secs()) }
    }

    /// When it was listed, in seconds since 1970, where its source has a clock.
    pub(crate) fn listed_at(&self) -> Option<u64> {
        self.listed_at
    }

    pub(crate) fn compiled(&self) -> &Compiled {
        &self.compiled
    }
}

/// The most releases of the past that are remembered as lost.
const LOST: usize = 1000;

/// A look that takes longer than this was frozen on its way, with its connections: it is begun
/// anew.
const OLD: Duration = Duration::from_secs(30);

impl ReleaseChannel {
    pub(crate) fn new(
        source: Arc<dyn Source>,
        published: Option<Published>,
        alias: Option<String>,
        needs: Needs,
        settings: &Settings,
        cancel: CancelFlag,
    ) -> Self {
        let objects = source.objects();
        let script = if let Needs::Script(script) = &needs { Some(script.clone()) } else { None };
        Self {
            source,
            alias,
            needs,
            judge: Arc::new(Judge::new(settings, script)),
            refresh: settings.refresh,
            cancel,
            cache: RefCell::default(),
            last: RefCell::default(),
            look: RefCell::default(),
            looked_at: Cell::new(None),
            was_awaited: Cell::new(false),
            recall: RefCell::default(),
            lost: RefCell::default(),
            refusal: RefCell::default(),
            published,
            known_alias: RefCell::default(),
            canary: RefCell::new(Canary::new(settings)),
            objects: objects.filter(|_| settings.canary_write && !settings.trust.is_asked()),
            packaged: OnceCell::new(),
            packaged_id: OnceCell::new(),
        }
    }

    /// Whether there is a release to serve.
    pub(crate) fn has_any(&self) -> bool {
        self.cache.borrow().newest().is_some()
    }

    /// Whether this release is in memory.
    pub(crate) fn has(&self, id: &str) -> bool {
        self.cache.borrow().has(id)
    }

    /// The newest release.
    pub(crate) fn newest(&self) -> Option<(ReleaseId, Rc<Loaded>)> {
        self.cache.borrow().newest().cloned()
    }

    /// Whether a call has ever waited for a look.
    pub(crate) fn was_awaited(&self) -> bool {
        self.was_awaited.get()
    }

    /// Begins a look if one is due, and waits for nothing.
    pub(crate) fn begin(&self) {
        if let Some(look) = self.take_look() {
            self.look.replace(Some(look));
        }
    }

    /// Where they come from.
    pub(crate) fn location(&self) -> String {
        self.source.location()
    }

    /// Looks at the source if the last look is too old, and waits for what it finds for at most so
    /// long. A look that takes longer goes on by itself; what it finds counts from the next event
    /// on.
    pub(crate) async fn refresh(&self, most: Duration) {
        let began = Instant::now();
        self.was_awaited.set(true);
        loop {
            let Some(mut look) = self.take_look() else { return };
            let left = most.saturating_sub(began.elapsed());
            match tokio::time::timeout(left, &mut look.task).await {
                Ok(found) => self.harvest(found),
                Err(_) => return drop(self.look.replace(Some(look))),
            }
            // What an earlier event began may say what was true then, or failed with what was down
            // then.
            if look.began >= began {
                return;
            }
        }
    }

    /// Takes in what a look has found by now, without waiting and without beginning another.
    pub(crate) async fn catch_up(&self) {
        let is_finished = self.look.borrow().as_ref().is_some_and(|look| look.task.is_finished());
        let finished = if is_finished { self.look.take() } else { None };
        if let Some(look) = finished {
            self.harvest(look.task.await);
        }
    }

    /// The look that is under way, or a new one if one is due.
    fn take_look(&self) -> Option<Look> {
        if let Some(look) = self.look.take() {
            if look.task.is_finished() || look.began.elapsed() < OLD {
                return Some(look);
            }
            look.task.abort();
        }
        let is_fresh = self.looked_at.get().is_some_and(|at| at.elapsed() < self.refresh);
        if is_fresh && self.has_any() && !self.serves_copy() {
            return None;
        }
        let began = Instant::now();
        self.looked_at.set(Some(began));
        Some(Look { began, task: tokio::spawn(self.looking().look()) })
    }

    /// The release of a call: the one it began with, which the call itself may say. A call without
    /// an id cannot be found again, and gets the newest.
    pub(crate) fn of_call(
        &self,
        call: Option<&str>,
        kept: Option<&str>,
    ) -> Option<(ReleaseId, Rc<Loaded>)> {
        match call {
            Some(call) => {
                let mut cache = self.cache.borrow_mut();
                let is_new = kept.is_none() && !cache.is_pinned(call);
                let drawn = if is_new { self.canary.borrow().draw(call) } else { None };
                cache.release_of(call, kept.or(drawn.as_ref().map(ReleaseId::as_str)))
            }
            None => self.newest(),
        }
    }

    /// Has a release of the past rebuilt that a call began with elsewhere, and waits for it for at
    /// most so long. A rebuilding that takes longer goes on by itself; what comes of it counts for
    /// later events.
    pub(crate) async fn recall(
        &self,
        call: Option<&str>,
        id: &str,
        listed_at: Option<u64>,
        most: Duration,
    ) {
        if self.cache.borrow().has(id) || self.lost.borrow().contains(id) {
            return;
        }
        let under_way = self.recall.take().filter(|(known, _)| known == id);
        let at = listed_at.map(|at| SystemTime::UNIX_EPOCH + Duration::from_secs(at));
        let mut task = match under_way {
            Some((_, task)) => task,
            None => tokio::spawn(recall(self.looking(), id.to_owned(), at)),
        };
        let why = match tokio::time::timeout(most, &mut task).await {
            Err(_) => {
                self.recall.replace(Some((id.to_owned(), task)));
                "it takes too long".to_owned()
            }
            Ok(Ok(Ok(Some(Looked::Files(judged))))) => match judged.compiled {
                Ok(compiled) => {
                    tracing::info!(
                        call,
                        release = id,
                        alias = self.alias,
                        "an earlier release was restored"
                    );
                    let loaded = Loaded::new(compiled, &judged.snapshot);
                    return self.cache.borrow_mut().recall(judged.snapshot.id, loaded);
                }
                Err(LoadError { problems }) => in_one_line(&problems),
            },
            Ok(Ok(Ok(_))) => "nothing was found".to_owned(),
            Ok(Ok(Err(error))) => {
                // What is not there will not be there later; what could not be asked may be.
                let is_down = match &error {
                    StoreError::List { cause: FetchError::Unavailable(_), .. } => true,
                    StoreError::Published(error) => !error.is_refusal(),
                    _ => false,
                };
                let mut lost = self.lost.borrow_mut();
                if !is_down && lost.len() < LOST {
                    lost.insert(id.to_owned());
                }
                error.to_string()
            }
            Ok(Err(error)) => error.to_string(),
        };
        tracing::error!(
            call,
            release = id,
            alias = self.alias,
            serving = self.serving(),
            "the release that the call began with cannot be restored ({why}); the live release continues the call as long as its steps are the same"
        );
    }

    /// What of the newest release has run.
    pub(crate) fn hits(&self) -> BTreeMap<String, Vec<FunctionHits>> {
        let newest = self.newest();
        let program = newest.and_then(|(_, loaded)| loaded.program.borrow().clone());
        program.map(|program| program.hits()).unwrap_or_default()
    }

    /// Forgets every call, and every flow that waits.
    pub(crate) fn forget_all(&self) {
        self.cache.borrow_mut().forget_all();
        if let Some((_, loaded)) = self.newest()
            && let Some(program) = loaded.program.borrow().as_ref()
        {
            program.forget_flows();
        }
    }

    /// Forgets a call that has ended.
    pub(crate) fn forget(&self, call: &str) {
        self.cache.borrow_mut().forget(call);
    }

    /// The program of a release; loaded again where the last one was spent.
    pub(crate) fn program(&self, loaded: &Loaded) -> Result<Rc<Program>, ScriptError> {
        let mut program = loaded.program.borrow_mut();
        match program.as_ref().filter(|program| !program.is_spent()) {
            Some(program) => Ok(Rc::clone(program)),
            None => {
                // The spent one goes first: two would need twice the memory.
                program.take();
                let fresh = Rc::new(Program::load(
                    &loaded.compiled,
                    self.cancel.clone(),
                    self.judge.limits,
                )?);
                Ok(Rc::clone(program.insert(fresh)))
            }
        }
    }

    /// Drops the program of a release, whatever state it is in.
    pub(crate) fn discard(&self, loaded: &Loaded) {
        loaded.program.replace(None);
    }

    /// The answer of an event is sent.
    pub(crate) fn end_event(&self, loaded: &Loaded) {
        if let Some(program) = loaded.program.borrow().as_ref() {
            program.end_event();
        }
    }

    fn serving(&self) -> Option<String> {
        self.cache.borrow().newest().map(|(id, _)| id.to_string())
    }
}
