//! Following an alias: which release serves, and which is tried.

use std::rc::Rc;
use std::sync::Arc;

use moonring_store::{Alias, Error as StoreError, Only, Put, ReleaseId, alias_name};

use super::canary::Returned;
use super::look::{CompiledRelease, Moved};
use super::{Loaded, ReleaseChannel};

impl ReleaseChannel {
    /// Serves what the alias says, as far as it can be served. Why a release cannot be had.
    pub(super) fn follow(&self, moved: Moved) -> Vec<StoreError> {
        let Moved { mut known, releases, failures, began } = moved;
        let before = self.serving();
        // What is about to serve is not the one that makes room.
        self.cache.borrow_mut().serve(&known.alias.serves);
        let mut refused = Vec::new();
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
                None => refused.push(id),
            }
        }
        let is_served = self.cache.borrow_mut().serve(&known.alias.serves);
        let candidate = known.alias.next.clone().and_then(|next| {
            let id = self.cache.borrow().ids().find(|id| id.as_str() == next.id).cloned()?;
            Some((next, id))
        });
        let is_whole = |id: &str| {
            self.cache.borrow().has(id) || refused.iter().any(|refused| refused.as_str() == id)
        };
        let next = known.alias.next.as_ref().map(|next| next.id.as_str());
        // What could not be had is tried again, although the alias stays as it is.
        if !is_whole(&known.alias.serves) || !next.is_none_or(is_whole) {
            known.tag = String::new();
        }
        self.cache.borrow_mut().hold(candidate.as_ref().map(|(_, id)| id.clone()));
        self.canary.borrow_mut().is_now(candidate.filter(|_| is_served));
        let serving = self.serving();
        let is_news = self.known_alias.borrow().as_ref().map(|known| &known.alias)
            != Some(&known.alias)
            || before != serving;
        if is_news {
            self.say_moved(&known.alias, before.as_deref(), serving.as_deref(), began.elapsed());
        }
        if before != serving {
            self.discard_older();
        }
        self.known_alias.replace(Some(known));
        failures
    }

    /// One line where an alias moves.
    fn say_moved(
        &self,
        alias: &Alias,
        from: Option<&str>,
        serving: Option<&str>,
        load: std::time::Duration,
    ) {
        let load_ms = u64::try_from(load.as_millis()).unwrap_or(u64::MAX);
        let (next, percent) =
            alias.next.as_ref().map(|next| (next.id.as_str(), next.percent)).unzip();
        let (name, release) = (alias.alias.as_str(), alias.serves.as_str());
        if serving == Some(release) {
            tracing::info!(
                alias = name,
                release,
                from,
                next,
                percent,
                counter = alias.counter,
                load_ms,
                "the alias has moved"
            );
        } else {
            tracing::error!(
                alias = name,
                release,
                serving,
                counter = alias.counter,
                "the alias has moved, but its release cannot be served"
            );
        }
    }

    /// A call on an older release has its VM made again when it comes.
    fn discard_older(&self) {
        let newest = self.newest().map(|(_, loaded)| loaded);
        let is_newest = |one: &Rc<Loaded>| newest.as_ref().is_some_and(|own| Rc::ptr_eq(own, one));
        let cache = self.cache.borrow();
        cache.iter().filter(|one| !is_newest(one)).for_each(|older| self.discard(older));
    }

    /// Whether the releases are published ones, which can be had again by their ids.
    pub(crate) fn is_published(&self) -> bool {
        self.known_alias.borrow().is_some()
    }

    /// Whether published releases are looked for.
    pub(crate) fn may_be_published(&self) -> bool {
        self.published.is_some()
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
