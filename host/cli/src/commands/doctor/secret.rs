//! The key for secret digits: whether it is where the settings say, and whether it is one.

use moonring_runtime::{SecretPlace, Settings};
use serde_json::{Value, json};

use super::account::Clients;
use super::place::command;
use super::report::Report;

/// How a new key is made, as a word of a command line.
const KEY: &str = "\"$(openssl rand -hex 32)\"";

/// Looks at the key. What it is, is judged and not shown.
pub(super) async fn examine(clients: &Clients, settings: &Settings, report: &mut Report) {
    let Some(place) = &settings.secret_place else { return };
    let ask = |service, operation, input| clients.services.ask(service, operation, input);
    let (found, key) = match place {
        SecretPlace::Parameter(name) => (
            ask("ssm", "GetParameter", json!({"Name": name})).await,
            ask("ssm", "GetParameter", json!({"Name": name, "WithDecryption": true})).await,
        ),
        SecretPlace::Secret(name) => (
            ask("secretsmanager", "DescribeSecret", json!({"SecretId": name})).await,
            ask("secretsmanager", "GetSecretValue", json!({"SecretId": name})).await,
        ),
    };
    if let Err(why) = found {
        let text = format!(
            "the key for secret digits is not in {place}: {why}; steps with secret = true fail"
        );
        return report.wrong("secret", text, made(place));
    }
    let Some(key) = key.ok().and_then(text) else {
        let text = format!(
            "the key for secret digits is in {place}; you may not read it, so it was not judged"
        );
        return report.ok("secret", text);
    };
    match settings.clone().with_secret_key(&key) {
        Ok(_) => report.ok("secret", format!("the key for secret digits is in {place}")),
        Err(why) => {
            let text = format!(
                "what is in {place} is no key for secret digits: {why}; steps with secret = true fail"
            );
            report.wrong("secret", text, changed(place));
        }
    }
}

/// The text of a reply.
fn text(reply: Value) -> Option<String> {
    let places = ["/Parameter/Value", "/SecretString"];
    places.iter().find_map(|place| reply.pointer(place)?.as_str()).map(str::to_owned)
}

/// The command that makes a key where there is none.
fn made(place: &SecretPlace) -> String {
    match place {
        SecretPlace::Parameter(name) => {
            let name = command(&[name]);
            format!("aws ssm put-parameter --name {name} --type SecureString --value {KEY}")
        }
        SecretPlace::Secret(name) => {
            let name = command(&[name]);
            format!("aws secretsmanager create-secret --name {name} --secret-string {KEY}")
        }
    }
}

/// The command that puts a key where something else is.
fn changed(place: &SecretPlace) -> String {
    match place {
        SecretPlace::Parameter(_) => format!("{} --overwrite", made(place)),
        SecretPlace::Secret(name) => {
            let name = command(&[name]);
            format!("aws secretsmanager put-secret-value --secret-id {name} --secret-string {KEY}")
        }
    }
}
