//! The second legs of a flow: those it has, and those it had.

use moonring_wire::{Event, Participant};
use serde_json::Value;

use super::recorded::Recorded;

/// Second legs, as far as the flow has come.
#[derive(Debug, Default)]
pub(super) struct Legs {
    /// Tag, id, from and to of those that are connected.
    connected: Vec<[String; 4]>,
    /// The ids of those that are not any more.
    former: Vec<String>,
}

/// Which leg an event is about.
#[derive(Debug, Clone, Copy)]
pub(super) struct Meant<'a> {
    pub(super) id: Option<&'a str>,
    pub(super) tag: &'a str,
    pub(super) is_first: bool,
}

impl Legs {
    /// Those of the flow before.
    pub(super) fn carried(legs: &[[String; 4]], former: &[String]) -> Self {
        Self { connected: legs.to_vec(), former: former.to_vec() }
    }

    /// The ids of those that have ended.
    pub(super) fn former(&self) -> &[String] {
        &self.former
    }

    /// Those that are connected: tag, id, from and to.
    pub(super) fn connected(&self) -> &[[String; 4]] {
        &self.connected
    }

    /// Whether the flow has any.
    pub(super) fn is_empty(&self) -> bool {
        self.connected.is_empty()
    }

    /// What a result says of legs.
    pub(super) fn take_in(&mut self, recorded: &Recorded) {
        match recorded {
            Recorded::Leg { tag, id, from, to } => {
                self.connected.push([tag, id, from, to].map(Clone::clone));
            }
            Recorded::Acted { leg: Some(leg), .. } => self.take_in(leg),
            Recorded::Left(tag) => {
                let gone = self.connected.extract_if(.., |[known, ..]| known == tag).map(|[_, id, ..]| id);
                self.former.extend(gone);
            }
            _ => {}
        }
    }

    /// A leg has ended: its tag, if it was one of those connected.
    pub(super) fn end(&mut self, leg: Meant<'_>) -> Option<String> {
        let is_it = |[tag, id, ..]: &[String; 4]| leg.id.map_or(tag == leg.tag, |leg| leg == id);
        let index = self.connected.iter().position(is_it)?;
        let [tag, id, ..] = self.connected.remove(index);
        self.former.push(id);
        Some(tag)
    }

    /// Whether the leg with this id is gone, as far as the flow knows.
    pub(super) fn was(&self, id: Option<&str>) -> bool {
        id.is_some_and(|id| self.former.iter().any(|former| former == id))
    }

    /// Whether a leg has ended before, as far as the flow knows.
    pub(super) fn has_left(&self, leg: Meant<'_>) -> bool {
        self.was(leg.id)
    }
}

impl<'a> Meant<'a> {
    /// The leg that an event names, by its id or its tag; the first one where it names none. It need not be among the participants any more.
    pub(super) fn of(event: &'a Event) -> Self {
        let named = |name: &str| event.action_parameter(name).and_then(Value::as_str).filter(|text| !text.is_empty());
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
        let tag = tag.or(found.and_then(Participant::tag)).unwrap_or(if is_first { "LEG-A" } else { "LEG-B" });
        Self { id: id.or(found.and_then(Participant::id)), tag, is_first }
    }
}
