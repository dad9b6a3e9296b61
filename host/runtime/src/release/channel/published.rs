//! Following an alias: which release serves, and which is tried.

use std::sync::Arc;

use moonring_store::{Alias, Only, Put, ReleaseId, alias_name};

use super::ReleaseChannel;
use super::canary::Returned;
use super::look::{CompiledRelease, Moved};

impl ReleaseChannel {
    /// Serves what the alias says, as far as it can be served.
    pub(super) fn follow(&self, moved: Moved) {
        let Moved { known, releases, began } = moved;
        let before = self.serving();
        for CompiledRelease { snapshot, compiled } in releases {
            let id = snapshot.id.clone();
            let loaded = self.vet(&snapshot, compiled);
            let is_served = known.alias.serves == id.as_str();
            if is_served {
                self.last.replace(Some(Arc::new(snapshot)));
            }
            match loaded {
                Some(loaded) if is_served => self.cache.borrow_mut().accept(id, loaded),
                Some(loaded) => self.cache.borrow_mut().recall(id, loaded),
                None => {}
            }
        }
        let is_served = self.cache.borrow_mut().serve(&known.alias.serves);
        let next = known.alias.next.clone();
        let candidate = next.and_then(|next| {
            let id = self.cache.borrow().ids().find(|id| id.as_str() == next.id).cloned()?;
            Some((next, id))
        });
        self.cache.borrow_mut().hold(candidate.as_ref().map(|(_, id)| id.clone()));
        self.canary.borrow_mut().is_now(candidate.filter(|_| is_served));
        let alias = known.alias.alias.as_str();
        let from = before.as_deref();
        let load_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        let (next, percent) =
            known.alias.next.as_ref().map(|next| (next.id.as_str(), next.percent)).unzip();
        if is_served {
            tracing::info!(
                alias,
                release = known.alias.serves.as_str(),
                from,
                next,
                percent,
                counter = known.alias.counter,
                load_ms,
                "the alias has moved"
            );
            // A call on an older release has its VM made again when it comes.
            if from != Some(known.alias.serves.as_str()) {
                let newest = self.newest().map(|(_, loaded)| loaded);
                let cache = self.cache.borrow();
                let older = cache.iter().filter(|one| {
                    newest.as_ref().is_none_or(|newest| !std::rc::Rc::ptr_eq(newest, one))
                });
                older.for_each(|older| self.discard(older));
            }
        }
        self.known_alias.replace(Some(known));
    }

    /// Whether the releases are published ones, which can be had again by their ids.
    pub(crate) fn is_published(&self) -> bool {
        self.known_alias.borrow().is_some()
    }

    /// Counts an event for the release that answered it.
    pub(crate) fn count(&self, release: &ReleaseId, is_first: bool, has_failed: bool) {
        let Some(returned) = self.canary.borrow_mut().count(release, is_first, has_failed) else {
            return;
        };
        let Returned { calls, fallbacks, serving_calls, serving_fallbacks } = returned;
        tracing::error!(
            alias = self.published.as_ref().map(|published| published.alias()),
            release = release.as_str(),
            serving = self.serving(),
            calls,
            fallbacks,
            serving_calls,
            serving_fallbacks,
            "canary_returned: the candidate fails more calls than the release that serves, and gets no new calls of this instance any more"
        );
        self.return_for_all();
    }

    /// Takes the candidate back for every host, where this one may.
    fn return_for_all(&self) {
        let (Some(objects), Some(known)) =
            (self.objects.clone(), self.known_alias.borrow().clone())
        else {
            return;
        };
        let alias = Alias {
            next: None,
            counter: known.alias.counter + 1,
            by: Some("the host".to_owned()),
            ..known.alias
        };
        tokio::spawn(async move {
            let name = alias_name(&alias.alias);
            match objects.put(&name, alias.to_bytes(), Only::Replacing(&known.tag)).await {
                Ok(Put::Done(_)) => tracing::warn!(
                    alias = alias.alias,
                    serving = alias.serves,
                    "the candidate is taken back for every host"
                ),
                Ok(Put::Refused | Put::Busy) => tracing::warn!(
                    alias = alias.alias,
                    "somebody else has moved the alias; the candidate is not taken back for other hosts"
                ),
                Err(error) => tracing::error!(
                    alias = alias.alias,
                    "the candidate cannot be taken back for other hosts: {error}"
                ),
            }
        });
    }
}
