//! Speak: a text is said.

use super::speech::speech;
use super::{ActionSpec, Parameters, Performance, Progress, Ready, Reports, RunningAction, Stage};
use crate::prompt::Prompt;

pub(super) const SPEC: ActionSpec = ActionSpec {
    name: "Speak",
    answers: true,
    reports: Reports::OnlyLast,
    is_interruptible: true,
    prepare,
};

fn prepare(parameters: &mut Parameters, _: &mut Stage<'_>) -> Ready {
    let prompt = speech(Some(&parameters.0), parameters.text("TextType") == Some("ssml"))?;
    Ok(Performance::Speaking(Speaking { prompt: Some(prompt) }))
}

#[derive(Debug, Clone)]
pub(crate) struct Speaking {
    /// Until it is said.
    prompt: Option<Prompt>,
}

impl RunningAction for Speaking {
    fn begin(&mut self, stage: &mut Stage<'_>) -> Progress {
        if let Some(prompt) = self.prompt.take() {
            stage.play(prompt);
        }
        Progress::Waits
    }

    // Logs of real calls show it: a text whose listener has left succeeds.
    fn left(&mut self, _: &mut Stage<'_>) -> Progress {
        Progress::done()
    }
}
