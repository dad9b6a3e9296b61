//! The result of a step in words, for people who look into a call.

use std::fmt;

use serde_json::Value;

use crate::legs::ConnectedLeg;
use crate::request::Reply;
use crate::step_result::StepResult;
use crate::truncate::truncate;

/// The most bytes of a value that are shown.
const SHOWN: usize = 300;

/// What the script gets, in a few words. Digits that were typed in confidence are not shown.
impl fmt::Display for StepResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::True => f.write_str("done"),
            Self::Digits(digits) if digits.is_empty() => f.write_str("no digits"),
            Self::Digits(digits) | Self::Pressed(digits) => write!(f, "digits {digits}"),
            Self::Failed(failure) if failure.message.is_empty() => {
                write!(f, "nil, {}", failure.error_type)
            }
            Self::Failed(failure) => write!(f, "nil, {} ({})", failure.error_type, failure.message),
            Self::Leg(ConnectedLeg { tag, to, .. }) => write!(f, "{tag} is connected to {to}"),
            Self::Recording { bucket, key, .. } => write!(f, "recorded s3://{bucket}/{key}"),
            Self::Updated(arguments) => {
                write!(f, "an update, {}", shown(&Value::Object(arguments.clone())))
            }
            Self::Left(tag) => write!(f, "{tag} left"),
            Self::TimedOut => f.write_str("nil, timeout"),
            Self::Replies(replies) => {
                for (index, reply) in replies.iter().enumerate() {
                    f.write_str(if index == 0 { "" } else { "; " })?;
                    match reply {
                        Reply::Done(output) => write!(f, "reply {}", shown(output))?,
                        Reply::Failed { error_type, message, .. } => {
                            write!(f, "nil, {error_type} ({message})")?;
                        }
                    }
                }
                Ok(())
            }
            Self::Value(value) => write!(f, "value {}", shown(value)),
            Self::Raised(message) => write!(f, "error: {message}"),
            Self::Sealed(_) => f.write_str("digits typed in confidence"),
            Self::Acted { event, .. } => match event["InvocationEventType"].as_str() {
                Some(event_type) => write!(f, "the event {event_type}"),
                None => f.write_str("an event"),
            },
        }
    }
}

fn shown(value: &Value) -> String {
    truncate(&value.to_string(), SHOWN)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::failure::StepFailure;

    #[test]
    fn results_are_told_as_the_script_gets_them_and_secrets_are_not() {
        let failure = StepFailure::new("no_input", "Invalid digits received.");
        for (result, words) in [
            (StepResult::Digits("12".to_owned()), "digits 12"),
            (StepResult::Failed(failure), "nil, no_input (Invalid digits received.)"),
            (StepResult::Failed(StepFailure::new("left", "")), "nil, left"),
            (StepResult::Sealed("abc".to_owned()), "digits typed in confidence"),
            (StepResult::Value(json!({"a": 1})), "value {\"a\":1}"),
            (StepResult::Replies(vec![Reply::Done(json!({}))]), "reply {}"),
            (StepResult::TimedOut, "nil, timeout"),
        ] {
            assert_eq!(result.to_string(), words);
        }
    }
}
