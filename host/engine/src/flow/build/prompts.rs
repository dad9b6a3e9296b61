//! What a caller hears: speech, files, silence.

use mlua::Value as LuaValue;
use moonring_wire::Action;
use moonring_wire::action::{
    AudioSource, Pause, PlayAudio, Speak, SpeechParameters, StorageType, TextOrNumber, TextType,
};

use super::super::options::{Audio, Prompt, Voice, keys};
use super::super::split_prompt::parts;
use super::{Site, millis};
use crate::convert::{Unsayable, describe};

/// The most parts of a text: as many as there may be actions, less what comes behind it.
const PARTS: usize = 9;
/// The most characters that are spoken at once (rule 67).
pub(super) const TEXT: usize = 1000;

impl Site<'_> {
    pub(super) fn speech(&self, text: &str, own: &Voice) -> SpeechParameters {
        let Voice { voice, engine, language } = self.voice;
        let text_type = text.trim_start().starts_with("<speak>").then_some(TextType::Ssml);
        SpeechParameters {
            text: text.to_owned(),
            engine: own.engine.or(*engine),
            language_code: own.language.as_ref().or(language.as_ref()).cloned(),
            text_type,
            voice_id: own.voice.as_ref().or(voice.as_ref()).cloned(),
        }
    }

    pub(super) fn speak(&self, prompt: &Prompt) -> Action {
        let SpeechParameters { text, engine, language_code, text_type, voice_id } =
            self.speech(&prompt.text, &prompt.voice);
        let call_id = self.leg(prompt.leg.as_ref());
        let participant_tag = None;
        Action::from_typed(&Speak { call_id, participant_tag, text, engine, language_code, text_type, voice_id })
    }

    /// A prompt in as many parts as its length asks for.
    pub(super) fn say(&self, what: &str, prompt: &Prompt) -> Result<Vec<Action>, Unsayable> {
        let texts = spoken(what, &prompt.text)?;
        Ok(texts.into_iter().map(|text| self.speak(&Prompt { text: text.to_owned(), ..prompt.clone() })).collect())
    }

    pub(super) fn play(&self, what: &str, audio: &Audio) -> Result<Action, Unsayable> {
        let stop_on = audio.stop_on.as_ref().map(|text| keys(what, "stop_on", text)).transpose()?;
        Ok(Action::from_typed(&PlayAudio {
            call_id: self.leg(audio.leg.as_ref()),
            participant_tag: None,
            playback_terminators: stop_on,
            repeat: audio.times.map(|times| TextOrNumber::Number(times.into())),
            audio_source: self.source(what, &audio.key, audio.bucket.as_ref())?,
        }))
    }

    pub(super) fn source(&self, what: &str, key: &str, bucket: Option<&String>) -> Result<AudioSource, Unsayable> {
        let bucket = bucket.or(self.buckets.audio.as_ref()).cloned().ok_or_else(|| {
            Unsayable::Refused(format!(
                "{what}: `{key}` is in no bucket; write {{ key = …, bucket = … }}, or set MOONRING_AUDIO_BUCKET"
            ))
        })?;
        Ok(AudioSource { source_type: StorageType::S3, bucket_name: bucket, key: key.to_owned() })
    }

    pub(super) fn pause(&self, seconds: &LuaValue) -> Result<Action, Unsayable> {
        #[allow(clippy::cast_precision_loss, reason = "more than a day is refused")]
        let given = seconds.as_f64().or(seconds.as_i64().map(|whole| whole as f64));
        let seconds = given.filter(|seconds| (0.001..=86_400.0).contains(seconds)).ok_or_else(|| {
            Unsayable::Refused(format!("call:pause: got {}; wanted seconds, 0.001 to 86400", describe(seconds)))
        })?;
        Ok(self.pause_for(millis(seconds), None))
    }

    pub(super) fn pause_for(&self, ms: u64, leg: Option<&String>) -> Action {
        let call_id = self.leg(leg);
        let duration_in_milliseconds = TextOrNumber::Number(ms);
        Action::from_typed(&Pause { call_id, participant_tag: None, duration_in_milliseconds })
    }
}

/// The parts in which a text is spoken; one that is short enough stays as it is.
pub(super) fn spoken<'a>(what: &str, text: &'a str) -> Result<Vec<&'a str>, Unsayable> {
    if text.chars().count() <= TEXT {
        return Ok(vec![text]);
    }
    if text.trim_start().starts_with("<speak>") {
        let refusal = format!("{what}: the SSML has more than {TEXT} characters, and cannot be cut; say it in parts");
        return Err(Unsayable::Refused(refusal));
    }
    Ok(parts(text, TEXT, PARTS))
}
