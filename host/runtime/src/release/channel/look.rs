//! One look at the place of the scripts, away from the thread that answers calls: published releases
//! where there are some, else plain files.

use std::sync::Arc;
use std::time::SystemTime;

use moonring_engine::{Compiled, LoadError};
use moonring_store::{
    AliasLook, Error as StoreError, FetchError, KnownAlias, Listing, Published, PublishedError,
    Snapshot, Source, alias_name, rebuild, take_listed,
};
use tokio::time::Instant;

use super::ReleaseChannel;
use crate::release::judge::{CAPS, Judge};

/// What a look found: nothing new, or this.
pub(super) type Found = Result<Option<Looked>, StoreError>;

/// Something new.
pub(super) enum Looked {
    /// A snapshot and its compilation.
    Files(Box<CompiledRelease>),
    /// The alias says something new.
    Moved(Box<Moved>),
}

/// An alias that says something new, and the releases that it names and that were not there.
pub(super) struct Moved {
    pub(super) known: KnownAlias,
    pub(super) releases: Vec<CompiledRelease>,
    /// Why one of them cannot be had. The others do not wait for it.
    pub(super) failures: Vec<StoreError>,
    pub(super) began: Instant,
}

/// A release that was read whole.
pub(super) struct CompiledRelease {
    pub(super) snapshot: Snapshot,
    pub(super) compiled: Result<Compiled, LoadError>,
}

/// What a look needs.
pub(super) struct Looking {
    source: Arc<dyn Source>,
    published: Option<Published>,
    known_alias: Option<KnownAlias>,
    /// Whether plain files were found before.
    has_files: bool,
    is_alias: bool,
    /// What was taken last.
    last: Option<Arc<Snapshot>>,
    /// The releases that are in memory.
    there: Vec<String>,
    /// Whether that is the copy in the package alone.
    serves_copy: bool,
    judge: Arc<Judge>,
    packaged: Option<Arc<dyn Source>>,
}

impl ReleaseChannel {
    pub(super) fn looking(&self) -> Looking {
        let known_alias = self.known_alias.borrow().clone();
        let last = self.last.borrow().clone();
        Looking {
            source: Arc::clone(&self.source),
            published: self.published.clone(),
            has_files: known_alias.is_none() && last.is_some(),
            known_alias,
            is_alias: self.alias.is_some(),
            last,
            there: self.cache.borrow().ids().map(ToString::to_string).collect(),
            serves_copy: self.serves_copy(),
            judge: Arc::clone(&self.judge),
            packaged: self.packaged.get().cloned(),
        }
    }
}

impl Looking {
    /// One look.
    pub(super) async fn look(self) -> Found {
        let began = Instant::now();
        let Some(published) = &self.published else { return self.files(None).await };
        if let Some(known) = &self.known_alias {
            return match published.look(Some(known)).await? {
                AliasLook::Unchanged => Ok(None),
                AliasLook::Moved(known) => self.moved(published, *known, began).await,
                AliasLook::Absent => Err(self.missing(published).into()),
            };
        }
        // Which of the two is there is not known, or may change: neither waits for the other.
        let (alias, listing) = if self.has_files && !self.is_alias {
            let listing = self.source.list().await;
            let alias = match &listing {
                Ok(listing) if listing.has_aliases => published.look(None).await,
                _ => Ok(AliasLook::Absent),
            };
            (alias, listing)
        } else {
            futures_util::future::join(published.look(None), self.source.list()).await
        };
        match (alias, listing) {
            (Ok(AliasLook::Moved(known)), _) => self.moved(published, *known, began).await,
            // Plain files are not signed: who asks for signatures is not served any.
            (Ok(_), _) if published.asks_signatures() => Err(self.missing(published).into()),
            (Err(error), _) if published.asks_signatures() => Err(error.into()),
            (Ok(_), Ok(listing)) if listing.entries.is_empty() && listing.has_aliases => {
                Err(self.missing(published).into())
            }
            // Who may read plain files alone is not told that there are no aliases.
            (Err(error), Ok(listing)) if listing.has_aliases => Err(error.into()),
            (_, Ok(listing)) => self.files(Some(listing)).await,
            (_, Err(cause)) => Err(StoreError::List { location: self.source.location(), cause }),
        }
    }

    /// The copy in the function's package, where there is one.
    pub(super) async fn packaged(&self) -> Option<Result<CompiledRelease, StoreError>> {
        match self.packaged_snapshot().await? {
            Ok(snapshot) => Some(self.judged(snapshot).await),
            Err(error) => Some(Err(error)),
        }
    }

    /// The same, if it is this release.
    pub(super) async fn packaged_as(&self, id: &str) -> Option<CompiledRelease> {
        let snapshot = self.packaged_snapshot().await?.ok()?;
        if snapshot.id.as_str() != id {
            return None;
        }
        self.judged(snapshot).await.ok().filter(|found| found.compiled.is_ok())
    }

    async fn packaged_snapshot(&self) -> Option<Result<Snapshot, StoreError>> {
        let packaged = self.packaged.as_ref()?;
        take_listed(packaged.as_ref(), None, None, CAPS).await.transpose()
    }

    async fn judged(&self, snapshot: Snapshot) -> Result<CompiledRelease, StoreError> {
        let judge = Arc::clone(&self.judge);
        self.compile(snapshot, move |snapshot| judge.judge(snapshot)).await
    }

    fn missing(&self, published: &Published) -> PublishedError {
        PublishedError::Missing {
            location: self.source.location(),
            name: alias_name(published.alias()),
        }
    }

    async fn files(&self, listing: Option<Listing>) -> Found {
        let known = self.last.as_deref();
        let taken = take_listed(self.source.as_ref(), listing, known, CAPS).await?;
        let Some(snapshot) = taken else { return Ok(None) };
        let judge = Arc::clone(&self.judge);
        let judged = self.compile(snapshot, move |snapshot| judge.judge(snapshot)).await?;
        Ok(Some(Looked::Files(Box::new(judged))))
    }

    async fn moved(&self, published: &Published, known: KnownAlias, began: Instant) -> Found {
        let alias = known.alias.clone();
        let (releases, failures) = (Vec::new(), Vec::new());
        let mut moved = Moved { known, releases, failures, began };
        let is_there = self.read(published, &alias.serves, &mut moved).await?;
        // A host that has nothing to serve serves the release before rather than none.
        let has_none = self.there.is_empty() || self.serves_copy;
        if let Some(previous) = alias.previous.filter(|_| !is_there && has_none) {
            self.read(published, &previous, &mut moved).await?;
        }
        if let Some(next) = alias.next {
            self.read(published, &next.id, &mut moved).await?;
        }
        Ok(Some(Looked::Moved(Box::new(moved))))
    }

    /// Reads and compiles a release that is not in memory. Whether it can be had.
    async fn read(
        &self,
        published: &Published,
        id: &str,
        moved: &mut Moved,
    ) -> Result<bool, StoreError> {
        if self.there.iter().any(|there| there == id) {
            return Ok(true);
        }
        let just_read = moved.releases.iter().map(|release| &release.snapshot);
        let at_hand: Vec<&Snapshot> = self.last.as_deref().into_iter().chain(just_read).collect();
        match published.release(id, &at_hand, CAPS).await {
            Ok(snapshot) => {
                let judge = Arc::clone(&self.judge);
                let judged = self.compile(snapshot, move |snapshot| judge.judge(snapshot)).await?;
                let can_serve = judged.compiled.is_ok();
                moved.releases.push(judged);
                Ok(can_serve)
            }
            Err(error) => {
                moved.failures.push(error.into());
                Ok(false)
            }
        }
    }

    async fn compile(
        &self,
        snapshot: Snapshot,
        compile: impl FnOnce(&Snapshot) -> Result<Compiled, LoadError> + Send + 'static,
    ) -> Result<CompiledRelease, StoreError> {
        let compilation = tokio::task::spawn_blocking(move || {
            let compiled = compile(&snapshot);
            CompiledRelease { snapshot, compiled }
        });
        compilation.await.map_err(|error| StoreError::List {
            location: self.source.location(),
            cause: FetchError::Unavailable(format!("the compiler failed: {error}")),
        })
    }
}

/// Has a release of the past again, and compiles it: the copy in the package, published by its id,
/// or as plain files were listed at a time.
pub(super) async fn recall(looking: Looking, id: String, at: Option<SystemTime>) -> Found {
    // A call that began on the copy goes on with it on every instance.
    if let Some(found) = looking.packaged_as(&id).await {
        return Ok(Some(Looked::Files(Box::new(found))));
    }
    let published = looking.published.as_ref().filter(|_| looking.known_alias.is_some());
    let snapshot = match (at, published) {
        (None, Some(published)) => {
            let at_hand: Vec<&Snapshot> = looking.last.as_deref().into_iter().collect();
            published.release(&id, &at_hand, CAPS).await?
        }
        (Some(at), _) => rebuild(looking.source.as_ref(), &id, at, CAPS).await?,
        (None, None) => return Ok(None),
    };
    // It was judged when it was accepted.
    let config = Arc::clone(&looking.judge.config);
    let compile = move |snapshot: &Snapshot| Compiled::new(snapshot.sources(), &config);
    let compiled = looking.compile(snapshot, compile).await?;
    Ok(Some(Looked::Files(Box::new(compiled))))
}
