//! What the requests of a call are called, so that whoever comes to the same point once more gives them the same name.

use std::collections::HashMap;

use moonring_engine::{Request, Suspended};
use moonring_wire::Event;

use crate::spill::hash;

/// Requests that are made once, and how that is told from others.
pub(crate) struct Named<'a> {
    pub(crate) call: &'a str,
    /// Their name among all of the call: every process that comes to this point gives them the same.
    pub(crate) name: String,
    /// Whether what came of them may be written down for other processes.
    pub(crate) may_be_written: bool,
}

/// The names of what a script asks for in answer to one event.
pub(crate) struct Names<'a> {
    event: &'a Event,
    /// How often handlers have asked for the same so far.
    asked: HashMap<String, usize>,
}

impl<'a> Names<'a> {
    pub(crate) fn of(event: &'a Event) -> Self {
        Self { event, asked: HashMap::new() }
    }

    /// The name of the requests that a script waits for; none, where all of them may be made as often as one likes.
    pub(crate) fn next(&mut self, suspended: &Suspended) -> Option<Named<'a>> {
        let is_once = |request: &&Request| request.must_not_repeat() || request.takes_token();
        let once: Vec<&Request> = suspended.requests().iter().filter(is_once).collect();
        if once.is_empty() {
            return None;
        }
        // A flow has names of its own for them.
        let name = suspended.name().map_or_else(|| self.by_event(&once), str::to_owned);
        let call = self.event.call_id().unwrap_or_default();
        Some(Named { call, name, may_be_written: suspended.may_be_written() })
    }

    /// Handlers are run from their beginning where an event comes once more, and may then find something done already and ask for less. So the name is
    /// made of the event, of what is asked, and of how often the same was asked before. Digits do not count: the time may be among them.
    fn by_event(&mut self, once: &[&Request]) -> String {
        let document = serde_json::to_string(self.event.document()).unwrap_or_default();
        let asked: String = format!("{once:?}").chars().filter(|letter| !letter.is_ascii_digit()).collect();
        let name = hash(&format!("{asked}\n{document}"));
        let times = self.asked.entry(name.clone()).or_default();
        *times += 1;
        format!("event-{name}-{times}")
    }
}
