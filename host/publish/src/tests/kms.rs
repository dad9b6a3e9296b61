//! Signing with a key of KMS, with a stub in its place.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::future::LocalBoxFuture;
use ring::signature::{Ed25519KeyPair, KeyPair as _};

use super::*;
use crate::{AskKms, KmsSigner};

/// The first bytes of a public key of Ed25519, as RFC 8410 has them.
const SPKI: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

struct Stub {
    pair: Ed25519KeyPair,
}

impl AskKms for Stub {
    fn sign<'a>(&'a self, message: &'a [u8]) -> LocalBoxFuture<'a, Result<String, String>> {
        Box::pin(async move {
            // KMS takes no longer message as it is.
            assert!(message.len() <= 4096, "{} bytes", message.len());
            Ok(STANDARD.encode(self.pair.sign(message)))
        })
    }

    fn public_key(&self) -> LocalBoxFuture<'_, Result<String, String>> {
        let key = [&SPKI[..], self.pair.public_key().as_ref()].concat();
        Box::pin(async move { Ok(STANDARD.encode(key)) })
    }
}

#[tokio::test]
async fn what_kms_signs_is_verified_like_everything_else() {
    let memory = Arc::new(Memory::default());
    let pair = Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap();
    let signer = KmsSigner::new(Stub { pair }).await.unwrap();
    let trust = signer.trust();
    let signing = signing(&memory, "a", Some(Box::new(signer)));
    let id = release(&signing, "one").await.unwrap();
    assert_eq!(served(&memory, &trust).await.unwrap().id.as_str(), id);
    assert!(served(&memory, &new_keys().unwrap().trust).await.is_err());
}

/// A key of another kind.
struct Rsa;

impl AskKms for Rsa {
    fn sign<'a>(&'a self, _: &'a [u8]) -> LocalBoxFuture<'a, Result<String, String>> {
        Box::pin(async { Err("never asked".to_owned()) })
    }

    fn public_key(&self) -> LocalBoxFuture<'_, Result<String, String>> {
        Box::pin(async { Ok(STANDARD.encode([0; 294])) })
    }
}

#[tokio::test]
async fn a_key_of_another_kind_is_told() {
    let error = KmsSigner::new(Rsa).await.err().unwrap().to_string();
    assert!(error.contains("ECC_NIST_EDWARDS25519"), "{error}");
}
