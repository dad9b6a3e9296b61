//! Who carries out what scripts ask for.

use std::cell::Cell;
use std::pin::Pin;
use std::time::Duration;

use moonring_flow::{Place, Reply, Request};

/// The outside, as scripts reach it through the host. One reply per request, in their order.
pub trait Services {
    /// Carries out requests that a script made together, side by side, within an allowance: one
    /// that would take longer is answered with [`too_late`], and one whose reply has more bytes
    /// than are left with [`too_large`].
    fn carry_out<'a>(
        &'a self,
        asked: Asked<'a>,
        allowance: Allowance<'a>,
    ) -> Pin<Box<dyn Future<Output = Vec<Reply>> + 'a>>;
}

/// Requests that a script makes together.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// What is asked for.
    pub requests: &'a [Request],
    /// The line that asks, where it is known.
    pub place: Option<&'a Place>,
}

/// What requests that are made together may take.
#[derive(Debug, Clone, Copy)]
pub struct Allowance<'a> {
    /// How long each of them may take.
    pub time: Duration,
    /// What is left of the bytes of their event.
    pub bytes: &'a ReplyBytes,
}

/// The bytes that all replies to the requests of one event may have together: they lie outside of
/// the VM and its limit.
#[derive(Debug)]
pub struct ReplyBytes(Cell<usize>);

/// The bytes of an event are used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UsedUp;

impl ReplyBytes {
    /// The bytes of one event.
    pub const EVENT: usize = 8 * 1024 * 1024;

    /// How many are left.
    pub fn left(&self) -> usize {
        self.0.get()
    }

    /// Takes bytes that a reply is about to hold.
    ///
    /// # Errors
    /// Where not so many are left. None are taken then.
    pub fn take(&self, bytes: usize) -> Result<(), UsedUp> {
        self.0.set(self.0.get().checked_sub(bytes).ok_or(UsedUp)?);
        Ok(())
    }
}

impl Default for ReplyBytes {
    fn default() -> Self {
        Self(Cell::new(Self::EVENT))
    }
}

/// The reply to a request that would make the replies of its event too large together.
pub fn too_large() -> Reply {
    let most = ReplyBytes::EVENT / (1024 * 1024);
    let message = format!(
        "the replies to the requests of this event have more than {most} MiB in total; request less"
    );
    Reply::Failed { error_type: "invalid".to_owned(), message, code: None }
}

/// The reply to a request that nobody could wait for any longer.
pub fn too_late() -> Reply {
    let message = "there was no reply before the event's deadline".to_owned();
    Reply::Failed { error_type: "timeout".to_owned(), message, code: None }
}

/// The one word of a service's error by its code, as scripts read it in `err.type`.
pub fn error_type_of(code: &str) -> &'static str {
    let has = |parts: &[&str]| parts.iter().any(|part| code.contains(part));
    match () {
        () if has(&[
            "Throttl",
            "TooManyRequests",
            "ThroughputExceeded",
            "LimitExceeded",
            "SlowDown",
        ]) =>
        {
            "throttled"
        }
        () if has(&["AccessDenied", "Forbidden", "Unauthorized", "NotAuthorized"]) => "denied",
        // Credentials that are unknown, too old or used wrongly.
        () if has(&[
            "UnrecognizedClient",
            "ExpiredToken",
            "RequestExpired",
            "ClientTokenId",
            "AccessKeyId",
        ]) =>
        {
            "denied"
        }
        () if has(&[
            "SignatureDoesNotMatch",
            "IncompleteSignature",
            "AuthenticationToken",
            "TooSkewed",
        ]) =>
        {
            "denied"
        }
        () if code == "InvalidSignatureException" => "denied",
        () if has(&["NotFound", "NoSuch", "DoesNotExist", "NonExistent"]) => "not_found",
        () if has(&[
            "Conflict",
            "ConditionalCheckFailed",
            "AlreadyExists",
            "PreconditionFailed",
        ]) =>
        {
            "conflict"
        }
        () if has(&["Validation", "BadRequest", "Invalid", "Malformed"]) => "invalid",
        () if has(&["Timeout", "TimedOut"]) => "timeout",
        () => "failed",
    }
}

/// No outside at all: every request fails.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoServices;

impl Services for NoServices {
    fn carry_out<'a>(
        &'a self,
        asked: Asked<'a>,
        _: Allowance<'a>,
    ) -> Pin<Box<dyn Future<Output = Vec<Reply>> + 'a>> {
        let failed = Reply::Failed {
            error_type: "failed".to_owned(),
            message: "this host has no services".to_owned(),
            code: None,
        };
        Box::pin(std::future::ready(vec![failed; asked.requests.len()]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_services_become_one_word() {
        for (word, codes) in [
            (
                "throttled",
                "ThrottlingException ProvisionedThroughputExceededException SlowDown LimitExceededException",
            ),
            (
                "denied",
                "AccessDeniedException ExpiredTokenException ExpiredToken UnrecognizedClientException",
            ),
            (
                "denied",
                "InvalidClientTokenId InvalidAccessKeyId SignatureDoesNotMatch InvalidSignatureException",
            ),
            (
                "denied",
                "MissingAuthenticationToken IncompleteSignature RequestTimeTooSkewed NotAuthorizedException",
            ),
            ("not_found", "ResourceNotFoundException NoSuchKey QueueDoesNotExist"),
            (
                "conflict",
                "ConditionalCheckFailedException ConflictException ResourceAlreadyExistsException",
            ),
            // A token of a task, and a signature that somebody asks about, are no credentials.
            (
                "invalid",
                "ValidationException InvalidToken KMSInvalidSignatureException BadRequestException",
            ),
            ("timeout", "RequestTimeout TaskTimedOut"),
            ("failed", "InternalServerError ServiceUnavailable Unknown"),
        ] {
            for code in codes.split(' ') {
                assert_eq!(error_type_of(code), word, "{code}");
            }
        }
    }
}
