//! VoiceFocus: noise is taken out of a leg, or left in.

use std::time::Duration;

use serde_json::Value;

use super::{ActionSpec, Failure, Parameters, Part, Ready, Reports, Takes};
use crate::call::Call;
use crate::trace::Happened;

pub(super) const ROLE: ActionSpec = ActionSpec {
    name: "VoiceFocus",
    answers: false,
    reports: Reports::OnlyLast,
    is_interruptible: false,
    perform,
};

/// How often it may be used in a second (rule 66; there in all calls of an account together).
const A_SECOND: usize = 5;

fn perform(parameters: &mut Parameters, part: Part, call: &mut Call) -> Ready {
    let is_flag = |enable: &Value| {
        enable.is_boolean() || matches!(enable.as_str(), Some("True" | "False" | "true" | "false"))
    };
    if !parameters.0.get("Enable").is_some_and(is_flag) {
        return Err(Failure::new(
            "MissingRequiredActionParameter",
            "Missing required action parameter.",
        ));
    }
    let now = call.now();
    call.focused.retain(|at| now.saturating_sub(*at) < Duration::from_secs(1));
    if call.focused.len() >= A_SECOND {
        let message =
            "Failed to run action. The maximum number of actions per second has been reached.";
        return Err(Failure::new("ActionExecutionThrottled", message));
    }
    call.focused.push_back(now);
    call.trace.add(call.now, Happened::Does { action: ROLE.name.to_owned(), place: part.place });
    Ok(Box::new(Takes(Duration::ZERO)))
}
