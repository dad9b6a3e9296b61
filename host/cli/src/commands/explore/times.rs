//! When calls are worth a walk: by day, at night, on a Sunday and a holiday, and about the hours that scripts and
//! their config name.

use std::collections::BTreeSet;

/// The day whose hours are tried, a Monday; and then a Saturday, a Sunday and a holiday.
const DAY: &str = "2026-06-01";
const USUAL: &str = "2026-06-01 10:00";
const OTHERS: [&str; 4] =
    ["2026-06-01 22:30", "2026-06-06 11:00", "2026-06-07 11:00", "2026-12-25 09:00"];
/// The most hours and holidays that are tried of those that are named.
const HOURS: usize = 8;
const HOLIDAYS: usize = 4;
const MINUTES_OF_DAY: u32 = 24 * 60;

/// The hours and the holidays that texts name.
#[derive(Debug, Default)]
pub(super) struct NamedTimes {
    /// In minutes from midnight.
    hours: BTreeSet<u32>,
    /// As `12-25`, or `2026-11-26`.
    holidays: BTreeSet<String>,
}

impl NamedTimes {
    /// Looks at what stands in quotes in a script or its config: `9:00-17:30`, `9-12, 13-17`, `12-25`.
    pub(super) fn look(&mut self, text: &str) {
        for part in text.split([',', ' ']).filter(|part| !part.is_empty()) {
            let Some((from, to)) = part.split_once('-') else { continue };
            if let (Some(from), Some(to)) = (minute_of_day(from), minute_of_day(to))
                && from != to
            {
                self.hours.extend([from, to]);
            }
        }
        let (month, day) = match text.split('-').collect::<Vec<_>>().as_slice() {
            [year, month, day] if number(year, 4).is_some() => (number(month, 2), number(day, 2)),
            [month, day] => (number(month, 2), number(day, 2)),
            _ => return,
        };
        let is_month = month.is_some_and(|month| (1..=12).contains(&month));
        if is_month && day.is_some_and(|day| (1..=31).contains(&day)) {
            self.holidays.insert(text.to_owned());
        }
    }

    /// Looks at a number of a config: an hour where its name says so.
    pub(super) fn look_at_number(&mut self, name: &str, number: u64) {
        let name = name.to_lowercase();
        let is_hour = ["open", "close", "hour"].iter().any(|word| name.contains(word));
        if let Some(hour) = u32::try_from(number).ok().filter(|hour| is_hour && *hour <= 24) {
            self.hours.insert(hour * 60);
        }
    }

    /// Looks at a script: numbers that an hour is compared with.
    pub(super) fn look_at_script(&mut self, script: &str) {
        let is_operator = |letter: char| "<>=~".contains(letter);
        for line in script.lines() {
            for (at, word) in line.match_indices("hour") {
                let before = line.get(..at).unwrap_or_default();
                let name = |letter: char| letter.is_alphanumeric() || "._".contains(letter);
                let left = before.trim_end_matches(name).trim_end();
                let right = line.get(at + word.len()..).unwrap_or_default().trim_start();
                if left.ends_with(is_operator) {
                    let number = left.trim_end_matches(is_operator).trim_end();
                    self.add_hour(number.rsplit(|it: char| !it.is_ascii_digit()).next());
                }
                if right.starts_with(is_operator) {
                    let number = right.trim_start_matches(is_operator).trim_start();
                    self.add_hour(number.split(|it: char| !it.is_ascii_digit()).next());
                }
            }
        }
    }

    fn add_hour(&mut self, digits: Option<&str>) {
        let hour = digits.and_then(|digits| digits.parse::<u32>().ok());
        self.hours.extend(hour.filter(|hour| *hour <= 24).map(|hour| hour * 60));
    }

    /// The times that are tried, the usual one first.
    pub(super) fn times(&self) -> Vec<String> {
        let mut times = vec![USUAL.to_owned()];
        for minute in self.hours.iter().take(HOURS) {
            let both = [minute.checked_sub(1), Some(*minute)].into_iter().flatten();
            let on_that_day = both.filter(|minute| *minute < MINUTES_OF_DAY);
            times.extend(
                on_that_day.map(|minute| format!("{DAY} {:02}:{:02}", minute / 60, minute % 60)),
            );
        }
        times.extend(OTHERS.map(str::to_owned));
        let holidays = self.holidays.iter().map(|day| match day.len() {
            5 => format!("2026-{day} 10:00"),
            _ => format!("{day} 10:00"),
        });
        // Not each year has a February 29, and a date of birth is no holiday of a line.
        let is_time = |time: &String| moonring_spec::at_ms(time, Some("UTC"), 0).is_ok();
        times.extend(holidays.filter(is_time).take(HOLIDAYS));
        let mut met = BTreeSet::new();
        times.retain(|time| met.insert(time.clone()));
        times
    }
}

/// A time of the day, as `9` or `17:30`, in minutes from midnight.
fn minute_of_day(text: &str) -> Option<u32> {
    let (hour, minute) = text.split_once(':').unwrap_or((text, "00"));
    let is_time = hour.len() <= 2 && minute.len() == 2;
    let (hour, minute) = (hour.parse::<u32>().ok()?, minute.parse::<u32>().ok()?);
    let at = hour * 60 + minute;
    (is_time && minute < 60 && at <= MINUTES_OF_DAY).then_some(at)
}

/// A number of so many digits.
fn number(text: &str, digits: usize) -> Option<u32> {
    text.parse().ok().filter(|_| text.len() == digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_tried_a_minute_before_and_when_they_begin() {
        let mut named = NamedTimes::default();
        named.look("9:00-12:30, 13-17");
        named.look("the 3-5 of us");
        named.look_at_number("closes", 20);
        named.look_at_number("rooms", 8);
        named.look_at_script("if now.hour >= 7 and 19 > now.hour then end");
        let hours: Vec<u32> = named.hours.iter().map(|minute| minute / 60).collect();
        assert_eq!(hours, [3, 5, 7, 9, 12, 13, 17, 19, 20]);
        assert!(named.holidays.is_empty());
        let times = named.times();
        assert_eq!(times.first().map(String::as_str), Some(USUAL));
        assert!(times.contains(&"2026-06-01 08:59".to_owned()), "{times:?}");
        assert!(times.contains(&"2026-06-01 12:30".to_owned()), "{times:?}");
    }

    #[test]
    fn holidays_are_tried_and_each_time_once() {
        let mut named = NamedTimes::default();
        for text in ["12-24", "2027-01-01", "02-29", "1960-05-17", "13-01", "02-40", "1-2-3"] {
            named.look(text);
        }
        let times = named.times();
        assert!(times.contains(&"2026-12-24 10:00".to_owned()), "{times:?}");
        assert!(times.contains(&"2027-01-01 10:00".to_owned()), "{times:?}");
        assert!(!times.iter().any(|time| time.contains("02-29") || time.contains("1960")));
        let met: BTreeSet<&String> = times.iter().collect();
        assert_eq!(met.len(), times.len());
        assert_eq!(NamedTimes::default().times().len(), 5);
    }
}
