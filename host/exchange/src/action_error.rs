//! What the service says when an action fails.

use serde::{Deserialize, Serialize};

/// Why an action fails, as its event says it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionError {
    /// Such as `SystemException`.
    pub error_type: String,
    /// What it says besides.
    pub message: String,
}

/// Error types of actions, and what the service says with them where it is known. The first that
/// fits counts.
const KNOWN: &[(&str, &str, &str)] = &[
    ("PlayAudioAndGetDigits", "SystemException", "System error while running the action."),
    ("RecordAudio", "SystemException", "System error while running an action."),
    ("StartCallRecording", "SystemException", "System error while running an action."),
    ("", "SystemException", "System error while running action."),
    ("CallAndBridge", "InvalidAudioSource", "Ringtone parameter value is invalid."),
    ("", "InvalidAudioSource", "Audio Source parameter value is invalid."),
    (
        "Speak",
        "ActionExecutionThrottled",
        "Amazon Polly is throttling the request to synthesize speech.",
    ),
    (
        "",
        "ActionExecutionThrottled",
        "Failed to run action. The maximum number of actions per second has been reached.",
    ),
    (
        "",
        "AccessDenied",
        "The AWSServiceRoleForAmazonChimeVoiceConnector service-linked role is not configured correctly.",
    ),
    ("", "CallNotAnswered", "Call not answered"),
    ("", "InvalidDigitsReceived", "Invalid digits received."),
    (
        "RecordAudio",
        "InvalidActionParameter",
        "Error occurred while uploading recording to S3 bucket.",
    ),
    ("", "InvalidActionParameter", "CallId or ParticipantTag parameter for action is invalid."),
    ("", "MissingRequiredActionParameter", "Missing required action parameter."),
    ("", "ResourceNotFound", "The resource was not found."),
    ("", "ResourceAccessDenied", "Access to the resource was denied."),
];

/// What the service says when an action of this type fails with this error type; `None` where it
/// has no such error type.
pub fn failure_message(action: &str, error_type: &str) -> Option<&'static str> {
    let fits = |(of, known, _): &&(&str, &str, &str)| {
        (of.is_empty() || *of == action) && *known == error_type
    };
    KNOWN.iter().find(fits).map(|(_, _, message)| *message)
}

/// The error types of actions.
pub fn error_types() -> impl Iterator<Item = &'static str> {
    KNOWN.iter().filter(|(of, _, _)| of.is_empty()).map(|(_, error_type, _)| *error_type)
}
