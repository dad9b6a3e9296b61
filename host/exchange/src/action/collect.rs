//! Digits are asked for: a prompt, some time, a failure prompt, and again. What the two actions
//! that do this share.

use std::time::Duration;

use fancy_regex::Regex;
use serde_json::json;

use super::{Failure, Parameters, Progress, RunningAction, Stage};
use crate::prompt::{AudioFile, Prompt};
use crate::readings::Readings;
use crate::ticket::Ticket;

/// Digits that are asked for.
#[derive(Debug, Clone)]
pub(crate) struct Collecting {
    prompt: Prompt,
    failure: Prompt,
    min: usize,
    max: usize,
    pattern: Option<Regex>,
    terminators: Vec<char>,
    /// The longest wait between two digits.
    between: Duration,
    /// The time for one try, once the prompt was heard.
    patience: Duration,
    tries: u64,
    /// A terminator alone is an input.
    takes_empty: bool,
    digits: String,
    phase: Phase,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Prompt,
    Waiting,
    Digits,
    /// What came was wrong, and there is another try.
    Failing,
    /// There is none.
    LastFailing,
}

impl Collecting {
    /// Reads what both actions have in common, and fills in its defaults.
    pub(super) fn new(
        parameters: &mut Parameters,
        prompt: Prompt,
        failure: Prompt,
        readings: &Readings,
    ) -> Result<Self, Failure> {
        // The guide names no most: this one is the simulator's own, as rules.md says.
        let number = |name: &str, min| {
            parameters.number(name, min, 100_000).map_err(|()| Failure::value_of(name))
        };
        let time = |name: &str| parameters.milliseconds(name).map_err(|()| Failure::value_of(name));
        let min = number("MinNumberOfDigits", 0)?.unwrap_or(0);
        let max = number("MaxNumberOfDigits", 1)?.unwrap_or(128);
        if max < min {
            return Err(Failure::value_of("MaxNumberOfDigits"));
        }
        let tries = number("Repeat", 1)?.unwrap_or(1);
        let patience = time("RepeatDurationInMilliseconds")?;
        let patience = patience.ok_or_else(|| Failure::value_of("RepeatDurationInMilliseconds"))?;
        let between = time("InBetweenDigitsDurationInMilliseconds")?.unwrap_or(patience);
        let terminators = parameters
            .digits("TerminatorDigits")
            .map_err(|()| Failure::value_of("TerminatorDigits"))?;
        let pattern = input_pattern(parameters, readings)?;
        parameters.default("Repeat", tries);
        parameters.default(
            "InBetweenDigitsDurationInMilliseconds",
            u64::try_from(between.as_millis()).unwrap_or(0),
        );
        let size = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        Ok(Self {
            prompt,
            failure,
            min: size(min),
            max: size(max),
            pattern,
            terminators: terminators.unwrap_or_else(|| vec!['#']),
            between,
            patience,
            tries,
            takes_empty: min == 0 && readings.empty_input_succeeds,
            digits: String::new(),
            phase: Phase::Prompt,
        })
    }

    /// The input is complete: right, or wrong and perhaps asked for again.
    fn judge(&mut self, stage: &mut Stage<'_>, terminator: Option<char>) -> Progress {
        // The sources disagree on whether the pattern sees the terminator: either way will do.
        let matches = |pattern: &Regex| {
            let with = terminator.map(|digit| format!("{}{digit}", self.digits));
            let fits = |digits: &str| pattern.is_match(digits).unwrap_or(false);
            fits(&self.digits) || with.is_some_and(|with| fits(&with))
        };
        let is_empty_right = self.takes_empty && terminator.is_some();
        let is_right = (is_empty_right || !self.digits.is_empty())
            && (self.min..=self.max).contains(&self.digits.chars().count())
            && self.pattern.as_ref().is_none_or(matches);
        if is_right {
            return Progress::done_with("ReceivedDigits", json!(self.digits));
        }
        self.tries -= 1;
        self.phase = if self.tries > 0 { Phase::Failing } else { Phase::LastFailing };
        stage.play(self.failure.clone());
        Progress::Waits
    }
}

/// What input must match, as both actions and ReceiveDigits read it (rule 71).
pub(super) fn input_pattern(
    parameters: &Parameters,
    readings: &Readings,
) -> Result<Option<Regex>, Failure> {
    const NAME: &str = "InputDigitsRegex";
    let pattern = parameters.text(NAME).map(|pattern| match readings.regex_is_whole {
        true => format!("^(?:{pattern})$"),
        false => pattern.to_owned(),
    });
    pattern.map(|pattern| Regex::new(&pattern)).transpose().map_err(|_| Failure::value_of(NAME))
}

impl RunningAction for Collecting {
    fn begin(&mut self, stage: &mut Stage<'_>) -> Progress {
        self.digits.clear();
        self.phase = Phase::Prompt;
        stage.play(self.prompt.clone());
        Progress::Asks
    }

    fn ended(&mut self, stage: &mut Stage<'_>, _: Ticket) -> Progress {
        match self.phase {
            Phase::Prompt => {
                self.phase = Phase::Waiting;
                stage.set_timer(self.patience);
                Progress::Waits
            }
            Phase::Waiting | Phase::Digits => self.judge(stage, None),
            Phase::Failing => self.begin(stage),
            Phase::LastFailing => {
                Progress::Failed(Failure::new("InvalidDigitsReceived", "Invalid digits received."))
            }
        }
    }

    fn plays(&self) -> Option<&AudioFile> {
        match self.phase {
            Phase::Prompt => self.prompt.file(),
            Phase::Failing | Phase::LastFailing => self.failure.file(),
            Phase::Waiting | Phase::Digits => None,
        }
    }

    fn asks(&self) -> bool {
        self.phase != Phase::LastFailing
    }

    fn digit(&mut self, stage: &mut Stage<'_>, digit: char) -> Progress {
        if self.phase == Phase::Failing {
            self.digits.clear();
        }
        self.phase = Phase::Digits;
        stage.stop();
        if self.terminators.contains(&digit) {
            return self.judge(stage, Some(digit));
        }
        self.digits.push(digit);
        if self.digits.chars().count() >= self.max {
            return self.judge(stage, None);
        }
        stage.set_timer(self.between);
        Progress::Waits
    }
}
