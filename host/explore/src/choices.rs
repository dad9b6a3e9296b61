//! What may happen behind an answer: everything that people, the service and others may do.

use moonring_exchange::Tag;
use moonring_sim::PlayedCall;
use serde_json::Value;

use crate::answer::{ActionView, AnswerView};
use crate::choice::{CalleeDoes, Choice};
use crate::digits::Listens;

/// The most digits that are tried where something else runs.
const PRESSES: usize = 12;

/// What stands around a choice.
pub(crate) struct Crossing<'a> {
    pub(crate) event: &'a Value,
    pub(crate) answer: &'a AnswerView,
    pub(crate) call: &'a PlayedCall,
    /// What is listened for beside other actions.
    pub(crate) listening: Option<&'a Listens>,
    /// What updates say, as `NAME=VALUE`.
    pub(crate) update: &'a [String],
    /// Digits that the scripts know, such as a PIN.
    pub(crate) known: &'a [String],
    /// Whether the caller is about to hang up, so that nothing else is theirs to choose.
    pub(crate) is_leaving: bool,
    /// Whether something may still go wrong on this path: one thing at a time is enough.
    pub(crate) may_fail: bool,
}

impl Crossing<'_> {
    /// What may happen, the usual first.
    pub(crate) fn choices(&self) -> Vec<Choice> {
        if !self.call.is_up() || self.is_end() || self.is_leaving {
            return vec![Choice::Nothing];
        }
        let mut choices = match self.answer.waiting() {
            Some(action) => self.of_waiting(action),
            None if self.answer.actions.is_empty() => self.of_rest(),
            None => std::iter::once(Choice::Nothing).chain(self.presses()).collect(),
        };
        let actions = self.answer.actions.iter().map(|action| action.action_type.as_str());
        let mut types: Vec<&str> = actions.filter(|action| *action != "Hangup").collect();
        types.dedup();
        if let Some(first) = types.first()
            && !choices.iter().any(|it| matches!(it, Choice::HangUp { .. }))
        {
            choices.push(Choice::HangUp { during: (*first).to_owned() });
        }
        let rests = self.answer.actions.is_empty();
        if self.has_callee() && !rests {
            choices.push(Choice::CalleeLeaves);
        }
        if self.may_fail {
            let fails = |action: &str| Choice::ActionFails { action: action.to_owned() };
            choices.extend(types.into_iter().map(fails));
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
                // An update that says something may come while somebody is asked.
                let update = (!self.update.is_empty()).then(|| self.update());
                let others = [Choice::Silent { is_callee }, hang_up].into_iter().chain(update);
                presses.chain(others).collect()
            }
            "CallAndBridge" => vec![
                Choice::Callee(CalleeDoes::Answers),
                Choice::Callee(CalleeDoes::IsBusy),
                Choice::Callee(CalleeDoes::Ignores),
                hang_up,
            ],
            "RecordAudio" => {
                let ends = action.listens().recording_ends();
                let talks = ends.into_iter().map(|digit| Choice::Talk { ends_with: Some(digit) });
                let usual = [
                    Choice::Talk { ends_with: None },
                    Choice::Silent { is_callee: false },
                    hang_up,
                ];
                usual.into_iter().chain(talks).collect()
            }
            "StartBotConversation" => vec![Choice::Silent { is_callee: false }, hang_up],
            "JoinChimeMeeting" => {
                let others = [Choice::Leave, self.update()];
                self.presses().into_iter().chain(others).collect()
            }
            "Pause" | "PlayAudio" => {
                let others = [Choice::Nothing, hang_up, self.update()];
                others.into_iter().chain(self.presses()).collect()
            }
            _ => vec![Choice::Nothing],
        }
    }

    /// Nothing runs: people talk, or something is listened for.
    fn of_rest(&self) -> Vec<Choice> {
        let mut choices = self.presses();
        if self.has_callee() {
            choices.push(Choice::CalleeLeaves);
        }
        choices.extend([Choice::Leave, self.update()]);
        choices
    }

    /// Digits that are listened for beside other actions.
    fn presses(&self) -> Vec<Choice> {
        let typed = self.listening.map(|listens| listens.typed(self.known)).unwrap_or_default();
        let fitting = typed.fitting.into_iter().take(PRESSES);
        fitting.map(|digits| Choice::Press { is_callee: false, digits }).collect()
    }

    fn update(&self) -> Choice {
        Choice::Update { arguments: self.update.to_vec() }
    }

    fn has_callee(&self) -> bool {
        let exchange = self.call.exchange();
        exchange.leg(Tag::B).is_some_and(|leg| exchange.is_leg_up(leg))
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
