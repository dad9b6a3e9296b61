//! `call:step`: runs a function once and saves what it returns. Its Lua half is in
//! `lua/flow_methods.lua`.

use super::{Argument, Method, MethodDoc, Sends};

pub(super) const METHOD: Method =
    Method { name: "step", label: "call:step", sends: Sends::Nothing, schema: None };

pub(super) const DOC: MethodDoc = MethodDoc {
    summary: "Runs a function once and saves what it returns. In a replay the saved value is returned, and the function does not run. Use it for large or secret replies.",
    arguments: &[
        Argument {
            name: "name",
            about: "The name of the step. It must not change while calls are in progress.",
        },
        Argument {
            name: "fn",
            about: "What runs. Inside it, helpers work and no other methods of `call`. Range: what it returns: JSON of at most 512 characters, or 64 KB with `MOONRING_STATE`.",
        },
    ],
    returns: "what `fn` returned",
    errors: "none; an error that `fn` raises is saved, and raised again in a replay",
    ends_on: None,
    example: r#"return function(call)
  local is_known = call:step("remember the caller", function()
    local seen = storage.get(`callers/{call.from}`)
    storage.put(`callers/{call.from}`, { at = time.now() })
    return seen ~= nil
  end)
  call:say(if is_known then "Welcome back." else "Welcome.")
end"#,
};
