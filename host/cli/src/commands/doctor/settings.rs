//! The settings of the function, and the key for secret digits.

use moonring_runtime::{SecretPlace, Settings};
use serde_json::json;

use super::account::Clients;
use super::function::Function;
use super::place::command;
use super::report::Report;

/// Looks at the settings. `None` where they cannot be read.
pub(super) fn examine(function: &Function, account: &str, report: &mut Report) -> Option<Settings> {
    let settings = match Settings::read(|name| function.variables.get(name).cloned()) {
        Ok(settings) => settings,
        Err(error) => {
            let mend = with(function, error.name, None);
            report.wrong("settings", format!("the function does not start: {error}"), mend);
            return None;
        }
    };
    for name in Settings::unknown(function.variables.keys().cloned()) {
        let hint = hint_of(&name);
        let text = format!("there is no setting {name}{hint}");
        report.warn("setting-name", text, with(function, &name, None));
    }
    if settings.scripts.is_none() {
        let mend = with(function, "MOONRING_SCRIPTS", Some("s3://BUCKET/PREFIX"));
        report.wrong("settings", "MOONRING_SCRIPTS is not set: the function has no scripts", mend);
        return None;
    }
    if !settings.accounts.is_empty() && !settings.accounts.iter().any(|known| known == account) {
        let text = format!(
            "MOONRING_ACCOUNTS does not have this account, {account}: every call is refused"
        );
        report.wrong("accounts", text, with(function, "MOONRING_ACCOUNTS", Some(account)));
    }
    report.ok("settings", "the settings can be read");
    Some(settings)
}

/// Looks whether the key for secret digits is where the settings say.
pub(super) async fn secret(clients: &Clients, settings: &Settings, report: &mut Report) {
    let Some(place) = &settings.secret_place else { return };
    let key = "\"$(openssl rand -hex 32)\"";
    let (asked, mend) = match place {
        SecretPlace::Parameter(name) => (
            clients.services.ask("ssm", "GetParameter", json!({"Name": name})).await,
            format!(
                "aws ssm put-parameter --name {} --type SecureString --value {key}",
                command(&[name])
            ),
        ),
        SecretPlace::Secret(name) => (
            clients
                .services
                .ask("secretsmanager", "DescribeSecret", json!({"SecretId": name}))
                .await,
            format!(
                "aws secretsmanager create-secret --name {} --secret-string {key}",
                command(&[name])
            ),
        ),
    };
    match asked {
        Ok(_) => report.ok("secret", format!("the key for secret digits is in {place}")),
        Err(why) => {
            let text = format!(
                "the key for secret digits is not in {place}: {why}; steps with secret = true fail"
            );
            report.wrong("secret", text, mend);
        }
    }
}

/// The command that gives the function these variables, with one of them changed or left out.
fn with(function: &Function, name: &str, value: Option<&str>) -> String {
    let mut variables = function.variables.clone();
    match value {
        Some(value) => variables.insert(name.to_owned(), value.to_owned()),
        None => variables.remove(name),
    };
    let environment = json!({"Variables": variables}).to_string();
    command(&[
        "aws",
        "lambda",
        "update-function-configuration",
        "--function-name",
        &function.name,
        "--environment",
        &environment,
    ])
}

fn hint_of(name: &str) -> String {
    let known = moonring_runtime::settings::SETTINGS.iter().map(|setting| setting.name);
    moonring_wire::hint(name, known)
}
