//! Requests that must not be made twice: whoever claims one first makes it, and whoever comes later has what came of it.

use std::time::{Duration, Instant};

use moonring_engine::{Reply, Request, Suspended};
use moonring_wire::Event;

use crate::spill::{folder, hash, retried};
use crate::{HardDeadline, Overflow, Services};

/// Where the token of whoever asks stands.
const TOKEN: &str = "ClientRequestToken";

/// How long the requests of a script may take that are made together; the end of the event comes mostly first.
const REQUESTS: Duration = Duration::from_secs(4);
/// How long a claim may take.
const CLAIM: Duration = Duration::from_millis(1200);
/// How often one looks whether another process is done, and what lies between.
const LOOKS: u32 = 8;
const PAUSE: Duration = Duration::from_millis(150);
/// What is written down where replies may not be.
const DONE: &[u8] = b"done";

/// What requests are made with.
pub(crate) struct Outside<'a> {
    pub(crate) services: &'a dyn Services,
    pub(crate) overflow: Option<&'a dyn Overflow>,
    pub(crate) hard: HardDeadline,
}

/// Which requests of a call these are.
pub(crate) struct Named<'a> {
    call: &'a str,
    /// Their name among all of the call: every process that comes to this point gives them the same.
    name: String,
    /// Whether their replies may be written down: those of a flow's request whose reply is not recorded may not.
    is_recorded: bool,
}

impl<'a> Named<'a> {
    /// Requests for which a script waits that answers this event, and has made so many before. A flow has names of its own for them. Handlers are run
    /// from their beginning where an event comes once more: the event, their number and what they are tell them from others, for
    /// another release may ask something else.
    pub(crate) fn of(event: &'a Event, made: usize, suspended: &Suspended) -> Self {
        let by_event = || {
            let names: Vec<String> = suspended.requests().iter().map(Request::name).collect();
            let document = serde_json::to_string(event.document()).unwrap_or_default();
            format!("event-{}-{made}", hash(&format!("{} {document}", names.join(" "))))
        };
        let is_flow = suspended.name().is_some();
        let name = suspended.name().map_or_else(by_event, str::to_owned);
        Self { call: event.call_id().unwrap_or_default(), name, is_recorded: suspended.is_recorded() || !is_flow }
    }
}

impl Outside<'_> {
    /// What is left of the event for something, at most so much.
    fn left(&self, most: Duration) -> Duration {
        self.hard.wait(Instant::now(), most)
    }
}

/// The same requests, each with a token where its API takes one and the script gives none: whoever makes it once more has the same meeting.
fn with_tokens(Named { call, name, .. }: &Named<'_>, requests: &[Request]) -> Vec<Request> {
    let mut requests = requests.to_vec();
    for (index, request) in requests.iter_mut().enumerate().filter(|(_, request)| request.takes_token()) {
        let Request::Aws { service, input, .. } = request else { continue };
        if service == "chime-sdk-meetings" && input.get(TOKEN).is_none() {
            input[TOKEN] = format!("moonring-{}", hash(&format!("{call} {name} {index}"))).into();
        }
    }
    requests
}

/// Has requests carried out, once among all instances where a place outside says who does.
pub(crate) async fn once(outside: Outside<'_>, named: Named<'_>, requests: &[Request]) -> Vec<Reply> {
    let requests = &with_tokens(&named, requests);
    let Named { call, name, is_recorded } = named;
    let services = outside.services;
    // What comes afterwards needs time too: a journal may have to be put elsewhere.
    let kept_free = if outside.overflow.is_some() { CLAIM } else { Duration::ZERO };
    let Some(overflow) = outside.overflow.filter(|_| requests.iter().any(Request::must_not_repeat)) else {
        return services.carry_out(requests, outside.left(REQUESTS).saturating_sub(kept_free)).await;
    };
    let failed = |error_type: &str, message: String| {
        let reply = Reply::Failed { error_type: error_type.to_owned(), message, code: None };
        vec![reply; requests.len()]
    };
    let name = format!("{}request-{name}", folder(call));
    // Claimed once only: were it tried again after an answer that was lost, one would be late to one's own claim.
    let claimed = tokio::time::timeout(outside.left(CLAIM), overflow.claim(&name, Vec::new())).await;
    match claimed.unwrap_or_else(|_| Err("it took too long".to_owned())) {
        Err(why) => failed("failed", format!("the request is not made, for it cannot be claimed: {why}")),
        Ok(true) => {
            let replies = services.carry_out(requests, outside.left(REQUESTS).saturating_sub(kept_free)).await;
            let text = if is_recorded { serde_json::to_vec(&replies).unwrap_or_default() } else { DONE.to_vec() };
            if let Err(why) = retried(outside.left(CLAIM / 2), || overflow.write(&name, text.clone())).await {
                tracing::warn!(call, "what came of a request is not written down for other instances: {why}");
            }
            replies
        }
        Ok(false) => {
            for _ in 0..LOOKS {
                let left = outside.left(CLAIM);
                if left.is_zero() {
                    break;
                }
                let found = retried(left, || overflow.read(&name)).await.ok().flatten().unwrap_or_default();
                if found == DONE {
                    break;
                }
                match serde_json::from_slice::<Vec<Reply>>(&found) {
                    Ok(replies) if replies.len() == requests.len() => return replies,
                    _ => tokio::time::sleep(outside.left(PAUSE)).await,
                }
            }
            let message = "another instance of the host has made this request, and what came of it is not known";
            failed("conflict", message.to_owned())
        }
    }
}
