//! The copy of the scripts in the function's own package: it serves when nothing else can be had at
//! a cold start.

use std::sync::Arc;

use moonring_store::Source;

use super::ReleaseChannel;

impl ReleaseChannel {
    /// With a copy of the scripts that is always at hand. Counts once.
    pub(crate) fn set_packaged(&self, packaged: Arc<dyn Source>) {
        self.packaged.set(packaged).ok();
    }

    /// Serves the copy, until a release can be had.
    pub(crate) async fn serve_packaged(&self) {
        let (looking, location) = (self.looking(), self.location());
        let found = match looking.packaged().await {
            None => return,
            Some(Ok(found)) => found,
            Some(Err(error)) => {
                return tracing::error!("the copy in the package cannot be read: {error}");
            }
        };
        let Some(loaded) = self.vet(&found.snapshot, found.compiled) else { return };
        let id = found.snapshot.id;
        self.packaged_id.set(id.clone()).ok();
        tracing::error!(
            release = id.as_str(),
            "no release can be had from {location}; the copy in the package serves until one can"
        );
        self.cache.borrow_mut().accept(id, loaded);
    }

    /// Whether the copy serves, since nothing else could be had.
    pub(crate) fn serves_copy(&self) -> bool {
        let Some(copy) = self.packaged_id.get() else { return false };
        // What was found at the place of the scripts has been taken, or follows an alias.
        let has_found = self.last.borrow().is_some() || self.is_published();
        !has_found && self.newest().is_some_and(|(newest, _)| newest == *copy)
    }

    /// Has the copy again for a call that began with it on another instance.
    pub(crate) async fn recall_packaged(&self, id: &str) {
        let is_another = self.packaged_id.get().is_some_and(|packaged| packaged.as_str() != id);
        if is_another || self.cache.borrow().has(id) {
            return;
        }
        let Some(Ok(found)) = self.looking().packaged().await else { return };
        let packaged = self.packaged_id.get_or_init(|| found.snapshot.id.clone());
        if packaged.as_str() == id
            && let Some(loaded) = self.vet(&found.snapshot, found.compiled)
        {
            self.cache.borrow_mut().recall(packaged.clone(), loaded);
        }
    }
}
