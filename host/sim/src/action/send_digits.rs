//! SendDigits: keys are pressed on a leg, for who is at its far end.

use std::time::Duration;

use super::{ActionSpec, Failure, Parameters, Part, Ready, Reports, Takes};
use crate::call::Call;
use crate::trace::Happened;

pub(super) const ROLE: ActionSpec = ActionSpec {
    name: "SendDigits",
    answers: false,
    reports: Reports::OnlyLast,
    is_interruptible: false,
    perform,
};

/// What a comma stands for.
const COMMA: Duration = Duration::from_millis(500);

fn perform(parameters: &mut Parameters, part: Part, call: &mut Call) -> Ready {
    let digits = parameters.text("Digits").filter(|digits| {
        digits.chars().count() <= 50
            && digits.chars().all(|key| key.is_ascii_digit() || "*#ABCD,".contains(key))
    });
    let digits = digits.ok_or_else(|| Failure::value_of("Digits"))?.to_owned();
    let tone = parameters.number("ToneDurationInMilliseconds", 50, 24_000);
    let tone =
        Duration::from_millis(tone.map_err(|()| Failure::value_of("ToneDuration"))?.unwrap_or(250));
    let lasts = digits.chars().map(|key| if key == ',' { COMMA } else { tone }).sum();
    let leg = call.legs[part.leg].tag;
    let what = format!("the digits {digits}");
    call.trace
        .add(call.now, Happened::Hears { leg, what, is_audio: true, lasts, place: part.place });
    Ok(Box::new(Takes(lasts)))
}
