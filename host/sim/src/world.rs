//! What the calls of a world find around them: rules of the game, meetings, bots, audio files.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use moonring_exchange::{Intent, Meeting, Readings, Service};

use crate::fault::Faults;

/// What there is to know of an audio file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audio {
    /// It plays for so long.
    Lasts(Duration),
    /// It is no uncompressed PCM WAV, or larger than 50 MB (rule 61).
    Unusable,
    /// It should be there, and is not.
    Missing,
    /// It is not at hand.
    Unknown,
}

/// Looks at an audio file, by bucket and key.
pub type AudioFiles = Box<dyn Fn(&str, &str) -> Audio + Send + Sync>;

/// How long a prompt takes to say, by its text as the script gave it.
pub type SpeechLengths = Box<dyn Fn(&str) -> Duration + Send + Sync>;

/// Everything around the calls.
pub struct World {
    /// How open points are read.
    pub readings: Readings,
    /// What should go wrong.
    pub faults: Faults,
    /// The account: 12 digits.
    pub account: String,
    /// Meetings that are known; a call that joins another one is taken at its word.
    pub meetings: BTreeMap<String, Meeting>,
    /// Bots, by the ARN of their alias; any other bot understands nothing.
    pub bots: BTreeMap<String, Bot>,
    /// The audio files, where they are at hand.
    pub audio: Option<AudioFiles>,
    /// How long prompts take, where a voice really says them; else it is reckoned by their letters.
    pub speech: Option<SpeechLengths>,
    /// Whether SIP messages are logged (rule 56).
    pub logs_sip: bool,
    /// Numbers of the account, which a bridged call may show as the caller; without any, every
    /// number may be shown.
    pub numbers: Vec<String>,
}

/// A bot: what it makes of what it hears.
#[derive(Debug, Clone, Default)]
pub struct Bot {
    /// By what the caller says, in lower case.
    pub intents: BTreeMap<String, Intent>,
}

impl World {
    /// What the exchange holds true for a call in this world.
    pub(crate) fn service(&self) -> Service {
        Service {
            readings: self.readings,
            account: self.account.clone(),
            meetings: self.meetings.clone(),
            numbers: self.numbers.clone(),
            logs_sip: self.logs_sip,
            failing_actions: self.faults.actions.clone(),
            delivers_twice: self.faults.twice,
        }
    }
}

impl Default for World {
    fn default() -> Self {
        Self {
            readings: Readings::default(),
            faults: Faults::default(),
            account: "111122223333".to_owned(),
            meetings: BTreeMap::new(),
            bots: BTreeMap::new(),
            audio: None,
            speech: None,
            logs_sip: false,
            numbers: Vec::new(),
        }
    }
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("World")
            .field("readings", &self.readings)
            .field("faults", &self.faults)
            .finish_non_exhaustive()
    }
}
