//! What is tested, and with what.

use std::collections::BTreeMap;
use std::sync::Arc;

use moonring_runtime::{Counting, Settings};
use moonring_sim::Bot;
use moonring_store::Source;

use crate::outside::{CannedReplies, RepliesError, RequestJudge};

/// Specs, and everything that they run with. Nothing of it is read from anywhere later.
pub struct Suite {
    /// The scripts.
    pub source: Arc<dyn Source>,
    /// The settings, as calls have them that are played.
    pub settings: Settings,
    /// The specs, in their order.
    pub specs: Vec<SpecFile>,
    /// Who calls where a test does not say.
    pub from: String,
    /// And whom.
    pub to: String,
    /// When tests begin that do not say, in milliseconds since 1970.
    pub at_ms: u64,
    /// The time zone of tests that name none.
    pub zone: Option<String>,
    /// The bots of the project.
    pub bots: BTreeMap<String, Bot>,
    /// The replies of the project, for requests that a test gives none to.
    pub replies: Option<ProjectReplies>,
    /// Judges what scripts ask of Chime before it is played.
    pub judge: RequestJudge,
    /// What the command lines of a failure need to find the scripts.
    pub scripts_arguments: Vec<String>,
    /// Whether the scripts have routes, which say who answers where no test does.
    pub has_routes: bool,
    /// Whether each test runs in one process alone, and not again with a process for each event.
    pub is_once: bool,
    /// Whether stories are written anew instead of compared.
    pub updates: bool,
    /// The stories that were kept, by path from the folder of the scripts.
    pub snapshots: BTreeMap<String, String>,
}

/// A spec.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpecFile {
    /// Its path from the folder of the scripts, such as `support/night.spec.lua`.
    pub name: String,
    /// What is in it.
    pub text: String,
}

/// Replies to requests, as the project has them in a file.
#[derive(Debug, Clone)]
pub struct ProjectReplies {
    /// The file.
    pub path: String,
    /// What is in it.
    pub text: Vec<u8>,
}

impl ProjectReplies {
    /// The replies, none of them used.
    ///
    /// # Errors
    /// When the file says something else.
    pub fn read(&self) -> Result<CannedReplies, RepliesError> {
        CannedReplies::parse(&self.path, &self.text)
    }
}

impl Suite {
    /// Whether what runs of the scripts is counted.
    pub(crate) fn counts(&self) -> bool {
        self.settings.counting != Counting::Off
    }
}
