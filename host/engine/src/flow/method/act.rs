//! `call:act`: any actions.

use mlua::{Table, Value as LuaValue};
use moonring_flow::{PendingStep, StepKind, acted};
use moonring_wire::action::REPORTING;

use super::{Argument, BuildContext, Method, MethodDoc, Sends};
use crate::answer::given_action;
use crate::convert::{Unsayable, describe};

pub(super) const METHOD: Method = Method {
    name: "act",
    label: "call:act",
    sends: Sends::Waiting { kind: StepKind::ACT, build: step },
    schema: None,
};

pub(super) const DOC: MethodDoc = MethodDoc {
    summary: "Sends any actions, made by their [builders](actions.md). Use it for parameters that no other method has.",
    arguments: &[Argument {
        name: "action, …",
        about: "One or more actions. Those that send an event of their own must be the last: CallAndBridge, Hangup, JoinChimeMeeting, ModifyChimeMeetingAttendees, PlayAudioAndGetDigits, RecordAudio, SpeakAndGetDigits, StartBotConversation. Range: at most 10, together with what is queued.",
    }],
    returns: "what the event of the last action said: `{ InvocationEventType, ActionData }`, with `ActionData.Parameters` as you sent them",
    errors: "`no_input`, `no_answer`, or `left` when the leg ended. Or a common type. It raises if an action that sends an event of its own is not the last, or if there is no action",
    ends_on: Some("the end of the last action, or the failure of any"),
    example: r#"return function(call)
  local event, err = call:act(action.speak_and_get_digits {
    speech_parameters = { text = "Your PIN, please." },
    failure_speech_parameters = { text = "That was not four digits." },
    min_number_of_digits = 4, max_number_of_digits = 4, tries = 2,
    in_between_digits_duration_in_milliseconds = 3000, repeat_duration_in_milliseconds = 8000,
  })
  call:say(if event then `You entered {event.ActionData.ReceivedDigits}.` else "Goodbye.")
end"#,
};

fn step(cx: &BuildContext<'_>, actions: &LuaValue) -> Result<PendingStep, Unsayable> {
    let refuse = |text: String| Err(Unsayable::Refused(format!("call:act: {text}")));
    let mut built = Vec::new();
    for item in actions.as_table().into_iter().flat_map(Table::sequence_values::<LuaValue>) {
        let item = item?;
        match item.as_table().map(|table| given_action(table, cx.marks)) {
            Some(Some(action)) => built.push(action?.0),
            _ => {
                let came = describe(&item);
                return refuse(format!(
                    "argument {} is {came}; wanted actions, such as action.speak {{ … }}",
                    built.len() + 1
                ));
            }
        }
    }
    let Some((last, before)) = built.split_last() else {
        return refuse(
            "no action is given; wanted at least one, such as action.speak { … }".to_owned(),
        );
    };
    if let Some(early) =
        before.iter().find(|action| REPORTING.contains(&action.action_type.as_str()))
    {
        let (early, last) = (&early.action_type, &last.action_type);
        return refuse(format!(
            "{early} sends an event of its own, and comes before {last}; put it last, and send the rest with another call:act"
        ));
    }
    Ok(PendingStep::new(StepKind::ACT, built).giving(acted))
}
