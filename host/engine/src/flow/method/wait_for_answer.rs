//! `call:wait_for_answer`: the answer to an outbound call.

use mlua::Value as LuaValue;
use moonring_flow::{PendingStep, StepKind};

use super::{BuildContext, Method, MethodDoc, Sends};
use crate::convert::Unsayable;

pub(super) const METHOD: Method = Method {
    name: "wait_for_answer",
    label: "call:wait_for_answer",
    sends: Sends::Waiting { kind: StepKind::WAIT_FOR_ANSWER, build: step },
    schema: None,
};

pub(super) const DOC: MethodDoc = MethodDoc {
    summary: "On an outbound call, waits until the callee answers. Without it, the first waiting method waits for the answer, and the flow ends there if none comes. On other calls it returns at once. The service does not say whether a person or an answering machine answers: ask for a digit to find out.",
    arguments: &[],
    returns: "`true`",
    errors: "`no_answer`; `busy`; `failed`. After each of them only helpers work",
    ends_on: Some("the answer, or the end of the call"),
    example: r#"return function(call)
  local is_there, err = call:wait_for_answer()
  if not is_there then
    log.info("not reached", { reason = err.type })
    return
  end
  call:say("This is your reminder.")
end"#,
};

fn step(_: &BuildContext<'_>, _: &LuaValue) -> Result<PendingStep, Unsayable> {
    Ok(PendingStep::new(StepKind::WAIT_FOR_ANSWER, Vec::new()))
}
