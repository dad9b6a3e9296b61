//! The clock of a call: `--at` and `--zone`.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Context as _;
use clap::Args;
use jiff::civil::{DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use moonring_wire::hint;

use crate::project::Table;

const WANTED: &str = "wanted a date and time such as '2026-12-25 09:00', a time such as 09:00, or both with an offset such as 2026-12-25T09:00:00Z";

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
        at.map(|at| at_ms(at, zone.map(String::as_str))).transpose()
    }
}

/// A moment as people write it, in milliseconds since 1970.
///
/// # Errors
/// When it is no time, or no zone.
pub(crate) fn at_ms(at: &str, zone: Option<&str>) -> anyhow::Result<u64> {
    let zone = match zone {
        Some(name) => TimeZone::get(name).map_err(|_| {
            let names: Vec<String> =
                jiff::tz::db().available().map(|name| name.as_str().to_owned()).collect();
            let hint = hint(name, names.iter().map(String::as_str));
            anyhow::anyhow!(
                "the zone `{name}` is unknown; wanted a name such as Europe/Berlin{hint}"
            )
        })?,
        None => TimeZone::system(),
    };
    let at = at.trim();
    let moment = if let Ok(exact) = at.parse::<Timestamp>() {
        exact
    } else {
        let today = || Zoned::now().with_time_zone(zone.clone()).date();
        let civil = at
            .parse::<DateTime>()
            .or_else(|_| at.parse::<Time>().map(|time| today().to_datetime(time)));
        let civil = civil.map_err(|_| anyhow::anyhow!("--at {at}: {WANTED}"))?;
        // An hour that a change of clocks leaves out is read as the one behind it.
        civil.to_zoned(zone).with_context(|| format!("--at {at}"))?.timestamp()
    };
    u64::try_from(moment.as_millisecond()).with_context(|| format!("--at {at}: it is before 1970"))
}

/// Now, in milliseconds since 1970.
pub(crate) fn now_ms() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(now.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_their_zone() {
        let read = |at: &str, zone: &str| at_ms(at, Some(zone)).map_err(|error| error.to_string());
        assert_eq!(read("2026-12-25 09:00", "America/Los_Angeles"), Ok(1_798_218_000_000));
        assert_eq!(read("2026-12-25T17:00:00Z", "Europe/Berlin"), Ok(1_798_218_000_000));
        assert_eq!(read("2026-12-25T09:00:30-08:00", "Europe/Berlin"), Ok(1_798_218_030_000));
        assert!(read("09:00", "Europe/Berlin").is_ok());
        assert!(read("2026-12-25", "UTC").is_ok_and(|at| at == 1_798_156_800_000));
        let wrong = read("tomorrow", "UTC").unwrap_err();
        assert!(wrong.starts_with("--at tomorrow: wanted a date and time"), "{wrong}");
        let wrong = read("09:00", "Europe/Berln").unwrap_err();
        assert!(wrong.ends_with("; did you mean `Europe/Berlin`?"), "{wrong}");
    }
}
