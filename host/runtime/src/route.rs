//! Which script a call runs, and what its caller hears when it fails.

use moonring_engine::{Compiled, FallbackPlan, OnNewCallError, Route, script_file};
use moonring_wire::{Event, EventType};

/// The script that answers where a release has no routes.
const MAIN: &str = "main";

/// What was chosen for an event.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Chosen {
    pub(crate) script: String,
    /// The release it is in, unless that is the live one.
    pub(crate) alias: Option<String>,
    pub(crate) plan: Option<FallbackPlan>,
    /// Whether the service shall try its next application if this new call's script fails.
    pub(crate) fails_over: bool,
}

impl Chosen {
    /// A script that answers whatever the routes say.
    pub(crate) fn forced(script: &str) -> Self {
        Self { script: script.to_owned(), ..Self::default() }
    }

    /// A script that an earlier event has chosen, if `compiled` has it. What becomes of its errors the routes of `live` say.
    pub(crate) fn kept(
        compiled: &Compiled,
        live: Option<&Compiled>,
        alias: Option<&str>,
        script: &str,
    ) -> Option<Self> {
        script_file(script, compiled.file_names())?;
        let plan = live.and_then(Compiled::routes).and_then(|routes| routes.fallback_of(alias, script));
        Some(Self {
            script: script.to_owned(),
            alias: alias.map(str::to_owned),
            plan: plan.cloned(),
            fails_over: false,
        })
    }

    /// The script of a route that leads to another release, if that has it. Without a name in the route, the release's own routes say
    /// which; where they lead on to yet another release they are passed over.
    pub(crate) fn elsewhere(route: &Route, there: &Compiled, live: &Compiled, event: &Event) -> Option<Self> {
        let alias = route.alias();
        let own = there.routes();
        let leads_on = |inner: &&Route| inner.alias().is_some_and(|inner| Some(inner) != alias);
        let by_own = || {
            let mut matching = own?.matching(event).filter(|inner| !leads_on(inner));
            matching.find_map(|inner| inner.script.as_deref())
        };
        let script = route.script.as_deref().or_else(by_own);
        let script = script.unwrap_or_else(|| own.map_or(MAIN, |routes| routes.default_script()));
        script_file(script, there.file_names())?;
        let plan = live.routes().and_then(|routes| routes.fallback_of(alias, script));
        Some(Self {
            script: script.to_owned(),
            alias: alias.map(str::to_owned),
            plan: plan.cloned(),
            ..Self::of_new(live, event)
        })
    }

    /// The script of a route of the live release; `None` is the default.
    pub(crate) fn here(route: Option<&Route>, live: &Compiled, event: &Event) -> Self {
        let routes = live.routes();
        let default = routes.map_or(MAIN, |routes| routes.default_script());
        let script = route.and_then(|route| route.script.as_deref()).unwrap_or(default);
        let own = route.and_then(|route| route.fallback.as_ref());
        let plan = own.or_else(|| routes.and_then(|routes| routes.rest.fallback.as_ref()));
        Self { script: script.to_owned(), plan: plan.cloned(), ..Self::of_new(live, event) }
    }

    fn of_new(live: &Compiled, event: &Event) -> Self {
        let on_error = live.routes().and_then(|routes| routes.rest.on_new_call_error);
        let fails_over = event.event_type() == EventType::NewInboundCall && on_error == Some(OnNewCallError::Failover);
        Self { fails_over, ..Self::default() }
    }
}
