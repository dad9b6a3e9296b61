//! Which script a call runs, and what its caller hears when it fails.

use moonring_engine::{Compiled, FallbackPlan, OnNewCallError, Route};
use moonring_wire::{Event, EventType};
use serde_json::{Map, Value};

/// The script that answers where a release has no routes.
const MAIN: &str = "main";

/// What was chosen for an event.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Chosen {
    pub(crate) script: String,
    /// The release it is in, unless that is the live one.
    pub(crate) alias: Option<String>,
    pub(crate) plan: Option<FallbackPlan>,
    /// Whether the service should try its next application if this new call's script fails.
    pub(crate) fails_over: bool,
}

/// A call, as routes see it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Caller<'a> {
    pub(crate) event: &'a Event,
    /// What an outbound call was made with.
    pub(crate) arguments: &'a Map<String, Value>,
}

impl<'a> Caller<'a> {
    /// The routes of a release that match the call.
    pub(crate) fn routes(
        self,
        compiled: &'a Compiled,
        alias: Option<&'a str>,
    ) -> impl Iterator<Item = &'a Route> {
        let Self { event, arguments } = self;
        compiled
            .routes()
            .into_iter()
            .flat_map(move |routes| routes.matching(event, arguments, alias))
    }
}

impl Chosen {
    /// A script that answers whatever the routes say.
    pub(crate) fn forced(script: &str) -> Self {
        Self { script: script.to_owned(), ..Self::default() }
    }

    /// A script that an earlier event has chosen, if `there` has it. What is heard when it fails
    /// say the routes that would lead to it again: those of `live`, which are its own unless it is
    /// elsewhere.
    pub(crate) fn kept(
        caller: Caller<'_>,
        there: &Compiled,
        live: &Compiled,
        alias: Option<&str>,
        script: &str,
    ) -> Option<Self> {
        there.script(script)?;
        let leads = |route: &&Route| {
            route.alias() == alias && route.script.as_deref().is_none_or(|named| named == script)
        };
        let route = caller.routes(live, None).find(leads);
        let plan = plan(route, alias.map(|_| (there, script, caller, alias)), live);
        Some(Self {
            script: script.to_owned(),
            alias: alias.map(str::to_owned),
            plan,
            fails_over: false,
        })
    }

    /// The script of a route that leads to another release, if that has it. Without a name in the
    /// route, the release's own routes say which; where they lead on to yet another release they
    /// are passed over.
    pub(crate) fn elsewhere(
        caller: Caller<'_>,
        route: &Route,
        there: &Compiled,
        live: &Compiled,
    ) -> Option<Self> {
        let alias = route.alias();
        let own = || inner(caller, there, alias).find_map(|route| route.script.as_deref());
        let default = || there.routes().map_or(MAIN, |routes| routes.default_script());
        let script = route.script.as_deref().or_else(own).unwrap_or_else(default);
        there.script(script)?;
        let plan = plan(Some(route), Some((there, script, caller, alias)), live);
        let alias = alias.map(str::to_owned);
        Some(Self { script: script.to_owned(), alias, plan, ..Self::of_new(live, caller.event) })
    }

    /// The script of a route of the live release; `None` is the default.
    pub(crate) fn here(caller: Caller<'_>, route: Option<&Route>, live: &Compiled) -> Self {
        let default = live.routes().map_or(MAIN, |routes| routes.default_script());
        let script = route.and_then(|route| route.script.as_deref()).unwrap_or(default);
        Self {
            script: script.to_owned(),
            plan: plan(route, None, live),
            ..Self::of_new(live, caller.event)
        }
    }

    fn of_new(live: &Compiled, event: &Event) -> Self {
        let on_error = live.routes().and_then(|routes| routes.rest.on_new_call_error);
        let fails_over = event.event_type() == EventType::NewInboundCall
            && on_error == Some(OnNewCallError::Failover);
        Self { fails_over, ..Self::default() }
    }
}

/// The routes of an aliased release that do not lead on.
fn inner<'a>(
    caller: Caller<'a>,
    there: &'a Compiled,
    alias: Option<&'a str>,
) -> impl Iterator<Item = &'a Route> {
    caller
        .routes(there, alias)
        .filter(move |inner| inner.alias().is_none_or(|inner| Some(inner) == alias))
}

/// What the caller hears: as the route says, as the release elsewhere says itself, as the live
/// release says of all.
fn plan(
    route: Option<&Route>,
    elsewhere: Option<(&Compiled, &str, Caller<'_>, Option<&str>)>,
    live: &Compiled,
) -> Option<FallbackPlan> {
    let own = elsewhere.and_then(|(there, script, caller, alias)| {
        let mut routes =
            inner(caller, there, alias).filter(|route| route.script.as_deref() == Some(script));
        let route = routes.find_map(|route| route.fallback.clone());
        route.or_else(|| there.routes().and_then(|routes| routes.rest.fallback.clone()))
    });
    let general = || live.routes().and_then(|routes| routes.rest.fallback.clone());
    route.and_then(|route| route.fallback.clone()).or(own).or_else(general)
}
