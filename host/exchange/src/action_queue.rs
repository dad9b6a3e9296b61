//! The queue of actions: run in order, reported, replaced, interrupted (rules 18 to 28 and 35 to
//! 37).

use std::collections::VecDeque;

use moonring_wire::EventType;
use serde_json::{Map, Value, json};

use crate::action::{self, Failure, Party, Performance, Progress, RunningAction, Stage};
use crate::action_error::failure_message;
use crate::input::{Condition, Intent};
use crate::leg::{Leg, LegNumber};
use crate::lines::Lines;
use crate::next_failure::NextFailure;
use crate::outgoing_event::OutgoingEvent;
use crate::prompt::AudioFile;
use crate::ticket::Ticket;

/// An action as an answer has it.
#[derive(Debug, Clone)]
pub(crate) struct Requested {
    pub(crate) action_type: String,
    pub(crate) parameters: Map<String, Value>,
}

impl Requested {
    /// `None` where it is no action at all.
    pub(crate) fn read(action: &Value) -> Option<Self> {
        let action_type = action.get("Type")?.as_str()?.to_owned();
        let parameters = action.get("Parameters").and_then(Value::as_object).cloned();
        Some(Self { action_type, parameters: parameters.unwrap_or_default() })
    }
}

/// An action that waits its turn.
#[derive(Debug, Clone)]
pub(crate) struct Queued {
    pub(crate) action: Requested,
    /// The leg that the event was about which this answers: meant where the action names none (rule
    /// 27).
    pub(crate) leg: LegNumber,
    pub(crate) place: Option<String>,
}

/// The action that runs.
#[derive(Debug, Clone)]
struct Running {
    action_type: String,
    /// Its parameters with defaults filled in: what events echo (rule 28).
    parameters: Map<String, Value>,
    party: Party,
    performance: Performance,
    /// What it has ordered that is open.
    tickets: Vec<Ticket>,
    /// The asking for digits that it is.
    asking: u64,
    /// The list it came from has been replaced: its failure drops nothing of the new one (rule 35).
    is_replaced: bool,
}

/// The actions of a call: what runs, and what is left of the list.
#[derive(Debug, Default, Clone)]
pub(crate) struct ActionQueue {
    list: VecDeque<Queued>,
    running: Option<Running>,
    /// The list waits for the answer to an event of its own.
    waits: bool,
    /// How many times something began that a party may have waited for.
    askings: u64,
    /// How the next action fails.
    next_failure: Option<NextFailure>,
}

impl ActionQueue {
    /// The next action that begins fails like this.
    pub(crate) fn fail_next(&mut self, failure: NextFailure) {
        self.next_failure = Some(failure);
    }

    /// Runs the next action, unless one runs or the list waits for an answer.
    pub(crate) fn proceed(&mut self, lines: &mut Lines) {
        while self.running.is_none() && !self.waits && lines.is_up() {
            let Some(queued) = self.list.pop_front() else { return };
            self.begin(queued, lines);
        }
    }

    /// The answer that the list waited for is here.
    pub(crate) fn wait_no_longer(&mut self) {
        self.waits = false;
    }

    /// Begins an action. One that fails at once drops what is left of the list (rule 22).
    fn begin(&mut self, queued: Queued, lines: &mut Lines) {
        let Queued { action: Requested { action_type, mut parameters }, leg: about, place } =
            queued;
        let leg = leg_of(&action_type, &parameters, about, lines);
        let Some(leg) = leg.filter(|leg| lines.is_leg_up(*leg)) else {
            self.list.clear();
            let failure = Failure::leg_of(&action_type);
            return self.report_failure(&action_type, parameters, about, failure, lines);
        };
        if parameters.get("CallId").and_then(Value::as_str).is_none_or(str::is_empty) {
            let id = lines.leg(leg).map(|leg| leg.id.as_str());
            parameters.insert("CallId".to_owned(), json!(id));
        }
        let is_meant = |failure: &mut NextFailure| {
            failure.action_type.as_ref().is_none_or(|meant| *meant == action_type)
        };
        let wanted =
            self.next_failure.take_if(is_meant).map(|NextFailure { error_type, .. }| {
                let message = failure_message(&action_type, &error_type).unwrap_or_default();
                Failure::new(error_type, message.to_owned())
            });
        let always = lines.service.failing_actions.get(&action_type);
        let always =
            always.map(|error| Failure::new(error.error_type.clone(), error.message.clone()));
        if let Some(failure) = wanted.or(always) {
            self.list.clear();
            return self.report_failure(&action_type, parameters, leg, failure, lines);
        }
        let (party, mut tickets) = (Party { leg, place }, Vec::new());
        let mut stage = Stage::new(lines, &party, &mut tickets);
        match action::prepare(&action_type, &mut parameters, &mut stage) {
            Ok(performance) => {
                if action::answers(&action_type, &lines.service.readings) {
                    lines.answer_caller();
                }
                self.askings += 1;
                let (asking, is_replaced) = (self.askings, false);
                self.running = Some(Running {
                    action_type,
                    parameters,
                    party,
                    performance,
                    tickets,
                    asking,
                    is_replaced,
                });
                self.let_go(lines, |action, stage| action.begin(stage));
            }
            Err(failure) => {
                self.list.clear();
                self.report_failure(&action_type, parameters, leg, failure, lines);
            }
        }
    }

    /// Has the running action do something, and goes on from what that comes to.
    fn let_go(
        &mut self,
        lines: &mut Lines,
        what: impl FnOnce(&mut dyn RunningAction, &mut Stage<'_>) -> Progress,
    ) {
        let Some(mut running) = self.running.take() else { return };
        let Running { party, tickets, performance, .. } = &mut running;
        let mut stage = Stage::new(lines, party, tickets);
        let progress = what(performance.action_mut(), &mut stage);
        if !matches!(progress, Progress::Waits | Progress::Asks) {
            running.tickets.drain(..).for_each(|ticket| lines.dispatch.stop(ticket));
        }
        match progress {
            Progress::Waits => self.running = Some(running),
            Progress::Asks => {
                self.askings += 1;
                running.asking = self.askings;
                self.running = Some(running);
            }
            Progress::Done(extra) => self.report_success(running, extra, lines),
            Progress::HungUp(code) => {
                let leg = running.party.leg;
                self.report_success(running, Map::new(), lines);
                lines.announce(leg, code);
            }
            Progress::Failed(failure) => {
                if !running.is_replaced {
                    self.list.clear();
                }
                let Running { action_type, parameters, party, .. } = running;
                self.report_failure(&action_type, parameters, party.leg, failure, lines);
                self.proceed(lines);
            }
            Progress::Gone => self.proceed(lines),
            Progress::GoneWithList => self.list.clear(),
        }
    }

    fn report_success(&mut self, running: Running, extra: Map<String, Value>, lines: &mut Lines) {
        let Running { action_type, parameters, party, .. } = running;
        let readings = &lines.service.readings;
        let is_own = action::reports(&action_type, readings) && !readings.only_last_reports;
        if is_own || self.list.is_empty() {
            let mut data = Map::with_capacity(4);
            data.insert("Type".to_owned(), json!(action_type));
            data.insert("Parameters".to_owned(), Value::Object(parameters));
            data.extend(extra);
            self.waits = true;
            let data = Some(Value::Object(data));
            lines.notify(OutgoingEvent::new(EventType::ActionSuccessful, party.leg, data));
        }
        self.proceed(lines);
    }

    fn report_failure(
        &mut self,
        action_type: &str,
        parameters: Map<String, Value>,
        leg: LegNumber,
        failure: Failure,
        lines: &mut Lines,
    ) {
        self.waits = true;
        let mut data = Map::new();
        data.insert("Type".to_owned(), json!(action_type));
        data.insert("Parameters".to_owned(), Value::Object(parameters));
        data.extend(failure.for_action(action_type).into_fields());
        lines.notify(OutgoingEvent::new(EventType::ActionFailed, leg, Some(Value::Object(data))));
    }

    /// Another list takes the place of what is left.
    pub(crate) fn replace_list(&mut self, list: VecDeque<Queued>) {
        self.list = list;
        if let Some(running) = &mut self.running {
            running.is_replaced = true;
        }
    }

    /// Nothing that is left is done.
    pub(crate) fn clear_list(&mut self) {
        self.list.clear();
    }

    /// What replaced the list takes effect at once where the running action can be stopped (rules
    /// 35 to 37).
    pub(crate) fn interrupt(&mut self, lines: &mut Lines) {
        let readings = &lines.service.readings;
        let may = |running: &mut Running| action::is_interruptible(&running.action_type, readings);
        let Some(running) = self.running.take_if(may) else { return };
        running.tickets.into_iter().for_each(|ticket| lines.dispatch.stop(ticket));
        let data = json!({"Type": running.action_type, "Parameters": running.parameters});
        let leg = running.party.leg;
        lines.notify(OutgoingEvent::new(EventType::ActionInterrupted, leg, Some(data)));
    }

    /// Nothing runs any more, and nothing is left.
    pub(crate) fn abandon(&mut self, lines: &mut Lines) {
        self.list.clear();
        let tickets = self.running.take().into_iter().flat_map(|running| running.tickets);
        tickets.for_each(|ticket| lines.dispatch.stop(ticket));
        lines.close_ringing_leg();
    }

    /// An order of the running action has ended by itself.
    pub(crate) fn ended(&mut self, ticket: Ticket, lines: &mut Lines) {
        if self.forget(ticket) {
            self.let_go(lines, |action, stage| action.ended(stage, ticket));
        }
    }

    /// It cannot be done.
    pub(crate) fn failed(&mut self, ticket: Ticket, lines: &mut Lines) {
        if self.forget(ticket) {
            self.let_go(lines, |_, stage| {
                stage.give_up_callee();
                Progress::Failed(Failure::system())
            });
        }
    }

    /// A bot has heard out the party of the running action.
    pub(crate) fn understood(&mut self, ticket: Ticket, intent: Option<Intent>, lines: &mut Lines) {
        if self.forget(ticket) {
            self.let_go(lines, |action, stage| action.understood(stage, intent));
        }
    }

    fn forget(&mut self, ticket: Ticket) -> bool {
        let tickets = self.running.as_mut().map(|running| &mut running.tickets);
        tickets.is_some_and(|tickets| {
            let before = tickets.len();
            tickets.retain(|open| *open != ticket);
            tickets.len() < before
        })
    }

    /// A file cannot be played: what plays it fails.
    pub(crate) fn cannot_play(
        &mut self,
        file: &AudioFile,
        condition: Condition,
        lines: &mut Lines,
    ) {
        let plays = self.running.as_ref().is_some_and(|running| {
            running.performance.action().plays().is_some_and(|playing| playing == file)
        });
        if plays {
            self.let_go(lines, |_, _| Progress::Failed(action::failure_of(condition)));
        }
    }

    /// A digit is pressed: the running action of the leg has it, else what listens in the
    /// background.
    pub(crate) fn digit(&mut self, number: LegNumber, digit: char, lines: &mut Lines) {
        let Some(leg) = lines.leg(number).filter(|leg| leg.is_up()) else { return };
        let takes = self
            .running_on(number)
            .is_some_and(|running| running.performance.action().takes(digit));
        let (tag, is_heard) = (leg.tag, takes || leg.listener.is_some());
        lines.note_digit(tag, digit, is_heard);
        if takes {
            self.let_go(lines, |action, stage| action.digit(stage, digit));
        } else {
            lines.overhear(number, digit);
        }
    }

    /// The telephone of a bridge is picked up.
    pub(crate) fn picked_up(&mut self, leg: LegNumber, lines: &mut Lines) {
        self.let_go(lines, |action, stage| action.picked_up(stage, leg));
    }

    /// It is not, and will not be.
    pub(crate) fn not_picked_up(&mut self, lines: &mut Lines) {
        self.let_go(lines, |action, stage| action.not_picked_up(stage));
    }

    /// The party that an action runs for has left.
    pub(crate) fn party_left(&mut self, leg: LegNumber, lines: &mut Lines) {
        if self.running_on(leg).is_some() {
            self.list.clear();
            self.let_go(lines, |action, stage| action.left(stage));
        }
    }

    /// The same, without a word of it.
    pub(crate) fn party_left_quietly(&mut self, leg: LegNumber, lines: &mut Lines) {
        if self.running_on(leg).is_some() {
            self.abandon(lines);
        }
    }

    /// How many times something began that a party may have waited for.
    pub(crate) fn askings(&self) -> u64 {
        self.askings
    }

    /// The number of the asking, where the running action asks this leg for digits.
    pub(crate) fn asking_of(&self, leg: LegNumber) -> Option<u64> {
        let running = self.running_on(leg)?;
        running.performance.action().asks().then_some(running.asking)
    }

    /// The type of the action that runs on this leg.
    pub(crate) fn type_on(&self, leg: LegNumber) -> Option<&str> {
        self.running_on(leg).map(|running| running.action_type.as_str())
    }

    /// Whether a second leg rings that may yet answer the caller.
    pub(crate) fn is_ringing_out(&self) -> bool {
        self.running.as_ref().is_some_and(|running| running.action_type == "CallAndBridge")
    }

    fn running_on(&self, leg: LegNumber) -> Option<&Running> {
        self.running.as_ref().filter(|running| running.party.leg == leg)
    }
}

/// The leg that parameters name: by id, else by tag, else the one the event was about (rule 27).
fn leg_of(
    action_type: &str,
    parameters: &Map<String, Value>,
    about: LegNumber,
    lines: &mut Lines,
) -> Option<LegNumber> {
    let text =
        |name: &str| parameters.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let of = |lines: &Lines, is_it: &dyn Fn(&Leg) -> bool| {
        lines.legs.iter().find(|leg| is_it(leg)).map(|leg| leg.number)
    };
    match (text("CallId"), text("ParticipantTag")) {
        (Some(id), _) => of(lines, &|leg| leg.id == id),
        (None, Some(tag)) => of(lines, &|leg| leg.tag.name() == tag),
        // Where the service requires a leg and gets none, LEG-A is meant; elsewhere that of the
        // event (rule 27).
        (None, None) if action::wants_leg(action_type) => {
            lines.warn(format!(
                "{action_type} has no CallId, which the guide requires; LEG-A is assumed"
            ));
            of(lines, &Leg::is_up)
        }
        // Of the leg that has just ended nothing can be wanted: what is meant is the one that is
        // left.
        (None, None) if !lines.is_leg_up(about) => of(lines, &Leg::is_up),
        (None, None) => Some(about),
    }
}
