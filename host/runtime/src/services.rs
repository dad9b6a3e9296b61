//! Who carries out what scripts ask for.

use std::pin::Pin;

use moonring_engine::{Reply, Request};

/// The outside, as scripts reach it through the host. One reply per request, in their order.
pub trait Services {
    /// Carries out requests that a script made together.
    fn carry_out<'a>(&'a self, requests: &'a [Request]) -> Pin<Box<dyn Future<Output = Vec<Reply>> + 'a>>;
}

/// The one word of a service's error by its code, as scripts read it in `err.type`.
pub fn error_type_of(code: &str) -> &'static str {
    let has = |parts: &[&str]| parts.iter().any(|part| code.contains(part));
    match () {
        () if has(&["Throttl", "TooManyRequests", "ThroughputExceeded", "LimitExceeded", "SlowDown"]) => "throttled",
        () if has(&["AccessDenied", "Forbidden", "Unauthorized", "UnrecognizedClient", "ExpiredToken"]) => "denied",
        () if has(&["NotFound", "NoSuch"]) => "not_found",
        () if has(&["Conflict", "ConditionalCheckFailed", "AlreadyExists", "PreconditionFailed"]) => "conflict",
        () if has(&["Validation", "BadRequest", "Invalid", "Malformed"]) => "invalid",
        () if has(&["Timeout", "TimedOut"]) => "timeout",
        () => "failed",
    }
}

/// No outside at all: every request fails. For as long as no helper makes any.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoServices;

impl Services for NoServices {
    fn carry_out<'a>(&'a self, requests: &'a [Request]) -> Pin<Box<dyn Future<Output = Vec<Reply>> + 'a>> {
        let failed = Reply::Failed {
            error_type: "failed".to_owned(),
            message: "this host has no services".to_owned(),
            code: None,
        };
        Box::pin(std::future::ready(vec![failed; requests.len()]))
    }
}
