//! `leg:hangup`: the end of one leg.

use mlua::Value as LuaValue;
use moonring_flow::{PendingStep, StepKind, Waits};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{BuildContext, Method, MethodDoc, Sends, hang_up};
use crate::convert::Unsayable;
use crate::schema::json_schema_of;

pub(super) const METHOD: Method = Method {
    name: "leg_hangup",
    label: "leg:hangup",
    sends: Sends::Waiting { kind: StepKind::LEG_HANGUP, build: step },
    schema: Some(json_schema_of::<LegHangup>),
};

pub(super) const DOC: MethodDoc = MethodDoc {
    summary: "`leg:hangup()` hangs up one leg, other than the first, and the flow goes on. The caller leaves a meeting this way.",
    arguments: &[],
    returns: "`true`, also if the leg has ended before",
    errors: "a common type. On the first leg it raises: use `call:hangup()`",
    ends_on: Some("the end of the leg"),
    example: r#"return function(call)
  local leg = call:bridge { to = "+12065550101" }
  if leg then
    if call:wait { timeout = 30 } == "timeout" then
      leg:hangup()
      call:say("Your thirty seconds are over.")
    end
  end
end"#,
};

/// `leg:hangup`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
pub(crate) struct LegHangup {
    pub(crate) id: String,
    pub(crate) tag: String,
}

fn step(cx: &BuildContext<'_>, options: &LuaValue) -> Result<PendingStep, Unsayable> {
    let LegHangup { id, tag } = cx.read(&METHOD, options)?;
    let pending = PendingStep::new(StepKind::LEG_HANGUP, vec![hang_up(Some(id), None)]);
    Ok(PendingStep { waits: Waits { leg: Some(tag), ..Waits::default() }, ..pending })
}
