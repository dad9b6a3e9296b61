//! From what a flow's method was given to the actions that carry it out.

use std::time::Duration;

use mlua::{Table, Value as LuaValue};
use moonring_wire::action::{
    AudioSource, BridgeEndpoint, CallAndBridge, Hangup, JoinChimeMeeting, Pause, PlayAudio, PlayAudioAndGetDigits,
    ReceiveDigits, RecordAudio, RecordingDestination, Speak, SpeakAndGetDigits, SpeechParameters, StorageType,
    TextOrNumber, TextType,
};
use moonring_wire::{Action, Event, Participant};

use super::options::{self, Asking, Audio, Invalid, Prompt, Shapes, Voice, keys, read};
use super::pending::{Pending, Waits};
use super::step_kind::StepKind;
use crate::convert::{Unsayable, describe};
use crate::{Buckets, Place};

/// How long a `wait` without a prompt and a time pauses at a time, in milliseconds.
const PAUSE: u64 = 60_000;

/// A prompt in which nothing is heard; the service wants one all the same.
const SILENCE: &str = "<speak><break time=\"100ms\"/></speak>";

/// What the builders need to know of the call.
pub(super) struct Site<'a> {
    pub(super) shapes: &'a Shapes,
    pub(super) list_mark: &'a Table,
    pub(super) buckets: &'a Buckets,
    pub(super) voice: &'a Voice,
    pub(super) event: &'a Event,
    /// Whether a second leg is connected.
    pub(super) is_bridged: bool,
}

impl Site<'_> {
    /// The action of a queued method.
    pub(super) fn queued(&self, name: &str, options: &LuaValue) -> Result<Action, Unsayable> {
        match name {
            "say" => {
                let prompt: Prompt = read("call:say", options, &self.shapes.prompt, self.list_mark)?;
                Ok(self.speak(&prompt))
            }
            "play" => {
                let audio: Audio = read("call:play", options, &self.shapes.audio, self.list_mark)?;
                self.play("call:play", &audio)
            }
            _ => self.pause(options),
        }
    }

    /// A voice for every prompt that follows.
    pub(super) fn voice(&self, options: &LuaValue) -> Result<Voice, Unsayable> {
        read("call.voice", options, &self.shapes.voice, self.list_mark)
    }

    /// The last actions of a waiting method, and what ends it.
    pub(super) fn waiting(&self, kind: StepKind, options: &LuaValue) -> Result<Pending, Unsayable> {
        let (shapes, mark) = (self.shapes, self.list_mark);
        match kind {
            StepKind::Ask => self.ask(&read("call:ask", options, &shapes.ask, mark)?),
            StepKind::Menu => self.menu(&read("call:menu", options, &shapes.menu, mark)?),
            StepKind::Record => self.record(&read("call:record", options, &shapes.record, mark)?),
            StepKind::Bridge => self.bridge(&read("call:bridge", options, &shapes.bridge, mark)?),
            StepKind::JoinMeeting => {
                let options::JoinMeeting { join_token, meeting_id, .. } =
                    read("call:join_meeting", options, &shapes.join_meeting, mark)?;
                let join = JoinChimeMeeting { join_token, meeting_id, ..JoinChimeMeeting::default() };
                Ok(Pending::new(kind, vec![Action::from_typed(&join)]))
            }
            StepKind::Wait => self.wait(&read("call:wait", options, &shapes.wait, mark)?),
            StepKind::LegHangup => {
                let options::LegHangup { id, tag } = read("leg:hangup", options, &shapes.leg_hangup, mark)?;
                let pending = Pending::new(kind, vec![hang_up(Some(id), None)]);
                Ok(Pending { waits: Waits { leg: Some(tag), ..Waits::default() }, ..pending })
            }
            StepKind::Hangup => {
                let options::Hangup { code } = read("call:hangup", options, &shapes.hangup, mark)?;
                Ok(Pending::new(kind, self.hang_up_all(code.as_ref())))
            }
            _ => Ok(Pending::new(kind, Vec::new())),
        }
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

    fn leg(&self, leg: Option<&String>) -> Option<String> {
        leg.cloned().or_else(|| self.first_leg())
    }

    fn speech(&self, text: &str, own: &Voice) -> SpeechParameters {
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

    fn speak(&self, prompt: &Prompt) -> Action {
        let SpeechParameters { text, engine, language_code, text_type, voice_id } =
            self.speech(&prompt.text, &prompt.voice);
        let call_id = self.leg(prompt.leg.as_ref());
        let participant_tag = None;
        Action::from_typed(&Speak { call_id, participant_tag, text, engine, language_code, text_type, voice_id })
    }

    fn play(&self, what: &str, audio: &Audio) -> Result<Action, Unsayable> {
        let stop_on = audio.stop_on.as_ref().map(|text| keys(what, "stop_on", text)).transpose()?;
        Ok(Action::from_typed(&PlayAudio {
            call_id: self.leg(audio.leg.as_ref()),
            participant_tag: None,
            playback_terminators: stop_on,
            repeat: audio.times.map(|times| TextOrNumber::Number(times.into())),
            audio_source: self.source(what, &audio.key, audio.bucket.as_ref())?,
        }))
    }

    fn source(&self, what: &str, key: &str, bucket: Option<&String>) -> Result<AudioSource, Unsayable> {
        let bucket = bucket.or(self.buckets.audio.as_ref()).cloned().ok_or_else(|| {
            Unsayable::Refused(format!(
                "{what}: `{key}` is in no bucket; write {{ key = …, bucket = … }}, or set MOONRING_AUDIO_BUCKET"
            ))
        })?;
        Ok(AudioSource { source_type: StorageType::S3, bucket_name: bucket, key: key.to_owned() })
    }

    fn pause(&self, seconds: &LuaValue) -> Result<Action, Unsayable> {
        #[allow(clippy::cast_precision_loss, reason = "more than a day is refused")]
        let given = seconds.as_f64().or(seconds.as_i64().map(|whole| whole as f64));
        let seconds = given.filter(|seconds| (0.001..=86_400.0).contains(seconds)).ok_or_else(|| {
            Unsayable::Refused(format!("call:pause: got {}; wanted seconds, 0.001 to 86400", describe(seconds)))
        })?;
        Ok(self.pause_for(millis(seconds), None))
    }

    fn pause_for(&self, ms: u64, leg: Option<&String>) -> Action {
        let call_id = self.leg(leg);
        let duration_in_milliseconds = TextOrNumber::Number(ms);
        Action::from_typed(&Pause { call_id, participant_tag: None, duration_in_milliseconds })
    }

    fn ask(&self, ask: &options::Ask) -> Result<Pending, Unsayable> {
        const WHAT: &str = "call:ask";
        let (min, max) = (ask.min.unwrap_or(1), ask.max);
        if let Some(max) = max.filter(|max| *max < min) {
            let text = format!("{WHAT}: `max` is {max}; wanted at least `min`, which is {min}");
            return Err(Unsayable::Refused(text));
        }
        let terminators = keys(WHAT, "terminators", ask.terminators.as_deref().unwrap_or("#"))?;
        let collect = Collect {
            regex: ask.regex.clone(),
            min,
            max,
            terminators,
            tries: ask.asking.tries.unwrap_or(1),
            digit_timeout: ask.digit_timeout,
        };
        self.collect(WHAT, StepKind::Ask, &ask.asking, collect)
    }

    fn menu(&self, menu: &options::Menu) -> Result<Pending, Unsayable> {
        // Keys are digits, # and *; in a class the star is itself.
        let choices: Vec<_> = menu.options.iter().map(|keys| keys.replace('*', "[*]")).collect();
        let lengths = || menu.options.iter().map(|keys| u32::try_from(keys.len()).unwrap_or(u32::MAX));
        let (min, max) = (lengths().min().unwrap_or(1), lengths().max().unwrap_or(1));
        let has_hash = menu.options.iter().any(|keys| keys.contains('#'));
        let terminators = keys("call:menu", "options", if has_hash { "" } else { "#" })?;
        let regex = Some(format!("^({})$", choices.join("|")));
        let tries = menu.asking.tries.unwrap_or(3);
        let collect = Collect { regex, min, max: Some(max), terminators, tries, digit_timeout: None };
        self.collect("call:menu", StepKind::Menu, &menu.asking, collect)
    }

    fn collect(&self, what: &str, kind: StepKind, asking: &Asking, collect: Collect) -> Result<Pending, Unsayable> {
        let refuse = |text: &str| Err(Unsayable::Refused(format!("{what}: {text}")));
        let call_id = self.leg(asking.leg.as_ref());
        let Collect { regex: input_digits_regex, min, max, terminators, tries, digit_timeout } = collect;
        let (min_number_of_digits, max_number_of_digits, repeat) = (Some(min), max, Some(tries));
        let terminator_digits = Some(terminators).filter(|keys| !keys.is_empty());
        let in_between_digits_duration_in_milliseconds = digit_timeout.map(small_millis);
        let repeat_duration_in_milliseconds = small_millis(asking.timeout.unwrap_or(5.0));
        let participant_tag = None;
        let action = match (&asking.say, &asking.play) {
            (Some(_), Some(_)) => return refuse("it has both `say` and `play`; wanted one of them"),
            (None, None) => return refuse("`say` or `play` is missing: the caller would not know what is asked"),
            (Some(prompt), None) => {
                let speech_parameters = self.speech(&prompt.text, &prompt.voice);
                let failure_speech_parameters = match &asking.invalid {
                    // The service says this and then the prompt again: nothing here, or the caller would hear the prompt twice.
                    None => SpeechParameters {
                        text: SILENCE.to_owned(),
                        text_type: Some(TextType::Ssml),
                        ..speech_parameters.clone()
                    },
                    Some(Invalid { text: Some(text), voice, .. }) => {
                        let own = Voice {
                            voice: voice.voice.clone().or_else(|| prompt.voice.voice.clone()),
                            engine: voice.engine.or(prompt.voice.engine),
                            language: voice.language.clone().or_else(|| prompt.voice.language.clone()),
                        };
                        self.speech(text, &own)
                    }
                    Some(_) => return refuse("`invalid` is an audio file; wanted a prompt, as with `say`"),
                };
                Action::from_typed(&SpeakAndGetDigits {
                    call_id,
                    participant_tag,
                    input_digits_regex,
                    speech_parameters,
                    failure_speech_parameters,
                    min_number_of_digits,
                    max_number_of_digits,
                    terminator_digits,
                    in_between_digits_duration_in_milliseconds,
                    repeat,
                    repeat_duration_in_milliseconds,
                })
            }
            (None, Some(audio)) => {
                let invalid = asking.invalid.as_ref();
                let key = invalid.and_then(|invalid| invalid.key.as_ref().or(invalid.text.as_ref()));
                let Some(key) = key else {
                    return refuse("`invalid` is missing: with `play`, what is played after wrong keys must be said");
                };
                let bucket = invalid.and_then(|invalid| invalid.bucket.as_ref()).or(audio.bucket.as_ref());
                Action::from_typed(&PlayAudioAndGetDigits {
                    call_id,
                    participant_tag,
                    input_digits_regex,
                    audio_source: self.source(what, &audio.key, audio.bucket.as_ref())?,
                    failure_audio_source: self.source(what, key, bucket)?,
                    min_number_of_digits,
                    max_number_of_digits,
                    terminator_digits,
                    in_between_digits_duration_in_milliseconds,
                    repeat,
                    repeat_duration_in_milliseconds,
                })
            }
        };
        Ok(Pending::new(kind, vec![action]))
    }

    fn record(&self, record: &options::Record) -> Result<Pending, Unsayable> {
        let bucket_name = record.bucket.as_ref().or(self.buckets.recordings.as_ref()).cloned().ok_or_else(|| {
            let text = "call:record: `bucket` is missing, and there is no default; set MOONRING_RECORDING_BUCKET";
            Unsayable::Refused(text.to_owned())
        })?;
        let prefix = record.prefix.clone();
        let recording_destination = RecordingDestination { destination_type: StorageType::S3, bucket_name, prefix };
        let action = Action::from_typed(&RecordAudio {
            call_id: self.leg(record.leg.as_ref()),
            participant_tag: None,
            duration_in_seconds: record.max.map(|seconds| TextOrNumber::Number(seconds.into())),
            silence_duration_in_seconds: record.silence,
            silence_threshold: record.threshold,
            recording_terminators: keys("call:record", "terminators", record.terminators.as_deref().unwrap_or("#"))?,
            recording_destination,
        });
        Ok(Pending::new(StepKind::Record, vec![action]))
    }

    fn bridge(&self, bridge: &options::Bridge) -> Result<Pending, Unsayable> {
        let refuse = |text: &str| Err(Unsayable::Refused(format!("call:bridge: {text}")));
        let endpoint = match (&bridge.to, &bridge.arn, &bridge.uri) {
            (Some(to), None, None) => BridgeEndpoint::Pstn { uri: to.clone() },
            (None, Some(arn), Some(uri)) => BridgeEndpoint::Aws { arn: arn.clone(), uri: uri.clone() },
            (None, None, None) => return refuse("`to` is missing; wanted a phone number, or `arn` and `uri`"),
            _ => return refuse("wanted `to`, or both `arn` and `uri`"),
        };
        let leg = self.event.first_leg();
        let numbers = [leg.and_then(Participant::from), leg.and_then(Participant::to)];
        let own = numbers.into_iter().flatten().find(|number| number.starts_with('+')).map(str::to_owned);
        let Some(caller_id_number) = bridge.caller_id.clone().or(own) else {
            return refuse("`caller_id` is missing, and neither number of the call is one; wanted a phone number");
        };
        let ringback = bridge.ringback.as_ref();
        let ringback_tone =
            ringback.map(|audio| self.source("call:bridge", &audio.key, audio.bucket.as_ref())).transpose()?;
        let action = Action::from_typed(&CallAndBridge {
            call_id: None,
            call_timeout_seconds: Some(TextOrNumber::Number(bridge.timeout.unwrap_or(30).into())),
            caller_id_number,
            ringback_tone,
            endpoints: vec![endpoint],
            sip_headers: bridge.sip_headers.clone(),
        });
        Ok(Pending::new(StepKind::Bridge, vec![action]))
    }

    fn wait(&self, wait: &options::Wait) -> Result<Pending, Unsayable> {
        let refuse = |text: &str| Err(Unsayable::Refused(format!("call:wait: {text}")));
        let leg = wait.leg.as_ref();
        let mut actions = Vec::new();
        if let Some(regex) = &wait.digits {
            let quiet = small_millis(wait.digit_timeout.unwrap_or(1.0));
            actions.push(Action::from_typed(&ReceiveDigits {
                call_id: self.leg(leg),
                participant_tag: None,
                input_digits_regex: regex.clone(),
                in_between_digits_duration_in_milliseconds: quiet,
                // As long as a whole input may take.
                flush_digits_duration_in_milliseconds: quiet.saturating_mul(10),
            }));
        }
        let has_update = wait.update.unwrap_or(true);
        let prompt = match (&wait.say, &wait.play) {
            (Some(_), Some(_)) => return refuse("it has both `say` and `play`; wanted one of them"),
            (Some(prompt), None) => {
                let prompt = Prompt { leg: prompt.leg.clone().or_else(|| leg.cloned()), ..prompt.clone() };
                Some(self.speak(&prompt))
            }
            (None, Some(audio)) => {
                let audio = Audio { leg: audio.leg.clone().or_else(|| leg.cloned()), ..audio.clone() };
                Some(self.play("call:wait", &audio)?)
            }
            (None, None) => match wait.timeout {
                Some(seconds) => Some(self.pause_for(millis(seconds), leg)),
                // Two who talk need nothing to keep them.
                None if self.is_bridged => None,
                None if wait.digits.is_none() && !has_update => {
                    return refuse(
                        "nothing could end it: there is no other leg, and it waits for no keys, update or time",
                    );
                }
                None => Some(self.pause_for(PAUSE, leg)),
            },
        };
        let has_prompt = prompt.is_some();
        actions.extend(prompt);
        let waits = Waits {
            digits: wait.digits.is_some(),
            update: has_update,
            timeout: wait.timeout.map(Duration::from_secs_f64),
            has_prompt,
            has_said: wait.say.is_some() || wait.play.is_some(),
            leg: None,
        };
        Ok(Pending { waits, ..Pending::new(StepKind::Wait, actions) })
    }
}

/// How keys are collected.
struct Collect {
    regex: Option<String>,
    min: u32,
    max: Option<u32>,
    terminators: Vec<moonring_wire::action::DigitKey>,
    tries: u32,
    digit_timeout: Option<f64>,
}

/// The legs that are up besides the first.
pub(super) fn other_legs(event: &Event) -> impl Iterator<Item = Participant<'_>> {
    let first = event.first_leg().and_then(Participant::id);
    let is_up = |leg: &Participant<'_>| leg.status() == moonring_wire::Status::Connected;
    event.participants().filter(move |leg| leg.id() != first && is_up(leg))
}

pub(super) fn hang_up(call_id: Option<String>, code: Option<&TextOrNumber>) -> Action {
    Action::from_typed(&Hangup { call_id, participant_tag: None, sip_response_code: code.cloned() })
}

/// Where each of these actions was built: all at the same place.
pub(super) fn at(actions: Vec<Action>, place: Option<&Place>) -> Vec<(Action, Option<Place>)> {
    actions.into_iter().map(|action| (action, place.cloned())).collect()
}

fn millis(seconds: f64) -> u64 {
    u64::try_from(Duration::from_secs_f64(seconds).as_millis()).unwrap_or(u64::MAX)
}

/// Within what a parameter of the service takes.
fn small_millis(seconds: f64) -> u32 {
    u32::try_from(millis(seconds)).unwrap_or(u32::MAX)
}
