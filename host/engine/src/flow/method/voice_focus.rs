//! `call:voice_focus`: noise suppression.

use mlua::Value as LuaValue;
use moonring_wire::Action;
use moonring_wire::action::{FlagOrText, VoiceFocus as Focus};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{BuildContext, Method, MethodDoc, Sends};
use crate::convert::Unsayable;
use crate::schema::json_schema_of;

pub(super) const METHOD: Method = Method {
    name: "voice_focus",
    label: "call:voice_focus",
    sends: Sends::Queued(actions),
    schema: Some(json_schema_of::<VoiceFocus>),
};

pub(super) const DOC: MethodDoc = MethodDoc {
    summary: "Turns noise suppression on or off for a leg. The service takes 5 requests a second in an account.",
    arguments: &[],
    returns: "nothing",
    errors: "none; an action that fails is logged and left out",
    ends_on: None,
    example: r#"return function(call)
  call:voice_focus()
  local name = call:record { bucket = "acme-recordings", max = 10 }
  call:voice_focus { on = false }
  call:say(if name then "Thank you." else "Goodbye.")
end"#,
};

/// `call:voice_focus`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
pub(crate) struct VoiceFocus {
    /// Whether noise is suppressed. Default: true.
    pub(crate) on: Option<bool>,
    /// The leg whose noise is suppressed. Default: the first leg.
    #[schemars(extend("x-form" = "leg"))]
    pub(crate) leg: Option<String>,
}

fn actions(cx: &BuildContext<'_>, options: &LuaValue) -> Result<Vec<Action>, Unsayable> {
    let focus: VoiceFocus = cx.read(&METHOD, options)?;
    let enable = FlagOrText::Flag(focus.on.unwrap_or(true));
    Ok(vec![Action::from_typed(&Focus { enable, call_id: cx.leg(focus.leg.as_ref()) })])
}
