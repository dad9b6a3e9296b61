//! What is explored, and how far.

use std::sync::Arc;

use moonring_runtime::Settings;
use moonring_spec::ProjectReplies;
use moonring_store::Source;
use serde_json::{Map, Value};

use crate::choice::CalleeDoes;

/// What is explored. Nothing of it is read from anywhere later.
pub struct Plan {
    /// The scripts.
    pub source: Arc<dyn Source>,
    /// The settings, as calls have them that are played.
    pub settings: Settings,
    /// The script that answers, where not the routes say which.
    pub script: Option<String>,
    /// How calls begin, in this order.
    pub starts: Vec<Start>,
    /// Digits that the scripts know, such as a PIN: they are typed where they fit.
    pub digits: Vec<String>,
    /// What updates of calls say, as `NAME=VALUE`; where that is not known, errors that follow from one
    /// need not be so.
    pub update: Vec<String>,
    /// What outbound calls are made with.
    pub arguments: Map<String, Value>,
    /// What other services reply, where the project says it.
    pub replies: Option<ProjectReplies>,
    /// How far the walk goes.
    pub budget: Budget,
    /// Whether each path becomes a test.
    pub saves_tests: bool,
    /// Who calls where a command line says nothing.
    pub usual_from: String,
    /// And whom.
    pub usual_to: String,
    /// How the command line of a call begins, such as `moonring call --scripts DIR`.
    pub command: Vec<String>,
}

/// How a call begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Start {
    /// Who calls.
    pub from: String,
    /// And whom.
    pub to: String,
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
    /// The same as a command line says it, where it matters.
    pub at: Option<At>,
    /// Who calls whom.
    pub direction: Direction,
}

/// A moment as a command line says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct At {
    /// The time, as `--at` takes it.
    pub time: String,
    /// The zone, as `--zone` takes it.
    pub zone: String,
}

/// Who calls whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Somebody calls the scripts.
    Inbound,
    /// The scripts call somebody, who answers. Nobody knows the arguments of the call: where scripts
    /// read them, errors that follow need not be so.
    Outbound {
        /// Whether scripts read the arguments.
        reads_arguments: bool,
        /// What the one does who is called.
        answer: CalleeDoes,
    },
}

/// How far a walk goes. How long it may take is for the one who watches it to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// At most so many answers of scripts.
    pub answers: usize,
    /// At most so many choices in one call.
    pub depth: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self { answers: 20_000, depth: 60 }
    }
}

/// Why nothing could be explored.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExploreError {
    /// The system gives no means for it.
    #[error("{0}")]
    System(String),
    /// The scripts cannot be loaded.
    #[error("the scripts cannot be loaded{0}")]
    Release(String),
    /// The file of replies says something else.
    #[error("{0}")]
    Replies(String),
}
