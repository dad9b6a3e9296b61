//! Requests that must not be made twice: whoever claims one first makes it, and whoever comes later has what came of it.

use std::time::{Duration, Instant};

use moonring_engine::{Reply, Request};

use crate::names::Named;
use crate::spill::{folder, hash, retried};
use crate::{HardDeadline, Overflow, Services};

/// Where the token of whoever asks stands.
const TOKEN: &str = "ClientRequestToken";

/// How long the requests of a script may take that are made together; the end of the event comes mostly first.
const REQUESTS: Duration = Duration::from_secs(4);
/// How long a claim may take.
const CLAIM: Duration = Duration::from_millis(1200);
/// What lies between two looks whether another process is done.
const PAUSE: Duration = Duration::from_millis(150);
/// What is written down where replies may not be.
const DONE: &[u8] = b"done";

/// What requests are made with.
pub(crate) struct Outside<'a> {
    pub(crate) services: &'a dyn Services,
    pub(crate) overflow: Option<&'a dyn Overflow>,
    pub(crate) hard: HardDeadline,
}

impl Outside<'_> {
    /// What is left of the event for something, at most so much.
    fn left(&self, most: Duration) -> Duration {
        self.hard.wait(Instant::now(), most)
    }

    /// What is left for requests. What comes afterwards needs time too: a journal may have to be put elsewhere.
    fn for_requests(&self) -> Duration {
        let kept_free = if self.overflow.is_some() { CLAIM } else { Duration::ZERO };
        self.left(REQUESTS).saturating_sub(kept_free)
    }

    async fn carry_out(&self, requests: &[Request]) -> Vec<Reply> {
        if requests.is_empty() { Vec::new() } else { self.services.carry_out(requests, self.for_requests()).await }
    }
}

/// Has requests carried out, once among all instances where a place outside says who does.
pub(crate) async fn once(outside: Outside<'_>, named: Option<Named<'_>>, requests: &[Request]) -> Vec<Reply> {
    let Some(named) = named else { return outside.carry_out(requests).await };
    let requests = with_tokens(&named, requests);
    let Some(overflow) = outside.overflow.filter(|_| requests.iter().any(Request::must_not_repeat)) else {
        return outside.carry_out(&requests).await;
    };
    let call = named.call;
    let name = format!("{}request-{}", folder(call), named.name);
    // Claimed once only: were it tried again after an answer that was lost, one would be late to one's own claim.
    let claimed = tokio::time::timeout(outside.left(CLAIM), overflow.claim(&name, Vec::new())).await;
    let claimed = claimed.unwrap_or_else(|_| Err("it took too long".to_owned()));
    if claimed == Ok(true) {
        let replies = outside.carry_out(&requests).await;
        let once: Vec<&Reply> = replies
            .iter()
            .zip(&requests)
            .filter(|(_, request)| request.must_not_repeat())
            .map(|(reply, _)| reply)
            .collect();
        let text = if named.may_be_written { serde_json::to_vec(&once).unwrap_or_default() } else { DONE.to_vec() };
        if let Err(why) = retried(outside.left(CLAIM / 2), || overflow.write(&name, text.clone())).await {
            tracing::warn!(call, "what came of a request is not written down for other instances: {why}");
        }
        return replies;
    }
    // What may be made again is.
    let (once, free): (Vec<Request>, Vec<Request>) = requests.iter().cloned().partition(Request::must_not_repeat);
    let free = outside.carry_out(&free).await;
    let once = match claimed {
        Ok(_) => of_another(&outside, (overflow, &name), once.len()).await,
        Err(why) => {
            vec![failed("failed", format!("the request is not made, for it cannot be claimed: {why}")); once.len()]
        }
    };
    let (mut once, mut free) = (once.into_iter(), free.into_iter());
    let reply = |request: &Request| if request.must_not_repeat() { once.next() } else { free.next() };
    requests.iter().filter_map(reply).collect()
}

/// What came of requests that another process has claimed, as soon as it is known there.
async fn of_another(outside: &Outside<'_>, (overflow, name): (&dyn Overflow, &str), count: usize) -> Vec<Reply> {
    loop {
        let left = outside.for_requests();
        let found = retried(left, || overflow.read(name)).await.ok().flatten().unwrap_or_default();
        match serde_json::from_slice::<Vec<Reply>>(&found) {
            Ok(replies) if replies.len() == count => return replies,
            _ if left.is_zero() || found == DONE => break,
            _ => tokio::time::sleep(PAUSE.min(left)).await,
        }
    }
    let message = "another instance of the host has made this request, and what came of it is not known";
    vec![failed("conflict", message.to_owned()); count]
}

/// The same requests, each with a token where its API takes one and the script gives none: whoever makes it once more has the same meeting.
fn with_tokens(Named { call, name, .. }: &Named<'_>, requests: &[Request]) -> Vec<Request> {
    let mut requests = requests.to_vec();
    for (index, request) in requests.iter_mut().enumerate().filter(|(_, request)| request.takes_token()) {
        let Request::Aws { input, .. } = request else { continue };
        if input.get(TOKEN).is_none() {
            input[TOKEN] = format!("moonring-{}", hash(&format!("{call} {name} {index}"))).into();
        }
    }
    requests
}

fn failed(error_type: &str, message: String) -> Reply {
    Reply::Failed { error_type: error_type.to_owned(), message, code: None }
}
