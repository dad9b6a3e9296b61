//! The list of actions: run in order, reported, replaced, interrupted (rules 18 to 28 and 35 to
//! 37).

use std::collections::VecDeque;

use moonring_wire::{Action, EventType};
use serde_json::{Map, Value, json};

use crate::action::{self, Failure, Part, Progress, RunningAction};
use crate::call::Call;
use crate::event_queue::Scheduled;
use crate::invocation::OutgoingEvent;
use crate::leg::Leg;
use crate::trace::{HIDDEN, Happened};

/// An action that waits its turn.
#[derive(Debug)]
pub(crate) struct Queued {
    pub(crate) action: Action,
    /// The leg that the event was about which this answers: meant where the action names none (rule
    /// 27).
    pub(crate) leg: usize,
    pub(crate) place: Option<String>,
}

/// The action that runs.
#[derive(Debug)]
pub(crate) struct Running {
    pub(crate) action_type: String,
    /// Its parameters with defaults filled in: what events echo (rule 28).
    pub(crate) parameters: Map<String, Value>,
    pub(crate) leg: usize,
    performance: Box<dyn RunningAction>,
    /// Of its timers only this one counts.
    timer: u64,
    /// The asking for keys that it is.
    asking: u64,
    /// The list it came from has been replaced: its failure drops nothing of the new one (rule 35).
    is_replaced: bool,
}

impl Call {
    /// Runs the next action, unless one runs or the list waits for an answer.
    pub(crate) fn proceed(&mut self) {
        while self.running.is_none() && !self.list_waits && self.is_up() {
            let Some(Queued { action, leg, place }) = self.list.pop_front() else { return };
            self.begin(action, leg, place);
        }
    }

    /// Begins an action. One that fails at once drops what is left of the list (rule 22).
    fn begin(&mut self, action: Action, leg: usize, place: Option<String>) {
        let given = match action.parameters {
            Some(Value::Object(parameters)) => parameters,
            _ => Map::new(),
        };
        let action_type = action.action_type;
        let leg = match self.leg_of(&action_type, &given, leg).filter(|leg| self.legs[*leg].is_up())
        {
            Some(leg) => leg,
            None => {
                self.list.clear();
                let failure = Failure::leg_of(&action_type);
                return self.report_failure(&action_type, given, leg, failure);
            }
        };
        let mut parameters = given;
        if parameters.get("CallId").and_then(Value::as_str).is_none_or(str::is_empty) {
            parameters.insert("CallId".to_owned(), json!(self.legs[leg].id));
        }
        if let Some((error_type, message)) = self.world.faults.actions.get(&action_type) {
            let failure = Failure::new(error_type.clone(), message.clone());
            self.list.clear();
            return self.report_failure(&action_type, parameters, leg, failure);
        }
        let part = Part { leg, place };
        match action::perform(&action_type, &mut parameters, part, self) {
            Ok(performance) => {
                if action::answers(&action_type, &self.world.readings) {
                    self.answer_caller();
                }
                self.timers += 1;
                let timer = self.timers;
                self.askings += 1;
                let (asking, is_replaced) = (self.askings, false);
                self.running = Some(Running {
                    action_type,
                    parameters,
                    leg,
                    performance,
                    timer,
                    asking,
                    is_replaced,
                });
                self.let_go(|performance, call| performance.begin(call));
                self.cue();
            }
            Err(failure) => {
                self.list.clear();
                self.report_failure(&action_type, parameters, leg, failure);
            }
        }
    }

    /// The leg that parameters name: by id, else by tag, else the one the event was about (rule
    /// 27).
    fn leg_of(
        &mut self,
        action_type: &str,
        parameters: &Map<String, Value>,
        about: usize,
    ) -> Option<usize> {
        let text = |name: &str| {
            parameters.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
        };
        match (text("CallId"), text("ParticipantTag")) {
            (Some(id), _) => self.legs.iter().position(|leg| leg.id == id),
            (None, Some(tag)) => self.legs.iter().position(|leg| leg.tag.name() == tag),
            // Where the service requires a leg and gets none, LEG-A is meant; elsewhere that of the
            // event (rule 27).
            (None, None) if action::wants_leg(action_type) => {
                self.warn(format!(
                    "{action_type} has no CallId, which the guide requires; LEG-A is assumed"
                ));
                self.legs.iter().position(Leg::is_up)
            }
            // Of the leg that has just ended nothing can be wanted: what is meant is the one that
            // is left.
            (None, None) if !self.legs.get(about).is_some_and(Leg::is_up) => {
                self.legs.iter().position(Leg::is_up)
            }
            (None, None) => Some(about),
        }
    }

    /// Has the running action do something, and goes on from what that comes to.
    fn let_go(&mut self, what: impl FnOnce(&mut dyn RunningAction, &mut Self) -> Progress) {
        let Some(mut running) = self.running.take() else { return };
        match what(running.performance.as_mut(), self) {
            Progress::Waits => self.running = Some(running),
            Progress::Until(at) => {
                self.timers += 1;
                running.timer = self.timers;
                self.event_queue.add(at.max(self.now), Scheduled::ActionDue(running.timer));
                self.running = Some(running);
            }
            Progress::Asks(at) => {
                self.timers += 1;
                self.askings += 1;
                (running.timer, running.asking) = (self.timers, self.askings);
                self.event_queue.add(at.max(self.now), Scheduled::ActionDue(running.timer));
                self.running = Some(running);
                self.cue();
            }
            Progress::Done(extra) => self.report_success(running, extra),
            Progress::HungUp(code) => {
                let leg = running.leg;
                self.report_success(running, Map::new());
                self.announce(leg, code);
            }
            Progress::Failed(failure) => {
                if !running.is_replaced {
                    self.list.clear();
                }
                self.report_failure(&running.action_type, running.parameters, running.leg, failure);
                self.proceed();
            }
            Progress::Gone => self.proceed(),
        }
    }

    fn report_success(&mut self, running: Running, extra: Map<String, Value>) {
        let Running { action_type, parameters, leg, .. } = running;
        let readings = &self.world.readings;
        let is_own = action::reports(&action_type, readings) && !readings.only_last_reports;
        if is_own || self.list.is_empty() {
            let mut data = Map::new();
            data.insert("Type".to_owned(), json!(action_type));
            data.insert("Parameters".to_owned(), Value::Object(parameters));
            data.extend(extra);
            self.list_waits = true;
            self.notify(OutgoingEvent::new(
                EventType::ActionSuccessful,
                leg,
                Some(Value::Object(data)),
            ));
        }
        self.proceed();
    }

    fn report_failure(
        &mut self,
        action_type: &str,
        parameters: Map<String, Value>,
        leg: usize,
        failure: Failure,
    ) {
        self.list_waits = true;
        let mut data = Map::new();
        data.insert("Type".to_owned(), json!(action_type));
        data.insert("Parameters".to_owned(), Value::Object(parameters));
        data.extend(failure.for_action(action_type).into_fields());
        self.notify(OutgoingEvent::new(EventType::ActionFailed, leg, Some(Value::Object(data))));
    }

    /// Another list takes the place of what is left.
    pub(crate) fn replace_list(&mut self, list: VecDeque<Queued>) {
        self.list = list;
        if let Some(running) = &mut self.running {
            running.is_replaced = true;
        }
    }

    /// What replaced the list takes effect at once where the running action can be stopped (rules
    /// 35 to 37).
    pub(crate) fn interrupt(&mut self) {
        let readings = &self.world.readings;
        let Some(running) = self
            .running
            .take_if(|running| action::is_interruptible(&running.action_type, readings))
        else {
            return;
        };
        let data = json!({"Type": running.action_type, "Parameters": running.parameters});
        self.notify(OutgoingEvent::new(EventType::ActionInterrupted, running.leg, Some(data)));
    }

    pub(crate) fn action_due(&mut self, timer: u64) {
        if self.running.as_ref().is_some_and(|running| running.timer == timer) {
            self.let_go(|performance, call| performance.due(call));
        }
    }

    /// A key is pressed: the running action of the leg has it, else what listens in the
    /// background.
    pub(crate) fn key(&mut self, leg: usize, key: char) {
        if !self.legs[leg].is_up() {
            return;
        }
        let takes = self
            .running
            .as_ref()
            .is_some_and(|running| running.leg == leg && running.performance.takes(key));
        let is_heard = takes || self.legs[leg].listener.is_some();
        let tag = self.legs[leg].tag;
        let shown = if self.hides_keys { HIDDEN } else { key };
        self.trace.add(self.now, Happened::Presses { leg: tag, key: shown, is_heard });
        if takes {
            self.let_go(|performance, call| performance.key(call, key));
        } else {
            self.overhear(leg, key);
        }
    }

    /// Somebody talks.
    pub(crate) fn voice(&mut self, leg: usize, words: Option<String>) {
        if self.running.as_ref().is_some_and(|running| running.leg == leg) {
            self.let_go(|performance, call| performance.voice(call, words));
        }
    }

    /// The telephone of a bridge is picked up, or not.
    pub(crate) fn bridge_picks_up(&mut self, leg: usize) {
        self.let_go(|performance, call| performance.picked_up(call, leg));
    }

    /// The party that an action runs for has left.
    pub(crate) fn action_left(&mut self, leg: usize) {
        if self.running.as_ref().is_some_and(|running| running.leg == leg) {
            self.list.clear();
            self.let_go(|performance, call| performance.left(call));
        }
    }

    /// Whether keys of this leg are listened for, or asked for in a way that its party has not
    /// heeded yet; now they do.
    pub(crate) fn heeds(&mut self, leg: usize) -> bool {
        let asks = |running: &&Running| running.leg == leg && running.performance.asks();
        let asking = self.running.as_ref().filter(asks).map(|running| running.asking);
        let is_new = asking.is_some_and(|asking| asking != self.legs[leg].heeded);
        self.legs[leg].heeded = asking.unwrap_or(self.legs[leg].heeded);
        is_new || asking.is_none() && self.legs[leg].listener.is_some()
    }

    /// Whether an action of this type runs on this leg.
    pub(crate) fn runs_on(&self, leg: usize, action: &str) -> bool {
        self.running
            .as_ref()
            .is_some_and(|running| running.leg == leg && running.action_type == action)
    }

    /// Whether a second leg rings that may yet answer the caller.
    pub(crate) fn is_ringing_out(&self) -> bool {
        self.running.as_ref().is_some_and(|running| running.action_type == "CallAndBridge")
    }
}
