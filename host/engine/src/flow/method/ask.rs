//! `call:ask`: DTMF digits from the caller.

use mlua::Value as LuaValue;
use moonring_flow::{PendingStep, StepKind};
use schemars::JsonSchema;
use serde::Deserialize;

use super::collect_digits::{Asking, Collect};
use super::{BuildContext, Method, MethodDoc, Sends, keys};
use crate::convert::Unsayable;
use crate::schema::json_schema_of;

/// Its letter in journals.
const KIND: StepKind = StepKind::new('a');

pub(super) const METHOD: Method = Method {
    name: "ask",
    label: "call:ask",
    sends: Sends::Waiting { kind: KIND, build: step },
    schema: Some(json_schema_of::<Ask>),
};

pub(super) const DOC: MethodDoc = MethodDoc {
    summary: "Plays a prompt and collects DTMF digits. A digit cuts the prompt short (barge-in).",
    arguments: &[],
    returns: "the digits, as a string",
    errors: "`no_input` when no try gave valid digits; `left` when the leg ended. Or a common type",
    ends_on: Some("valid digits, or the end of the last try"),
    example: r#"return function(call)
  local number, err = call:ask {
    say = "Please enter your order number of six digits.", min = 6, max = 6,
    regex = "^[0-9]{6}$", tries = 3, timeout = 10, invalid = "That was not six digits.",
  }
  if number then
    call:say(`Thank you. Your order is {number}.`)
  else
    call:say(`We did not get it: {err.type}.`)
  end
end"#,
};

/// `call:ask`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
pub(crate) struct Ask {
    #[serde(flatten)]
    #[schemars(flatten)]
    pub(crate) asking: Asking,
    /// The fewest digits. Default: 1.
    #[schemars(range(min = 0, max = 128))]
    pub(crate) min: Option<u32>,
    /// The most digits; at least `min`. Default: the service's: 128.
    #[schemars(range(min = 1, max = 128))]
    pub(crate) max: Option<u32>,
    /// What the whole input must match. Default: any digits.
    #[schemars(length(min = 1))]
    pub(crate) regex: Option<String>,
    /// The digits that end the input. They are not part of what is returned. Default: `"#"`.
    pub(crate) terminators: Option<String>,
    /// The longest wait between two digits. In seconds. Default: the service's: the `timeout`.
    #[schemars(range(min = 0.1, max = 3600))]
    pub(crate) digit_timeout: Option<f64>,
    /// Whether the digits are kept out of logs, traces and errors, and sealed in the journal. It
    /// needs `MOONRING_SECRET_KEY` on a deployed host, and raises while the call is recorded.
    /// Default: false.
    pub(crate) secret: Option<bool>,
}

fn step(cx: &BuildContext<'_>, options: &LuaValue) -> Result<PendingStep, Unsayable> {
    const WHAT: &str = METHOD.label;
    let ask: Ask = cx.read(&METHOD, options)?;
    let (min, max) = (ask.min.unwrap_or(1), ask.max);
    let is_secret = ask.secret.unwrap_or(false);
    if is_secret && !cx.has_key {
        let text = format!(
            "{WHAT}: `secret` needs a key, and this host has none; set MOONRING_SECRET_KEY (make one with: openssl rand -hex 32)"
        );
        return Err(Unsayable::Refused(text));
    }
    if let Some(max) = max.filter(|max| *max < min) {
        let text = format!("{WHAT}: `max` is {max}; wanted at least `min`, which is {min}");
        return Err(Unsayable::Refused(text));
    }
    let terminators = keys(WHAT, "terminators", ask.terminators.as_deref().unwrap_or("#"))?;
    if terminators.is_empty() {
        let text =
            "`terminators` is empty, and the service would then use #; wanted at least one digit";
        return Err(Unsayable::Refused(format!("{WHAT}: {text}")));
    }
    let ends = ask.terminators.as_deref().unwrap_or("#");
    let collect = Collect {
        regex: ask.regex.clone(),
        min,
        max,
        terminators,
        tries: ask.asking.tries.unwrap_or(1),
        digit_timeout: ask.digit_timeout,
        // What is typed in confidence is asked for by one action alone.
        listens_for: input_pattern(&ask, ends, max).filter(|_| !is_secret),
    };
    Ok(PendingStep { is_secret, ..cx.collect(WHAT, KIND, &ask.asking, collect)? })
}

/// What matches a whole input as soon as it is one: with its terminator, or with as many digits as
/// there may be. A regular expression that is not anchored may match the first of several digits,
/// and of another nobody knows how many there are: it wants the terminator, or a fixed number.
fn input_pattern(ask: &Ask, terminators: &str, max: Option<u32>) -> Option<String> {
    let min = ask.min.unwrap_or(1);
    if let Some(regex) = &ask.regex {
        let body = regex.strip_prefix('^')?.strip_suffix('$')?;
        let body = Some(body).filter(|body| !body.ends_with('\\'))?;
        let is_fixed = max == Some(min);
        return Some(format!("^(?:{body})[{terminators}]{}$", if is_fixed { "?" } else { "" }));
    }
    let digits: String = "0123456789*#".chars().filter(|key| !terminators.contains(*key)).collect();
    Some(match max {
        // The service takes no digit behind the last that there may be.
        Some(max) => format!("^(?:[{digits}]{{{max}}}|[{digits}]{{{min},{max}}}[{terminators}]$)"),
        None => format!("^[{digits}]{{{min},}}[{terminators}]$"),
    })
}
