//! Who is trusted: public keys, and signatures that are held against them.

use std::str::FromStr;

use minisign_verify::{PublicKey, Signature};

/// Public keys of Ed25519 as minisign writes them. Without any, nothing has to be signed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trust {
    keys: Vec<PublicKey>,
}

/// Why something is not trusted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TrustError {
    /// Nobody has signed it.
    #[error("it is not signed, and MOONRING_TRUST asks for a signature")]
    Unsigned,
    /// The signature cannot be read.
    #[error("its signature is no signature of minisign")]
    Unreadable,
    /// The signature is not by a key that is trusted, or not of these bytes.
    #[error("its signature is not by a key of MOONRING_TRUST, or not of this content")]
    Foreign,
}

impl Trust {
    /// Whether anything has to be signed.
    pub fn is_asked(&self) -> bool {
        !self.keys.is_empty()
    }

    /// Whether one of the keys has signed just these bytes.
    ///
    /// # Errors
    /// [`TrustError`]; never where nothing has to be signed.
    pub fn verify(&self, bytes: &[u8], signature: Option<&[u8]>) -> Result<(), TrustError> {
        if !self.is_asked() {
            return Ok(());
        }
        let text = std::str::from_utf8(signature.ok_or(TrustError::Unsigned)?);
        let signature = text.ok().and_then(|text| Signature::decode(text).ok());
        let signature = signature.ok_or(TrustError::Unreadable)?;
        let is_by = |key: &PublicKey| key.verify(bytes, &signature, false).is_ok();
        if self.keys.iter().any(is_by) { Ok(()) } else { Err(TrustError::Foreign) }
    }
}

impl FromStr for Trust {
    type Err = TrustError;

    /// Public keys, separated by commas.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let keys = text.split(',').map(str::trim).filter(|key| !key.is_empty());
        let keys = keys.map(|key| PublicKey::from_base64(key).map_err(|_| TrustError::Unreadable));
        Ok(Self { keys: keys.collect::<Result<_, _>>()? })
    }
}
