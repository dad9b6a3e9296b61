//! What may happen behind an answer: everything that people, the service and others may do.

use moonring_exchange::Tag;
use moonring_sim::PlayedCall;
use serde_json::Value;

use crate::answer::{ActionView, AnswerView};
use crate::choice::{CalleeDoes, Choice};
use crate::digits::Listens;

/// What stands around a choice.
pub(crate) struct Crossing<'a> {
    pub(crate) event: &'a Value,
    pub(crate) answer: &'a AnswerView,
    pub(crate) call: &'a PlayedCall,
    /// What is listened for beside other actions.
    pub(crate) listening: Option<&'a Listens>,
    /// Digits that the scripts know, such as a PIN.
    pub(crate) known: &'a [String],
    /// Whether something may still go wrong on this path: one thing at a time is enough.
    pub(crate) may_fail: bool,
}

impl Crossing<'_> {
    /// What may happen, the usual first.
    pub(crate) fn choices(&self) -> Vec<Choice> {
        if !self.call.is_up() || self.is_end() {
            return vec![Choice::Nothing];
        }
        let mut choices = match self.answer.waiting() {
            Some(action) => self.of_waiting(action),
            None if self.answer.actions.is_empty() => self.of_rest(),
            None => vec![Choice::Nothing],
        };
        if let Some(first) = self.answer.actions.first().map(|action| action.action_type.clone()) {
            let is_hang_up = first == "Hangup";
            let hangs_up = choices.iter().any(|it| matches!(it, Choice::HangUp { .. }));
            if !hangs_up && !is_hang_up {
                choices.push(Choice::HangUp { during: first.clone() });
            }
            if self.may_fail && !is_hang_up {
                choices.push(Choice::ActionFails { action: first });
            }
        }
        choices
    }

    /// Whether the caller is gone.
    fn is_end(&self) -> bool {
        self.event.get("InvocationEventType").is_some_and(|kind| kind == "HANGUP")
            && self
                .call
                .exchange()
                .leg(Tag::A)
                .is_none_or(|leg| !self.call.exchange().is_leg_up(leg))
    }

    fn of_waiting(&self, action: &ActionView) -> Vec<Choice> {
        let hang_up = Choice::HangUp { during: action.action_type.clone() };
        match action.action_type.as_str() {
            _ if action.asks() => {
                let is_callee = self.is_of_callee(action);
                let typed = action.listens().typed(self.known);
                let digits = typed.fitting.into_iter().chain(typed.wrong);
                let presses = digits.map(|digits| Choice::Press { is_callee, digits });
                presses.chain([Choice::Silent, hang_up]).collect()
            }
            "CallAndBridge" => vec![
                Choice::Callee(CalleeDoes::Answers),
                Choice::Callee(CalleeDoes::IsBusy),
                Choice::Callee(CalleeDoes::Ignores),
                hang_up,
            ],
            "RecordAudio" => vec![Choice::Talk, Choice::Silent, hang_up],
            "StartBotConversation" => vec![Choice::Silent, hang_up],
            "JoinChimeMeeting" => vec![Choice::Leave, Choice::Update],
            "Pause" => vec![Choice::Nothing, hang_up, Choice::Update],
            _ => vec![Choice::Nothing],
        }
    }

    /// Nothing runs: people talk, or something is listened for.
    fn of_rest(&self) -> Vec<Choice> {
        let exchange = self.call.exchange();
        let has_callee = exchange.leg(Tag::B).is_some_and(|leg| exchange.is_leg_up(leg));
        let mut choices = Vec::new();
        if let Some(listens) = self.listening {
            let fitting = listens.typed(self.known).fitting;
            choices.extend(
                fitting.into_iter().map(|digits| Choice::Press { is_callee: false, digits }),
            );
        }
        if has_callee {
            choices.push(Choice::CalleeLeaves);
        }
        choices.push(Choice::Leave);
        choices
    }

    fn is_of_callee(&self, action: &ActionView) -> bool {
        let exchange = self.call.exchange();
        let is_up = exchange.leg(Tag::B).is_some_and(|leg| exchange.is_leg_up(leg));
        let participants =
            self.event.pointer("/CallDetails/Participants").and_then(Value::as_array);
        let callee =
            participants.into_iter().flatten().find(|one| one["ParticipantTag"] == "LEG-B");
        let id = callee.and_then(|one| one["CallId"].as_str());
        is_up
            && (action.text("/ParticipantTag") == Some("LEG-B")
                || action.text("/CallId").is_some_and(|call| Some(call) == id))
    }
}
