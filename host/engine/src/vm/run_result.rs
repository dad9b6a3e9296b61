//! How far a script has come with an event.

use moonring_flow::{Place, Reply, Request, SavedJournal};
use moonring_wire::Answer;

use crate::Breadcrumb;
use crate::error::Error;
use crate::helpers::trimmed;
use crate::log::LogRecord;
use crate::vm::ask::Asked;
use crate::vm::invocation::Invocation;

/// An action of an answer, and where it was built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActionOrigin {
    /// The action's type, such as `Speak`.
    pub action_type: String,
    /// Where its builder or its method was called, if that is known.
    pub place: Option<Place>,
}

/// What a script did until it answered, asked or failed.
#[derive(Debug)]
pub struct RunOutcome {
    /// The step it came to, or why it came to none.
    pub result: Result<Step, Error>,
    /// What it logged on the way.
    pub log: Vec<LogRecord>,
    /// Where each action of the answer comes from, in their order.
    pub origins: Vec<ActionOrigin>,
    /// The journal that is to be kept with the call, where the script is a flow; with an error,
    /// too.
    pub journal: Option<SavedJournal>,
    /// With an error, the caller's way through the flow.
    pub breadcrumbs: Vec<Breadcrumb>,
    /// Whether the flow waits for keys that are typed in confidence.
    pub asks_secret: bool,
    /// Whether something was typed in confidence before.
    pub has_secret: bool,
}

impl RunOutcome {
    pub(crate) fn of(result: Result<Step, Error>) -> Self {
        Self {
            result,
            log: Vec::new(),
            origins: Vec::new(),
            journal: None,
            breadcrumbs: Vec::new(),
            asks_secret: false,
            has_secret: false,
        }
    }
}

/// Where a script stands after it was started or resumed.
#[derive(Debug)]
pub enum Step {
    /// The script is done with this event.
    Answer(Answer),
    /// The script waits for something from outside.
    Requests(Suspended),
}

/// A script that waits for replies. Dropping it ends the script.
#[derive(Debug)]
pub struct Suspended {
    pub(crate) invocation: Box<Invocation>,
    pub(crate) asked: Asked,
    pub(crate) is_over: bool,
    pub(crate) may_be_written: bool,
}

impl Suspended {
    /// What the script asks for; more than one where it asked in parallel.
    pub fn requests(&self) -> &[Request] {
        &self.asked.requests
    }

    /// The line that asks, where it is known.
    pub fn place(&self) -> Option<&Place> {
        self.asked.place.as_ref()
    }

    /// Whether a flow makes them that is over: what was given to `on_hangup`, which runs once in a
    /// call whatever event it is that ends it.
    pub fn is_over(&self) -> bool {
        self.is_over
    }

    /// Whether the replies may be kept outside of this process. A flow keeps none of requests
    /// inside `call:step`, which may be secret, and of those made when the call is over. Handlers
    /// have no such places.
    pub fn may_be_written(&self) -> bool {
        self.may_be_written
    }

    /// Lets the script go on with one reply for each request, in their order.
    pub fn resume(self, replies: Vec<Reply>) -> RunOutcome {
        let trimmed = replies.into_iter().enumerate().map(|(index, reply)| {
            match (reply, self.asked.requests.get(index)) {
                (Reply::Done(output), Some(Request::Aws { service, .. })) => {
                    Reply::Done(trimmed(service, output))
                }
                (reply, _) => reply,
            }
        });
        self.invocation.resume(&trimmed.collect::<Vec<_>>())
    }
}
