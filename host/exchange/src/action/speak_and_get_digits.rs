//! SpeakAndGetDigits: a text, and digits.

use serde_json::{Map, Value};

use super::collect::Collecting;
use super::speech::speech;
use super::{ActionSpec, Parameters, Performance, Ready, Reports, Stage};

pub(super) const SPEC: ActionSpec = ActionSpec {
    name: "SpeakAndGetDigits",
    answers: true,
    reports: Reports::AsTwin,
    is_interruptible: false,
    prepare,
};

fn prepare(parameters: &mut Parameters, stage: &mut Stage<'_>) -> Ready {
    let asked = parameters.table("SpeechParameters").cloned().unwrap_or_default();
    let failure = parameters.table("FailureSpeechParameters").cloned().unwrap_or_default();
    let is_ssml = |table: &Map<String, Value>| match table
        .get("TextType")
        .or_else(|| asked.get("TextType"))
    {
        Some(text_type) => text_type == "ssml",
        None => false,
    };
    let prompt = speech(Some(&asked), is_ssml(&asked))?;
    let failure = speech(Some(&failure), is_ssml(&failure))?;
    Ok(Performance::Collecting(Collecting::new(
        parameters,
        prompt,
        failure,
        &stage.service().readings,
    )?))
}
