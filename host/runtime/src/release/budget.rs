//! The time that an event may be held for releases elsewhere.

use std::time::{Duration, Instant};

use crate::HardDeadline;

/// How long an event may be held for releases elsewhere, all together.
pub(crate) struct Budget {
    hard: HardDeadline,
    spent: Duration,
}

impl Budget {
    pub(crate) fn new(hard: HardDeadline) -> Self {
        Self { hard, spent: Duration::ZERO }
    }

    pub(crate) async fn spend<F: Future<Output = ()>>(
        &mut self,
        most: Duration,
        look: impl FnOnce(Duration) -> F,
    ) {
        let began = tokio::time::Instant::now();
        look(self.hard.wait(Instant::now(), most.saturating_sub(self.spent))).await;
        self.spent += began.elapsed();
    }
}
