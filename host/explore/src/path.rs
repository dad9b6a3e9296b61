//! One way through a call, as far as it has been walked.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use moonring_exchange::Application;
use moonring_flow::Place;
use moonring_sim::{Callees, InboundCall, OutboundCall, Person, PlayedCall, World};
use serde_json::{Map, Value};

use crate::choice::Choice;
use crate::command::untold;
use crate::digits::Listens;
use crate::outside::{Fate, Memory};
use crate::plan::{Direction, Start};
use crate::promises::Changes;

/// A way through a call.
#[derive(Clone)]
pub(crate) struct Path {
    pub(crate) start: Start,
    /// The number of its start, from 0.
    pub(crate) start_number: usize,
    pub(crate) call: PlayedCall,
    pub(crate) memory: Memory,
    pub(crate) steps: Vec<Step>,
    pub(crate) asked: Vec<Rc<AskedEvent>>,
    /// What is listened for beside other actions.
    pub(crate) listening: Option<Listens>,
    /// Whether something has gone wrong: an action, or a request.
    pub(crate) has_fault: bool,
    /// What was made up, so that what follows need not be so.
    pub(crate) made_up: Option<MadeUp>,
    /// What was asked to be changed outside.
    pub(crate) changes: Changes,
    /// The script that answered first.
    pub(crate) script: Option<String>,
    /// When events came at which the script failed, in milliseconds since 1970.
    pub(crate) failed_at: Vec<u64>,
}

/// Something that nobody has said, and that the walk has made up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MadeUp {
    /// What another service replies.
    Reply,
    /// What an update says.
    Update,
    /// What a call was made with.
    Arguments,
}

impl MadeUp {
    /// What makes it sure, behind the message of a finding.
    pub(crate) fn advice(self) -> &'static str {
        match self {
            Self::Reply => "; a reply was made up, so give the real ones with --replies",
            Self::Update => "; an update said nothing, so say what it does with --update",
            Self::Arguments => "; the call had no arguments, so give them with --argument",
        }
    }
}

/// A choice, and where it was made.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub(crate) choice: Choice,
    /// When, from the start of the call.
    pub(crate) at: Duration,
    /// The state in which it was made.
    pub(crate) key: u64,
    /// The node of the drawing.
    pub(crate) node: usize,
    pub(crate) place: Option<Place>,
}

/// An event of the path, and its answer.
#[derive(Debug)]
pub(crate) struct AskedEvent {
    pub(crate) event: Arc<Value>,
    pub(crate) now_ms: u64,
    pub(crate) memory: Memory,
    pub(crate) fates: Vec<Fate>,
    pub(crate) answer: Value,
    pub(crate) place: Option<Place>,
    /// Requests that failed here, in words.
    pub(crate) failed: Vec<String>,
}

impl Path {
    pub(crate) fn new(start: &Start, start_number: usize, arguments: &Map<String, Value>) -> Self {
        let application = Arc::new(Application {
            id: "00000000-0000-4000-8000-000000000001".to_owned(),
            region: "us-east-1".to_owned(),
            lambda_arn: String::new(),
        });
        let (world, at_ms, seed) = (Arc::new(World::default()), start.at_ms, 1);
        let (from, to) = (start.from.clone(), start.to.clone());
        let (sip_headers, callees) = (Default::default(), Callees::default());
        let call = match start.direction {
            Direction::Inbound => {
                let rule_id = Some("00000000-0000-4000-8000-000000000002".to_owned());
                let (caller, applications) = (Person::quiet(), vec![application]);
                let call = InboundCall {
                    from,
                    to,
                    sip_headers,
                    rule_id,
                    applications,
                    caller,
                    callees,
                    at_ms,
                    seed,
                };
                PlayedCall::inbound(world, call)
            }
            Direction::Outbound { answer, .. } => {
                let (called, arguments) = (Person::who(answer.pickup()), arguments.clone());
                // The scripts' number calls.
                let (from, to) = (to, from);
                let call = OutboundCall {
                    from,
                    to,
                    sip_headers,
                    arguments,
                    application,
                    called,
                    callees,
                    at_ms,
                    seed,
                };
                PlayedCall::outbound(world, call)
            }
        };
        Self {
            start: start.clone(),
            start_number,
            call,
            memory: Memory::default(),
            steps: Vec::new(),
            asked: Vec::new(),
            listening: None,
            has_fault: false,
            made_up: matches!(start.direction, Direction::Outbound { reads_arguments: true, .. })
                .then_some(MadeUp::Arguments),
            changes: Changes::default(),
            script: None,
            failed_at: Vec::new(),
        }
    }

    /// What led here, in words.
    pub(crate) fn words(&self) -> Vec<String> {
        let words = self.steps.iter().map(|step| step.choice.to_string());
        words.filter(|word| !word.is_empty()).collect()
    }

    /// Requests that failed on the way, in words.
    pub(crate) fn failed_requests(&self) -> Vec<String> {
        let failed = self.asked.iter().flat_map(|asked| asked.failed.iter().cloned());
        failed.chain(untold(self)).collect()
    }
}
