//! PlayAudio: an audio file is played, again and again if asked, until a digit stops it.

use super::speech::audio;
use super::{ActionSpec, Failure, Parameters, Performance, Progress, Ready, Reports};
use super::{RunningAction, Stage};
use crate::prompt::{AudioFile, Prompt};
use crate::ticket::Ticket;

pub(super) const SPEC: ActionSpec = ActionSpec {
    name: "PlayAudio",
    answers: true,
    reports: Reports::OnlyLast,
    is_interruptible: true,
    prepare,
};

fn prepare(parameters: &mut Parameters, stage: &mut Stage<'_>) -> Ready {
    let times = parameters
        .number("Repeat", 1, u64::from(u32::MAX))
        .map_err(|()| Failure::value_of("Repeat"))?
        .unwrap_or(1);
    let stops_on = parameters
        .digits("PlaybackTerminators")
        .map_err(|()| Failure::value_of("PlaybackTerminators"))?
        .unwrap_or_default();
    let prompt = audio(parameters.table("AudioSource"), stage)?;
    parameters.default("Repeat", 1);
    Ok(Performance::Playing(Playing { prompt, left: times, stops_on }))
}

#[derive(Debug, Clone)]
pub(crate) struct Playing {
    prompt: Prompt,
    /// How often it is still to be played.
    left: u64,
    stops_on: Vec<char>,
}

impl RunningAction for Playing {
    fn begin(&mut self, stage: &mut Stage<'_>) -> Progress {
        self.left -= 1;
        stage.play(self.prompt.clone());
        Progress::Waits
    }

    fn ended(&mut self, stage: &mut Stage<'_>, _: Ticket) -> Progress {
        if self.left > 0 { self.begin(stage) } else { Progress::done() }
    }

    fn plays(&self) -> Option<&AudioFile> {
        self.prompt.file()
    }

    fn takes(&self, digit: char) -> bool {
        self.stops_on.contains(&digit)
    }

    fn digit(&mut self, _: &mut Stage<'_>, _: char) -> Progress {
        Progress::done()
    }
}
