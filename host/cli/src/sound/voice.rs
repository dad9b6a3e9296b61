//! The voice that says prompts: espeak-ng, where it is installed.

use std::collections::HashMap;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use moonring_sim::spoken_for;
use moonring_wire::is_ssml;

use super::samples::{length, read_wav};

/// The program that speaks.
pub(super) const PROGRAM: &str = "espeak-ng";

/// A voice, and what it has said so far.
#[derive(Debug, Default)]
pub(crate) struct Voice {
    said: Mutex<HashMap<String, Arc<Vec<i16>>>>,
}

impl Voice {
    /// The voice of this machine, if it has one.
    pub(crate) fn find() -> Option<Self> {
        let found = Command::new(PROGRAM)
            .arg("--version")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        found.is_ok_and(|status| status.success()).then(Self::default)
    }

    /// A plain text as sound; nothing where the voice fails.
    pub(crate) fn say(&self, text: &str) -> Arc<Vec<i16>> {
        let known = self.said.lock().unwrap_or_else(PoisonError::into_inner).get(text).cloned();
        if let Some(known) = known {
            return known;
        }
        // Behind `--` a text that begins with a dash is no option.
        let output =
            Command::new(PROGRAM).args(["--stdout", "--", text]).stdin(Stdio::null()).output();
        let samples = output.ok().and_then(|output| read_wav(output.stdout.as_slice()));
        let samples = Arc::new(samples.unwrap_or_default());
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        said.insert(text.to_owned(), Arc::clone(&samples));
        samples
    }

    /// How long a prompt takes to say, pauses of SSML included.
    pub(crate) fn length(&self, text: &str, plain: &str) -> Duration {
        let is_ssml = is_ssml(text);
        let pauses = spoken_for(text, is_ssml).saturating_sub(spoken_for(plain, false));
        length(&self.say(plain)) + if is_ssml { pauses } else { Duration::ZERO }
    }
}
