//! A place of scripts that can be taken for out of reach.

use std::sync::Arc;
use std::time::SystemTime;

use moonring_store::{BoxFuture, Entry, FetchError, Listing, Source};

use super::source_switch::SourceSwitch;

/// A source, and whether nobody reaches it.
pub(crate) struct GoneSource {
    inner: Arc<dyn Source>,
    switch: SourceSwitch,
}

impl GoneSource {
    /// This source, out of reach for as long as the switch says so.
    pub(crate) fn over(inner: Arc<dyn Source>, switch: SourceSwitch) -> Self {
        Self { inner, switch }
    }

    fn unless_gone<'a, T: Send + 'a>(
        &self,
        result: impl FnOnce() -> BoxFuture<'a, Result<T, FetchError>>,
    ) -> BoxFuture<'a, Result<T, FetchError>> {
        if !self.switch.is_gone() {
            return result();
        }
        let text = "it is out of reach, because the page has asked for this fault".to_owned();
        Box::pin(std::future::ready(Err(FetchError::Unavailable(text))))
    }
}

impl Source for GoneSource {
    fn list(&self) -> BoxFuture<'_, Result<Listing, FetchError>> {
        self.unless_gone(|| self.inner.list())
    }

    fn list_at(&self, at: SystemTime) -> BoxFuture<'_, Result<Listing, FetchError>> {
        self.unless_gone(|| self.inner.list_at(at))
    }

    fn fetch<'a>(&'a self, entry: &'a Entry) -> BoxFuture<'a, Result<Vec<u8>, FetchError>> {
        self.unless_gone(|| self.inner.fetch(entry))
    }

    fn alias(&self, name: &str) -> Arc<dyn Source> {
        Arc::new(Self { inner: self.inner.alias(name), switch: self.switch.clone() })
    }

    fn location(&self) -> String {
        self.inner.location()
    }
}
