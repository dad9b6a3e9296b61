//! PlayAudio: an audio file is played, again and again if asked, until a key stops it.

use super::prompt::Prompt;
use super::{ActionSpec, Failure, Parameters, Part, Progress, Ready, Reports, RunningAction};
use crate::call::Call;

pub(super) const ROLE: ActionSpec = ActionSpec {
    name: "PlayAudio",
    answers: true,
    reports: Reports::OnlyLast,
    is_interruptible: true,
    perform,
};

fn perform(parameters: &mut Parameters, part: Part, call: &mut Call) -> Ready {
    let times = parameters
        .number("Repeat", 1, u64::from(u32::MAX))
        .map_err(|()| Failure::leg())?
        .unwrap_or(1);
    let stops_on =
        parameters.keys("PlaybackTerminators").map_err(|()| Failure::leg())?.unwrap_or_default();
    let prompt = Prompt::audio(parameters.table("AudioSource"), call)?;
    parameters.default("Repeat", 1);
    Ok(Box::new(Playing { prompt, part, left: times, stops_on }))
}

#[derive(Debug)]
struct Playing {
    prompt: Prompt,
    part: Part,
    /// How often it is still to be played.
    left: u64,
    stops_on: Vec<char>,
}

impl RunningAction for Playing {
    fn begin(&mut self, call: &mut Call) -> Progress {
        self.left -= 1;
        self.prompt.play(&self.part, call);
        Progress::Until(call.now() + self.prompt.lasts)
    }

    fn due(&mut self, call: &mut Call) -> Progress {
        if self.left > 0 { self.begin(call) } else { Progress::done() }
    }

    fn takes(&self, key: char) -> bool {
        self.stops_on.contains(&key)
    }

    fn key(&mut self, _: &mut Call, _: char) -> Progress {
        Progress::done()
    }
}
