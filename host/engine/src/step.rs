//! How far a script has come with an event.

use moonring_wire::Answer;

use crate::helpers::trimmed;
use crate::invocation::Invocation;
use crate::{Reply, Request, Turn};

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
    pub(crate) requests: Vec<Request>,
    pub(crate) is_over: bool,
    pub(crate) may_be_written: bool,
}

impl Suspended {
    /// What the script asks for; more than one where it asked in parallel.
    pub fn requests(&self) -> &[Request] {
        &self.requests
    }

    /// Whether a flow makes them that is over: what was given to `on_hangup`, which runs once in a call whatever event it is that ends it.
    pub fn is_over(&self) -> bool {
        self.is_over
    }

    /// Whether the replies may be kept outside of this process. A flow keeps none of requests inside `call:step`, which may be secret, and of those made when the
    /// call is over. Handlers have no such places.
    pub fn may_be_written(&self) -> bool {
        self.may_be_written
    }

    /// Lets the script go on with one reply for each request, in their order.
    pub fn resume(self, replies: Vec<Reply>) -> Turn {
        let trimmed = replies.into_iter().enumerate().map(|(index, reply)| match (reply, self.requests.get(index)) {
            (Reply::Done(output), Some(Request::Aws { service, .. })) => Reply::Done(trimmed(service, output)),
            (reply, _) => reply,
        });
        self.invocation.resume(&trimmed.collect::<Vec<_>>())
    }
}
