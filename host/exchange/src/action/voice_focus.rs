//! VoiceFocus: noise is taken out of a leg, or left in.

use serde_json::Value;

use super::{ActionSpec, Failure, Parameters, Performance, Progress, Ready, Reports};
use super::{RunningAction, Stage};

pub(super) const SPEC: ActionSpec = ActionSpec {
    name: "VoiceFocus",
    answers: false,
    reports: Reports::OnlyLast,
    is_interruptible: false,
    prepare,
};

/// How often it may be used in a second (rule 66; there in all calls of an account together).
const A_SECOND: usize = 5;

fn prepare(parameters: &mut Parameters, stage: &mut Stage<'_>) -> Ready {
    let flag = match parameters.0.get("Enable") {
        Some(Value::Bool(flag)) => Some(*flag),
        Some(Value::String(text)) if matches!(text.as_str(), "True" | "true") => Some(true),
        Some(Value::String(text)) if matches!(text.as_str(), "False" | "false") => Some(false),
        _ => None,
    };
    let is_on = flag.ok_or_else(|| {
        Failure::new("MissingRequiredActionParameter", "Missing required action parameter.")
    })?;
    if !stage.may_focus(A_SECOND) {
        let message =
            "Failed to run action. The maximum number of actions per second has been reached.";
        return Err(Failure::new("ActionExecutionThrottled", message));
    }
    Ok(Performance::Focusing(Focusing { is_on }))
}

#[derive(Debug, Clone)]
pub(crate) struct Focusing {
    is_on: bool,
}

impl RunningAction for Focusing {
    fn begin(&mut self, stage: &mut Stage<'_>) -> Progress {
        stage.note_done(SPEC.name);
        stage.reduce_noise(self.is_on);
        Progress::done()
    }
}
