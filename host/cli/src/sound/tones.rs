//! Tones: the two of each key, and a hum where there is no voice.

use std::f64::consts::TAU;
use std::time::Duration;

use super::samples::{RATE, count};

/// How long a key sounds.
const KEY: Duration = Duration::from_millis(120);
/// The rows and columns of a keypad, in hertz (ITU-T Q.23).
const ROWS: [f64; 4] = [697.0, 770.0, 852.0, 941.0];
const COLUMNS: [f64; 4] = [1209.0, 1336.0, 1477.0, 1633.0];
const KEYPAD: [&str; 4] = ["123A", "456B", "789C", "*0#D"];

/// The tone of a key; nothing for what is no key.
pub(super) fn key(digit: char) -> Vec<i16> {
    let found = KEYPAD.iter().zip(ROWS).find_map(|(row, low)| {
        let column = row.chars().position(|own| own == digit)?;
        Some([low, COLUMNS[column]])
    });
    found.map_or_else(Vec::new, |pair| tone(&pair, KEY))
}

/// The hum of somebody who speaks, where nothing says the words.
pub(super) fn hum(lasts: Duration) -> Vec<i16> {
    tone(&[220.0], lasts)
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "positions within a call, and samples in their range"
)]
fn tone(frequencies: &[f64], lasts: Duration) -> Vec<i16> {
    let loudness = 0.25 * f64::from(i16::MAX) / frequencies.len() as f64;
    let value = |index: usize| {
        let at = index as f64 / f64::from(RATE);
        frequencies.iter().map(|hertz| (TAU * hertz * at).sin() * loudness).sum::<f64>() as i16
    };
    (0..count(lasts)).map(value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How strong a frequency is in samples (Goertzel).
    fn strength(samples: &[i16], hertz: f64) -> f64 {
        let factor = 2.0 * (TAU * hertz / f64::from(RATE)).cos();
        let (mut one, mut two) = (0.0, 0.0);
        for sample in samples {
            let next = f64::from(*sample) + factor * one - two;
            (two, one) = (one, next);
        }
        (one * one + two * two - factor * one * two).sqrt()
    }

    #[test]
    fn a_key_has_the_two_tones_of_its_row_and_column() {
        let five = key('5');
        assert_eq!(five.len(), count(KEY));
        let (own, other) =
            (strength(&five, 770.0).min(strength(&five, 1336.0)), strength(&five, 941.0));
        assert!(own > 10.0 * other, "{own} {other}");
        assert!(key('•').is_empty());
    }
}
