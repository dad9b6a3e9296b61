//! What `ask` and `menu` share: the prompt, the tries, and the action that collects digits.

use moonring_flow::limits::ACTIONS;
use moonring_flow::{PendingStep, StepKind, StepResult, Waits, WholeInput};
use moonring_wire::action::{
    DigitKey, PlayAudioAndGetDigits, ReceiveDigits, SpeakAndGetDigits, SpeechParameters, TextType,
};
use moonring_wire::{Action, Event};
use schemars::JsonSchema;
use serde::Deserialize;

use super::prompt::{Invalid, Part, Played, Said, Voice};
use super::{BuildContext, small_millis};
use crate::convert::Unsayable;

/// What `ask` and `menu` have in common.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
pub(crate) struct Asking {
    /// The prompt. Give either `say` or `play`. A list has several parts: strings are texts, and
    /// tables with a `key` are audio files. Required, or `play`.
    pub(crate) say: Option<Said>,
    /// The prompt as an audio file. A list has several parts: strings are keys, and tables with a
    /// `text` are spoken. Required, or `say`.
    pub(crate) play: Option<Played>,
    /// How often the caller may try in all. Default: 1 in `ask`, 3 in `menu`.
    #[schemars(range(min = 1, max = 100))]
    pub(crate) tries: Option<u32>,
    /// The time for one try. In seconds. Default: 5.
    #[schemars(range(min = 0.1, max = 3600))]
    pub(crate) timeout: Option<f64>,
    /// What the caller hears after invalid input, before the prompt again. If the prompt ends with
    /// an audio file, it is required, and a string is the key of a file; its bucket is that of the
    /// prompt unless it names one. Default: after text, the prompt is repeated, with nothing
    /// before it.
    pub(crate) invalid: Option<Invalid>,
    /// The leg that is asked. Default: the first leg.
    #[schemars(extend("x-form" = "leg"))]
    pub(crate) leg: Option<String>,
}

/// A prompt in which nothing is heard; the service wants one all the same.
const SILENCE: &str = "<speak><break time=\"100ms\"/></speak>";

/// How long after the last digit an input is looked at that is listened for, in milliseconds.
const COMPLETE: u32 = 300;
/// What no input matches.
const NOTHING: &str = "^$";

/// How keys are collected.
pub(super) struct Collect {
    pub(super) regex: Option<String>,
    pub(super) min: u32,
    pub(super) max: Option<u32>,
    pub(super) terminators: Vec<DigitKey>,
    pub(super) tries: u32,
    pub(super) digit_timeout: Option<f64>,
    /// What matches a whole input, its terminator included, while a prompt's first parts are heard;
    /// `None` where digits are not listened for in the background.
    pub(super) listens_for: Option<String>,
}

impl BuildContext<'_> {
    pub(super) fn collect(
        &self,
        what: &str,
        kind: StepKind,
        asking: &Asking,
        collect: Collect,
    ) -> Result<PendingStep, Unsayable> {
        let refuse = |text: &str| Err(Unsayable::Refused(format!("{what}: {text}")));
        let Collect { regex, min, max, terminators, tries, digit_timeout, listens_for } = collect;
        let input_digits_regex = regex;
        let parts = match (&asking.say, &asking.play) {
            (Some(_), Some(_)) => {
                return refuse("it has both `say` and `play`; wanted one of them");
            }
            (None, None) => {
                return refuse(
                    "`say` or `play` is missing; the caller would not know what to enter",
                );
            }
            (Some(Said(parts)), None) | (None, Some(Played(parts))) => parts,
        };
        let mut parts = self.joined(what, parts, asking.leg.as_ref())?;
        let last = parts.pop();
        let call_id = self.leg(asking.leg.as_ref().or(last.as_ref().and_then(Part::leg)));
        let mut actions =
            parts.iter().map(|part| self.heard(what, part)).collect::<Result<Vec<_>, _>>()?;
        // Two that listen, and the one that collects. What is queued goes alone where it is too
        // much with these: that is not done for listening.
        let own = actions.len() + 3;
        let is_too_much = self.queued + actions.len() + 1 > ACTIONS;
        let has_room = own <= ACTIONS && (is_too_much || self.queued + own <= ACTIONS);
        let listens_for = listens_for.filter(|_| !actions.is_empty() && has_room);
        if let Some(pattern) = &listens_for {
            let listen = |input_digits_regex: &str| {
                Action::from_typed(&ReceiveDigits {
                    call_id: call_id.clone(),
                    participant_tag: None,
                    input_digits_regex: input_digits_regex.to_owned(),
                    in_between_digits_duration_in_milliseconds: COMPLETE,
                    flush_digits_duration_in_milliseconds: 10 * COMPLETE,
                })
            };
            actions.insert(0, listen(pattern));
            // Nothing interrupts the action that collects: an input that was listened for would be
            // taken while it goes on, and it would ask on.
            actions.push(listen(NOTHING));
        }
        // The service repeats only the action that collects: what has several is sent again.
        let is_one = actions.is_empty();
        let repeat = Some(if is_one { tries } else { 1 });
        let (min_number_of_digits, max_number_of_digits) = (Some(min), max);
        let length = |digits| usize::try_from(digits).unwrap_or(usize::MAX);
        let input = WholeInput {
            terminators: terminators.iter().map(|key| key.0.as_str()).collect(),
            min: length(min),
            max: max.map(length),
        };
        let terminator_digits = Some(terminators).filter(|keys| !keys.is_empty());
        let in_between_digits_duration_in_milliseconds = digit_timeout.map(small_millis);
        let repeat_duration_in_milliseconds = small_millis(asking.timeout.unwrap_or(5.0));
        let participant_tag = None;
        let action = match last {
            None => return Err(Unsayable::Unusable(format!("{what}: the prompt is empty"))),
            Some(Part::Said(prompt)) => {
                let speech_parameters = self.speech(&prompt.text, &prompt.voice);
                let failure_speech_parameters = match &asking.invalid {
                    // The service says this and then the prompt again: nothing here, or the caller
                    // would hear the prompt twice.
                    None => SpeechParameters {
                        text: SILENCE.to_owned(),
                        text_type: Some(TextType::Ssml),
                        ..speech_parameters.clone()
                    },
                    Some(Invalid { text: Some(text), voice, .. }) => {
                        let own = Voice {
                            voice: voice.voice.clone().or_else(|| prompt.voice.voice.clone()),
                            engine: voice.engine.or(prompt.voice.engine),
                            language: voice
                                .language
                                .clone()
                                .or_else(|| prompt.voice.language.clone()),
                        };
                        let said = self.speech(text, &own);
                        // Left out, the service takes the type of the prompt.
                        let is_ssml = speech_parameters.text_type == Some(TextType::Ssml);
                        let plain = is_ssml.then_some(TextType::Text);
                        SpeechParameters { text_type: said.text_type.or(plain), ..said }
                    }
                    Some(_) => {
                        return refuse(
                            "`invalid` is an audio file, and the prompt ends with text; wanted text to speak",
                        );
                    }
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
            Some(Part::Played(audio)) => {
                let invalid = asking.invalid.as_ref();
                let key =
                    invalid.and_then(|invalid| invalid.key.as_ref().or(invalid.text.as_ref()));
                let Some(key) = key else {
                    return refuse(
                        "`invalid` is missing; with `play`, give the audio file to play after wrong digits",
                    );
                };
                // A text in its place would be looked for as a file, and the whole action fail.
                if invalid.is_some_and(|invalid| invalid.key.is_none()) && is_sentence(key) {
                    return refuse(&format!(
                        "`invalid` is {key:?}, which is no audio file; with `play`, give the key of a file, such as \"wrong.wav\""
                    ));
                }
                let bucket =
                    invalid.and_then(|invalid| invalid.bucket.as_ref()).or(audio.bucket.as_ref());
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
        actions.push(action);
        let waits = Waits {
            digits: listens_for.is_some(),
            tries: if is_one { 0 } else { tries },
            input,
            ..Waits::default()
        };
        Ok(PendingStep { waits, ..PendingStep::new(kind, actions).giving(digits_of) })
    }
}

/// Whether a text is words to be said, and no name of a file.
fn is_sentence(text: &str) -> bool {
    let has_ending = text.rsplit_once('.').is_some_and(|(name, ending)| {
        !name.is_empty() && (2..=4).contains(&ending.len()) && !ending.contains(' ')
    });
    let text = text.trim();
    text.ends_with(['.', '!', '?', '。']) || text.contains(char::is_whitespace) && !has_ending
}

/// The digits that an event brings, as `ask` and `menu` return them.
pub(super) fn digits_of(event: &Event) -> StepResult {
    StepResult::Digits(event.received_digits().unwrap_or_default().to_owned())
}
