//! `call:become`: the rest of the call is another flow's. Its Lua half is in
//! `lua/flow_methods.lua`.

use super::{Argument, Method, MethodDoc, Sends};

pub(super) const METHOD: Method =
    Method { name: "become", label: "call:become", sends: Sends::Nothing, schema: None };

pub(super) const DOC: MethodDoc = MethodDoc {
    summary: "Hands the rest of the call to another flow, which is called as `fn(call, state)`. What is queued is heard first; the legs stay, the journal begins anew, and functions given to `on_hangup` are dropped.",
    arguments: &[
        Argument {
            name: "script",
            about: r#"The script, without its extension, such as `"support/night"`. It must return a flow, and can be the same script."#,
        },
        Argument {
            name: "state",
            about: "What the other flow gets as its second argument. It must not hold secret digits. Range: at most 512 characters as JSON. Default: nil.",
        },
    ],
    returns: "It does not return: the other flow has the call.",
    errors: "none; a wrong script or state ends the flow with the fallback",
    ends_on: Some("the end of what is queued"),
    example: r#"return function(call, state)
  local round = if state then state.round else 1
  call:say(`This is round {round}.`)
  if round < 3 then
    call:become("main", { round = round + 1 })
  end
end"#,
};
