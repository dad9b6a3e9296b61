//! SendDigits: digits are pressed on a leg, for who is at its far end.

use std::time::Duration;

use super::{ActionSpec, Failure, Parameters, Performance, Progress, Ready, Reports};
use super::{RunningAction, Stage};

pub(super) const SPEC: ActionSpec = ActionSpec {
    name: "SendDigits",
    answers: false,
    reports: Reports::OnlyLast,
    is_interruptible: false,
    prepare,
};

/// What a comma stands for.
const COMMA: Duration = Duration::from_millis(500);

fn prepare(parameters: &mut Parameters, _: &mut Stage<'_>) -> Ready {
    let digits = parameters.text("Digits").filter(|digits| {
        digits.chars().count() <= 50
            && digits.chars().all(|digit| digit.is_ascii_digit() || "*#ABCD,".contains(digit))
    });
    let digits = digits.ok_or_else(|| Failure::value_of("Digits"))?.to_owned();
    let tone = parameters.number("ToneDurationInMilliseconds", 50, 24_000);
    let tone =
        Duration::from_millis(tone.map_err(|()| Failure::value_of("ToneDuration"))?.unwrap_or(250));
    Ok(Performance::Sending(Sending { digits, tone }))
}

#[derive(Debug, Clone)]
pub(crate) struct Sending {
    digits: String,
    tone: Duration,
}

impl RunningAction for Sending {
    fn begin(&mut self, stage: &mut Stage<'_>) -> Progress {
        stage.send_digits(std::mem::take(&mut self.digits), self.tone, COMMA);
        Progress::Waits
    }
}
