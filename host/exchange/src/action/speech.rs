//! Prompts as parameters name them: texts to be spoken, and audio files.

use moonring_wire::check_ssml;
use serde_json::{Map, Value};

use super::parameters::audio_file;
use super::{Failure, Stage};
use crate::input::Condition;
use crate::prompt::Prompt;

/// The longest text of Speak (rule 67).
const CHARACTERS: usize = 1000;

/// The text of a table of speech parameters.
pub(super) fn speech(table: Option<&Map<String, Value>>, is_ssml: bool) -> Result<Prompt, Failure> {
    let missing = |message: &str| Failure::new("MissingRequiredActionParameter", message);
    let text = |name: &str| {
        let text = table.and_then(|table| table.get(name)).and_then(Value::as_str);
        text.filter(|text| !text.is_empty())
    };
    let spoken = text("Text").ok_or_else(|| missing("Text is a required parameter."))?;
    if spoken.chars().count() > CHARACTERS {
        return Err(missing("Text is limited to 1,000 characters"));
    }
    // Amazon Polly refuses it, and nobody hears anything (rule 70).
    if is_ssml && check_ssml(spoken).is_err() {
        return Err(Failure::parameter("Text is not valid SSML."));
    }
    let one_of = |name: &str, words: &[&str]| text(name).is_none_or(|word| words.contains(&word));
    if !one_of("Engine", &["standard", "neural"]) || !one_of("TextType", &["text", "ssml"]) {
        return Err(Failure::parameter("Engine or TextType parameter value is invalid."));
    }
    Ok(Prompt::Speech {
        text: spoken.to_owned(),
        is_ssml,
        voice: text("VoiceId").map(str::to_owned),
        language: text("LanguageCode").map(str::to_owned),
    })
}

/// An audio file that can be played, as far as is known.
pub(super) fn audio(
    source: Option<&Map<String, Value>>,
    stage: &Stage<'_>,
) -> Result<Prompt, Failure> {
    let invalid = || failure_of(Condition::Unusable);
    let file = audio_file(source).ok_or_else(invalid)?;
    match stage.condition(&file) {
        Condition::Playable => Ok(Prompt::Audio(file)),
        condition => Err(failure_of(condition)),
    }
}

/// The failure of a file that is in this condition.
pub(crate) fn failure_of(condition: Condition) -> Failure {
    let message = match condition {
        Condition::Missing => "Cannot access S3 bucket or audio file.",
        Condition::Unusable | Condition::Playable => "Audio Source parameter value is invalid.",
    };
    Failure::new("InvalidAudioSource", message)
}
