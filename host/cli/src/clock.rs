//! The clock of a call: `--at` and `--zone`.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Context as _;
use clap::Args;
use moonring_spec::ClockError;

use crate::project::Table;

/// What time it is in the call.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct ClockArguments {
    /// The date and time at which the call begins, such as '2026-12-25 09:00' [default: now]
    #[arg(long, value_name = "TIME")]
    at: Option<String>,

    /// The time zone of --at, such as America/Los_Angeles [default: this machine's]
    #[arg(long, value_name = "ZONE")]
    zone: Option<String>,
}

impl ClockArguments {
    /// When the call begins, in milliseconds since 1970, if the command line or the project says so.
    ///
    /// # Errors
    /// When it is no time, or no zone.
    pub(crate) fn at_ms(&self, table: &Table) -> anyhow::Result<Option<u64>> {
        let zone = self.zone.as_ref().or(table.zone.as_ref());
        let at = self.at.as_ref().or(table.at.as_ref());
        anyhow::ensure!(
            self.zone.is_none() || at.is_some(),
            "--zone says how --at is read; give --at too"
        );
        let at = at.map(|at| at_ms(at, zone.map(String::as_str))).transpose();
        at.context("--at")
    }
}

/// A moment as people write it, in milliseconds since 1970; without a day, of today.
///
/// # Errors
/// When it is no time, or no zone.
pub(crate) fn at_ms(at: &str, zone: Option<&str>) -> Result<u64, ClockError> {
    moonring_spec::at_ms(at, zone, now_ms())
}

/// Now, in milliseconds since 1970.
pub(crate) fn now_ms() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(now.as_millis()).unwrap_or(u64::MAX)
}
