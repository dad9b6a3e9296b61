//! What the requests for an event are called, so that a process that answers the event again gives
//! them the same names.

use std::collections::HashMap;

use moonring_wire::Event;
use serde_json::Value;

use crate::request::{Request, canonical_json};
use crate::stable_hash::content_hash;
use crate::strip_timestamps::strip_timestamps;

/// The names of what a script asks for in answer to one event.
pub struct RequestKeys<'a> {
    event: &'a Event,
    /// In seconds since 1970.
    now: i64,
    /// The event as a text, once something needs a name.
    document: Option<String>,
    /// Whether a flow asks that is over. It comes to its end once in a call, whatever event it is
    /// that ends it.
    is_over: bool,
    /// How often the same was asked so far.
    asked: HashMap<String, usize>,
}

impl<'a> RequestKeys<'a> {
    /// For the requests made in answer to this event; `now` is in seconds since 1970.
    pub fn new(event: &'a Event, now: i64) -> Self {
        Self { event, now, document: None, is_over: false, asked: HashMap::new() }
    }

    /// The call of the event.
    pub fn call(&self) -> &'a str {
        self.event.call_id().unwrap_or_default()
    }

    /// Says whether those that follow are made by a flow that is over.
    pub fn set_over(&mut self, is_over: bool) {
        self.is_over = is_over;
    }

    /// The name of the request that is made next: of the event, of what is asked, and of how often
    /// the same was asked before. A process that runs a script again may find something done
    /// already, and ask for less: so its place among all requests says nothing. Nor does the time
    /// in it.
    pub fn next(&mut self, request: &Request) -> String {
        let document =
            || canonical_json(&Value::Object(self.event.document().to_map())).to_string();
        let moment = if self.is_over { "over" } else { self.document.get_or_insert_with(document) };
        let name = content_hash(&format!(
            "{}\n{moment}",
            strip_timestamps(&request.canonical(), self.now)
        ));
        let times = self.asked.entry(name.clone()).or_default();
        *times += 1;
        format!("{name}-{times}")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_request_has_the_name_that_it_has_in_every_version_of_the_host() {
        let event = |text: &str| Event::parse(text.as_bytes()).unwrap();
        let first = event(
            r#"{"Sequence": 2, "InvocationEventType": "RINGING", "CallDetails": {"TransactionId": "t"}}"#,
        );
        let request = |at: i64| Request::Aws {
            service: "dynamodb".to_owned(),
            operation: "PutItem".to_owned(),
            input: json!({"Item": {"at": {"N": at.to_string()}}, "TableName": "calls"}),
            version: None,
        };
        let now = 1_718_036_406;
        let mut names = RequestKeys::new(&first, now);
        let golden = ["82aa569199f38edee0720a645e3e4bb2-1", "82aa569199f38edee0720a645e3e4bb2-2"];
        assert_eq!([names.next(&request(now)), names.next(&request(now + 3))], golden);
        // The same document in another order of its keys, and somewhat later.
        let again = event(
            r#"{"CallDetails": {"TransactionId": "t"}, "InvocationEventType": "RINGING", "Sequence": 2}"#,
        );
        let mut names = RequestKeys::new(&again, now + 9);
        assert_eq!([names.next(&request(now + 9)), names.next(&request(now + 9))], golden);
        names.set_over(true);
        assert_eq!(names.next(&request(now)), "92d4bf6d9741a639bf49063bb5337369-1");
    }
}
