//! What an SDK's client failed with, in the words that scripts know.

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use moonring_runtime::error_type_of;

/// A failed request, in one line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.line())]
pub(crate) struct Failure {
    /// One word, as in `err.type`.
    pub(crate) error_type: &'static str,
    /// The service's own name of the error, where it said one.
    pub(crate) code: Option<String>,
    /// What the service said; else its code; else what happened, and what caused it.
    pub(crate) text: String,
}

impl Failure {
    pub(crate) fn of<E>(error: &SdkError<E, HttpResponse>) -> Self
    where
        E: std::error::Error + ProvideErrorMetadata + 'static,
    {
        let code = error.code().map(str::to_owned);
        let status = error.raw_response().map(|response| response.status().as_u16());
        let error_type = match (code.as_deref().map(error_type_of), status) {
            (Some(known), _) if known != "failed" => known,
            (_, Some(status)) => type_of_status(status),
            (_, None) if is_timeout(error) => "timeout",
            (_, None) if has_no_credentials(error) => "denied",
            (_, None) => "failed",
        };
        let text = error
            .message()
            .map(str::to_owned)
            .or_else(|| code.clone())
            .unwrap_or_else(|| causes(error));
        Self { error_type, code, text }
    }

    fn line(&self) -> String {
        match self.code.as_deref() {
            Some(code) if code != self.text => format!("{code}: {}", self.text),
            _ => self.text.clone(),
        }
    }
}

/// What a status says where nothing else does.
pub(crate) fn type_of_status(status: u16) -> &'static str {
    match status {
        429 => "throttled",
        401 | 403 => "denied",
        404 => "not_found",
        409 | 412 => "conflict",
        400..500 => "invalid",
        _ => "failed",
    }
}

/// An error and what caused it, each said once.
pub(crate) fn causes(error: &(dyn std::error::Error + 'static)) -> String {
    let mut texts: Vec<String> = Vec::new();
    for error in chain(error) {
        let text = error.to_string();
        if texts.last().is_none_or(|last| !last.ends_with(&text)) {
            texts.push(text);
        }
    }
    texts.join(": ")
}

/// Whether nobody answered in time, or could be connected to.
fn is_timeout<E>(error: &SdkError<E, HttpResponse>) -> bool {
    match error {
        SdkError::TimeoutError(_) => true,
        SdkError::DispatchFailure(failure) => failure.is_timeout(),
        _ => false,
    }
}

fn has_no_credentials(error: &(dyn std::error::Error + 'static)) -> bool {
    chain(error).any(|error| error.is::<CredentialsError>())
}

fn chain<'a>(
    error: &'a (dyn std::error::Error + 'static),
) -> impl Iterator<Item = &'a (dyn std::error::Error + 'static)> {
    std::iter::successors(Some(error), |error| error.source())
}

#[cfg(test)]
mod tests {
    use aws_sdk_s3::error::{ConnectorError, ErrorMetadata};
    use aws_sdk_s3::operation::get_object::GetObjectError;
    use aws_sdk_s3::primitives::SdkBody;

    use super::*;

    fn refused(status: u16, metadata: ErrorMetadata) -> Failure {
        let raw = HttpResponse::new(status.try_into().unwrap(), SdkBody::empty());
        Failure::of(&SdkError::service_error(GetObjectError::generic(metadata), raw))
    }

    #[test]
    fn a_failure_is_one_word_and_one_line_whatever_is_known_of_it() {
        let named = |code: &str| ErrorMetadata::builder().code(code);
        let plain = || ErrorMetadata::builder().build();
        for (status, metadata, word, line) in [
            (
                503,
                named("SlowDown").message("reduce the rate").build(),
                "throttled",
                "SlowDown: reduce the rate",
            ),
            (403, named("ExpiredToken").build(), "denied", "ExpiredToken"),
            (403, named("Unheard").message("no").build(), "denied", "Unheard: no"),
            (503, named("ServiceUnavailable").build(), "failed", "ServiceUnavailable"),
            (404, plain(), "not_found", "service error: unhandled error"),
        ] {
            let failure = refused(status, metadata);
            assert_eq!(failure.error_type, word, "{failure}");
            assert!(
                failure.to_string().starts_with(line) && !failure.to_string().contains('{'),
                "{failure}"
            );
        }
        let late = SdkError::<GetObjectError, HttpResponse>::dispatch_failure(
            ConnectorError::timeout("slow".into()),
        );
        assert_eq!(Failure::of(&late).error_type, "timeout");
        let away = SdkError::<GetObjectError, HttpResponse>::dispatch_failure(ConnectorError::io(
            "gone".into(),
        ));
        assert_eq!(Failure::of(&away).error_type, "failed");
    }
}
