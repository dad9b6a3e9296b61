//! All releases of a host: the live ones, and those under the aliases that routes name; and which
//! of them a call runs.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use moonring_engine::{CancelFlag, FunctionHits, Route};
use moonring_store::{Published, ReleaseId, Source};
use moonring_wire::{Event, EventType};
use serde_json::{Map, Value};

use crate::durability::call_state::CallState;
use crate::release::budget::Budget;
use crate::release::channel::{Loaded, Needs, ReleaseChannel};
use crate::release::route::{Caller, Chosen};
use crate::{HardDeadline, Settings};

/// The version of this host: a release may ask for a newer one.
pub(crate) const HOST: &str = env!("CARGO_PKG_VERSION");
/// How long a look at the scripts may hold a call.
const HOLD: Duration = Duration::from_millis(150);
/// How long the first call that is led to another release may be held for it, and all releases it
/// is led to together.
const HOLD_ONCE: Duration = Duration::from_secs(1);
/// How long an event of a flow may be held for the release that the call began with.
const HOLD_RECALL: Duration = Duration::from_millis(1500);
/// The most VMs at the same time.
const VMS: usize = 3;
/// How long an event may be held where there is no release at all.
const HOLD_WITHOUT: Duration = Duration::from_millis(2500);

/// The live releases, and those of each alias.
pub(crate) struct ReleaseRouter {
    source: Arc<dyn Source>,
    /// The published releases of the place.
    published: Option<Published>,
    settings: Settings,
    cancel: CancelFlag,
    /// The script that answers whatever the routes say.
    forced: RefCell<Option<String>>,
    live: Rc<ReleaseChannel>,
    /// By alias; looked at first when a route leads there.
    others: RefCell<BTreeMap<String, Rc<ReleaseChannel>>>,
    /// The releases that may have a VM, the one used last in front.
    used: RefCell<VecDeque<(Rc<ReleaseChannel>, Rc<Loaded>)>>,
}

/// What an event is answered with.
pub(crate) struct Selection {
    /// What the call keeps all the same, where what it began with is out of reach just now.
    pub(crate) pinned_state: Option<CallState>,
    pub(crate) channel: Rc<ReleaseChannel>,
    pub(crate) release: ReleaseId,
    pub(crate) loaded: Rc<Loaded>,
    pub(crate) chosen: Chosen,
}

impl ReleaseRouter {
    pub(crate) fn new(
        source: Arc<dyn Source>,
        forced: Option<&str>,
        settings: &Settings,
        cancel: CancelFlag,
    ) -> Self {
        let needs = forced.map_or(Needs::AnAnswer, |script| Needs::Script(script.to_owned()));
        let published = source
            .objects()
            .map(|objects| Published::new(objects, &settings.alias, settings.trust.clone(), HOST));
        let live = Rc::new(ReleaseChannel::new(
            Arc::clone(&source),
            published.clone(),
            None,
            needs,
            settings,
            cancel.clone(),
        ));
        let forced = RefCell::new(forced.map(str::to_owned));
        Self {
            source,
            published,
            settings: settings.clone(),
            cancel,
            forced,
            live,
            others: RefCell::default(),
            used: RefCell::default(),
        }
    }

    /// With a copy of the scripts that serves when no release can be had at the start.
    pub(crate) fn set_packaged(&self, packaged: Arc<dyn Source>) {
        self.live.set_packaged(packaged);
    }

    /// From now on this script answers whatever the routes say; without one, they say again.
    pub(crate) fn force(&self, script: Option<&str>) {
        self.forced.replace(script.map(str::to_owned));
    }

    /// What of the live release has run.
    pub(crate) fn hits(&self) -> BTreeMap<String, Vec<FunctionHits>> {
        self.live.hits()
    }

    /// Forgets every call, and every flow that waits.
    pub(crate) fn forget_all(&self) {
        self.live.forget_all();
        self.others.borrow().values().for_each(|channel| channel.forget_all());
    }

    /// Whether one script answers whatever the routes say.
    pub(crate) fn is_forced(&self) -> bool {
        self.forced.borrow().is_some()
    }

    /// Loads the live release, and begins to load those that its routes name; gives up waiting
    /// after `most`. Whether there is a live release now.
    pub(crate) async fn prepare(&self, most: Duration) -> bool {
        self.live.refresh(most).await;
        if !self.live.has_any() {
            self.live.serve_packaged().await;
        }
        if let Some((_, loaded)) = self.live.newest().filter(|_| !self.is_forced()) {
            let aliases: BTreeSet<_> = routes_of(&loaded).filter_map(Route::alias).collect();
            // Who is on the line already may be for none of them: they load while the first
            // event is awaited.
            aliases.into_iter().for_each(|alias| self.channel(alias).begin());
        }
        self.live.has_any()
    }

    /// The release and the script of an event: those the call began with, else those the routes
    /// say. `None` where there is no release.
    pub(crate) async fn pick(
        &self,
        event: &Event,
        kept: &CallState,
        hard: HardDeadline,
    ) -> Option<Selection> {
        let is_first =
            matches!(event.event_type(), EventType::NewInboundCall | EventType::NewOutboundCall);
        // A call that began with a release is not led to the copy in the package for want of a look.
        let is_lost = self.live.serves_copy()
            && kept.release.as_deref().is_some_and(|release| !self.live.has(release));
        let most = if !self.live.has_any() || is_lost {
            Some(HOLD_WITHOUT)
        } else {
            is_first.then_some(HOLD)
        };
        match most {
            Some(most) => self.live.refresh(hard.wait(Instant::now(), most)).await,
            None => self.live.catch_up().await,
        }
        let forced = self.forced.borrow().clone();
        let picked = match forced {
            Some(script) => {
                let (release, loaded) =
                    self.live.of_call(event.call_id(), kept.release.as_deref())?;
                let channel = Rc::clone(&self.live);
                Some(Selection {
                    channel,
                    release,
                    loaded,
                    chosen: Chosen::forced(&script),
                    pinned_state: None,
                })
            }
            None => self.by_kept(event, kept, hard).await,
        };
        let picked = match picked {
            None => self.by_routes(event, &kept.arguments, is_first, hard).await?,
            Some(picked) => picked,
        };
        self.make_room(&picked);
        Some(picked)
    }

    /// What the call began with, if it can still be had: from the release of its alias, else from
    /// the live one.
    async fn by_kept(
        &self,
        event: &Event,
        kept: &CallState,
        hard: HardDeadline,
    ) -> Option<Selection> {
        let (caller, script) =
            (Caller { event, arguments: &kept.arguments }, kept.script.as_deref()?);
        let call = event.call_id();
        let (_, live) = self.live.newest()?;
        let mut pinned_state = None;
        // Only what routes lead to is looked at, whatever an event says.
        let alias = kept.alias.as_deref();
        if let Some(alias) =
            alias.filter(|alias| routes_of(&live).any(|route| route.alias() == Some(alias)))
        {
            let channel = self.channel(alias);
            self.look_elsewhere(&channel, false, &mut Budget::new(hard)).await;
            recall(&channel, event, kept, hard).await;
            if let Some((release, there)) = channel.of_call(call, kept.release.as_deref()) {
                let chosen =
                    Chosen::kept(caller, there.compiled(), live.compiled(), Some(alias), script);
                if let Some(chosen) = chosen {
                    return Some(Selection {
                        channel,
                        release,
                        loaded: there,
                        chosen,
                        pinned_state,
                    });
                }
                tracing::error!(
                    call,
                    alias,
                    release = release.as_str(),
                    "the release `{alias}` no longer has a script `{script}`; the one of the live release continues the call"
                );
            } else {
                tracing::error!(
                    call,
                    alias,
                    "the release of the call cannot be loaded; the script of the same name in the live release answers this event"
                );
                pinned_state = Some(kept.clone());
            }
        }
        if alias.is_none() {
            recall(&self.live, event, kept, hard).await;
            // Its own release may be had again at a later event.
            if let Some(release) = kept.release.as_deref().filter(|id| !self.live.has(id))
                && self.live.serves_copy()
            {
                tracing::error!(
                    call,
                    release,
                    "the release that the call began with cannot be had; the copy in the package answers this event"
                );
                pinned_state = Some(kept.clone());
            }
        }
        let (release, loaded) = self.live.of_call(call, kept.release.as_deref())?;
        if let Some(call) = call.filter(|_| pinned_state.is_some()) {
            self.live.forget(call);
        }
        let chosen = Chosen::kept(caller, loaded.compiled(), loaded.compiled(), None, script)?;
        Some(Selection { channel: Rc::clone(&self.live), release, loaded, chosen, pinned_state })
    }

    async fn by_routes(
        &self,
        event: &Event,
        arguments: &Map<String, Value>,
        is_first: bool,
        hard: HardDeadline,
    ) -> Option<Selection> {
        let caller = Caller { event, arguments };
        let (release, loaded) = self.live.of_call(event.call_id(), None)?;
        let live = loaded.compiled();
        let mut budget = Budget::new(hard);
        let pinned_state = None;
        for route in caller.routes(live, None) {
            let Some(alias) = route.alias() else {
                let chosen = Chosen::here(caller, Some(route), live);
                let channel = Rc::clone(&self.live);
                return Some(Selection {
                    channel,
                    release,
                    loaded: Rc::clone(&loaded),
                    chosen,
                    pinned_state,
                });
            };
            let channel = self.channel(alias);
            self.look_elsewhere(&channel, is_first, &mut budget).await;
            let Some((release, there)) = channel.of_call(event.call_id(), None) else {
                tracing::error!(
                    alias,
                    "routes.lua: there is no release `{alias}` at {}; the next routes are tried",
                    channel.location()
                );
                continue;
            };
            match Chosen::elsewhere(caller, route, there.compiled(), live) {
                Some(chosen) => {
                    return Some(Selection {
                        channel,
                        release,
                        loaded: there,
                        chosen,
                        pinned_state,
                    });
                }
                None => tracing::error!(
                    alias,
                    release = release.as_str(),
                    "routes.lua: the release `{alias}` has no script `{}`; the next routes are tried",
                    route.script.as_deref().unwrap_or("main")
                ),
            }
        }
        let chosen = Chosen::here(caller, None, live);
        Some(Selection {
            channel: Rc::clone(&self.live),
            release,
            loaded: Rc::clone(&loaded),
            chosen,
            pinned_state,
        })
    }

    /// A release under an alias is looked at when a call begins there. There is a live one to fall
    /// back on: it is not waited for long.
    async fn look_elsewhere(&self, channel: &ReleaseChannel, is_first: bool, budget: &mut Budget) {
        let most = match (channel.has_any(), channel.was_awaited()) {
            (true, _) if !is_first => return channel.catch_up().await,
            (true, _) | (false, true) => HOLD,
            (false, false) => HOLD_ONCE,
        };
        budget.spend(most, |most| channel.refresh(most)).await;
    }

    /// Keeps at most three VMs, those that were used last: a VM is made again from bytecode when it
    /// is needed.
    fn make_room(&self, picked: &Selection) {
        let mut used = self.used.borrow_mut();
        let is_it =
            |(_, loaded): &&(Rc<ReleaseChannel>, Rc<Loaded>)| Rc::ptr_eq(loaded, &picked.loaded);
        if used.front().as_ref().is_some_and(is_it) {
            return;
        }
        used.retain(|(_, loaded)| !Rc::ptr_eq(loaded, &picked.loaded));
        used.push_front((Rc::clone(&picked.channel), Rc::clone(&picked.loaded)));
        let kept = used.len().min(VMS);
        used.drain(kept..).for_each(|(channel, loaded)| channel.discard(&loaded));
    }

    /// The answer of an event is sent.
    pub(crate) fn end_event(&self) {
        if let Some((channel, loaded)) = self.used.borrow().front() {
            channel.end_event(loaded);
        }
    }

    /// Forgets a call that has ended.
    pub(crate) fn forget(&self, call: &str) {
        self.live.forget(call);
        self.others.borrow().values().for_each(|channel| channel.forget(call));
    }

    /// The releases under an alias that a route names.
    fn channel(&self, alias: &str) -> Rc<ReleaseChannel> {
        let mut others = self.others.borrow_mut();
        // A place of plain files may have become one of published releases, or could not be read yet.
        let is_of_kind = |channel: &&Rc<ReleaseChannel>| {
            channel.may_be_published() == self.live.is_published() || self.published.is_none()
        };
        if let Some(channel) = others.get(alias).filter(is_of_kind) {
            return Rc::clone(channel);
        }
        let (source, name) = (self.source.alias(alias), Some(alias.to_owned()));
        // A place with plain files alone has no aliases of the other kind.
        let published = self.published.as_ref().filter(|_| self.live.is_published());
        let channel = Rc::new(ReleaseChannel::new(
            source,
            published.map(|published| published.under(alias)),
            name,
            Needs::Nothing,
            &self.settings,
            self.cancel.clone(),
        ));
        others.insert(alias.to_owned(), Rc::clone(&channel));
        channel
    }
}

/// A flow goes on with the release it began with, even where this process has never had it.
async fn recall(channel: &ReleaseChannel, event: &Event, kept: &CallState, hard: HardDeadline) {
    let Some(id) = &kept.release else { return };
    let listed_at = kept.listed_at.filter(|_| kept.journal.is_some());
    if listed_at.is_some() || channel.is_published() {
        let most = hard.wait(Instant::now(), HOLD_RECALL);
        channel.recall(event.call_id(), id, listed_at, most).await;
    } else {
        channel.recall_packaged(id).await;
    }
}

fn routes_of(loaded: &Loaded) -> impl Iterator<Item = &Route> {
    loaded.compiled().routes().into_iter().flat_map(|routes| &routes.routes)
}
