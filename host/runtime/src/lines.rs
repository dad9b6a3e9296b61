//! All releases of a host: the live ones, and those under the aliases that routes name; and which of them a call runs.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use moonring_engine::KillWord;
use moonring_store::{ReleaseId, Source, is_alias};
use moonring_wire::{Event, EventType};

use crate::kept::Kept;
use crate::releases::{Loaded, Needs, Releases};
use crate::route::Chosen;
use crate::{HardDeadline, Settings};

/// How long a look at the scripts may hold a call.
const HOLD: Duration = Duration::from_millis(150);
/// How long an event may be held where there is no release at all.
const HOLD_WITHOUT: Duration = Duration::from_millis(2500);

/// The live releases, and those of each alias.
pub(crate) struct Lines {
    source: Arc<dyn Source>,
    settings: Settings,
    kill: KillWord,
    /// The script that answers whatever the routes say.
    forced: Option<String>,
    live: Rc<Releases>,
    /// By alias; looked at first when a route leads there.
    others: RefCell<BTreeMap<String, Rc<Releases>>>,
}

/// What an event is answered with.
pub(crate) struct Picked {
    pub(crate) line: Rc<Releases>,
    pub(crate) release: ReleaseId,
    pub(crate) loaded: Rc<Loaded>,
    pub(crate) chosen: Chosen,
}

impl Lines {
    pub(crate) fn new(source: Arc<dyn Source>, forced: Option<&str>, settings: &Settings, kill: KillWord) -> Self {
        let needs = forced.map_or(Needs::AnAnswer, |script| Needs::Script(script.to_owned()));
        let live = Rc::new(Releases::new(Arc::clone(&source), None, needs, settings, kill.clone()));
        let forced = forced.map(str::to_owned);
        Self { source, settings: settings.clone(), kill, forced, live, others: RefCell::default() }
    }

    /// Whether one script answers whatever the routes say.
    pub(crate) fn is_forced(&self) -> bool {
        self.forced.is_some()
    }

    /// Loads the live release, and those that its routes name; gives up waiting after `most`. Whether there is a live release now.
    pub(crate) async fn prepare(&self, most: Duration) -> bool {
        let began = tokio::time::Instant::now();
        self.live.refresh(most).await;
        let newest = self.live.newest().filter(|_| self.forced.is_none());
        let routes = newest.as_ref().and_then(|(_, loaded)| loaded.compiled().routes());
        let aliases = routes.iter().flat_map(|routes| &routes.routes).filter_map(|route| route.alias());
        for line in aliases.filter_map(|alias| self.line(alias)) {
            line.refresh(most.saturating_sub(began.elapsed())).await;
        }
        self.live.has_any()
    }

    /// The release and the script of an event: those the call began with, else those the routes say. `None` where there is no release.
    pub(crate) async fn pick(&self, event: &Event, kept: &Kept, hard: HardDeadline) -> Option<Picked> {
        let is_first = matches!(event.event_type(), EventType::NewInboundCall | EventType::NewOutboundCall);
        // Of the live releases there must be one; of others only calls that are sent there have need.
        let most = if !self.live.has_any() { Some(HOLD_WITHOUT) } else { is_first.then_some(HOLD) };
        look(&self.live, most, hard).await;
        if let Some(script) = &self.forced {
            let (release, loaded) = self.live.of_call(event.call_id(), kept.release.as_deref())?;
            return Some(Picked { line: Rc::clone(&self.live), release, loaded, chosen: Chosen::forced(script) });
        }
        if let Some(script) = &kept.script
            && let Some(picked) = self.kept(event, kept, script, hard).await
        {
            return Some(picked);
        }
        self.by_routes(event, is_first, hard).await
    }

    /// What the call began with, if it is still to be had: from the release of its alias, else from the live one.
    async fn kept(&self, event: &Event, kept: &Kept, script: &str, hard: HardDeadline) -> Option<Picked> {
        let live = self.live.newest();
        let live = live.as_ref().map(|(_, loaded)| loaded.compiled());
        let there = kept.alias.as_deref().and_then(|alias| Some((Some(alias), self.line(alias)?)));
        for (alias, line) in there.into_iter().chain([(None, Rc::clone(&self.live))]) {
            if alias.is_some() {
                self.look_elsewhere(&line, false, hard).await;
            }
            if let Some((release, loaded)) = line.of_call(event.call_id(), kept.release.as_deref())
                && let Some(chosen) = Chosen::kept(loaded.compiled(), live, alias, script)
            {
                return Some(Picked { line, release, loaded, chosen });
            }
        }
        None
    }

    async fn by_routes(&self, event: &Event, is_first: bool, hard: HardDeadline) -> Option<Picked> {
        let (release, loaded) = self.live.of_call(event.call_id(), None)?;
        let live = loaded.compiled();
        for route in live.routes().iter().flat_map(|routes| routes.matching(event)) {
            let Some(alias) = route.alias() else {
                let chosen = Chosen::here(Some(route), live, event);
                return Some(Picked { line: Rc::clone(&self.live), release, loaded: Rc::clone(&loaded), chosen });
            };
            let Some(line) = self.line(alias) else { continue };
            self.look_elsewhere(&line, is_first, hard).await;
            let Some((release, there)) = line.of_call(event.call_id(), None) else {
                tracing::error!(
                    alias,
                    "routes.lua: there is no release `{alias}` at {}; the routes after it decide",
                    line.location()
                );
                continue;
            };
            match Chosen::elsewhere(route, there.compiled(), live, event) {
                Some(chosen) => return Some(Picked { line, release, loaded: there, chosen }),
                None => tracing::error!(
                    alias,
                    script = route.script,
                    release = release.as_str(),
                    "routes.lua: the release `{alias}` has no such script; the routes after it decide"
                ),
            }
        }
        let chosen = Chosen::here(None, live, event);
        Some(Picked { line: Rc::clone(&self.live), release, loaded: Rc::clone(&loaded), chosen })
    }

    /// A release under an alias is looked at when a call begins there; where there is none, no more often than the setting says.
    async fn look_elsewhere(&self, line: &Releases, is_first: bool, hard: HardDeadline) {
        let most = match line.has_any() {
            true => is_first.then_some(HOLD),
            false => line.is_due().then_some(HOLD_WITHOUT),
        };
        look(line, most, hard).await;
    }

    /// Forgets a call that has ended.
    pub(crate) fn forget(&self, call: &str) {
        self.live.forget(call);
        self.others.borrow().values().for_each(|line| line.forget(call));
    }

    /// The releases under an alias; `None` where it cannot be one.
    fn line(&self, alias: &str) -> Option<Rc<Releases>> {
        if !is_alias(alias) {
            return None;
        }
        let mut others = self.others.borrow_mut();
        if let Some(line) = others.get(alias) {
            return Some(Rc::clone(line));
        }
        let (source, name) = (self.source.alias(alias), Some(alias.to_owned()));
        let line = Rc::new(Releases::new(source, name, Needs::Nothing, &self.settings, self.kill.clone()));
        others.insert(alias.to_owned(), Rc::clone(&line));
        Some(line)
    }
}

/// Looks for so long, or only takes in what an earlier look has found.
async fn look(line: &Releases, most: Option<Duration>, hard: HardDeadline) {
    match most {
        Some(most) => line.refresh(hard.wait(Instant::now(), most)).await,
        None => line.catch_up().await,
    }
}
