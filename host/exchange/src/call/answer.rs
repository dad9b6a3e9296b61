//! Answers: what the service does with what the function says.

use moonring_wire::{Attributes, EventType};
use serde_json::{Value, json};

use super::Call;
use crate::action;
use crate::action_queue::{Queued, Requested};
use crate::invocation::Answered;
use crate::leg::LegNumber;
use crate::outgoing_event::OutgoingEvent;

/// The most actions of an answer (rule 18).
const ACTIONS: usize = 10;

/// Why an answer is refused: type and message, as INVALID_LAMBDA_RESPONSE says them. Of the types
/// only the first two are known (rule 54); the others are this exchange's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Refusal {
    SchemaVersion,
    TooManyAttributes(usize),
    AttributeTooLong(usize),
    AttributeNoText,
    TooManyActions,
    NoList,
    UnknownAction,
}

impl Refusal {
    fn error_type(self) -> &'static str {
        match self {
            Self::SchemaVersion => "SchemaVersionMismatch",
            Self::TooManyAttributes(_) => "TransactionAttributesInvalidMapSize",
            Self::AttributeTooLong(_) => "TransactionAttributesInvalidLength",
            Self::AttributeNoText => "TransactionAttributesInvalidType",
            Self::TooManyActions => "ActionsInvalidListSize",
            Self::NoList | Self::UnknownAction => "ActionsInvalid",
        }
    }

    fn message(self) -> String {
        match self {
            Self::SchemaVersion => {
                "The schema version in the invocation request does not match the schema version in the response."
                    .to_owned()
            }
            Self::TooManyAttributes(most) => {
                format!("Transaction Attributes has too many mappings. Maximum number of mappings is {most}")
            }
            Self::AttributeTooLong(most) => {
                format!("Transaction Attributes has a key or value that is too long. Maximum length is {most}")
            }
            Self::AttributeNoText => "Transaction Attributes has a value that is not a string.".to_owned(),
            Self::TooManyActions => "Too many actions in the response. Maximum number of actions is 10".to_owned(),
            Self::NoList => "Error while reading actions list.".to_owned(),
            Self::UnknownAction => "Unsupported action name specified.".to_owned(),
        }
    }
}

/// An answer that can be obeyed.
struct Readable {
    /// `None` keeps what runs.
    actions: Option<Vec<Requested>>,
    attributes: Option<Attributes>,
}

impl Call {
    /// Does what the answer to an event says, or refuses it.
    pub(super) fn obey(&mut self, answered: Answered) {
        let Answered { event_type, leg, answer, places } = answered;
        // Nobody is there any more, or what is said now counts for nothing: an answer of any form
        // will do (rules 15, 37, 41 and 44).
        let is_heard = self.is_up()
            && !matches!(
                event_type,
                EventType::NewOutboundCall | EventType::Ringing | EventType::ActionInterrupted
            );
        match self.read(&answer) {
            Ok(read) => {
                if let Some(attributes) = read.attributes {
                    self.store(attributes);
                }
                if is_heard {
                    self.follow(event_type, leg, read.actions, places);
                }
            }
            Err(refusal) if is_heard => self.refuse(event_type, leg, refusal, &answer),
            Err(_) => {}
        }
        if event_type == EventType::NewOutboundCall {
            self.dial();
        }
        if !self.is_up() && self.lines.events.is_empty() && !self.lines.has_more_legs() {
            self.is_over = true;
        }
    }

    fn read(&self, answer: &Value) -> Result<Readable, Refusal> {
        let Some(fields) =
            answer.as_object().filter(|fields| fields.get("SchemaVersion") == Some(&json!("1.0")))
        else {
            return Err(Refusal::SchemaVersion);
        };
        let attributes = match fields.get("TransactionAttributes") {
            Some(Value::Object(attributes)) => Some(self.weigh(attributes)?),
            _ => None,
        };
        let actions = match fields.get("Actions") {
            None | Some(Value::Null) => None,
            Some(Value::Array(list)) if list.len() > ACTIONS => {
                return Err(Refusal::TooManyActions);
            }
            Some(Value::Array(list)) => {
                let read = |action| Requested::read(action).ok_or(Refusal::NoList);
                let actions = list.iter().map(read).collect::<Result<Vec<_>, _>>()?;
                if actions.iter().any(|known| !action::is_action(&known.action_type)) {
                    return Err(Refusal::UnknownAction);
                }
                Some(actions)
            }
            Some(_) => return Err(Refusal::NoList),
        };
        Ok(Readable { actions, attributes })
    }

    fn weigh(&self, attributes: &Attributes) -> Result<Attributes, Refusal> {
        let readings = &self.lines.service.readings;
        let kept = self.invocations.attributes.as_ref().filter(|_| !attributes.is_empty());
        let all: Attributes = match kept.filter(|_| readings.attributes_add) {
            Some(kept) => kept.clone().into_iter().chain(attributes.clone()).collect(),
            None => attributes.clone(),
        };
        let is_long = |text: &str| text.chars().count() > readings.attribute_chars;
        if all.len() > readings.attributes {
            return Err(Refusal::TooManyAttributes(readings.attributes));
        }
        if all.values().any(|text| !text.is_string()) {
            return Err(Refusal::AttributeNoText);
        }
        if all.iter().any(|(name, text)| is_long(name) || text.as_str().is_some_and(is_long)) {
            return Err(Refusal::AttributeTooLong(readings.attribute_chars));
        }
        Ok(all)
    }

    /// Attributes replace those that were stored; none at all clear them (rules 50 and 51).
    fn store(&mut self, attributes: Attributes) {
        self.invocations.attributes = (!attributes.is_empty()).then_some(attributes);
    }

    fn follow(
        &mut self,
        event_type: EventType<'static>,
        leg: LegNumber,
        actions: Option<Vec<Requested>>,
        places: Vec<Option<String>>,
    ) {
        let stops = self.lines.service.readings.empty_list_stops;
        let is_new = event_type == EventType::NewInboundCall;
        match actions {
            Some(actions) if !actions.is_empty() => {
                let mut places = places.into_iter();
                let queued = |action| Queued { action, leg, place: places.next().flatten() };
                self.actions.replace_list(actions.into_iter().map(queued).collect());
                let readings = &self.lines.service.readings;
                let interrupts = match event_type {
                    EventType::CallUpdateRequested => true,
                    EventType::DigitsReceived => readings.digits_interrupt,
                    EventType::Hangup => readings.leaving_interrupts,
                    _ => false,
                };
                if interrupts {
                    self.actions.interrupt(&mut self.lines);
                }
            }
            Some(_) if stops && !is_new => {
                self.actions.clear_list();
                self.actions.interrupt(&mut self.lines);
            }
            _ if is_new => {
                self.lines.log("The actions list of a new call is empty.");
                if self.lines.service.readings.empty_answer_hangs_up {
                    return self.abandon_first_leg(480);
                }
            }
            _ => {}
        }
        if matches!(event_type, EventType::ActionSuccessful | EventType::ActionFailed) {
            self.actions.wait_no_longer();
        }
        self.actions.proceed(&mut self.lines);
    }

    /// A refused answer changes nothing; the function is told, once: who answers that wrong too
    /// is hung up on.
    fn refuse(
        &mut self,
        event_type: EventType<'static>,
        leg: LegNumber,
        refusal: Refusal,
        answer: &Value,
    ) {
        let message = refusal.message();
        self.lines.log(&message);
        if let Some(text) = http_answer(answer).filter(|_| refusal == Refusal::SchemaVersion) {
            self.lines.warn(format!(
                "the answer has statusCode and body, as for API Gateway; the service wants SchemaVersion and Actions at its top, and no HTTP answer: {text}"
            ));
        }
        if matches!(event_type, EventType::ActionSuccessful | EventType::ActionFailed) {
            self.actions.wait_no_longer();
        }
        if event_type == EventType::InvalidLambdaResponse {
            return self.abandon(480);
        }
        let mut event = OutgoingEvent::new(EventType::InvalidLambdaResponse, leg, None);
        event.top.insert("ErrorType".to_owned(), json!(refusal.error_type()));
        event.top.insert("ErrorMessage".to_owned(), json!(message));
        self.lines.notify(event);
    }
}

/// The beginning of an answer that is meant for an HTTP client.
fn http_answer(answer: &Value) -> Option<String> {
    let has = |name: &str| answer.get(name).is_some();
    (has("statusCode") && has("body")).then(|| answer.to_string().chars().take(200).collect())
}
