//! What the requests for an event are called, so that whoever answers the event once more gives them the same names.

use std::collections::HashMap;

use moonring_engine::Request;
use moonring_wire::Event;

use crate::spill::hash;
use crate::steady::without_time;

/// The names of what a script asks for in answer to one event.
pub(crate) struct Names<'a> {
    event: &'a Event,
    /// In seconds since 1970.
    now: i64,
    /// The event as a text, once something needs a name.
    document: Option<String>,
    /// Whether a flow asks that is over. It comes to its end once in a call, whatever event it is that ends it.
    is_over: bool,
    /// How often the same was asked so far.
    asked: HashMap<String, usize>,
}

impl<'a> Names<'a> {
    pub(crate) fn of(event: &'a Event, now: i64) -> Self {
        Self { event, now, document: None, is_over: false, asked: HashMap::new() }
    }

    /// The call of the event.
    pub(crate) fn call(&self) -> &'a str {
        self.event.call_id().unwrap_or_default()
    }

    /// Says whether those that follow are made by a flow that is over.
    pub(crate) fn set_over(&mut self, is_over: bool) {
        self.is_over = is_over;
    }

    /// The name of the request that is made next: of the event, of what is asked, and of how often the same was asked before. Whoever runs a script once
    /// more may find something done already, and ask for less: so its place among all requests says nothing. Nor does the time in it.
    pub(crate) fn next(&mut self, request: &Request) -> String {
        let document = || serde_json::to_string(self.event.document()).unwrap_or_default();
        let moment = if self.is_over { "over" } else { self.document.get_or_insert_with(document) };
        let name = hash(&format!("{}\n{moment}", without_time(&format!("{request:?}"), self.now)));
        let times = self.asked.entry(name.clone()).or_default();
        *times += 1;
        format!("{name}-{times}")
    }
}
