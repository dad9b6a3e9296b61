//! SpeakAndGetDigits: a text, and keys.

use serde_json::Value;

use super::collect::Collecting;
use super::prompt::{Prompt, speech_defaults};
use super::{Parameters, Part, Ready, Reports, Role};
use crate::call::Call;

pub(super) const ROLE: Role =
    Role { name: "SpeakAndGetDigits", answers: true, reports: Reports::AsTwin, is_interruptible: false, perform };

fn perform(parameters: &mut Parameters, part: Part, _: &mut Call) -> Ready {
    speech_defaults(parameters, Some("SpeechParameters"));
    let speech = parameters.table("SpeechParameters").cloned().unwrap_or_default();
    for name in ["Engine", "LanguageCode", "TextType", "VoiceId"] {
        if let Some(value) = speech.get(name) {
            parameters.default_in("FailureSpeechParameters", name, value.clone());
        }
    }
    let read = |name: &str| {
        let table = parameters.table(name);
        let is_ssml = table.and_then(|table| table.get("TextType")).and_then(Value::as_str) == Some("ssml");
        Prompt::speech(table, is_ssml)
    };
    let (prompt, failure) = (read("SpeechParameters")?, read("FailureSpeechParameters")?);
    Ok(Box::new(Collecting::new(parameters, part, prompt, failure)?))
}
