//! Prompts and audio files, as several methods take them.

use moonring_wire::action::Engine;
use schemars::JsonSchema;
use serde::Deserialize;

/// What is said, and how.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[schemars(extend("x-text" = "text"))]
pub(crate) struct Prompt {
    /// Plain text, or SSML if it begins with a `<speak>` tag. A string in place of the table is the
    /// `text`.
    #[schemars(length(min = 1, max = 8000), extend("x-form" = "prompt", "x-data" = true))]
    pub(crate) text: String,
    /// The Amazon Polly voice, such as `"Joanna"`. Default: `call.voice`, else the service's:
    /// Joanna.
    #[serde(flatten)]
    #[schemars(flatten)]
    pub(crate) voice: Voice,
    /// The leg that hears it. Default: the first leg.
    #[schemars(extend("x-form" = "leg"))]
    pub(crate) leg: Option<String>,
}

/// How something is said.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
pub(crate) struct Voice {
    /// The Amazon Polly voice, such as `"Joanna"`. Default: `call.voice`, else the service's:
    /// Joanna.
    #[schemars(length(min = 1))]
    pub(crate) voice: Option<String>,
    /// The Amazon Polly engine. Default: `call.voice`, else the service's: standard.
    pub(crate) engine: Option<Engine>,
    /// The Amazon Polly language code, for voices of two languages. Default: `call.voice`, else the
    /// voice's own.
    #[schemars(length(min = 1))]
    pub(crate) language: Option<String>,
}

/// An audio file.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[schemars(extend("x-text" = "key"))]
pub(crate) struct Audio {
    /// The S3 key of a WAV file. A string in place of the table is the `key`.
    #[schemars(length(min = 1, max = 1024), extend("x-data" = true))]
    pub(crate) key: String,
    /// The S3 bucket. Default: `MOONRING_AUDIO_BUCKET`; without it the method raises.
    #[schemars(length(min = 1), extend("x-data" = true))]
    pub(crate) bucket: Option<String>,
    /// How often the file is played in all. Default: 1.
    #[schemars(range(min = 1))]
    pub(crate) times: Option<u32>,
    /// The digits that stop it, such as `"#"` or `"12"`. Default: no digit stops it.
    #[schemars(length(min = 1))]
    pub(crate) stop_on: Option<String>,
    /// The leg that hears it. Default: the first leg.
    #[schemars(extend("x-form" = "leg"))]
    pub(crate) leg: Option<String>,
    /// Has no effect. It is there so that a recording fits as it is. Default: none.
    pub(crate) terminator: Option<String>,
}

/// A prompt of several parts, most of which are said. A string is a text.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[schemars(extend("x-parts" = "text"))]
pub(crate) struct Said(#[schemars(length(min = 1, max = 9))] pub(crate) Vec<Part>);

/// A prompt of several parts, most of which are played. A string is the key of a file.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[schemars(extend("x-parts" = "key"))]
pub(crate) struct Played(#[schemars(length(min = 1, max = 9))] pub(crate) Vec<Part>);

/// A part of a prompt.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum Part {
    /// It is said.
    Said(Prompt),
    /// It is played.
    Played(Audio),
}

impl Part {
    /// The leg that hears it, where it names one.
    pub(crate) fn leg(&self) -> Option<&String> {
        match self {
            Self::Said(prompt) => prompt.leg.as_ref(),
            Self::Played(audio) => audio.leg.as_ref(),
        }
    }
}

/// What the caller hears after invalid input: text to speak, or an audio file.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[schemars(extend("x-text" = "text"))]
pub(crate) struct Invalid {
    #[schemars(length(min = 1, max = 1000), extend("x-form" = "prompt", "x-data" = true))]
    pub(crate) text: Option<String>,
    #[serde(flatten)]
    #[schemars(flatten)]
    pub(crate) voice: Voice,
    #[schemars(length(min = 1, max = 1024), extend("x-data" = true))]
    pub(crate) key: Option<String>,
    #[schemars(length(min = 1), extend("x-data" = true))]
    pub(crate) bucket: Option<String>,
}
