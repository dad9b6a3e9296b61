//! An action: one thing the service is told to do. One file per typed action; any other action passes through whole.

mod audio_source;
mod digits;
mod hangup;
mod join_chime_meeting;
mod leg;
mod pause;
mod play_audio;
mod play_audio_and_get_digits;
mod speak;
mod speak_and_get_digits;
mod speech;
mod text_or_number;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use audio_source::AudioSource;
pub use digits::DigitKey;
pub use hangup::Hangup;
pub use join_chime_meeting::JoinChimeMeeting;
pub use leg::ParticipantTag;
pub use pause::Pause;
pub use play_audio::PlayAudio;
pub use play_audio_and_get_digits::PlayAudioAndGetDigits;
pub use speak::Speak;
pub use speak_and_get_digits::SpeakAndGetDigits;
pub use speech::{Engine, SpeechParameters, TextType};
pub use text_or_number::TextOrNumber;

/// One action, as it stands in an answer. Everything in it is kept, known or not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Action {
    /// The service's name of the action, e.g. `Speak`.
    #[serde(rename = "Type")]
    pub action_type: String,
    /// The action's parameters under the service's own names; `None` where the document has none.
    #[serde(rename = "Parameters", default, skip_serializing_if = "Option::is_none")]
    pub parameters: Option<Value>,
    /// Whatever else stands beside the two.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// The parameters of an action this version knows. Its JSON schema is the one schema that builders, documentation and
/// checks are made from.
pub trait TypedAction: Serialize + DeserializeOwned + JsonSchema {
    /// The service's name of the action.
    const TYPE: &'static str;
}

impl Action {
    /// An action of any type.
    pub fn new(action_type: impl Into<String>, parameters: Map<String, Value>) -> Self {
        Self { action_type: action_type.into(), parameters: Some(Value::Object(parameters)), other: Map::new() }
    }

    /// A typed action in wire form.
    pub fn from_typed<A: TypedAction>(parameters: &A) -> Self {
        match serde_json::to_value(parameters) {
            Ok(Value::Object(parameters)) => Self::new(A::TYPE, parameters),
            // Unreachable for structs of plain fields; an action without parameters is refused by the service by name.
            _ => Self::new(A::TYPE, Map::new()),
        }
    }

    /// The parameters as the type says them; `None` where the action is of another type.
    ///
    /// # Errors
    /// When a parameter that the service requires is missing or has a wrong type.
    pub fn typed<A: TypedAction>(&self) -> Option<Result<A, serde_json::Error>> {
        let parameters = || self.parameters.clone().unwrap_or_else(|| Value::Object(Map::new()));
        (self.action_type == A::TYPE).then(|| serde_json::from_value(parameters()))
    }

    /// Name and JSON schema of every typed action, in the order of the service's documentation.
    pub fn schemas() -> Vec<(&'static str, Value)> {
        fn row<A: TypedAction>() -> (&'static str, Value) {
            let settings = SchemaSettings::draft2020_12().with(|settings| {
                settings.inline_subschemas = true;
                settings.meta_schema = None;
            });
            (A::TYPE, settings.into_generator().into_root_schema_for::<A>().to_value())
        }
        vec![
            row::<Hangup>(),
            row::<JoinChimeMeeting>(),
            row::<Pause>(),
            row::<PlayAudio>(),
            row::<PlayAudioAndGetDigits>(),
            row::<Speak>(),
            row::<SpeakAndGetDigits>(),
        ]
    }
}

#[cfg(test)]
mod tests;
