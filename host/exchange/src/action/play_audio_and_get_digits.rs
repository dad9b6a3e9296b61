//! PlayAudioAndGetDigits: an audio file, and digits.

use super::collect::Collecting;
use super::speech::audio;
use super::{ActionSpec, Parameters, Performance, Ready, Reports, Stage};

pub(super) const SPEC: ActionSpec = ActionSpec {
    name: "PlayAudioAndGetDigits",
    answers: true,
    reports: Reports::Always,
    is_interruptible: false,
    prepare,
};

fn prepare(parameters: &mut Parameters, stage: &mut Stage<'_>) -> Ready {
    let prompt = audio(parameters.table("AudioSource"), stage)?;
    let failure = audio(parameters.table("FailureAudioSource"), stage)?;
    Ok(Performance::Collecting(Collecting::new(
        parameters,
        prompt,
        failure,
        &stage.service().readings,
    )?))
}
