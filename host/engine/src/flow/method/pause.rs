//! `call:pause`: silence for a time.

use mlua::Value as LuaValue;
use moonring_wire::Action;

use super::{Argument, BuildContext, Method, MethodDoc, Sends, millis};
use crate::convert::{Unsayable, describe};

pub(super) const METHOD: Method =
    Method { name: "pause", label: "call:pause", sends: Sends::Queued(actions), schema: None };

pub(super) const DOC: MethodDoc = MethodDoc {
    summary: "Keeps silence on the first leg for a time.",
    arguments: &[Argument {
        name: "seconds",
        about: "How long. It is the only argument, without a table. Range: 0.001 to 86,400.",
    }],
    returns: "nothing",
    errors: "none; an action that fails is logged and left out",
    ends_on: None,
    example: r#"return function(call)
  call:say("One.")
  call:pause(1.5)
  call:say("Two.")
end"#,
};

fn actions(cx: &BuildContext<'_>, seconds: &LuaValue) -> Result<Vec<Action>, Unsayable> {
    #[allow(clippy::cast_precision_loss, reason = "more than a day is refused")]
    let given = seconds.as_f64().or(seconds.as_i64().map(|whole| whole as f64));
    let seconds =
        given.filter(|seconds| (0.001..=86_400.0).contains(seconds)).ok_or_else(|| {
            Unsayable::Refused(format!(
                "call:pause: got {}; wanted seconds, 0.001 to 86400",
                describe(seconds)
            ))
        })?;
    Ok(vec![cx.pause_for(millis(seconds), None)])
}
