//! `call:menu`: one choice of several.

use mlua::Value as LuaValue;
use moonring_flow::{PendingStep, StepKind};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use super::collect_digits::{Asking, Collect};
use super::{BuildContext, Method, MethodDoc, Sends, keys};
use crate::convert::Unsayable;
use crate::schema::json_schema_of;

pub(super) const METHOD: Method = Method {
    name: "menu",
    label: "call:menu",
    sends: Sends::Waiting { kind: StepKind::MENU, build: step },
    schema: Some(json_schema_of::<Menu>),
};

pub(super) const DOC: MethodDoc = MethodDoc {
    summary: "Plays a prompt and returns the value of the option that the caller chooses. A digit cuts the prompt short (barge-in).",
    arguments: &[],
    returns: "the value of the chosen option; `default`, if it is given and no try gave a valid choice",
    errors: "`no_input` when no try gave a valid choice and there is no `default`. `left` when the leg ended. Or a common type",
    ends_on: Some("a choice, or the end of the last try; `again` starts it anew"),
    example: r#"return function(call)
  local choice = call:menu {
    say = "For sales, press 1. For support, press 2. To hear this again, press star.",
    options = { ["1"] = "sales", ["2"] = "support" }, again = "*", default = "support",
  }
  call:say(`We connect you with {choice}.`)
end"#,
};

/// `call:menu`, without its options, whose values are anything.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
pub(crate) struct Menu {
    #[serde(flatten)]
    #[schemars(flatten)]
    pub(crate) asking: Asking,
    /// The values by the digits that choose them, such as `{ ["1"] = "sales" }`. The names are
    /// strings or numbers, so a plain list is `1`, `2`, `3`. The values are anything. One of the
    /// twelve digits must be in no option and not in `again`: it ends the input.
    #[schemars(extend("x-form" = "choices"))]
    pub(crate) options: Vec<String>,
    /// The digits that start the menu anew, with all its tries. They must not be in `options`.
    /// Default: no digits do.
    #[schemars(extend("x-form" = "keys"))]
    pub(crate) again: Option<String>,
    /// What is returned when no try gave a valid choice. Default: `nil, err`.
    #[schemars(extend("x-form" = "anything"))]
    default: Option<Value>,
}

fn step(cx: &BuildContext<'_>, options: &LuaValue) -> Result<PendingStep, Unsayable> {
    let menu: Menu = cx.read(&METHOD, options)?;
    // Keys are digits, # and *; in a class the star is itself.
    let again = menu.again.as_ref();
    if let Some(again) = again.filter(|again| menu.options.contains(again)) {
        return Err(Unsayable::Refused(format!(
            "call:menu: {again} is in `options` and in `again` too"
        )));
    }
    let all = || menu.options.iter().chain(again);
    let choices: Vec<_> = all().map(|keys| keys.replace('*', "[*]")).collect();
    let lengths = || all().map(|keys| u32::try_from(keys.len()).unwrap_or(u32::MAX));
    let (min, max) = (lengths().min().unwrap_or(1), lengths().max().unwrap_or(1));
    // Without one the service takes # for the end of the input; the key that ends it must be none
    // that can be chosen.
    let is_free = |key: &char| !all().any(|keys| keys.contains(*key));
    let Some(terminator) = "#*0987654321".chars().find(is_free) else {
        let text = "call:menu: every digit is in `options`, and the service needs one to end the input; leave one out";
        return Err(Unsayable::Refused(text.to_owned()));
    };
    let terminators = keys("call:menu", "options", &terminator.to_string())?;
    let regex = Some(format!("^({})$", choices.join("|")));
    let tries = menu.asking.tries.unwrap_or(3);
    // A choice with which another begins is one only after some time.
    let begins = |one: &String| all().any(|other| other != one && other.starts_with(one.as_str()));
    let listens_for = regex.clone().filter(|_| !all().any(begins));
    let (max, digit_timeout) = (Some(max), None);
    let collect = Collect { regex, min, max, terminators, tries, digit_timeout, listens_for };
    cx.collect("call:menu", StepKind::MENU, &menu.asking, collect)
}
