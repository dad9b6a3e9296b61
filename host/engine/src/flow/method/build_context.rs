//! What the methods know of the call while they build their actions, and what several of them
//! build.

use std::cell::OnceCell;

use mlua::{Table, Value as LuaValue};
use moonring_flow::other_legs;
use moonring_wire::action::{
    AudioSource, Pause, PlayAudio, Speak, SpeechParameters, StorageType, TextOrNumber, TextType,
};
use moonring_wire::{Action, Event, Participant, is_ssml};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::prompt::{Audio, Prompt, Voice};
use super::{METHODS, Method, hang_up, keys};
use crate::Buckets;
use crate::answer::Marks;
use crate::convert::Unsayable;
use crate::flow::split_prompt::parts;
use crate::schema::Schema;
use crate::validate::Validator;

/// The most parts of a text: as many as there may be actions, less what comes behind it.
const PARTS: usize = 9;
/// How long a part of a silence is at least, in milliseconds.
const PART: u64 = 2000;
/// How long at most: so long the other side's leaving may stay without an answer.
const LONGEST_PART: u64 = 6000;
/// The most characters that are spoken at once (rule 67).
pub(super) const TEXT: usize = 1000;

/// What the builders need to know of the call.
pub(crate) struct BuildContext<'a> {
    pub(crate) schemas: &'a MethodSchemas,
    pub(crate) list_mark: &'a Table,
    pub(crate) marks: &'a Marks,
    /// Whether there is a key to keep secrets with.
    pub(crate) has_key: bool,
    pub(crate) buckets: &'a Buckets,
    pub(crate) voice: &'a Voice,
    pub(crate) event: &'a Event,
    /// Whether a second leg is connected.
    pub(crate) is_bridged: bool,
    /// How many actions are queued.
    pub(crate) queued: usize,
}

/// The schemas of all methods, in the order of [`METHODS`], and of `call.voice`. Each is made when
/// it is first needed: a call uses few of them, and the trial of a release none.
pub(crate) struct MethodSchemas {
    methods: Vec<OnceCell<Schema>>,
    voice: OnceCell<Schema>,
}

impl MethodSchemas {
    pub(crate) fn new() -> Self {
        Self { methods: vec![OnceCell::new(); METHODS.len()], voice: OnceCell::new() }
    }

    /// What `call.voice` takes.
    pub(crate) fn voice(&self) -> &Schema {
        self.voice.get_or_init(Schema::of::<Voice>)
    }

    /// What a method takes.
    pub(crate) fn of(&self, method: &Method) -> Option<&Schema> {
        let json_schema = method.schema?;
        let index = METHODS.iter().position(|known| known.name == method.name)?;
        Some(self.methods.get(index)?.get_or_init(|| Schema::from_schema(&json_schema())))
    }
}

impl BuildContext<'_> {
    /// Reads the table that an author gave to a method.
    pub(super) fn read<T: DeserializeOwned>(
        &self,
        method: &Method,
        options: &LuaValue,
    ) -> Result<T, Unsayable> {
        let none = || Unsayable::Refused(format!("{}: it takes no table", method.label));
        self.read_as(method.label, options, self.schemas.of(method).ok_or_else(none)?)
    }

    /// A voice for every prompt that follows.
    pub(crate) fn voice(&self, options: &LuaValue) -> Result<Voice, Unsayable> {
        self.read_as("call.voice", options, self.schemas.voice())
    }

    fn read_as<T: DeserializeOwned>(
        &self,
        what: &str,
        options: &LuaValue,
        schema: &Schema,
    ) -> Result<T, Unsayable> {
        let validator = Validator { what, list_mark: self.list_mark, unknown: None };
        let fields = validator.options(options, schema)?;
        serde_json::from_value(Value::Object(fields))
            .map_err(|error| validator.refuse(error.to_string()))
    }

    pub(super) fn speech(&self, text: &str, own: &Voice) -> SpeechParameters {
        let Voice { voice, engine, language } = self.voice;
        let text_type = is_ssml(text).then_some(TextType::Ssml);
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
        Action::from_typed(&Speak {
            call_id,
            participant_tag,
            text,
            engine,
            language_code,
            text_type,
            voice_id,
        })
    }

    /// A prompt in as many parts as its length asks for.
    pub(super) fn say(&self, what: &str, prompt: &Prompt) -> Result<Vec<Action>, Unsayable> {
        let texts = spoken(what, &prompt.text)?;
        Ok(texts
            .into_iter()
            .map(|text| self.speak(&Prompt { text: text.to_owned(), ..prompt.clone() }))
            .collect())
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

    pub(super) fn source(
        &self,
        what: &str,
        key: &str,
        bucket: Option<&String>,
    ) -> Result<AudioSource, Unsayable> {
        let bucket = bucket.or(self.buckets.audio.as_ref()).cloned().ok_or_else(|| {
            Unsayable::Refused(format!(
                "{what}: `{key}` has no bucket; write {{ key = …, bucket = … }}, or set MOONRING_AUDIO_BUCKET"
            ))
        })?;
        Ok(AudioSource { source_type: StorageType::S3, bucket_name: bucket, key: key.to_owned() })
    }

    pub(super) fn pause_for(&self, ms: u64, leg: Option<&String>) -> Action {
        let call_id = self.leg(leg);
        let duration_in_milliseconds = TextOrNumber::Number(ms);
        Action::from_typed(&Pause { call_id, participant_tag: None, duration_in_milliseconds })
    }

    /// A silence of so long, in at most so many parts: a list that is answered in the middle of it
    /// takes effect when the part at hand is over. It may be shorter than that: no part is longer
    /// than some seconds.
    pub(super) fn pauses_for(&self, ms: u64, leg: Option<&String>, room: usize) -> Vec<Action> {
        let room = u64::try_from(room).unwrap_or(1).max(1);
        let ms = ms.min(room * LONGEST_PART);
        let parts = (ms / PART).clamp(1, room);
        let (part, rest) = (ms / parts, ms % parts);
        let length = |number| if number == 0 { part + rest } else { part };
        (0..parts).map(|number| self.pause_for(length(number), leg)).collect()
    }

    /// The end of every leg that is up, the first one last.
    pub(super) fn hang_up_all(&self, code: Option<&TextOrNumber>) -> Vec<Action> {
        let first = self.first_leg();
        let others = other_legs(self.event).filter_map(Participant::id).map(str::to_owned);
        others.map(Some).chain([first]).map(|id| hang_up(id, code)).collect()
    }

    fn first_leg(&self) -> Option<String> {
        self.event.first_leg().and_then(Participant::id).map(str::to_owned)
    }

    pub(super) fn leg(&self, leg: Option<&String>) -> Option<String> {
        leg.cloned().or_else(|| self.first_leg())
    }
}

/// The parts in which a text is spoken; one that is short enough stays as it is.
pub(super) fn spoken<'a>(what: &str, text: &'a str) -> Result<Vec<&'a str>, Unsayable> {
    if text.chars().count() <= TEXT {
        return Ok(vec![text]);
    }
    if is_ssml(text) {
        let refusal = format!(
            "{what}: the SSML has more than {TEXT} characters, and cannot be split; say it in parts"
        );
        return Err(Unsayable::Unusable(refusal));
    }
    Ok(parts(text, TEXT, PARTS))
}
