//! Routes: which call runs which script, of which release.

use std::collections::BTreeMap;

use moonring_flow::stable_hash;
use moonring_wire::{Event, Participant};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};

/// The alias of the release that serves where none is named.
pub const LIVE: &str = "live";
/// The script that answers where no route matches and no default is given.
const MAIN: &str = "main";

/// The routes of a release.
#[derive(Debug, Clone, PartialEq)]
pub struct Routes {
    /// In the order of the file; the first that matches counts.
    pub routes: Vec<Route>,
    /// What holds for all of them.
    pub rest: Rest,
}

/// One route: what a call must have, and which script it runs. What is left out matches every call.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct Route {
    /// The number calling, as the network gives it.
    pub from: Option<String>,
    /// The number called, as the network gives it.
    pub to: Option<String>,
    /// The SIP rule.
    pub rule: Option<String>,
    /// The SIP media application.
    pub application: Option<String>,
    /// `inbound` or `outbound`.
    pub direction: Option<Direction>,
    /// Arguments that an outbound call must all have.
    pub arguments: Option<BTreeMap<String, String>>,
    /// The share of the otherwise matching calls. It is drawn from the call's id, so it never
    /// changes during a call.
    #[schemars(range(min = 0, max = 100))]
    pub percent: Option<u32>,
    /// The alias of the release the script is in; `live` if left out.
    #[schemars(extend("x-form" = "alias"))]
    pub release: Option<String>,
    /// The script, without its ending. You may leave it out if you name another release, whose own
    /// routes then decide.
    #[schemars(length(min = 1))]
    pub script: Option<String>,
    /// What the caller hears when this script fails.
    pub fallback: Option<FallbackPlan>,
}

/// What holds for all routes.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
pub struct Rest {
    /// The script of a call that no route matches; `main` if left out.
    #[schemars(length(min = 1))]
    pub default: Option<String>,
    /// What the caller hears when a script fails and its route has no fallback of its own.
    pub fallback: Option<FallbackPlan>,
    /// What happens to a new inbound call whose script fails.
    pub on_new_call_error: Option<OnNewCallError>,
}

/// What a caller hears when a script fails.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
pub struct FallbackPlan {
    /// The prompt; the host's own apology if left out.
    #[schemars(length(min = 1, max = 1000))]
    pub say: Option<String>,
    /// A number to transfer the caller to; without it the host hangs up.
    #[schemars(extend("x-form" = "phone"))]
    pub transfer: Option<String>,
}

/// Which way a call goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Somebody calls.
    Inbound,
    /// Somebody is called.
    Outbound,
}

/// What happens to a new inbound call whose script fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum OnNewCallError {
    /// The caller hears the fallback.
    Fallback,
    /// The invocation fails, and the service tries the next SIP media application of the rule (rule
    /// 2).
    Failover,
}

impl Routes {
    /// The routes of a call, the first that counts first. Behind them stands the [default
    /// script](Self::default_script). `arguments` are those the call was made with; `alias` is the
    /// release these routes are in, which draws its shares by itself.
    pub fn matching<'a>(
        &'a self,
        event: &'a Event,
        arguments: &'a Map<String, Value>,
        alias: Option<&'a str>,
    ) -> impl Iterator<Item = &'a Route> {
        let all = self.routes.iter().enumerate();
        all.filter(move |(index, route)| route.matches(event, arguments, (alias, *index)))
            .map(|(_, route)| route)
    }

    /// The script of a call that no route matches.
    pub fn default_script(&self) -> &str {
        self.rest.default.as_deref().unwrap_or(MAIN)
    }
}

impl Route {
    /// The release that the route names, unless that is the live one.
    pub fn alias(&self) -> Option<&str> {
        self.release.as_deref().filter(|alias| *alias != LIVE)
    }

    fn matches(
        &self,
        event: &Event,
        arguments: &Map<String, Value>,
        place: (Option<&str>, usize),
    ) -> bool {
        let leg = event.first_leg();
        let is = |wanted: &Option<String>, found: Option<&str>| {
            wanted.as_deref().is_none_or(|wanted| found == Some(wanted))
        };
        let direction = leg.and_then(Participant::direction).map(str::to_ascii_lowercase);
        let wanted = self.direction.map(|direction| match direction {
            Direction::Inbound => "inbound",
            Direction::Outbound => "outbound",
        });
        is(&self.from, leg.and_then(Participant::from))
            && is(&self.to, leg.and_then(Participant::to))
            && is(&self.rule, event.rule_id())
            && is(&self.application, event.application_id())
            && wanted.is_none_or(|wanted| direction.as_deref() == Some(wanted))
            && self
                .arguments
                .iter()
                .flatten()
                .all(|(name, text)| arguments.get(name).and_then(Value::as_str) == Some(text))
            && self.percent.is_none_or(|percent| drawn(event, place) < percent)
    }
}

/// A number from 0 to 99, the same for every event of a call.
fn drawn(event: &Event, place: (Option<&str>, usize)) -> u32 {
    let (alias, index) = place;
    let index = (index as u64).to_le_bytes();
    let call = event.call_id().unwrap_or_default();
    let hash = stable_hash([call.as_bytes(), alias.unwrap_or(LIVE).as_bytes(), &index]);
    u32::try_from(hash % 100).unwrap_or(0)
}
