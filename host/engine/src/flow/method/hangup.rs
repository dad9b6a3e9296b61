//! `call:hangup`: the end of the call.

use mlua::Value as LuaValue;
use moonring_flow::{PendingStep, StepKind};
use moonring_wire::action::TextOrNumber;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{BuildContext, Method, MethodDoc, Sends};
use crate::convert::Unsayable;
use crate::schema::json_schema_of;

pub(super) const METHOD: Method = Method {
    name: "hangup",
    label: "call:hangup",
    sends: Sends::Waiting { kind: StepKind::HANGUP, build: step },
    schema: Some(json_schema_of::<Hangup>),
};

pub(super) const DOC: MethodDoc = MethodDoc {
    summary: "Sends what is queued, then hangs up every leg. As the first thing in a flow it refuses the call, which is then neither answered nor charged.",
    arguments: &[],
    returns: "It does not return: the flow is over.",
    errors: "none; a hangup that fails is tried again, three times at most",
    ends_on: Some("nothing: the call ends"),
    example: r#"return function(call)
  if call.from == "+12065550142" then
    call:hangup { code = 486 }
  end
  call:say("Welcome.")
end"#,
};

/// `call:hangup`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
pub(crate) struct Hangup {
    /// The SIP response code: 0 is normal, 480 unavailable, 486 busy. Default: none is sent.
    #[schemars(extend("enum" = ["0", "480", "486", "200"]))]
    pub(crate) code: Option<TextOrNumber>,
}

fn step(cx: &BuildContext<'_>, options: &LuaValue) -> Result<PendingStep, Unsayable> {
    let Hangup { code } = cx.read(&METHOD, options)?;
    Ok(PendingStep::new(StepKind::HANGUP, cx.hang_up_all(code.as_ref())))
}
