//! The releases of a host: looked for, compiled, accepted or refused, and found again for each call.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use moonring_engine::{Compiled, Error as ScriptError, KillWord, Limits, LoadError, Problem, Program, script_file};
use moonring_store::{Caps, Error as StoreError, ReleaseId, Shelf, Snapshot, Source, take};
use serde_json::{Map, Value};
use tokio::task::JoinHandle;

const CAPS: Caps = Caps {
    file_bytes: Limits::FILE_BYTES as u64,
    release_bytes: Limits::RELEASE_BYTES as u64,
    files: Limits::RELEASE_FILES,
};

/// All releases of a host, and the look at the source that may be under way.
pub(crate) struct Releases {
    source: Arc<dyn Source>,
    script: String,
    config: Arc<Map<String, Value>>,
    refresh: Duration,
    limits: Limits,
    kill: KillWord,
    shelf: RefCell<Shelf<Loaded>>,
    /// What was taken last, accepted or not: a release that was refused is not read and compiled again until it changes.
    last: RefCell<Option<Arc<Snapshot>>>,
    look: RefCell<Option<JoinHandle<Look>>>,
    looked_at: Cell<Option<Instant>>,
}

/// A release that was accepted.
pub(crate) struct Loaded {
    compiled: Compiled,
    program: RefCell<Option<Rc<Program>>>,
}

/// What a look found: nothing new, or a snapshot and its compilation.
type Look = Result<Option<(Snapshot, Result<Compiled, LoadError>)>, StoreError>;

impl Releases {
    pub(crate) fn new(source: Arc<dyn Source>, script: String, settings: &crate::Settings, kill: KillWord) -> Self {
        Self {
            source,
            script,
            config: Arc::new(settings.config.clone()),
            refresh: settings.refresh,
            limits: Limits { memory_bytes: settings.memory_bytes },
            kill,
            shelf: RefCell::default(),
            last: RefCell::default(),
            look: RefCell::default(),
            looked_at: Cell::new(None),
        }
    }

    /// Whether there is a release to serve.
    pub(crate) fn has_any(&self) -> bool {
        self.shelf.borrow().newest().is_some()
    }

    /// Looks at the source if the last look is too old, and waits for what it finds for at most so long. A look that takes longer
    /// goes on by itself; what it finds counts from the next event on.
    pub(crate) async fn refresh(&self, most: Duration) {
        let is_fresh = self.looked_at.get().is_some_and(|at| at.elapsed() < self.refresh);
        if self.look.borrow().is_none() {
            if is_fresh && self.has_any() {
                return;
            }
            self.looked_at.set(Some(Instant::now()));
            let look = look(Arc::clone(&self.source), self.last.borrow().clone(), Arc::clone(&self.config));
            self.look.replace(Some(tokio::spawn(look)));
        }
        let Some(mut look) = self.look.take() else { return };
        match tokio::time::timeout(most, &mut look).await {
            Ok(found) => self.harvest(found),
            Err(_) => drop(self.look.replace(Some(look))),
        }
    }

    /// Takes in what a look has found by now, without waiting.
    pub(crate) async fn catch_up(&self) {
        if self.look.borrow().as_ref().is_some_and(JoinHandle::is_finished) {
            self.refresh(Duration::ZERO).await;
        }
    }

    /// The release of a call and its program.
    pub(crate) fn of_call(&self, call: &str) -> Option<(ReleaseId, Rc<Loaded>)> {
        self.shelf.borrow_mut().release_of(call)
    }

    /// Forgets a call that has ended.
    pub(crate) fn forget(&self, call: &str) {
        self.shelf.borrow_mut().forget(call);
    }

    /// The program of a release; loaded again where the last one was spent.
    pub(crate) fn program(&self, loaded: &Loaded) -> Result<Rc<Program>, ScriptError> {
        let mut program = loaded.program.borrow_mut();
        match program.as_ref().filter(|program| !program.is_spent()) {
            Some(program) => Ok(Rc::clone(program)),
            None => {
                // The spent one goes first: two would need twice the memory.
                program.take();
                let fresh = Rc::new(Program::load(&loaded.compiled, self.kill.clone(), self.limits)?);
                Ok(Rc::clone(program.insert(fresh)))
            }
        }
    }

    /// Drops the program of a release, whatever state it is in.
    pub(crate) fn discard(&self, loaded: &Loaded) {
        loaded.program.replace(None);
    }

    fn harvest(&self, found: Result<Look, tokio::task::JoinError>) {
        match found {
            Ok(Ok(None)) => {}
            Ok(Ok(Some((snapshot, compiled)))) => self.judge(snapshot, compiled),
            Ok(Err(error)) => {
                tracing::warn!(serving = self.serving(), "the scripts could not be looked at: {error}");
            }
            Err(error) => tracing::error!(serving = self.serving(), "the look at the scripts failed: {error}"),
        }
    }

    /// Accepts a release that is whole and can answer; says in one line why not otherwise.
    fn judge(&self, snapshot: Snapshot, compiled: Result<Compiled, LoadError>) {
        let id = snapshot.id.clone();
        let snapshot = Arc::new(snapshot);
        self.last.replace(Some(Arc::clone(&snapshot)));
        if self.serving().as_deref() == Some(id.as_str()) {
            // Uploaded again with the same content, or put back: what serves is what is there.
            return;
        }
        let compiled = match compiled {
            Ok(compiled) => compiled,
            Err(LoadError { problems }) => {
                let first = problems.first();
                let file = first.map(|problem| problem.file.as_str());
                tracing::error!(
                    release = id.as_str(),
                    serving = self.serving(),
                    file,
                    line = first.and_then(|problem| problem.line),
                    version = file.and_then(|file| snapshot.version_of(file)),
                    problems = problems.len(),
                    "the release is refused: {}",
                    in_one_line(&problems)
                );
                return;
            }
        };
        if script_file(&self.script, compiled.file_names()).is_none() {
            tracing::error!(
                release = id.as_str(),
                serving = self.serving(),
                file = format!("{}.lua", self.script),
                "the release is refused: it has no script `{}`, so nothing would answer",
                self.script
            );
            return;
        }
        let loaded = Loaded { compiled, program: RefCell::default() };
        if let Err(error) = self.program(&loaded) {
            tracing::error!(release = id.as_str(), serving = self.serving(), "the release is refused: {error}");
            return;
        }
        tracing::info!(
            release = id.as_str(),
            replaces = self.serving(),
            files = snapshot.files.len(),
            "the release is accepted"
        );
        self.shelf.borrow_mut().accept(id, loaded);
    }

    fn serving(&self) -> Option<String> {
        self.shelf.borrow().newest().map(|(id, _)| id.to_string())
    }
}

/// The first problems of a release, in one line.
fn in_one_line(problems: &[Problem]) -> String {
    const SHOWN: usize = 5;
    let mut texts: Vec<String> = problems.iter().take(SHOWN).map(ToString::to_string).collect();
    if problems.len() > SHOWN {
        texts.push(format!("and {} more", problems.len() - SHOWN));
    }
    texts.join("; ")
}

/// One look: takes a snapshot and compiles it, away from the thread that answers calls.
async fn look(source: Arc<dyn Source>, known: Option<Arc<Snapshot>>, config: Arc<Map<String, Value>>) -> Look {
    let Some(snapshot) = take(source.as_ref(), known.as_deref(), CAPS).await? else { return Ok(None) };
    let location = source.location();
    let compilation = tokio::task::spawn_blocking(move || {
        let compiled = Compiled::new(snapshot.sources(), &config);
        (snapshot, compiled)
    });
    compilation.await.map(Some).map_err(|error| StoreError::List {
        location,
        cause: moonring_store::FetchError::Unavailable(format!("the compiler failed: {error}")),
    })
}
