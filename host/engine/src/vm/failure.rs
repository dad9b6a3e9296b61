//! What a failure inside the VM is to the one who reads of it.

use moonring_flow::Place;

use crate::error::Error;
use crate::handlers::Failure;
use crate::slip::Slip;
use crate::vm::program::Vm;

impl Vm {
    /// What a failure is to the one who reads of it.
    pub(crate) fn error_of(&self, number: u64, failure: Failure) -> Error {
        let error = match failure {
            Failure::Script(error) => error,
            Failure::Lua(error) => {
                Error::from_lua(&error, self.cancel.is_cancelled(number), self.limits)
            }
        };
        match error {
            // Where it was stopped first: what catches the stop is stopped again behind it.
            Error::Deadline { place, trace } => {
                Error::Deadline { place: self.sandbox.stopped_at().or(place), trace }
            }
            Error::Raised { place, message, trace } => {
                let message = self.with_hint(place.as_ref(), message);
                Error::Raised { place, message, trace }
            }
            other => other,
        }
    }

    /// The text of an error, with what the author most likely meant.
    fn with_hint(&self, place: Option<&Place>, message: String) -> String {
        let text = place.and_then(|place| self.texts.get(&place.file)).map(String::as_str);
        let facts = self.current.facts.borrow();
        let is_flow = facts.flow.is_some();
        let event = facts.event.as_deref();
        let slip = Slip { lua: &self.sandbox.lua, event, text, place, is_flow };
        message.clone() + &slip.hint(&message)
    }
}
