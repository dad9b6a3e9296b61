//! Speak: say a text.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Engine, ParticipantTag, TextType, TypedAction};

/// Says a text with Amazon Polly. As the first action it answers an inbound call (rule 8).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
#[schemars(extend("x-leg" = "CallId"))]
pub struct Speak {
    /// The leg, by its id. The guide requires it, published handlers leave it out; LEG-A is filled in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_id: Option<String>,
    /// The leg, by its tag. Not in the guide's table for this action, but in that of most others; taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub participant_tag: Option<ParticipantTag>,
    /// Plain text or SSML, at most 1,000 characters (rule 67).
    #[schemars(length(min = 1, max = 1000))]
    pub text: String,
    /// Polly's engine; `standard` if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub engine: Option<Engine>,
    /// Polly's language code, for voices of two languages; the voice's own if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language_code: Option<String>,
    /// What the text is; `text` if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text_type: Option<TextType>,
    /// Polly's voice; `Joanna` if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub voice_id: Option<String>,
}

impl TypedAction for Speak {
    const TYPE: &'static str = "Speak";
}
