//! One way through a call, as far as it has been walked.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use moonring_exchange::Application;
use moonring_flow::Place;
use moonring_sim::{Callees, InboundCall, Person, PlayedCall, World};
use serde_json::Value;

use crate::choice::Choice;
use crate::digits::Listens;
use crate::outside::{Fate, Memory};
use crate::plan::Start;

/// A way through a call.
#[derive(Clone)]
pub(crate) struct Path {
    pub(crate) start: Start,
    pub(crate) call: PlayedCall,
    pub(crate) memory: Memory,
    pub(crate) steps: Vec<Step>,
    pub(crate) asked: Vec<Rc<AskedEvent>>,
    /// What is listened for beside other actions.
    pub(crate) listening: Option<Listens>,
    /// Whether something has gone wrong: an action, or a request.
    pub(crate) has_fault: bool,
    /// Whether a reply was made up, so that what follows need not be so.
    pub(crate) is_made_up: bool,
    /// The script that answered first.
    pub(crate) script: Option<String>,
    /// When events came at which the script failed, in milliseconds since 1970.
    pub(crate) failed_at: Vec<u64>,
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
    pub(crate) fn new(start: &Start) -> Self {
        let application = Arc::new(Application {
            id: "00000000-0000-4000-8000-000000000001".to_owned(),
            region: "us-east-1".to_owned(),
            lambda_arn: String::new(),
        });
        let call = InboundCall {
            from: start.from.clone(),
            to: start.to.clone(),
            sip_headers: Default::default(),
            rule_id: Some("00000000-0000-4000-8000-000000000002".to_owned()),
            applications: vec![application],
            caller: Person::quiet(),
            callees: Callees::default(),
            at_ms: start.at_ms,
            seed: 1,
        };
        Self {
            start: start.clone(),
            call: PlayedCall::inbound(Arc::new(World::default()), call),
            memory: Memory::default(),
            steps: Vec::new(),
            asked: Vec::new(),
            listening: None,
            has_fault: false,
            is_made_up: false,
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
        self.asked.iter().flat_map(|asked| asked.failed.iter().cloned()).collect()
    }
}
