//! What a text says apart from the time in it: what is done again a little later says the same.

/// How far a time may be from now, in seconds. What is done again is done within seconds;
/// clocks differ, and so do dates.
const NEAR: i64 = 86_400;

/// The text with every moment near `now` (in seconds since 1970) left out: seconds and milliseconds
/// since 1970, and dates and times of day as ISO 8601 writes them.
pub fn strip_timestamps(text: &str, now: i64) -> String {
    let bytes = text.as_bytes();
    let mut steady = String::with_capacity(text.len());
    let (mut at, mut kept) = (0, 0);
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let moment = moment(&bytes[at..], now);
        if moment > 0 {
            // Digits are characters of their own: no character is cut.
            steady.push_str(&text[kept..at]);
            steady.push('~');
            kept = at + moment;
        }
        at += moment.max(digits(&bytes[at..]));
    }
    steady.push_str(&text[kept..]);
    steady
}

/// How many bytes of this are a moment near now, from their first digit on.
fn moment(bytes: &[u8], now: i64) -> usize {
    let length = digits(bytes);
    let number = |from: usize, to: usize| {
        bytes[from..to]
            .iter()
            .try_fold(0_i64, |sum, digit| sum.checked_mul(10)?.checked_add(i64::from(digit - b'0')))
    };
    let is_near = |seconds: i64| (seconds - now).abs() <= NEAR;
    match length {
        10 if number(0, 10).is_some_and(is_near) => 10 + fraction(&bytes[10..]),
        13 if number(0, 13).is_some_and(|ms| is_near(ms / 1000)) => 13 + fraction(&bytes[13..]),
        4 if is_shaped(bytes, b"0000-00-00") => {
            let day = number(0, 4).zip(number(5, 7)).zip(number(8, 10));
            // The day may be that of another zone.
            let is_near = day.is_some_and(|((year, month), day)| {
                is_near(days(year, month, day) * 86_400 + 43_200)
            });
            if is_near { 10 } else { 0 }
        }
        2 if is_shaped(bytes, b"00:00:00") => 8 + fraction(&bytes[8..]),
        2 if is_shaped(bytes, b"00:00") => 5,
        _ => 0,
    }
}

fn digits(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| byte.is_ascii_digit()).count()
}

/// The length of `.25`.
fn fraction(bytes: &[u8]) -> usize {
    let length = bytes.strip_prefix(b".").map_or(0, digits);
    if length > 0 { length + 1 } else { 0 }
}

/// Whether this begins as the shape does, in which 0 stands for any digit, and no digit follows.
fn is_shaped(bytes: &[u8], shape: &[u8]) -> bool {
    let fits = |(byte, shape): (&u8, &u8)| {
        if *shape == b'0' { byte.is_ascii_digit() } else { byte == shape }
    };
    bytes.len() >= shape.len()
        && bytes.iter().zip(shape).all(fits)
        && !bytes.get(shape.len()).is_some_and(u8::is_ascii_digit)
}

/// Days from 1970-01-01 to a day of the Gregorian calendar. March begins the year here, so that the
/// odd day is its last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2024-06-10 16:20:06 UTC.
    const NOW: i64 = 1_718_036_406;

    #[test]
    fn moments_near_now_are_left_out_and_everything_else_stays() {
        for (text, expected) in [
            (r#"{"at": 1718036406, "ms": 1718036405907}"#, r#"{"at": ~, "ms": ~}"#),
            ("at 1718036406.25, and 1718122000", "at ~, and ~"),
            ("2024-06-10T16:20:06Z or 2024-06-11 18:20", "~T~Z or ~ ~"),
            ("2024-06-10T16:20:06.123+02:00", "~T~+~"),
            // Numbers of telephones, accounts, days far away, and what is only like a time.
            ("+12065550101, 1718036, 1818036406", "+12065550101, 1718036, 1818036406"),
            ("2024-08-10, 2024-06-100, 12024-06-10", "2024-08-10, 2024-06-100, 12024-06-10"),
            ("room-1002, 10.5, 4:5, 123:45", "room-1002, 10.5, 4:5, 123:45"),
            ("é1718036406ü", "é~ü"),
            ("", ""),
        ] {
            assert_eq!(strip_timestamps(text, NOW), expected, "{text}");
        }
        let number = "9".repeat(40);
        assert_eq!(strip_timestamps(&number, NOW), number);
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_odd(text in "[0-9:.T é-]{0,40}|\\PC*") {
            let steady = strip_timestamps(&text, NOW);
            let others = |text: &str| text.chars().filter(|letter| !"0123456789-:.~".contains(*letter)).collect::<String>();
            proptest::prop_assert_eq!(others(&steady), others(&text));
        }
    }

    #[test]
    fn days_are_counted_as_the_calendar_has_them() {
        for (year, month, day, expected) in [
            (1970, 1, 1, 0),
            (1970, 1, 31, 30),
            (1972, 3, 1, 790),
            (2000, 2, 29, 11_016),
            (2024, 6, 10, 19_884),
        ] {
            assert_eq!(days(year, month, day), expected, "{year}-{month}-{day}");
        }
    }
}
