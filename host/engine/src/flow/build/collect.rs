//! Keys that a caller is asked for: `ask` and `menu`.

use moonring_flow::{PendingStep, StepKind};
use moonring_wire::Action;
use moonring_wire::action::{PlayAudioAndGetDigits, SpeakAndGetDigits, SpeechParameters, TextType};

use super::super::options::{Ask, Asking, Invalid, Menu, Prompt, Voice, keys};
use super::prompts::spoken;
use super::{Site, small_millis};
use crate::convert::Unsayable;

/// A prompt in which nothing is heard; the service wants one all the same.
const SILENCE: &str = "<speak><break time=\"100ms\"/></speak>";

/// How keys are collected.
struct Collect {
    regex: Option<String>,
    min: u32,
    max: Option<u32>,
    terminators: Vec<moonring_wire::action::DigitKey>,
    tries: u32,
    digit_timeout: Option<f64>,
}

impl Site<'_> {
    pub(super) fn ask(&self, ask: &Ask) -> Result<PendingStep, Unsayable> {
        const WHAT: &str = "call:ask";
        let (min, max) = (ask.min.unwrap_or(1), ask.max);
        let is_secret = ask.secret.unwrap_or(false);
        if is_secret && !self.has_key {
            let text = format!(
                "{WHAT}: `secret` needs a key, and this host has none; set MOONRING_SECRET_KEY (make one with: openssl rand -hex 32)"
            );
            return Err(Unsayable::Refused(text));
        }
        if let Some(max) = max.filter(|max| *max < min) {
            let text = format!("{WHAT}: `max` is {max}; wanted at least `min`, which is {min}");
            return Err(Unsayable::Refused(text));
        }
        let terminators = keys(WHAT, "terminators", ask.terminators.as_deref().unwrap_or("#"))?;
        if terminators.is_empty() {
            let text = "`terminators` is empty, and the service would take # all the same; wanted at least one key";
            return Err(Unsayable::Refused(format!("{WHAT}: {text}")));
        }
        let collect = Collect {
            regex: ask.regex.clone(),
            min,
            max,
            terminators,
            tries: ask.asking.tries.unwrap_or(1),
            digit_timeout: ask.digit_timeout,
        };
        Ok(PendingStep { is_secret, ..self.collect(WHAT, StepKind::Ask, &ask.asking, collect)? })
    }

    pub(super) fn menu(&self, menu: &Menu) -> Result<PendingStep, Unsayable> {
        // Keys are digits, # and *; in a class the star is itself.
        let again = menu.again.as_ref();
        if let Some(again) = again.filter(|again| menu.options.contains(again)) {
            return Err(Unsayable::Refused(format!("call:menu: the key {again} is in `options`, and `again` too")));
        }
        let all = || menu.options.iter().chain(again);
        let choices: Vec<_> = all().map(|keys| keys.replace('*', "[*]")).collect();
        let lengths = || all().map(|keys| u32::try_from(keys.len()).unwrap_or(u32::MAX));
        let (min, max) = (lengths().min().unwrap_or(1), lengths().max().unwrap_or(1));
        // Without one the service takes # for the end of the input; the key that ends it must be none that can be chosen.
        let is_free = |key: &char| !all().any(|keys| keys.contains(*key));
        let Some(terminator) = "#*0987654321".chars().find(is_free) else {
            let text = "call:menu: every key is in `options`; the service needs one that ends the input; leave one out";
            return Err(Unsayable::Refused(text.to_owned()));
        };
        let terminators = keys("call:menu", "options", &terminator.to_string())?;
        let regex = Some(format!("^({})$", choices.join("|")));
        let tries = menu.asking.tries.unwrap_or(3);
        let collect = Collect { regex, min, max: Some(max), terminators, tries, digit_timeout: None };
        self.collect("call:menu", StepKind::Menu, &menu.asking, collect)
    }

    fn collect(&self, what: &str, kind: StepKind, asking: &Asking, collect: Collect) -> Result<PendingStep, Unsayable> {
        let refuse = |text: &str| Err(Unsayable::Refused(format!("{what}: {text}")));
        let call_id = self.leg(asking.leg.as_ref());
        let Collect { regex: input_digits_regex, min, max, terminators, tries, digit_timeout } = collect;
        let (min_number_of_digits, max_number_of_digits, repeat) = (Some(min), max, Some(tries));
        let terminator_digits = Some(terminators).filter(|keys| !keys.is_empty());
        let in_between_digits_duration_in_milliseconds = digit_timeout.map(small_millis);
        let repeat_duration_in_milliseconds = small_millis(asking.timeout.unwrap_or(5.0));
        let participant_tag = None;
        let mut first = Vec::new();
        let action = match (&asking.say, &asking.play) {
            (Some(_), Some(_)) => return refuse("it has both `say` and `play`; wanted one of them"),
            (None, None) => return refuse("`say` or `play` is missing: the caller would not know what is asked"),
            (Some(prompt), None) => {
                // Only the end of a long prompt is repeated.
                let mut texts = spoken(what, &prompt.text)?;
                let text = texts.pop().unwrap_or_default();
                let leg = prompt.leg.clone().or_else(|| asking.leg.clone());
                let said = |text: &str| Prompt { text: text.to_owned(), leg: leg.clone(), ..prompt.clone() };
                first = texts.into_iter().map(|text| self.speak(&said(text))).collect();
                let speech_parameters = self.speech(text, &prompt.voice);
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
        first.push(action);
        Ok(PendingStep::new(kind, first))
    }
}
