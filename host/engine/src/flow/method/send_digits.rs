//! `call:send_digits`: DTMF tones.

use mlua::Value as LuaValue;
use moonring_wire::Action;
use moonring_wire::action::SendDigits as Send;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{BuildContext, Method, MethodDoc, Sends, small_millis};
use crate::convert::Unsayable;
use crate::schema::json_schema_of;

pub(super) const METHOD: Method = Method {
    name: "send_digits",
    label: "call:send_digits",
    sends: Sends::Queued(actions),
    schema: Some(json_schema_of::<SendDigits>),
};

pub(super) const DOC: MethodDoc = MethodDoc {
    summary: "Sends DTMF digits on a leg.",
    arguments: &[],
    returns: "nothing",
    errors: "none; an action that fails is logged and left out",
    ends_on: None,
    example: r#"return function(call)
  local leg = call:bridge { to = "+12065550101" }
  if leg then
    call:send_digits { digits = ",,1234#", tone = 0.2, leg = leg }
    call:flush()
  end
end"#,
};

/// `call:send_digits`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[schemars(extend("x-text" = "digits"))]
pub(crate) struct SendDigits {
    /// What is sent. A comma is half a second of silence. A string in place of the table is the
    /// `digits`.
    #[schemars(length(min = 1, max = 50), extend("x-form" = "dtmf", "x-data" = true))]
    pub(crate) digits: String,
    /// The length of a tone. In seconds. Default: the service's: 0.25.
    #[schemars(range(min = 0.05, max = 24))]
    pub(crate) tone: Option<f64>,
    /// The leg that gets the tones. Default: the first leg.
    #[schemars(extend("x-form" = "leg"))]
    pub(crate) leg: Option<String>,
}

fn actions(cx: &BuildContext<'_>, options: &LuaValue) -> Result<Vec<Action>, Unsayable> {
    let send: SendDigits = cx.read(&METHOD, options)?;
    let tone_duration_in_milliseconds = send.tone.map(small_millis);
    let call_id = cx.leg(send.leg.as_ref());
    Ok(vec![Action::from_typed(&Send {
        call_id,
        digits: send.digits,
        tone_duration_in_milliseconds,
    })])
}
