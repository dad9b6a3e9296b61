//! Signing with a key that never leaves AWS KMS, in the same format.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use blake2::{Blake2b512, Digest as _};
use futures_util::future::LocalBoxFuture;

use crate::{Error, Sign};

/// The mark of a signature of the hash of a content.
const HASHED: &[u8] = b"ED";
/// The mark of a public key.
const KEY: &[u8] = b"Ed";
/// What stands before the key in what KMS gives: SubjectPublicKeyInfo of Ed25519 (RFC 8410).
const SPKI: usize = 12;

/// What is asked of KMS.
pub trait AskKms {
    /// `Sign` with `ED25519_SHA_512` over the raw message; in base64.
    fn sign<'a>(&'a self, message: &'a [u8]) -> LocalBoxFuture<'a, Result<String, String>>;

    /// `GetPublicKey`; the key in base64.
    fn public_key(&self) -> LocalBoxFuture<'_, Result<String, String>>;
}

/// Signs with a key of KMS.
pub struct KmsSigner<K> {
    kms: K,
    public: [u8; 32],
}

impl<K: AskKms> KmsSigner<K> {
    /// A signer with this key.
    ///
    /// # Errors
    /// Where KMS does not give its public key, or it is none of Ed25519.
    pub async fn new(kms: K) -> Result<Self, Error> {
        let text = kms.public_key().await.map_err(Error::Sign)?;
        let bytes = STANDARD.decode(text).map_err(|error| Error::Sign(error.to_string()))?;
        let public = bytes.get(SPKI..).and_then(|key| <[u8; 32]>::try_from(key).ok());
        let wrong = "the key of KMS is not of the kind Ed25519; make one with KeySpec ECC_NIST_EDWARDS25519";
        Ok(Self { kms, public: public.ok_or_else(|| Error::Sign(wrong.to_owned()))? })
    }

    /// What `MOONRING_TRUST` takes.
    pub fn trust(&self) -> String {
        let own: Vec<u8> = [KEY, self.key_id(), &self.public].concat();
        STANDARD.encode(own)
    }

    /// Minisign numbers keys by chance; of one that it has not made, the first bytes serve.
    fn key_id(&self) -> &[u8] {
        self.public.get(..8).unwrap_or_default()
    }

    async fn raw(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        let text = self.kms.sign(message).await.map_err(Error::Sign)?;
        let signature = STANDARD.decode(text).map_err(|error| Error::Sign(error.to_string()))?;
        match signature.len() {
            64 => Ok(signature),
            length => {
                Err(Error::Sign(format!("KMS gave a signature of {length} bytes; wanted 64")))
            }
        }
    }
}

impl<K: AskKms> Sign for KmsSigner<K> {
    fn sign<'a>(
        &'a self,
        bytes: &'a [u8],
        comment: &'a str,
    ) -> LocalBoxFuture<'a, Result<String, Error>> {
        Box::pin(async move {
            let signature = self.raw(&Blake2b512::digest(bytes)).await?;
            let whole = self.raw(&[&signature, comment.as_bytes()].concat()).await?;
            let own = STANDARD.encode([HASHED, self.key_id(), &signature].concat());
            let whole = STANDARD.encode(whole);
            Ok(format!(
                "untrusted comment: signature of Moonring\n{own}\ntrusted comment: {comment}\n{whole}\n"
            ))
        })
    }
}
