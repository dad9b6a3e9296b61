//! A prompt: something a party hears, and for how long.

use std::time::Duration;

use serde_json::{Map, Value};

use super::parameters::audio;
use super::{Failure, Part};
use crate::call::Call;
use crate::speech::{plain, spoken_for};
use crate::trace::Happened;
use crate::world::Audio;

/// How long an audio file is taken to be that is not at hand.
const UNKNOWN_AUDIO: Duration = Duration::from_secs(3);
/// What even an empty file takes: a prompt that took no time could be repeated for ever at one
/// moment.
const SHORTEST: Duration = Duration::from_millis(50);
/// The longest text of Speak (rule 67).
const CHARACTERS: usize = 1000;

/// Something a party hears.
#[derive(Debug, Clone)]
pub(crate) struct Prompt {
    what: String,
    is_audio: bool,
    pub(crate) lasts: Duration,
}

impl Prompt {
    /// The text of a table of speech parameters; `inherited` is where left-out ones are taken from.
    pub(crate) fn speech(
        table: Option<&Map<String, Value>>,
        is_ssml: bool,
    ) -> Result<Self, Failure> {
        let missing = |message: &str| Failure::new("MissingRequiredActionParameter", message);
        let text = table
            .and_then(|table| table.get("Text"))
            .and_then(Value::as_str)
            .filter(|text| !text.is_empty());
        let text = text.ok_or_else(|| missing("Text is a required parameter."))?;
        if text.chars().count() > CHARACTERS {
            return Err(missing("Text is limited to 1,000 characters"));
        }
        let one_of = |name: &str, words: &[&str]| {
            let given = table
                .and_then(|table| table.get(name))
                .and_then(Value::as_str)
                .filter(|word| !word.is_empty());
            given.is_none_or(|word| words.contains(&word))
        };
        if !one_of("Engine", &["standard", "neural"]) || !one_of("TextType", &["text", "ssml"]) {
            return Err(Failure::parameter("Engine or TextType parameter value is invalid."));
        }
        let what = if is_ssml { plain(text) } else { text.to_owned() };
        Ok(Self { what, is_audio: false, lasts: spoken_for(text, is_ssml) })
    }

    /// An audio file.
    pub(crate) fn audio(source: Option<&Map<String, Value>>, call: &Call) -> Result<Self, Failure> {
        let invalid =
            || Failure::new("InvalidAudioSource", "Audio Source parameter value is invalid.");
        let (bucket, key) = audio(source).ok_or_else(invalid)?;
        let lasts =
            match call.world.audio.as_ref().map_or(Audio::Unknown, |look| look(&bucket, &key)) {
                Audio::Lasts(lasts) => lasts.max(SHORTEST),
                Audio::Unknown => UNKNOWN_AUDIO,
                Audio::Unusable => return Err(invalid()),
                Audio::Missing => {
                    return Err(Failure::new(
                        "InvalidAudioSource",
                        "Cannot access S3 bucket or audio file.",
                    ));
                }
            };
        Ok(Self { what: format!("s3://{bucket}/{key}"), is_audio: true, lasts })
    }

    /// It begins to be heard.
    pub(crate) fn play(&self, part: &Part, call: &mut Call) {
        let (what, is_audio, lasts, place) =
            (self.what.clone(), self.is_audio, self.lasts, part.place.clone());
        let leg = call.legs[part.leg].tag;
        call.trace.add(call.now, Happened::Hears { leg, what, is_audio, lasts, place });
    }
}
