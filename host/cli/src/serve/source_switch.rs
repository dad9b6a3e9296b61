//! The switch that takes the place of the scripts for out of reach.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Notify;

/// Whether the place of the scripts is taken for out of reach. Clones are the same switch.
#[derive(Debug, Clone, Default)]
pub(crate) struct SourceSwitch(Arc<Switch>);

#[derive(Debug, Default)]
struct Switch {
    is_gone: AtomicBool,
    turned: Notify,
}

impl SourceSwitch {
    /// Whether it is out of reach.
    pub(crate) fn is_gone(&self) -> bool {
        self.0.is_gone.load(Ordering::Relaxed)
    }

    /// Turns it.
    pub(crate) fn turn(&self, is_gone: bool) {
        self.0.is_gone.store(is_gone, Ordering::Relaxed);
        self.0.turned.notify_one();
    }

    /// Until somebody turns it.
    pub(crate) async fn turned(&self) {
        self.0.turned.notified().await;
    }
}
