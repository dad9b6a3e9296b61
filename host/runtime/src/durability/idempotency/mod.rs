//! Requests that must not be made twice: the process that claims one first makes it, and a later
//! one has its reply.

#[cfg(test)]
mod tests;

use std::hash::{BuildHasher as _, RandomState};
use std::time::{Duration, Instant};

use futures_util::future::{join, join_all};
use moonring_flow::{Place, Reply, Request, RequestKeys, content_hash};

use crate::durability::journal_store::{folder, retried};
use crate::{Allowance, Asked, HardDeadline, ObjectStore, ReplyBytes, Services, too_late};

/// Where the caller's token is.
const TOKEN: &str = "ClientRequestToken";

/// How long the requests of a script may take that are made together; the end of the event comes
/// mostly first.
const REQUESTS: Duration = Duration::from_secs(4);
/// How long a claim may take.
const CLAIM: Duration = Duration::from_millis(1200);
/// How long the last thing may take that is done about a request when its time is over.
const LAST: Duration = Duration::from_millis(300);
/// What lies between two looks whether another process is done.
const PAUSE: Duration = Duration::from_millis(150);
/// What is written down where replies may not be.
const DONE: &[u8] = b"done";

/// What requests are made with.
pub(crate) struct RequestDeduper<'a> {
    pub(crate) services: &'a dyn Services,
    pub(crate) object_store: Option<&'a dyn ObjectStore>,
    pub(crate) hard: HardDeadline,
    /// What is left of the bytes of the event.
    pub(crate) bytes: &'a ReplyBytes,
}

/// Requests that a script makes together.
#[derive(Clone, Copy)]
pub(crate) struct Batch<'a> {
    pub(crate) requests: &'a [Request],
    /// The line that asks, where it is known.
    pub(crate) place: Option<&'a Place>,
    /// Whether their replies may be left in the object store.
    pub(crate) may_be_written: bool,
}

/// Who makes a request.
enum Claim {
    /// This process, and nobody needs to know.
    Free,
    /// This process, which has claimed it under this name.
    Own(String),
    /// Another one, which has claimed it under this name.
    Another(String),
    /// Nobody: it could not be claimed.
    Lost(String),
}

impl Claim {
    fn is_mine(&self) -> bool {
        matches!(self, Self::Free | Self::Own(_))
    }
}

/// A request as it is made, with a token where its API takes one and the script gives none; and the
/// name under which it is claimed, if it must be.
fn named(request: &Request, names: &mut RequestKeys<'_>) -> (Request, Option<String>) {
    let mut request = request.clone();
    if request.must_not_repeat() {
        let name = names.next(&request);
        return (request, Some(name));
    }
    if request.takes_token() {
        let name = names.next(&request);
        let token = format!("moonring-{}", content_hash(&format!("{} {name}", names.call())));
        if let Request::Aws { input, .. } = &mut request
            && input.get(TOKEN).is_none()
        {
            input[TOKEN] = token.into();
        }
    }
    (request, None)
}

impl RequestDeduper<'_> {
    /// Has requests carried out, once among all instances where an object store says who does.
    pub(crate) async fn carry_out_once(
        self,
        names: &mut RequestKeys<'_>,
        batch: Batch<'_>,
    ) -> Vec<Reply> {
        let Batch { requests, place, may_be_written } = batch;
        if self.for_requests().is_zero() {
            return vec![too_late(); requests.len()];
        }
        let call = names.call();
        let (requests, claims): (Vec<_>, Vec<_>) =
            requests.iter().map(|request| named(request, names)).unzip();
        let Some(object_store) = self.object_store else {
            return self.carry_out(&requests, place).await;
        };
        let claims = claims.into_iter().map(|name| async {
            match name {
                Some(name) => {
                    self.claim(object_store, format!("{}request-{name}", folder(call))).await
                }
                None => Claim::Free,
            }
        });
        let claims = join_all(claims).await;
        let theirs = claims.iter().filter_map(|claim| match claim {
            Claim::Another(name) => Some(self.of_another(object_store, name)),
            _ => None,
        });
        let mine = async {
            let (mine, claims): (Vec<Request>, Vec<&Claim>) =
                requests.into_iter().zip(&claims).filter(|(_, claim)| claim.is_mine()).unzip();
            let replies = self.carry_out(&mine, place).await;
            // At once: another process may wait for it that this one waits for.
            let written = claims.into_iter().zip(mine.iter().zip(&replies)).filter_map(
                |(claim, (request, reply))| {
                    let Claim::Own(name) = claim else { return None };
                    let is_written = may_be_written && !request.has_secret_reply();
                    let text = if is_written {
                        serde_json::to_vec(reply).unwrap_or_default()
                    } else {
                        DONE.to_vec()
                    };
                    Some(self.write_down(object_store, call, name, text))
                },
            );
            join_all(written).await;
            replies
        };
        let (mine, theirs) = join(mine, join_all(theirs)).await;
        let (mut mine, mut theirs) = (mine.into_iter(), theirs.into_iter());
        let replies = claims.iter().map(|claim| match claim {
            Claim::Free | Claim::Own(_) => mine.next().unwrap_or_else(too_late),
            Claim::Another(_) => theirs.next().unwrap_or_else(too_late),
            Claim::Lost(why) => failed(
                "failed",
                format!("the request was not made because it could not be claimed: {why}"),
            ),
        });
        replies.collect()
    }

    /// What is left of the event for something, at most so much.
    fn left(&self, most: Duration) -> Duration {
        self.hard.wait(Instant::now(), most)
    }

    /// What is left for requests. What comes afterwards needs time too: a journal may have to be
    /// put elsewhere.
    fn for_requests(&self) -> Duration {
        let kept_free = if self.object_store.is_some() { CLAIM } else { Duration::ZERO };
        self.left(REQUESTS).saturating_sub(kept_free)
    }

    async fn carry_out(&self, requests: &[Request], place: Option<&Place>) -> Vec<Reply> {
        if requests.is_empty() {
            return Vec::new();
        }
        let allowance = Allowance { time: self.for_requests(), bytes: self.bytes };
        self.services.carry_out(Asked { requests, place }, allowance).await
    }

    /// Claims a request. Only once: were it tried again after an answer that was lost, one would be
    /// late to one's own claim. So one looks whose it is.
    async fn claim(&self, object_store: &dyn ObjectStore, name: String) -> Claim {
        let mark = format!("claimed {:016x}", RandomState::new().hash_one(&name)).into_bytes();
        let most = self.for_requests().min(CLAIM);
        let claimed = tokio::time::timeout(most, object_store.claim(&name, mark.clone())).await;
        let why = match claimed {
            Ok(Ok(true)) => return Claim::Own(name),
            Ok(Ok(false)) => return Claim::Another(name),
            Ok(Err(why)) => why,
            Err(_) => "it took too long".to_owned(),
        };
        match retried(self.left(LAST), || object_store.read(&name)).await {
            Ok(Some(found)) if found == mark => Claim::Own(name),
            Ok(Some(_)) => Claim::Another(name),
            Ok(None) | Err(_) => Claim::Lost(why),
        }
    }

    /// The reply to a request that another process has claimed, as soon as it is known there.
    async fn of_another(&self, object_store: &dyn ObjectStore, name: &str) -> Reply {
        loop {
            let left = self.for_requests();
            let found =
                retried(left.max(self.left(LAST)), || object_store.read(name)).await.ok().flatten();
            match found.as_deref().map(serde_json::from_slice::<Reply>) {
                Some(Ok(reply)) => return reply,
                _ if left.is_zero() || found.as_deref() == Some(DONE) => break,
                _ => tokio::time::sleep(PAUSE.min(left)).await,
            }
        }
        let message =
            "another instance of the host has claimed this request, and its reply is not known";
        failed("conflict", message.to_owned())
    }

    async fn write_down(
        &self,
        object_store: &dyn ObjectStore,
        call: &str,
        name: &str,
        text: Vec<u8>,
    ) {
        let most = self.for_requests().max(self.left(LAST)).min(CLAIM / 2);
        if let Err(why) = retried(most, || object_store.write(name, text.clone())).await {
            tracing::warn!(call, "the reply to a request was not saved for other instances: {why}");
        }
    }
}

fn failed(error_type: &str, message: String) -> Reply {
    Reply::Failed { error_type: error_type.to_owned(), message, code: None }
}
