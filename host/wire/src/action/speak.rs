//! Speak: say something.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Engine, ParticipantTag, TextType, TypedAction};

/// Speaks text with Amazon Polly. As the first action it answers an inbound call (rule 8).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
#[schemars(extend("x-leg" = "CallId"))]
pub struct Speak {
    /// The leg, by its id. The guide requires it, but published handlers leave it out; Moonring
    /// then fills in LEG-A.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_id: Option<String>,
    /// The leg, by its tag. Not in the guide's table for this action, but in those of most others;
    /// Moonring accepts it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub participant_tag: Option<ParticipantTag>,
    /// Plain text or SSML, at most 1,000 characters (rule 67).
    #[schemars(length(min = 1, max = 1000))]
    pub text: String,
    /// The Amazon Polly engine; `standard` if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub engine: Option<Engine>,
    /// The Amazon Polly language code, for bilingual voices; the voice's own if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language_code: Option<String>,
    /// Whether the text is plain text or SSML; `text` if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text_type: Option<TextType>,
    /// The Amazon Polly voice; `Joanna` if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub voice_id: Option<String>,
}

impl TypedAction for Speak {
    const TYPE: &'static str = "Speak";
}
