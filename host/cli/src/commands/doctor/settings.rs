//! The settings of the function.

use moonring_runtime::Settings;

use super::account::Clients;
use super::function::{Function, published};
use super::place::command;
use super::report::Report;

/// The most bytes of the names and values that Lambda takes.
const ENVIRONMENT: usize = 4096;

/// Looks at the settings. `None` where they cannot be read.
pub(super) fn examine(
    function: &Function,
    clients: &Clients,
    application: &str,
    report: &mut Report,
) -> Option<Settings> {
    let account = clients.account.as_str();
    let settings = match Settings::read(|name| function.variables.get(name).cloned()) {
        Ok(settings) => settings,
        Err(error) => {
            let mend = with(function, error.name, None);
            report.wrong("settings", format!("the function does not start: {error}"), mend);
            return None;
        }
    };
    for name in Settings::unknown(function.variables.keys().cloned()) {
        let known = moonring_runtime::settings::SETTINGS.iter().map(|setting| setting.name);
        let known: Vec<&str> = known.collect();
        let meant = moonring_wire::nearest(&name, known.iter().copied());
        let meant = meant.filter(|meant| !function.variables.contains_key(*meant));
        let hint = moonring_wire::hint(&name, known.iter().copied());
        let text = format!("there is no setting {name}{hint}");
        let change = meant.map(|meant| Change { name: meant, value: Value::Variable(&name) });
        report.warn("setting-name", text, with(function, &name, change));
    }
    if settings.scripts.is_none() {
        let mend = with(
            function,
            "MOONRING_SCRIPTS",
            Some(Change { name: "MOONRING_SCRIPTS", value: Value::Text("s3://BUCKET/PREFIX") }),
        );
        report.wrong("settings", "MOONRING_SCRIPTS is not set: the function has no scripts", mend);
        return None;
    }
    if !settings.accounts.is_empty() && !settings.accounts.iter().any(|known| known == account) {
        let text = format!(
            "MOONRING_ACCOUNTS does not have this account, {account}: every call is refused"
        );
        let all = [settings.accounts.join(","), account.to_owned()].join(",");
        let change = Change { name: "MOONRING_ACCOUNTS", value: Value::Text(&all) };
        report.wrong("accounts", text, with(function, "MOONRING_ACCOUNTS", Some(change)));
    }
    let applications = &settings.applications;
    if !applications.is_empty() && !applications.iter().any(|known| known == application) {
        let text = format!(
            "MOONRING_APPLICATIONS does not have this application, {application}: every call is refused"
        );
        let all = [applications.join(","), application.to_owned()].join(",");
        let change = Change { name: "MOONRING_APPLICATIONS", value: Value::Text(&all) };
        report.wrong("applications", text, with(function, "MOONRING_APPLICATIONS", Some(change)));
    }
    if settings.record_percent > 0 && settings.journal.is_none() {
        let text = "MOONRING_RECORD is set, but MOONRING_STATE is not: no call is kept";
        report.warn("record", text, with(function, "MOONRING_RECORD", None));
    }
    let bytes: usize =
        function.variables.iter().map(|(name, value)| name.len() + value.len()).sum();
    if bytes * 10 >= ENVIRONMENT * 9 {
        let text = format!(
            "the environment of the function has {bytes} of at most {ENVIRONMENT} bytes; put long values, such as MOONRING_CONFIG, into config.json of the release first"
        );
        let name = function.name.as_str();
        let mend = match function.variables.contains_key("MOONRING_CONFIG") {
            true => with(function, "MOONRING_CONFIG", None),
            false => {
                command(&["aws", "lambda", "get-function-configuration", "--function-name", name])
            }
        };
        report.warn("limits", text, mend);
    }
    report.ok("settings", "the settings can be read");
    Some(settings)
}

/// A variable as it will be.
struct Change<'a> {
    name: &'a str,
    value: Value<'a>,
}

/// Where a value comes from.
enum Value<'a> {
    Text(&'a str),
    /// Another variable.
    Variable(&'a str),
}

/// The command that changes one variable of the function, or leaves it out. It reads the others as it
/// runs: their values, which may be secrets, are not shown.
fn with(function: &Function, name: &str, change: Option<Change<'_>>) -> String {
    let kept = function.variables.keys().filter(|known| *known != name);
    let mut pairs: Vec<String> = kept.map(|known| format!("{known}: {known}")).collect();
    pairs.extend(change.map(|change| match change.value {
        Value::Text(text) => format!("{}: '{text}'", change.name),
        Value::Variable(other) => format!("{}: {other}", change.name),
    }));
    let query = format!("Environment.Variables.{{{}}}", pairs.join(", "));
    let name = &function.name;
    let qualifier = function.alias.as_ref().map(|alias| format!(" --qualifier {alias}"));
    let read = format!(
        "aws lambda get-function-configuration --function-name {name}{} --query \"{query}\" --output json",
        qualifier.unwrap_or_default()
    );
    let published = published(name, function.alias.as_deref());
    format!(
        "variables=$({read}) && aws lambda update-function-configuration --function-name {name} --environment \"{{\\\"Variables\\\": $variables}}\"{published}"
    )
}
