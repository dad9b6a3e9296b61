//! Requests that must not be made twice: whoever claims one first makes it, and whoever comes later has what came of it.

use std::time::Duration;

use moonring_engine::{Reply, Request};

use crate::spill::{folder, retried};
use crate::{Overflow, Services};

/// How long one waits for another process to be done, and how often one looks.
const PATIENCE: (u32, Duration) = (8, Duration::from_millis(150));

/// Has requests carried out, once among all instances where a place outside says who does. `name` is that of these requests among all of the call.
pub(crate) async fn once(
    services: &dyn Services,
    (overflow, most): (Option<&dyn Overflow>, Duration),
    (call, name): (&str, Option<&str>),
    requests: &[Request],
) -> Vec<Reply> {
    let (Some(overflow), Some(name)) = (overflow, name.filter(|_| requests.iter().any(Request::must_not_repeat)))
    else {
        return services.carry_out(requests).await;
    };
    let failed = |error_type: &str, message: String| {
        let reply = Reply::Failed { error_type: error_type.to_owned(), message, code: None };
        vec![reply; requests.len()]
    };
    let name = format!("{}request-{name}", folder(call));
    // Claimed once only: were it tried again after an answer that was lost, one would be late to one's own claim.
    let claimed = tokio::time::timeout(most, overflow.claim(&name, Vec::new())).await;
    match claimed.unwrap_or_else(|_| Err("it took too long".to_owned())) {
        Err(why) => failed("failed", format!("the request is not made, for it cannot be claimed: {why}")),
        Ok(true) => {
            let replies = services.carry_out(requests).await;
            let text = serde_json::to_vec(&replies).unwrap_or_default();
            if let Err(why) = retried(most, || overflow.write(&name, text.clone())).await {
                tracing::warn!(call, "what came of a request is not written down for other instances: {why}");
            }
            replies
        }
        Ok(false) => {
            let (looks, pause) = PATIENCE;
            for _ in 0..looks {
                let found = retried(most, || overflow.read(&name)).await.ok().flatten().unwrap_or_default();
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
