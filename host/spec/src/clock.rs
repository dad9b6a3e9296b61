//! Moments as people write them.

use jiff::civil::{DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use moonring_wire::hint;

/// Why words name no moment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClockError {
    /// There is no such zone.
    #[error("the zone `{name}` is unknown; wanted a name such as Europe/Berlin{hint}")]
    Zone {
        /// What came.
        name: String,
        /// The nearest name, if one is near.
        hint: String,
    },
    /// It is no time.
    #[error(
        "{0} is not a time; wanted a date and time such as '2026-12-25 09:00', a time such as 09:00, or both with an offset such as 2026-12-25T09:00:00Z"
    )]
    Time(String),
    /// The calls of this service began later.
    #[error("{0} is before 1970")]
    TooEarly(String),
}

/// A moment as people write it, in milliseconds since 1970. `now_ms` is the moment whose day is
/// meant where there is none; without a zone, that of this machine is meant.
///
/// # Errors
/// When it is no time, or no zone.
pub fn at_ms(at: &str, zone: Option<&str>, now_ms: u64) -> Result<u64, ClockError> {
    let zone = match zone {
        Some(name) => TimeZone::get(name).map_err(|_| unknown_zone(name))?,
        None => TimeZone::system(),
    };
    let at = at.trim();
    let wrong = || ClockError::Time(at.to_owned());
    let moment = if let Ok(exact) = at.parse::<Timestamp>() {
        exact
    } else {
        let now = i64::try_from(now_ms).ok().and_then(|now| Timestamp::from_millisecond(now).ok());
        let now = now.ok_or_else(wrong)?;
        let today = || Zoned::new(now, zone.clone()).date();
        let civil = at
            .parse::<DateTime>()
            .or_else(|_| at.parse::<Time>().map(|time| today().to_datetime(time)));
        // An hour that a change of clocks leaves out is read as the one behind it.
        let civil = civil.map_err(|_| wrong())?;
        civil.to_zoned(zone).map_err(|_| wrong())?.timestamp()
    };
    u64::try_from(moment.as_millisecond()).map_err(|_| ClockError::TooEarly(at.to_owned()))
}

/// A moment as [`at_ms`] reads it, with the offset of the zone.
pub fn written(at_ms: u64) -> String {
    let moment = i64::try_from(at_ms).ok().and_then(|at| Timestamp::from_millisecond(at).ok());
    moment.map(|moment| moment.to_string()).unwrap_or_default()
}

fn unknown_zone(name: &str) -> ClockError {
    let names: Vec<String> =
        jiff::tz::db().available().map(|name| name.as_str().to_owned()).collect();
    let hint = hint(name, names.iter().map(String::as_str));
    ClockError::Zone { name: name.to_owned(), hint }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_their_zone() {
        let now = 1_798_218_000_000;
        let read =
            |at: &str, zone: &str| at_ms(at, Some(zone), now).map_err(|error| error.to_string());
        assert_eq!(read("2026-12-25 09:00", "America/Los_Angeles"), Ok(now));
        assert_eq!(read("09:00", "America/Los_Angeles"), Ok(now));
        assert_eq!(read("2026-12-25T17:00:00Z", "Europe/Berlin"), Ok(now));
        assert_eq!(read("2026-12-25T09:00:30-08:00", "Europe/Berlin"), Ok(now + 30_000));
        assert!(read("2026-12-25", "UTC").is_ok_and(|at| at == 1_798_156_800_000));
        assert_eq!(read(&written(now), "UTC"), Ok(now));
        let wrong = read("tomorrow", "UTC").unwrap_err();
        assert!(wrong.starts_with("tomorrow is not a time; wanted a date and time"), "{wrong}");
        let wrong = read("09:00", "Europe/Berln").unwrap_err();
        assert!(wrong.ends_with("; did you mean `Europe/Berlin`?"), "{wrong}");
    }
}
