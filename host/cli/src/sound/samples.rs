//! Sound as on a telephone: 8,000 samples a second of one channel, 16 bits each.

use std::io::{Read, Seek};
use std::time::Duration;

/// Samples a second.
pub(crate) const RATE: u32 = 8000;

/// The rates that sound is recorded at.
const RATES: std::ops::RangeInclusive<u32> = 4000..=384_000;
/// The most channels.
const CHANNELS: std::ops::RangeInclusive<u16> = 1..=16;

/// Reads WAV: any usual rate and number of channels, 8 to 32 bits. `None` where it is something
/// else.
pub(crate) fn read_wav(from: impl Read) -> Option<Vec<i16>> {
    let mut reader = hound::WavReader::new(from).ok()?;
    let spec = reader.spec();
    // By a rate of 1 a few bytes would last for hours.
    if !RATES.contains(&spec.sample_rate) || !CHANNELS.contains(&spec.channels) {
        return None;
    }
    let samples: Vec<f32> = match spec.sample_format {
        hound::SampleFormat::Float => reader.samples::<f32>().map_while(Result::ok).collect(),
        hound::SampleFormat::Int => {
            let most = 2f32.powi(i32::from(spec.bits_per_sample) - 1);
            // A float holds 24 bits, and the rest is not heard.
            #[expect(clippy::cast_precision_loss, reason = "what is lost is not heard")]
            let scaled = |sample: i32| sample as f32 / most;
            reader.samples::<i32>().map_while(Result::ok).map(scaled).collect()
        }
    };
    let channels = usize::from(spec.channels);
    let mono: Vec<f32> = samples
        .chunks(channels)
        .map(|frame| frame.iter().sum::<f32>() / f32::from(spec.channels))
        .collect();
    Some(at_rate(&mono, spec.sample_rate))
}

/// Writes WAV, with these channels; those that are shorter are silent at their ends.
pub(crate) fn write_wav(
    to: impl std::io::Write + Seek,
    channels: &[&[i16]],
) -> Result<(), hound::Error> {
    let spec = hound::WavSpec {
        channels: u16::try_from(channels.len()).unwrap_or(u16::MAX),
        sample_rate: RATE,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::new(to, spec)?;
    let longest = channels.iter().map(|channel| channel.len()).max().unwrap_or(0);
    for index in 0..longest {
        for channel in channels {
            writer.write_sample(channel.get(index).copied().unwrap_or(0))?;
        }
    }
    writer.finalize()
}

/// The same as bytes.
pub(crate) fn wav_bytes(channels: &[&[i16]]) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    // Into memory, and never longer than WAV can be: a call is cut before.
    let _ = write_wav(&mut bytes, channels);
    bytes.into_inner()
}

/// How long samples last.
pub(crate) fn length(samples: &[i16]) -> Duration {
    Duration::from_millis(samples.len() as u64 * 1000 / u64::from(RATE))
}

/// How many samples fit in a time.
pub(crate) fn count(lasts: Duration) -> usize {
    usize::try_from(lasts.as_millis() * u128::from(RATE) / 1000).unwrap_or(usize::MAX)
}

/// The same sound at the rate of a telephone, with straight lines between samples.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "positions within a file, and samples cut to their range"
)]
fn at_rate(samples: &[f32], rate: u32) -> Vec<i16> {
    let total = samples.len() as u64 * u64::from(RATE) / u64::from(rate);
    let step = f64::from(rate) / f64::from(RATE);
    (0..total)
        .map(|index| {
            let at = index as f64 * step;
            let (before, part) = (at.floor() as usize, at.fract() as f32);
            let sample =
                |index: usize| samples.get(index).or(samples.last()).copied().unwrap_or(0.0);
            let value = sample(before) * (1.0 - part) + sample(before + 1) * part;
            (value.clamp(-1.0, 1.0) * f32::from(i16::MAX)) as i16
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    #[test]
    fn what_is_written_is_read_again_and_other_rates_are_taken_to_the_telephones() {
        let mut bytes = Vec::new();
        write_wav(Cursor::new(&mut bytes), &[&[1000, 1000, 1000], &[1000]]).unwrap();
        let read = read_wav(bytes.as_slice()).unwrap();
        assert_eq!(read.len(), 3);
        assert!((990..=1000).contains(&read[0]) && (490..=500).contains(&read[2]), "{read:?}");
        let slow = at_rate(&[0.5; 16_000], 16_000);
        assert_eq!((slow.len(), length(&slow)), (8000, Duration::from_secs(1)));
        assert_eq!(count(Duration::from_millis(250)), 2000);
        assert_eq!(read_wav(b"no sound".as_slice()), None);
        // A header that makes two bytes last for seconds.
        let rate = 24..28;
        bytes[rate].copy_from_slice(&1_u32.to_le_bytes());
        assert_eq!(read_wav(bytes.as_slice()), None);
    }
}
