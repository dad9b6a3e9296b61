//! VoiceFocus: noise is taken out of a leg, or left in.

use std::time::Duration;

use serde_json::Value;

use super::{Failure, Parameters, Part, Ready, Reports, Role, Takes};
use crate::call::Call;
use crate::trace::Happened;

pub(super) const ROLE: Role =
    Role { name: "VoiceFocus", answers: false, reports: Reports::OnlyLast, is_interruptible: false, perform };

fn perform(parameters: &mut Parameters, part: Part, call: &mut Call) -> Ready {
    let is_flag =
        |enable: &Value| enable.is_boolean() || matches!(enable.as_str(), Some("True" | "False" | "true" | "false"));
    if !parameters.0.get("Enable").is_some_and(is_flag) {
        return Err(Failure::new("MissingRequiredActionParameter", "Missing required action parameter."));
    }
    call.trace.add(call.now, Happened::Does { action: ROLE.name.to_owned(), place: part.place });
    Ok(Box::new(Takes(Duration::ZERO)))
}
