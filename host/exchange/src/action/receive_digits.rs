//! ReceiveDigits: digits are listened for in the background.

use std::time::Duration;

use serde_json::json;

use super::collect::input_pattern;
use super::{ActionSpec, Failure, Parameters, Performance, Progress, Ready, Reports};
use super::{RunningAction, Stage};
use crate::listener::Listener;

pub(super) const SPEC: ActionSpec = ActionSpec {
    name: "ReceiveDigits",
    answers: false,
    reports: Reports::OnlyLast,
    is_interruptible: false,
    prepare,
};

fn prepare(parameters: &mut Parameters, stage: &mut Stage<'_>) -> Ready {
    let pattern = input_pattern(parameters, &stage.service().readings)?;
    let pattern = pattern.ok_or_else(|| Failure::value_of("InputDigitsRegex"))?;
    let time = |name: &str| {
        parameters.milliseconds(name).ok().flatten().ok_or_else(|| Failure::value_of(name))
    };
    let between = time("InBetweenDigitsDurationInMilliseconds")?;
    let flush = time("FlushDigitsDurationInMilliseconds")?;
    if flush < between {
        return Err(Failure::value_of("FlushDigitsDurationInMilliseconds"));
    }
    let listener = Listener {
        parameters: parameters.0.clone(),
        pattern,
        between,
        flush,
        digits: String::new(),
        since: Duration::ZERO,
        timer: None,
    };
    Ok(Performance::Listening(Listening { listener: Some(listener) }))
}

#[derive(Debug, Clone)]
pub(crate) struct Listening {
    listener: Option<Listener>,
}

impl RunningAction for Listening {
    fn begin(&mut self, stage: &mut Stage<'_>) -> Progress {
        if let Some(listener) = self.listener.take() {
            stage.listen(listener);
        }
        Progress::done_with("ReceivedDigits", json!(""))
    }
}
