//! `call:flush`: sends what is queued, and waits for its end.

use mlua::Value as LuaValue;
use moonring_flow::{PendingStep, StepKind};

use super::{BuildContext, Method, MethodDoc, Sends};
use crate::convert::Unsayable;

pub(super) const METHOD: Method = Method {
    name: "flush",
    label: "call:flush",
    sends: Sends::Waiting { kind: StepKind::FLUSH, build: step },
    schema: None,
};

pub(super) const DOC: MethodDoc = MethodDoc {
    summary: "Sends what is queued and waits until the caller has heard all of it. With an empty queue it returns at once.",
    arguments: &[],
    returns: "`true`",
    errors: "the first failure among the queued actions, of a common type; the rest has been heard. `left` when a protecting action failed because its leg had ended",
    ends_on: Some("the end of the last queued action"),
    example: r#"return function(call)
  call:say("We look that up.")
  call:flush()
  log.info("heard")
  call:say("Goodbye.")
end"#,
};

fn step(_: &BuildContext<'_>, _: &LuaValue) -> Result<PendingStep, Unsayable> {
    Ok(PendingStep::new(StepKind::FLUSH, Vec::new()))
}
