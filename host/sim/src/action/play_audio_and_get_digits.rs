//! PlayAudioAndGetDigits: an audio file, and keys.

use super::collect::Collecting;
use super::prompt::Prompt;
use super::{ActionSpec, Parameters, Part, Ready, Reports};
use crate::call::Call;

pub(super) const ROLE: ActionSpec = ActionSpec {
    name: "PlayAudioAndGetDigits",
    answers: true,
    reports: Reports::Always,
    is_interruptible: false,
    perform,
};

fn perform(parameters: &mut Parameters, part: Part, call: &mut Call) -> Ready {
    let prompt = Prompt::audio(parameters.table("AudioSource"), call)?;
    let failure = Prompt::audio(parameters.table("FailureAudioSource"), call)?;
    Ok(Box::new(Collecting::new(parameters, part, prompt, failure)?))
}
