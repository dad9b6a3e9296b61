//! A key in AWS KMS, asked over the network.

use std::pin::Pin;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use moonring_aws::{AwsServices, SharedConfig};
use moonring_publish::AskKms;
use moonring_runtime::Settings;
use serde_json::{Value, json};

type Asked<'a> = Pin<Box<dyn Future<Output = Result<String, String>> + 'a>>;

/// A key of KMS.
pub(super) struct Kms {
    services: AwsServices,
    key: String,
}

impl Kms {
    pub(super) fn new(key: &str, config: SharedConfig) -> Self {
        let aws_allow = vec!["kms:Sign".to_owned(), "kms:GetPublicKey".to_owned()];
        let settings = Settings { aws_allow, ..Settings::default() };
        Self { services: AwsServices::new(&settings, config), key: key.to_owned() }
    }

    async fn ask(&self, operation: &str, input: Value, member: &str) -> Result<String, String> {
        let output = self.services.ask("kms", operation, input).await?;
        let text = output.get(member).and_then(Value::as_str).map(str::to_owned);
        text.ok_or_else(|| format!("KMS gave no {member}"))
    }
}

impl AskKms for Kms {
    fn sign<'a>(&'a self, message: &'a [u8]) -> Asked<'a> {
        let input = json!({
            "KeyId": self.key, "Message": STANDARD.encode(message), "MessageType": "RAW",
            "SigningAlgorithm": "ED25519_SHA_512",
        });
        Box::pin(self.ask("Sign", input, "Signature"))
    }

    fn public_key(&self) -> Asked<'_> {
        Box::pin(self.ask("GetPublicKey", json!({"KeyId": self.key}), "PublicKey"))
    }
}
