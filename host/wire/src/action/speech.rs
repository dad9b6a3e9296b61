//! How Amazon Polly says a text.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A text and how it is said.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct SpeechParameters {
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

/// Polly's engines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Engine {
    /// The standard voices.
    Standard,
    /// The neural voices.
    Neural,
}

/// What a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum TextType {
    /// Plain text.
    Text,
    /// Speech Synthesis Markup Language.
    Ssml,
}
