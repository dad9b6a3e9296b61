//! Prompts: what a party hears.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::ssml::plain;

/// Something a party hears.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Prompt {
    /// A text that is spoken.
    Speech {
        /// The text.
        text: String,
        /// Whether it is SSML.
        is_ssml: bool,
        /// The voice, such as `Joanna`; `None` leaves the choice.
        voice: Option<String>,
        /// The language, such as `en-US`; `None` leaves the choice.
        language: Option<String>,
    },
    /// An audio file.
    Audio(AudioFile),
}

/// An audio file, by its place in S3.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AudioFile {
    /// The bucket.
    pub bucket: String,
    /// The key in it.
    pub key: String,
}

impl Prompt {
    /// What is heard, as a caller would write it down; an audio file as `s3://bucket/key`.
    pub(crate) fn heard(&self) -> String {
        match self {
            Self::Speech { text, is_ssml: true, .. } => plain(text),
            Self::Speech { text, .. } => text.clone(),
            Self::Audio(AudioFile { bucket, key }) => format!("s3://{bucket}/{key}"),
        }
    }

    pub(crate) fn is_audio(&self) -> bool {
        self.file().is_some()
    }

    pub(crate) fn file(&self) -> Option<&AudioFile> {
        match self {
            Self::Audio(file) => Some(file),
            Self::Speech { .. } => None,
        }
    }
}

/// The audio files that an answer names, wherever they stand in it. Whoever knows which of them can
/// be played says so before the answer counts: [`Input::File`](crate::Input::File).
pub fn audio_files(answer: &Value) -> Vec<AudioFile> {
    fn collect(value: &Value, files: &mut Vec<AudioFile>) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| collect(item, files)),
            Value::Object(fields) => {
                let text = |name: &str| fields.get(name).and_then(Value::as_str).map(str::to_owned);
                if let (Some(bucket), Some(key)) = (text("BucketName"), text("Key")) {
                    files.push(AudioFile { bucket, key });
                }
                fields.values().for_each(|value| collect(value, files));
            }
            _ => {}
        }
    }
    let mut files = Vec::new();
    collect(answer, &mut files);
    files
}
