//! The length of a WAV file, read from its header.

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
        at = at.checked_add(8)?.checked_add(usize::try_from(size).ok()?)?.checked_next_multiple_of(2)?;
    }
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
    fn the_header_says_how_long_a_file_plays() {
        assert_eq!(wav_length(&wav(1, 3)), Some(Duration::from_secs(3)));
        assert_eq!(wav_length(&wav(7, 3)), None, "no PCM");
        for junk in [&b""[..], b"RIFF", b"RIFF\0\0\0\0WAVEfmt \xff\xff\xff\xff", b"ID3 something else"] {
            assert_eq!(wav_length(junk), None);
        }
        let whole = wav(1, 1);
        for end in 0..whole.len() {
            wav_length(&whole[..end]);
        }
    }
}
