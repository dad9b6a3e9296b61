//! WAV files: how long one plays, and one in which nothing is heard.

use std::time::Duration;

/// How long a WAV file plays, or `None` where the bytes are no uncompressed PCM WAV (rule 61).
pub fn wav_length(bytes: &[u8]) -> Option<Duration> {
    if bytes.get(..4)? != b"RIFF" || bytes.get(8..12)? != b"WAVE" {
        return None;
    }
    let number = |at: usize| bytes.get(at..at + 4)?.try_into().ok().map(u32::from_le_bytes);
    let mut at = 12;
    let mut bytes_per_second = None;
    loop {
        let (name, size) = (bytes.get(at..at + 4)?, number(at + 4)?);
        if name == b"fmt " {
            let format = u16::from_le_bytes(bytes.get(at + 8..at + 10)?.try_into().ok()?);
            bytes_per_second = Some(number(at + 16)?).filter(|rate| format == 1 && *rate > 0);
        }
        if name == b"data" {
            return Some(Duration::from_secs_f64(f64::from(size) / f64::from(bytes_per_second?)));
        }
        // Chunks begin at even places.
        at = at
            .checked_add(8)?
            .checked_add(usize::try_from(size).ok()?)?
            .checked_next_multiple_of(2)?;
    }
}

/// A WAV file of silence: uncompressed PCM, 8 kHz, 16 bits, with so many channels. Silence is all a
/// simulator can record; it is as long as what was said.
pub fn silence(lasts: Duration, channels: u16) -> Vec<u8> {
    const RATE: u32 = 8000;
    // An hour at most: a recording nobody stops is not to fill the disk.
    let ms = u32::try_from(lasts.as_millis()).unwrap_or(u32::MAX).min(3_600_000);
    let frame = u32::from(channels) * 2;
    let data = u64::from(ms) * u64::from(RATE) / 1000 * u64::from(frame);
    let data = u32::try_from(data).unwrap_or(u32::MAX - 36);
    let mut bytes = Vec::with_capacity(44 + data as usize);
    bytes.extend_from_slice(b"RIFF");
    bytes.extend_from_slice(&(36 + data).to_le_bytes());
    bytes.extend_from_slice(b"WAVEfmt ");
    bytes.extend_from_slice(&16_u32.to_le_bytes());
    bytes.extend_from_slice(&1_u16.to_le_bytes());
    bytes.extend_from_slice(&channels.to_le_bytes());
    bytes.extend_from_slice(&RATE.to_le_bytes());
    bytes.extend_from_slice(&(RATE * frame).to_le_bytes());
    bytes.extend_from_slice(&(channels * 2).to_le_bytes());
    bytes.extend_from_slice(&16_u16.to_le_bytes());
    bytes.extend_from_slice(b"data");
    bytes.extend_from_slice(&data.to_le_bytes());
    bytes.resize(44 + data as usize, 0);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wav(format: u16, seconds: u32) -> Vec<u8> {
        let mut bytes = b"RIFF\0\0\0\0WAVELIST\x03\0\0\0abc\0fmt \x10\0\0\0".to_vec();
        bytes.extend(format.to_le_bytes());
        bytes.extend(1_u16.to_le_bytes());
        bytes.extend(8000_u32.to_le_bytes());
        bytes.extend(16000_u32.to_le_bytes());
        bytes.extend([2, 0, 16, 0]);
        bytes.extend(b"data");
        bytes.extend((16000 * seconds).to_le_bytes());
        bytes
    }

    #[test]
    fn silence_is_as_long_as_it_says() {
        for (ms, channels) in [(0, 1), (1500, 1), (61_000, 2)] {
            let lasts = Duration::from_millis(ms);
            assert_eq!(wav_length(&silence(lasts, channels)), Some(lasts));
        }
    }

    #[test]
    fn the_header_says_how_long_a_file_plays() {
        assert_eq!(wav_length(&wav(1, 3)), Some(Duration::from_secs(3)));
        assert_eq!(wav_length(&wav(7, 3)), None, "no PCM");
        for junk in
            [&b""[..], b"RIFF", b"RIFF\0\0\0\0WAVEfmt \xff\xff\xff\xff", b"ID3 something else"]
        {
            assert_eq!(wav_length(junk), None);
        }
        let whole = wav(1, 1);
        for end in 0..whole.len() {
            wav_length(&whole[..end]);
        }
    }
}
