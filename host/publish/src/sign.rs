//! Keys and signatures, in the format of minisign.

use std::io::Cursor;

use futures_util::future::LocalBoxFuture;
use minisign::{KeyPair as Pair, PublicKey, SecretKey, SecretKeyBox};

use crate::Error;

/// Who vouches for what is published.
pub trait Sign {
    /// The signature of these bytes, as minisign writes it.
    fn sign<'a>(
        &'a self,
        bytes: &'a [u8],
        comment: &'a str,
    ) -> LocalBoxFuture<'a, Result<String, Error>>;
}

/// A new pair of keys, as minisign writes them.
#[derive(Debug, Clone)]
pub struct KeyPair {
    /// The file of the secret key.
    pub secret: String,
    /// The file of the public key.
    pub public: String,
    /// What `MOONRING_TRUST` takes.
    pub trust: String,
}

/// Makes a new pair of keys of Ed25519.
///
/// # Errors
/// Where the system gives no random numbers.
pub fn new_keys() -> Result<KeyPair, Error> {
    let failed = |error: minisign::PError| Error::Sign(error.to_string());
    let Pair { pk, sk } = Pair::generate_unencrypted_keypair().map_err(failed)?;
    let comment = "secret key of Moonring; who has it can publish releases";
    Ok(KeyPair {
        secret: sk.to_box(Some(comment)).map_err(failed)?.into_string(),
        public: pk.to_box().map_err(failed)?.into_string(),
        trust: pk.to_base64(),
    })
}

/// Signs with a key that is at hand.
pub struct KeySigner {
    secret: SecretKey,
    public: PublicKey,
}

impl KeySigner {
    /// A signer with a secret key as minisign writes it; `password` opens one that is encrypted.
    ///
    /// # Errors
    /// Where the text is no such key, or the password is wrong.
    pub fn read(text: &str, password: Option<String>) -> Result<Self, Error> {
        let failed = |error: minisign::PError| Error::Sign(error.to_string());
        let sealed = SecretKeyBox::from_string(text).map_err(failed)?;
        let secret = match password {
            Some(password) => sealed.into_secret_key(Some(password)),
            None => sealed.into_unencrypted_secret_key(),
        };
        let secret = secret.map_err(failed)?;
        let public = PublicKey::from_secret_key(&secret).map_err(failed)?;
        Ok(Self { secret, public })
    }
}

impl Sign for KeySigner {
    fn sign<'a>(
        &'a self,
        bytes: &'a [u8],
        comment: &'a str,
    ) -> LocalBoxFuture<'a, Result<String, Error>> {
        Box::pin(async move {
            let signature = minisign::sign(
                Some(&self.public),
                &self.secret,
                Cursor::new(bytes),
                Some(comment),
                Some("signature of Moonring"),
            );
            signature
                .map(|signature| signature.into_string())
                .map_err(|error| Error::Sign(error.to_string()))
        })
    }
}
