//! How long a text takes to say.

use std::time::Duration;

use moonring_exchange::plain;

/// What any utterance takes, besides its letters.
const BREATH: Duration = Duration::from_millis(300);
/// What a letter takes: about 150 words a minute.
const LETTER: Duration = Duration::from_millis(65);
/// The longest pause that Polly takes in SSML.
const LONGEST_BREAK: Duration = Duration::from_secs(10);

/// How long a text takes to say: letters, and in SSML breaks but not tags.
pub fn spoken_for(text: &str, is_ssml: bool) -> Duration {
    let (letters, breaks) =
        if is_ssml { letters_and_breaks(text) } else { (text.chars().count(), Duration::ZERO) };
    BREATH + LETTER * u32::try_from(letters).unwrap_or(u32::MAX) + breaks
}

fn letters_and_breaks(ssml: &str) -> (usize, Duration) {
    let mut breaks = Duration::ZERO;
    for tag in ssml.split('<').skip(1).filter_map(|rest| rest.split('>').next()) {
        if tag.starts_with("break") {
            let time = tag.split("time=").nth(1).map(|value| value.trim_start_matches(['"', '\'']));
            let time = time.and_then(|value| value.split(['"', '\'']).next());
            // A break without a time is as long as the one after a comma.
            breaks +=
                time.and_then(read_time).unwrap_or(Duration::from_millis(400)).min(LONGEST_BREAK);
        }
    }
    (plain(ssml).chars().count(), breaks)
}

/// `500ms` or `1.5s`.
fn read_time(text: &str) -> Option<Duration> {
    let (number, unit) = match text.strip_suffix("ms") {
        Some(number) => (number, 0.001),
        None => (text.strip_suffix('s')?, 1.0),
    };
    Duration::try_from_secs_f64(number.trim().parse::<f64>().ok()? * unit).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_breaks_take_time_and_tags_take_none() {
        let plain_text = spoken_for("Hello there", false);
        assert_eq!(plain_text, Duration::from_millis(300 + 11 * 65));
        assert_eq!(
            spoken_for("<speak><emphasis level=\"strong\">Hello</emphasis> there</speak>", true),
            plain_text
        );
        for (text, more) in [("500ms", 500), ("1.5s", 1500), ("99s", 10_000), ("soon", 400)] {
            let ssml = format!("<speak>Hello there<break time='{text}'/></speak>");
            assert_eq!(spoken_for(&ssml, true), plain_text + Duration::from_millis(more), "{text}");
        }
    }
}
