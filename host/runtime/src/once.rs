//! Requests that must not be made twice: whoever claims one first makes it, and whoever comes later has what came of it.

use std::time::Duration;

use moonring_engine::{Reply, Request};

use crate::spill::{folder, hash, retried};
use crate::{Overflow, Services};

/// Operations that take a token of whoever asks, and where it stands.
const TAKES_TOKEN: [&str; 2] = ["CreateMeeting", "CreateMeetingWithAttendees"];
const TOKEN: &str = "ClientRequestToken";

/// How long one waits for another process to be done, and how often one looks.
const PATIENCE: (u32, Duration) = (8, Duration::from_millis(150));

/// What requests are made with.
pub(crate) struct Outside<'a> {
    pub(crate) services: &'a dyn Services,
    pub(crate) overflow: Option<&'a dyn Overflow>,
    /// The most that a claim, and what is written down of it, may take.
    pub(crate) most_for_claims: Duration,
    /// The most that the requests may take.
    pub(crate) most: Duration,
}

/// The same requests, each with a token where its API takes one and the script gives none: whoever makes it once more has the same meeting.
pub(crate) fn with_tokens(call: &str, name: &str, requests: &[Request]) -> Vec<Request> {
    let mut requests = requests.to_vec();
    for (index, request) in requests.iter_mut().enumerate() {
        let Request::Aws { service, operation, input, .. } = request else { continue };
        if service == "chime-sdk-meetings" && TAKES_TOKEN.contains(&operation.as_str()) && input.get(TOKEN).is_none() {
            input[TOKEN] = format!("moonring-{}", hash(&format!("{call} {name} {index}"))).into();
        }
    }
    requests
}

/// Has requests carried out, once among all instances where a place outside says who does. `name` is that of these requests among all of the call,
/// where every process that comes to this point gives them the same.
pub(crate) async fn once(
    Outside { services, overflow, most_for_claims, most }: Outside<'_>,
    (call, name): (&str, Option<&str>),
    requests: &[Request],
) -> Vec<Reply> {
    let (Some(overflow), Some(name)) = (overflow, name.filter(|_| requests.iter().any(Request::must_not_repeat)))
    else {
        return services.carry_out(requests, most).await;
    };
    let failed = |error_type: &str, message: String| {
        let reply = Reply::Failed { error_type: error_type.to_owned(), message, code: None };
        vec![reply; requests.len()]
    };
    let name = format!("{}request-{name}", folder(call));
    // Claimed once only: were it tried again after an answer that was lost, one would be late to one's own claim.
    let claimed = tokio::time::timeout(most_for_claims, overflow.claim(&name, Vec::new())).await;
    match claimed.unwrap_or_else(|_| Err("it took too long".to_owned())) {
        Err(why) => failed("failed", format!("the request is not made, for it cannot be claimed: {why}")),
        Ok(true) => {
            let replies = services.carry_out(requests, most).await;
            let text = serde_json::to_vec(&replies).unwrap_or_default();
            if let Err(why) = retried(most_for_claims, || overflow.write(&name, text.clone())).await {
                tracing::warn!(call, "what came of a request is not written down for other instances: {why}");
            }
            replies
        }
        Ok(false) => {
            let (looks, pause) = PATIENCE;
            for _ in 0..looks {
                let found = retried(most_for_claims, || overflow.read(&name)).await.ok().flatten().unwrap_or_default();
                match serde_json::from_slice::<Vec<Reply>>(&found) {
                    Ok(replies) if replies.len() == requests.len() => return replies,
                    _ => tokio::time::sleep(pause).await,
                }
            }
            let message = "another instance of the host has made this request, and what came of it is not known";
            failed("conflict", message.to_owned())
        }
    }
}
