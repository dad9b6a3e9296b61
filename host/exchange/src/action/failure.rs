//! Why an action failed, as its event says it.

use serde_json::{Map, Value, json};

/// What the service says when something inside it breaks.
const SYSTEM: &str = "System error while running action.";

/// Why an action failed, as its event says it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Failure {
    error_type: String,
    message: String,
    /// Two actions say it in one field besides.
    error: Option<String>,
    /// ModifyChimeMeetingAttendees adds a list.
    list: Option<Vec<Value>>,
}

impl Failure {
    pub(crate) fn new(error_type: impl Into<String>, message: impl Into<String>) -> Self {
        Self { error_type: error_type.into(), message: message.into(), error: None, list: None }
    }

    /// The same, said in one field otherwise.
    pub(super) fn with_error(self, error: &str) -> Self {
        Self { error: Some(error.to_owned()), ..self }
    }

    /// The same, with those who are to blame.
    pub(super) fn with_list(self, list: Vec<Value>) -> Self {
        Self { list: Some(list), ..self }
    }

    /// The fields that two kinds of actions add to theirs.
    pub(crate) fn for_action(mut self, action: &str) -> Self {
        match action {
            "ModifyChimeMeetingAttendees" => drop(self.list.get_or_insert_default()),
            "JoinChimeMeeting" | "StartCallRecording" => {
                let error = format!("{}: {}", self.error_type, self.message);
                self.error.get_or_insert(error);
            }
            _ => {}
        }
        self
    }

    /// A leg that is not there, in the words of this action.
    pub(crate) fn leg_of(action: &str) -> Self {
        match action {
            _ if action.ends_with("CallRecording") => {
                Self::parameter("CallId parameter for action is invalid")
            }
            "ModifyChimeMeetingAttendees" => Self::parameter("Invalid action on the call."),
            _ => Self::leg(),
        }
    }

    /// A parameter that is not what it should be.
    pub(super) fn parameter(message: impl Into<String>) -> Self {
        Self::new("InvalidActionParameter", message)
    }

    /// A parameter of this name.
    pub(super) fn value_of(name: &str) -> Self {
        Self::parameter(format!("{name} parameter value is invalid."))
    }

    /// A leg that is not there.
    pub(crate) fn leg() -> Self {
        Self::parameter("CallId or ParticipantTag parameter for action is invalid.")
    }

    pub(crate) fn system() -> Self {
        Self::new("SystemException", SYSTEM)
    }

    pub(crate) fn into_fields(self) -> Map<String, Value> {
        let mut fields = Map::new();
        fields.insert("ErrorType".to_owned(), json!(self.error_type));
        fields.insert("ErrorMessage".to_owned(), json!(self.message));
        fields.extend(self.error.map(|error| ("Error".to_owned(), json!(error))));
        fields.extend(self.list.map(|list| ("ErrorList".to_owned(), Value::Array(list))));
        fields
    }
}
