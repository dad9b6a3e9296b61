//! The second legs of a flow: those it has, and those it had.

use moonring_wire::{Event, Json, Participant, Status};
use serde::{Deserialize, Serialize};

use crate::step_result::StepResult;

/// Second legs, as far as the flow has come.
#[derive(Debug, Default)]
pub struct Legs {
    connected: Vec<ConnectedLeg>,
    /// The ids of those that are not any more.
    former: Vec<String>,
}

/// A second leg that is up. Journals have it as a list of tag, id, from and to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "[String; 4]", into = "[String; 4]")]
pub struct ConnectedLeg {
    /// Its tag, such as `LEG-B`.
    pub tag: String,
    /// Its id.
    pub id: String,
    /// The number that calls it.
    pub from: String,
    /// The number it was dialed at.
    pub to: String,
}

impl From<[String; 4]> for ConnectedLeg {
    fn from([tag, id, from, to]: [String; 4]) -> Self {
        Self { tag, id, from, to }
    }
}

impl From<ConnectedLeg> for [String; 4] {
    fn from(leg: ConnectedLeg) -> Self {
        [leg.tag, leg.id, leg.from, leg.to]
    }
}

/// Which leg an event is about.
#[derive(Debug, Clone, Copy)]
pub struct LegRef<'a> {
    /// Its id, where the event says one.
    pub id: Option<&'a str>,
    /// Its tag; `LEG-A` or `LEG-B` where the event says none.
    pub tag: &'a str,
    /// Whether it is the call's first leg.
    pub is_first: bool,
}

impl Legs {
    /// Those of the flow before.
    pub fn handed_over(legs: &[ConnectedLeg], former: &[String]) -> Self {
        Self { connected: legs.to_vec(), former: former.to_vec() }
    }

    /// The ids of those that have ended.
    pub fn former(&self) -> &[String] {
        &self.former
    }

    /// Those that are connected.
    pub fn connected(&self) -> &[ConnectedLeg] {
        &self.connected
    }

    /// Whether the flow has any.
    pub fn is_empty(&self) -> bool {
        self.connected.is_empty()
    }

    /// What a result says of legs.
    pub fn take_in(&mut self, result: &StepResult) {
        match result {
            StepResult::Leg(leg) => self.connected.push(leg.clone()),
            StepResult::Acted { leg: Some(leg), .. } => self.take_in(leg),
            StepResult::Left(tag) => {
                let gone = self.connected.extract_if(.., |leg| leg.tag == *tag).map(|leg| leg.id);
                self.former.extend(gone);
            }
            _ => {}
        }
    }

    /// A leg has ended: its tag, if it was one of those connected.
    pub fn end(&mut self, leg: LegRef<'_>) -> Option<String> {
        let is_it = |known: &ConnectedLeg| leg.id.map_or(known.tag == leg.tag, |id| id == known.id);
        let index = self.connected.iter().position(is_it)?;
        let ConnectedLeg { tag, id, .. } = self.connected.remove(index);
        self.former.push(id);
        Some(tag)
    }

    /// Whether the leg with this id is gone, as far as the flow knows.
    pub fn was(&self, id: Option<&str>) -> bool {
        id.is_some_and(|id| self.former.iter().any(|former| former == id))
    }

    /// Whether a leg has ended before, as far as the flow knows.
    pub fn has_left(&self, leg: LegRef<'_>) -> bool {
        self.was(leg.id)
    }
}

impl<'a> LegRef<'a> {
    /// The leg that an event names, by its id or its tag; the first one where it names none. It
    /// need not be among the participants any more.
    pub fn of(event: &'a Event) -> Self {
        let named = |name: &str| {
            event.action_parameter(name).and_then(Json::as_str).filter(|text| !text.is_empty())
        };
        let first = event.first_leg();
        let (id, tag) = (named("CallId"), named("ParticipantTag"));
        let found = match (id, tag) {
            (Some(id), _) => event.participants().find(|leg| leg.id() == Some(id)),
            (None, Some(tag)) => event.leg(tag),
            (None, None) => first,
        };
        let is_first = match (id, tag) {
            (Some(id), _) => first.and_then(Participant::id) == Some(id),
            (None, tag) => tag.is_none_or(|tag| tag.eq_ignore_ascii_case("LEG-A")),
        };
        let tag = tag.or(found.and_then(Participant::tag)).unwrap_or(if is_first {
            "LEG-A"
        } else {
            "LEG-B"
        });
        Self { id: id.or(found.and_then(Participant::id)), tag, is_first }
    }
}

/// The legs that are up besides the first.
pub fn other_legs(event: &Event) -> impl Iterator<Item = Participant<'_>> {
    let first = event.first_leg().and_then(Participant::id);
    let is_up = |leg: &Participant<'_>| leg.status() == Status::Connected;
    event.participants().filter(move |leg| leg.id() != first && is_up(leg))
}

/// Whether the call is one that the account makes.
pub fn is_outbound(event: &Event) -> bool {
    event.first_leg().and_then(Participant::direction) == Some("Outbound")
}

/// Whether the first leg has ended, as the event shows it.
pub fn is_first_leg_gone(event: &Event) -> bool {
    event.first_leg().is_some_and(|leg| leg.status() == Status::Disconnected)
}
