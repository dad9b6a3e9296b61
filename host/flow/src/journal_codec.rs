//! The alphabet of a journal: numbers in few characters, texts behind their length.

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// A journal being written.
#[derive(Debug, Default)]
pub struct Writer {
    pub text: String,
}

impl Writer {
    pub fn letter(&mut self, letter: char) {
        self.text.push(letter);
    }

    /// Five bits a character, the lowest first; a character of the second half says that more
    /// follow.
    pub fn number(&mut self, mut number: u64) {
        loop {
            let low = (number & 31) as usize;
            number >>= 5;
            self.text.push(char::from(DIGITS[if number == 0 { low } else { low + 32 }]));
            if number == 0 {
                return;
            }
        }
    }

    /// The lowest 18 bits, in three characters.
    pub fn digest(&mut self, digest: u32) {
        for shift in [0, 6, 12] {
            self.text.push(char::from(DIGITS[((digest >> shift) & 63) as usize]));
        }
    }

    /// The lowest 12 bits, in two characters.
    pub fn twelve_bits(&mut self, bits: u32) {
        for shift in [0, 6] {
            self.text.push(char::from(DIGITS[((bits >> shift) & 63) as usize]));
        }
    }

    /// 128 bits, the lowest six first, in 22 characters.
    pub fn wide(&mut self, bits: u128) {
        for shift in (0..128).step_by(6) {
            self.text.push(char::from(DIGITS[((bits >> shift) & 63) as usize]));
        }
    }

    /// A text behind its length in bytes.
    pub fn words(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.text.push_str(text);
    }
}

/// A journal being read.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    pub fn new(text: &'a str) -> Self {
        Self { rest: text }
    }

    /// How many bytes are left.
    pub fn left(&self) -> usize {
        self.rest.len()
    }

    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    pub fn letter(&mut self) -> Option<char> {
        let letter = self.rest.chars().next()?;
        self.rest = &self.rest[letter.len_utf8()..];
        Some(letter)
    }

    /// Reads this letter, if it is the next.
    pub fn skip(&mut self, letter: char) -> bool {
        let rest = self.rest.strip_prefix(letter);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    pub fn number(&mut self) -> Option<u64> {
        let mut number = 0_u64;
        for shift in (0..60).step_by(5) {
            let digit = self.digit()?;
            number |= u64::from(digit & 31) << shift;
            if digit < 32 {
                return Some(number);
            }
        }
        None
    }

    pub fn digest(&mut self) -> Option<u32> {
        Some(self.digit()? | self.digit()? << 6 | self.digit()? << 12)
    }

    pub fn twelve_bits(&mut self) -> Option<u32> {
        Some(self.digit()? | self.digit()? << 6)
    }

    pub fn wide(&mut self) -> Option<u128> {
        let mut bits = 0_u128;
        for shift in (0..128).step_by(6) {
            bits |= u128::from(self.digit()?) << shift;
        }
        Some(bits)
    }

    pub fn words(&mut self) -> Option<&'a str> {
        let length = usize::try_from(self.number()?).ok()?;
        let (text, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(text)
    }

    fn digit(&mut self) -> Option<u32> {
        let digit = match *self.rest.as_bytes().first()? {
            letter @ b'A'..=b'Z' => letter - b'A',
            letter @ b'a'..=b'z' => letter - b'a' + 26,
            letter @ b'0'..=b'9' => letter - b'0' + 52,
            b'-' => 62,
            b'_' => 63,
            _ => return None,
        };
        self.rest = &self.rest[1..];
        Some(u32::from(digit))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        for number in [0, 1, 31, 32, 1023, 1024, 1_718_036_405, u64::from(u32::MAX)] {
            let mut writer = Writer::default();
            writer.number(number);
            writer.digest(0x3_ABCD);
            writer.words("é|");
            let mut reader = Reader::new(&writer.text);
            assert_eq!(
                (reader.number(), reader.digest(), reader.words()),
                (Some(number), Some(0x3_ABCD), Some("é|"))
            );
            assert!(reader.is_empty());
        }
        assert_eq!(Reader::new("").number(), None);
        assert_eq!(Reader::new("____________________").number(), None);
        assert_eq!(Reader::new("Cé").words(), Some("é"));
        assert_eq!(Reader::new("Bé").words(), None);
        assert_eq!(Reader::new("é").digest(), None);
    }
}
