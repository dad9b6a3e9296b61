//! `call:wait`: what comes next.

use std::time::Duration;

use mlua::Value as LuaValue;
use moonring_flow::limits::ACTIONS;
use moonring_flow::{PendingStep, StepKind, Waits, WholeInput};
use moonring_wire::Action;
use moonring_wire::action::ReceiveDigits;
use schemars::JsonSchema;
use serde::Deserialize;

use super::prompt::{Played, Said};
use super::{BuildContext, Method, MethodDoc, Sends, millis, small_millis};
use crate::convert::Unsayable;
use crate::schema::json_schema_of;

pub(super) const METHOD: Method = Method {
    name: "wait",
    label: "call:wait",
    sends: Sends::Waiting { kind: StepKind::WAIT, build: step },
    schema: Some(json_schema_of::<Wait>),
};

pub(super) const DOC: MethodDoc = MethodDoc {
    summary: "Waits for what happens next: digits, an update, the end of another leg, or a timeout. It is the only method besides `ask` and `menu` that returns digits, and the only one that returns updates.",
    arguments: &[],
    returns: r#"two values: `"digits"` and the digits; `"update"` and its arguments as a table; `"left"` and the leg; or `"timeout"`"#,
    errors: "`left` when the leg of its prompt has ended. Or a common type. It raises if nothing could end it, or if nothing has answered the call yet",
    ends_on: Some(
        "digits that match, an update, the end of another leg, or the `timeout`. An update or the end of a leg that came earlier ends it at once",
    ),
    example: r#"return function(call)
  call:say("Press any digit to stop the music.")
  local what, detail = call:wait {
    play = { key = "music.wav", bucket = "acme-prompts" }, digits = "^[0-9]$", timeout = 60,
  }
  if what == "digits" then
    call:say(`You pressed {detail}.`)
  elseif what == "update" then
    call:say(`Your agent is {detail.agent}.`)
  end
end"#,
};

/// How long a `wait` without a prompt and a time pauses at a time, in milliseconds.
const PAUSE: u64 = 60_000;

/// `call:wait`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
pub(crate) struct Wait {
    /// The digits that end it. Digits that do not match are dropped. Default: digits do not end it.
    #[schemars(length(min = 1))]
    pub(crate) digits: Option<String>,
    /// How long after a digit the input is matched. The input is forgotten after ten times as long.
    /// In seconds. Default: 1.
    #[schemars(range(min = 0.1, max = 60))]
    pub(crate) digit_timeout: Option<f64>,
    /// The leg whose digits count and that hears the prompt. Default: the first leg.
    #[schemars(extend("x-form" = "leg"))]
    pub(crate) leg: Option<String>,
    /// Whether an update ends it. Default: true.
    pub(crate) update: Option<bool>,
    /// What is said once, before silence. A list has several parts: strings are texts, and tables
    /// with a `key` are audio files. Give either `say` or `play`, or neither. Default: silence.
    pub(crate) say: Option<Said>,
    /// What is played again and again. A list has several parts: strings are keys, and tables with
    /// a `text` are spoken. Default: silence.
    pub(crate) play: Option<Played>,
    /// After how much silence `say` is said again. It needs `say`. In seconds. Default: it is said
    /// once.
    #[schemars(range(min = 1, max = 3600))]
    pub(crate) again: Option<f64>,
    /// When it ends by itself. With `play` the time is checked when the file ends. In seconds.
    /// Default: none.
    #[schemars(range(min = 0.1, max = 86400))]
    pub(crate) timeout: Option<f64>,
}

fn step(cx: &BuildContext<'_>, options: &LuaValue) -> Result<PendingStep, Unsayable> {
    let wait: Wait = cx.read(&METHOD, options)?;
    let refuse = |text: &str| Err(Unsayable::Refused(format!("call:wait: {text}")));
    let leg = wait.leg.as_ref();
    let mut actions = Vec::new();
    if let Some(regex) = &wait.digits {
        let quiet = small_millis(wait.digit_timeout.unwrap_or(1.0));
        actions.push(Action::from_typed(&ReceiveDigits {
            call_id: cx.leg(leg),
            participant_tag: None,
            input_digits_regex: regex.clone(),
            in_between_digits_duration_in_milliseconds: quiet,
            // As long as a whole input may take.
            flush_digits_duration_in_milliseconds: quiet.saturating_mul(10),
        }));
    }
    let has_update = wait.update.unwrap_or(true);
    let before = actions.len();
    let silence = match (&wait.say, &wait.play) {
        (Some(_), Some(_)) => return refuse("it has both `say` and `play`; wanted one of them"),
        (Some(Said(parts)), None) => {
            for part in cx.joined("call:wait", parts, leg)? {
                actions.push(cx.heard("call:wait", &part)?);
            }
            // Heard once: each further round costs an invocation, of which a call has 1,000 (rule
            // 32).
            Some(cx.pause_for(wait.again.map_or(PAUSE, millis), leg))
        }
        (None, Some(Played(parts))) => {
            for part in cx.joined("call:wait", parts, leg)? {
                actions.push(cx.heard("call:wait", &part)?);
            }
            None
        }
        (None, None) => match wait.timeout {
            // The end of the other leg is to be answered soon, and nothing stops a pause.
            Some(seconds) if cx.is_bridged => {
                let room = ACTIONS.saturating_sub(cx.queued + actions.len());
                actions.extend(cx.pauses_for(millis(seconds), leg, room));
                None
            }
            Some(seconds) => Some(cx.pause_for(millis(seconds), leg)),
            // Two who talk need nothing to keep them.
            None if cx.is_bridged => None,
            None if wait.digits.is_none() && !has_update => {
                return refuse(
                    "nothing could end it: there is no other leg, and it does not wait for digits, an update or a timeout",
                );
            }
            None => Some(cx.pause_for(PAUSE, leg)),
        },
    };
    if wait.again.is_some() && wait.say.is_none() {
        return refuse("`again` works only with `say`; an audio file repeats by itself");
    }
    let has_said = wait.say.is_some() || wait.play.is_some();
    let parts = actions.len() - before;
    let is_silence_in_parts = !has_said && parts > 0;
    let has_prompt = parts > 0 || silence.is_some();
    actions.extend(silence);
    let waits = Waits {
        digits: wait.digits.is_some(),
        update: has_update,
        timeout: wait.timeout.map(Duration::from_secs_f64),
        has_prompt,
        has_said,
        parts,
        is_silence_in_parts,
        tries: 0,
        input: WholeInput::default(),
        says: wait.say.is_some(),
        says_again: wait.again.is_some(),
        leg: None,
    };
    Ok(PendingStep { waits, ..PendingStep::new(StepKind::WAIT, actions) })
}
