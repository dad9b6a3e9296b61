//! `call:on_hangup`: what runs when the call is over. Its Lua half is in `lua/flow_methods.lua`.

use super::{Argument, Method, MethodDoc, Sends};

pub(super) const METHOD: Method =
    Method { name: "on_hangup", label: "call:on_hangup", sends: Sends::Nothing, schema: None };

pub(super) const DOC: MethodDoc = MethodDoc {
    summary: "Has a function run once when the call is over. Several run in the order in which they were given. An error in one is logged, and the others still run.",
    arguments: &[Argument {
        name: "fn",
        about: r#"It is called as `fn(why, ended)`. `why` is `"hangup"`, `"no_answer"`, `"busy"`, `"failed"` or `"error"`: the call ended, an outbound call was not answered, or the flow failed. `ended.by` is `"caller"`, `"callee"`, `"script"` (`call:hangup`) or `"end"` (the end of the flow's function), and `ended.code` is the SIP code, such as 0 or 486. Only helpers work in it."#,
    }],
    returns: "nothing",
    errors: "none",
    ends_on: None,
    example: r#"return function(call)
  call:on_hangup(function(why, ended)
    log.info("over", { why = why, by = ended.by, code = ended.code })
  end)
  call:say("Goodbye.")
end"#,
};
