//! How Amazon Polly speaks a prompt.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Text to speak, and how to speak it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct SpeechParameters {
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

/// The Amazon Polly engines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Engine {
    /// The standard voices.
    Standard,
    /// The neural voices.
    Neural,
}

/// Whether text is plain text or SSML.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum TextType {
    /// Plain text.
    Text,
    /// Speech Synthesis Markup Language.
    Ssml,
}
