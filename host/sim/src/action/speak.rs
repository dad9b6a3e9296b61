//! Speak: a text is said.

use super::prompt::Prompt;
use super::{ActionSpec, Parameters, Part, Progress, Ready, Reports, RunningAction};
use crate::call::Call;

pub(super) const ROLE: ActionSpec = ActionSpec {
    name: "Speak",
    answers: true,
    reports: Reports::OnlyLast,
    is_interruptible: true,
    perform,
};

fn perform(parameters: &mut Parameters, part: Part, _: &mut Call) -> Ready {
    let prompt = Prompt::speech(Some(&parameters.0), parameters.text("TextType") == Some("ssml"))?;
    Ok(Box::new(Speaking { prompt, part }))
}

#[derive(Debug)]
struct Speaking {
    prompt: Prompt,
    part: Part,
}

impl RunningAction for Speaking {
    fn begin(&mut self, call: &mut Call) -> Progress {
        self.prompt.play(&self.part, call);
        Progress::Until(call.now() + self.prompt.lasts)
    }

    // Logs of real calls show it: a text whose listener has left succeeds.
    fn left(&mut self, _: &mut Call) -> Progress {
        Progress::done()
    }
}
