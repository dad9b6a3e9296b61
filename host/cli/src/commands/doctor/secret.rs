//! The key for secret digits: whether it is where the settings say, and whether it is one.

use moonring_aws::Refusal;
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
    let (service, operation, input) = match place {
        SecretPlace::Parameter(name) => {
            ("ssm", "GetParameter", json!({"Name": name, "WithDecryption": true}))
        }
        SecretPlace::Secret(name) => {
            ("secretsmanager", "GetSecretValue", json!({"SecretId": name}))
        }
    };
    let reply = match clients.services.try_ask(service, operation, input).await {
        Ok(reply) => reply,
        Err(Refusal { error_type, text: why }) if error_type != "not_found" => {
            // A key of a secret that is to be deleted, for example. What may be a good one stays.
            let text = format!("the key for secret digits, {place}, cannot be seen: {why}");
            let mend = match place {
                SecretPlace::Parameter(name) => {
                    command(&["aws", "ssm", "get-parameter", "--name", name])
                }
                SecretPlace::Secret(name) => {
                    command(&["aws", "secretsmanager", "describe-secret", "--secret-id", name])
                }
            };
            return report.warn("secret", text, mend);
        }
        Err(Refusal { text: why, .. }) => {
            let text = format!(
                "the key for secret digits is not in {place}: {why}; steps with secret = true fail"
            );
            // A secret without a value is there, and is given one.
            let is_there = match place {
                SecretPlace::Parameter(_) => false,
                SecretPlace::Secret(name) => {
                    let input = json!({"SecretId": name});
                    clients.services.ask(service, "DescribeSecret", input).await.is_ok()
                }
            };
            let mend = if is_there { changed(place) } else { made(place) };
            return report.wrong("secret", text, mend);
        }
    };
    let judged = match text(&reply) {
        Some(key) => settings.clone().with_secret_key(&key).map_err(|why| why.to_string()),
        None => Err("it is no text".to_owned()),
    };
    match judged {
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
fn text(reply: &Value) -> Option<String> {
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
