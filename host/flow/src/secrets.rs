//! Keys that callers type in confidence, sealed: what travels with the call says nothing to those
//! who have no key.

use aes_gcm_siv::aead::{Aead as _, KeyInit as _, Payload};
use aes_gcm_siv::{Aes256GcmSiv, Nonce};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;

/// Bytes of a key.
const KEY: usize = 32;
/// Texts are filled up to a multiple of this, so that their length says little.
const BLOCK: usize = 16;

/// The keys of a host. The first seals; all of them open what was sealed before a new one took its
/// place.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secrets {
    keys: Vec<[u8; KEY]>,
}

/// Why a text has no keys in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SecretsError {
    /// One of them is not a key.
    #[error(
        "key {number} has {found}; wanted 64 characters from 0 to 9 and a to f; make one with: openssl rand -hex 32"
    )]
    Key {
        /// Which, from 1.
        number: usize,
        /// What came: never the key itself.
        found: String,
    },
    /// There are too many.
    #[error(
        "got {0} keys; wanted one, or two separated by a comma: the new one, then the old one for calls that began with it"
    )]
    Many(usize),
}

/// Which secret of which call: one cannot be put in the place of another.
#[derive(Debug, Clone, Copy)]
pub struct Seal<'a> {
    /// The id of the call.
    pub call: &'a str,
    /// How often the call has changed hands.
    pub epoch: u32,
    /// The step's number, from 0.
    pub step: usize,
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Secrets").field("keys", &self.keys.len()).finish()
    }
}

impl Secrets {
    /// The keys of a text: one, or a new and an old one with a comma between; 64 hexadecimal digits
    /// each.
    ///
    /// # Errors
    /// [`SecretsError`], which does not show what the text has.
    pub fn parse(text: &str) -> Result<Self, SecretsError> {
        let texts: Vec<_> = text.split(',').map(str::trim).collect();
        if texts.len() > 2 {
            return Err(SecretsError::Many(texts.len()));
        }
        let keys = texts
            .iter()
            .zip(1..)
            .map(|(text, number)| key(text).map_err(|found| SecretsError::Key { number, found }));
        Ok(Self { keys: keys.collect::<Result<_, _>>()? })
    }

    /// No key at all.
    pub const fn none() -> Self {
        Self { keys: Vec::new() }
    }

    /// Whether there is no key, and so nothing can be kept secret.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Seals a text; `None` without a key.
    pub fn seal(&self, at: Seal<'_>, text: &str) -> Option<String> {
        // What stands behind the text is its end, and then nothing.
        let mut padded = text.as_bytes().to_vec();
        padded.push(1);
        padded.resize(padded.len().next_multiple_of(BLOCK), 0);
        let payload = Payload { msg: &padded, aad: at.call.as_bytes() };
        let sealed = cipher(self.keys.first()?)?.encrypt(&at.nonce()?, payload).ok()?;
        Some(BASE64.encode(sealed))
    }

    /// Opens what was sealed with one of the keys.
    pub fn open(&self, at: Seal<'_>, sealed: &str) -> Option<String> {
        let sealed = BASE64.decode(sealed).ok()?;
        let nonce = at.nonce()?;
        let open = |key| {
            cipher(key)?.decrypt(&nonce, Payload { msg: &sealed, aad: at.call.as_bytes() }).ok()
        };
        let padded = self.keys.iter().find_map(open)?;
        let end = padded.iter().rposition(|byte| *byte != 0)?;
        String::from_utf8(padded[..end].to_vec()).ok()
    }
}

impl Seal<'_> {
    /// The same place of the same call is sealed alike: answers to a repeated event must not
    /// differ. Where two texts stand at one place, this cipher tells no more than whether they are
    /// the same.
    fn nonce(self) -> Option<Nonce> {
        let mut nonce = [0; 12];
        nonce[..4].copy_from_slice(&self.epoch.to_le_bytes());
        nonce[4..].copy_from_slice(&(self.step as u64).to_le_bytes());
        Nonce::try_from(nonce.as_slice()).ok()
    }
}

fn cipher(key: &[u8; KEY]) -> Option<Aes256GcmSiv> {
    Aes256GcmSiv::new_from_slice(key).ok()
}

fn key(text: &str) -> Result<[u8; KEY], String> {
    if text.len() != 2 * KEY {
        return Err(format!("{} characters", text.chars().count()));
    }
    let digits: Option<Vec<_>> = text.chars().map(|letter| letter.to_digit(16)).collect();
    let digits = digits.ok_or("a character that is not a hexadecimal digit")?;
    let key: Vec<u8> =
        digits.chunks(2).filter_map(|pair| u8::try_from(pair[0] << 4 | pair[1]).ok()).collect();
    key.try_into().map_err(|_| "a wrong length".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEW: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    const OLD: &str = "ff0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

    fn at(step: usize) -> Seal<'static> {
        Seal { call: "call", epoch: 0, step }
    }

    #[test]
    fn what_is_sealed_is_opened_at_its_own_place_and_nowhere_else() {
        let secrets = Secrets::parse(NEW).unwrap();
        for text in ["", "4929", "1234567890123456", &"9".repeat(128)] {
            let sealed = secrets.seal(at(3), text).unwrap();
            assert_eq!(secrets.open(at(3), &sealed).as_deref(), Some(text));
            assert_eq!(secrets.seal(at(3), text), Some(sealed.clone()), "the same each time");
            assert_eq!(secrets.open(at(4), &sealed), None);
            assert_eq!(secrets.open(Seal { call: "other", ..at(3) }, &sealed), None);
            assert_eq!(secrets.open(Seal { epoch: 1, ..at(3) }, &sealed), None);
        }
        assert_eq!(
            secrets.seal(at(1), "1").map(|text| text.len()),
            secrets.seal(at(1), "123456789").map(|text| text.len())
        );
        for wrong in ["", "x", "AAAA", "é"] {
            assert_eq!(secrets.open(at(3), wrong), None);
        }
    }

    #[test]
    fn a_new_key_seals_and_the_old_one_still_opens() {
        let sealed = Secrets::parse(OLD).unwrap().seal(at(1), "4929").unwrap();
        let both = Secrets::parse(&format!("{NEW}, {OLD}")).unwrap();
        assert_eq!(both.open(at(1), &sealed).as_deref(), Some("4929"));
        let sealed = both.seal(at(1), "4929").unwrap();
        assert_eq!(Secrets::parse(NEW).unwrap().open(at(1), &sealed).as_deref(), Some("4929"));
        assert_eq!(Secrets::parse(OLD).unwrap().open(at(1), &sealed), None);
        assert_eq!(Secrets::default().seal(at(1), "4929"), None);
    }

    #[test]
    fn a_key_that_is_none_is_told_of_but_not_shown() {
        for (text, told) in [
            ("", "key 1 has 0 characters"),
            ("secret", "key 1 has 6 characters"),
            (
                &format!("{NEW},{}", "g".repeat(64)),
                "key 2 has a character that is not a hexadecimal digit",
            ),
            ("a,b,c", "got 3 keys"),
        ] {
            let error = Secrets::parse(text).unwrap_err().to_string();
            assert!(
                error.starts_with(told) && !error.contains("secret") && !error.contains("ggg"),
                "{error}"
            );
        }
    }
}
