//! `time.at`: a moment as the clocks of a place show it.

use jiff::Timestamp;
use jiff::tz::TimeZoneDatabase;
use serde_json::{Value, json};

use moonring_wire::hint;

/// What a clock shows: at `seconds` since 1970, in a time zone of the IANA.
///
/// # Errors
/// What is wrong, for the author.
pub(crate) fn at(zones: &TimeZoneDatabase, zone: &str, seconds: i64) -> Result<Value, String> {
    let unknown = |_| {
        let names: Vec<_> = zones.available().map(|name| name.to_string()).collect();
        let hint = hint(zone, names.iter().map(String::as_str));
        format!(
            "time.at: there is no time zone {zone:?}; wanted an IANA name, such as \"Europe/Berlin\"{hint}"
        )
    };
    let zone = zones.get(zone).map_err(unknown)?;
    let moment = Timestamp::from_second(seconds)
        .map_err(|_| format!("time.at: {seconds} is out of range; wanted seconds since 1970"))?;
    let local = moment.to_zoned(zone);
    Ok(json!({
        "year": local.year(), "month": local.month(), "day": local.day(),
        "hour": local.hour(), "minute": local.minute(), "second": local.second(),
        "weekday": local.weekday().to_monday_one_offset(), "yearday": local.day_of_year(),
        "offset": local.offset().seconds(), "zone": local.time_zone().iana_name(),
        "date": local.date().to_string(), "time": local.strftime("%H:%M").to_string(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_told_as_the_clocks_of_a_place_show_it() {
        let zones = TimeZoneDatabase::bundled();
        let told = at(&zones, "Europe/Berlin", 1_718_036_406).unwrap();
        assert_eq!(told["date"], "2024-06-10");
        assert_eq!(
            (&told["time"], &told["offset"], &told["weekday"]),
            (&json!("18:20"), &json!(7200), &json!(1))
        );
        assert_eq!(at(&zones, "America/New_York", 1_705_000_000).unwrap()["offset"], -18_000);
        let wrong = at(&zones, "Europe/Berln", 0).unwrap_err();
        assert!(wrong.contains("did you mean `Europe/Berlin`"), "{wrong}");
        assert!(at(&zones, "UTC", i64::MAX).is_err());
    }
}
