//! SpeakAndGetDigits: a text, and keys.

use serde_json::{Map, Value};

use super::collect::Collecting;
use super::prompt::Prompt;
use super::{ActionSpec, Parameters, Part, Ready, Reports};
use crate::call::Call;

pub(super) const ROLE: ActionSpec = ActionSpec {
    name: "SpeakAndGetDigits",
    answers: true,
    reports: Reports::AsTwin,
    is_interruptible: false,
    perform,
};

fn perform(parameters: &mut Parameters, part: Part, _: &mut Call) -> Ready {
    let speech = parameters.table("SpeechParameters").cloned().unwrap_or_default();
    let failure = parameters.table("FailureSpeechParameters").cloned().unwrap_or_default();
    let is_ssml =
        |table: &Map<String, Value>| match table.get("TextType").or_else(|| speech.get("TextType"))
        {
            Some(text_type) => text_type == "ssml",
            None => false,
        };
    let prompt = Prompt::speech(Some(&speech), is_ssml(&speech))?;
    let failure = Prompt::speech(Some(&failure), is_ssml(&failure))?;
    Ok(Box::new(Collecting::new(parameters, part, prompt, failure)?))
}
