//! Prompts said aloud while a call goes on.

use std::process::{Child, Command, Stdio};
use std::sync::Mutex;

use super::voice::PROGRAM;

/// Says prompts aloud, one at a time.
#[derive(Debug)]
pub(crate) struct Speaker {
    /// Whether the call waits for the end of each prompt: in virtual time it would be over at once.
    waits: bool,
    speaking: Mutex<Option<Child>>,
}

impl Speaker {
    pub(crate) fn new(waits: bool) -> Self {
        Self { waits, speaking: Mutex::default() }
    }

    /// Says a plain text, in place of what is being said.
    pub(crate) fn say(&self, text: &str) {
        self.stop();
        let child = Command::new(PROGRAM)
            .args(["--", text])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        // Without sound the call is still shown.
        let Ok(mut child) = child else { return };
        if self.waits {
            let _ = child.wait();
        } else if let Ok(mut speaking) = self.speaking.lock() {
            *speaking = Some(child);
        }
    }

    /// Falls silent.
    pub(crate) fn stop(&self) {
        if let Ok(mut speaking) = self.speaking.lock()
            && let Some(mut child) = speaking.take()
        {
            // It may have ended by itself.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Drop for Speaker {
    fn drop(&mut self) {
        self.stop();
    }
}
