//! The key for secret digits, where it is kept in AWS.

use std::time::Duration;

use moonring_runtime::{SecretPlace, Settings};
use serde_json::{Value, json};

use crate::{AwsServices, SharedConfig};

/// The longest wait for the key: a caller may be waiting for the first answer.
const MOST: Duration = Duration::from_millis(800);

/// With the key for secret digits, where it is kept elsewhere. Without it only the steps fail that
/// need it: a host that did not start would leave all callers in silence.
pub async fn with_kept_secret(settings: Settings) -> Settings {
    let Some(place) = settings.secret_place.clone() else { return settings };
    let read = tokio::time::timeout(MOST, secret_text(&place)).await;
    let keyed = match read.unwrap_or_else(|_| Err("it does not answer".to_owned())) {
        Ok(text) => settings.clone().with_secret_key(&text).map_err(|error| error.to_string()),
        Err(error) => Err(error),
    };
    keyed.unwrap_or_else(|why| {
        tracing::error!(
            "the secret key cannot be had from {place}: {why}; steps with `secret = true` fail on this instance"
        );
        settings
    })
}

/// What is kept at a place; else why it cannot be read, in one line, without what was read.
async fn secret_text(place: &SecretPlace) -> Result<String, String> {
    let services = AwsServices::new(&Settings::default(), SharedConfig::default());
    let (service, operation, input, member) = match place {
        SecretPlace::Parameter(name) => {
            let input = json!({"Name": name, "WithDecryption": true});
            ("ssm", "GetParameter", input, "/Parameter/Value")
        }
        SecretPlace::Secret(name) => {
            ("secretsmanager", "GetSecretValue", json!({"SecretId": name}), "/SecretString")
        }
    };
    let output = services.ask(service, operation, input).await?;
    let text = output.pointer(member).and_then(Value::as_str).map(str::to_owned);
    text.ok_or_else(|| format!("{service} {operation}: the reply has no text"))
}
