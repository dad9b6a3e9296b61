//! The function: whether it is there, may be invoked, and can run.

use std::collections::BTreeMap;

use aws_sdk_lambda::error::ProvideErrorMetadata;
use moonring_deploy::{Application, Behalf, Grant, grant, is_of_service};
use serde_json::Value;

use super::account::Clients;
use super::place::command;
use super::report::Report;

/// Who invokes functions.
pub(super) const TELEPHONE: &str = "voiceconnector.chime.amazonaws.com";

/// The host answers within this time, and Lambda ends it after the other.
const LEAST_SECONDS: i32 = 5;
const USUAL_SECONDS: i32 = 10;
/// What the host takes with a large release.
const LEAST_MIB: i32 = 128;
const USUAL_MIB: i32 = 256;

/// The function, as far as it matters.
pub(super) struct Function {
    /// Without its alias.
    pub(super) name: String,
    /// The alias that the application invokes, where it is one.
    pub(super) alias: Option<String>,
    pub(super) variables: BTreeMap<String, String>,
    /// The ARN of its role.
    pub(super) role: String,
    pub(super) log_group: String,
}

/// Looks at the function of an application. `None` where there is none.
pub(super) async fn examine(
    clients: &Clients,
    application: &Application,
    report: &mut Report,
) -> Option<Function> {
    let arn = application.function.as_str();
    let parts: Vec<&str> = arn.split(':').collect();
    let (name, alias) = (parts.get(6).copied().unwrap_or_default(), parts.get(7).copied());
    if parts.get(3).copied() != Some(clients.region.as_str()) {
        let region = parts.get(3).copied().unwrap_or("none");
        let text = format!(
            "the application invokes a function in {region}; it must be in {}, as the application is (rule 4)",
            clients.region
        );
        report.wrong(
            "function-region",
            text,
            "moonring provision adopt --application ID --function ARN",
        );
        return None;
    }
    let is_version = alias.is_some_and(|alias| alias.bytes().all(|letter| letter.is_ascii_digit()));
    let alias = alias.filter(|_| !is_version);
    let asked = clients.lambda.get_function().function_name(name);
    // What the alias leads to is what callers meet.
    let qualified = asked.clone().set_qualifier(parts.get(7).map(ToString::to_string)).send().await;
    let asked = match qualified {
        Ok(found) => Ok(found),
        Err(_) => asked.send().await,
    };
    let found = match asked {
        Ok(found) => found,
        Err(error) => {
            let why = error.code().unwrap_or("it cannot be asked");
            let text = format!("there is no function {name}, which the application invokes: {why}");
            let mend = "moonring provision adopt --application ID --function ARN";
            report.wrong("function", text, mend);
            return None;
        }
    };
    let configuration = found.configuration()?;
    report.ok("function", format!("the function {name}"));
    let reserved = clients.lambda.get_function_concurrency().function_name(name).send().await;
    if reserved.is_ok_and(|it| it.reserved_concurrent_executions() == Some(0)) {
        report.wrong(
            "concurrency",
            "the function may not run at all: its reserved concurrency is 0",
            command(&["aws", "lambda", "delete-function-concurrency", "--function-name", name]),
        );
    }
    of_alias(clients, name, alias, report).await;
    of_permission(clients, name, alias, application, report).await;
    let update = |more: &[&str]| {
        let words = ["aws", "lambda", "update-function-configuration", "--function-name", name];
        command(&[&words[..], more].concat()) + &published(name, alias)
    };
    let runtime = configuration.runtime().map(|runtime| runtime.as_str()).unwrap_or_default();
    let handler = configuration.handler().unwrap_or_default();
    if !runtime.starts_with("provided.al2023") || handler != "bootstrap" {
        let text = format!(
            "the function runs {runtime} with {handler}; Moonring runs on provided.al2023 as bootstrap"
        );
        let mend = update(&["--runtime", "provided.al2023", "--handler", "bootstrap"]);
        report.warn("runtime", text, mend);
    } else {
        report.ok("runtime", runtime);
    }
    let seconds = configuration.timeout().unwrap_or_default();
    let usual = USUAL_SECONDS.to_string();
    if seconds < LEAST_SECONDS {
        let text =
            format!("Lambda ends the function after {seconds} s, before the host can answer");
        report.wrong("timeout", text, update(&["--timeout", &usual]));
    } else {
        report.ok("timeout", format!("the function may take {seconds} s"));
    }
    let mebibytes = configuration.memory_size().unwrap_or_default();
    if mebibytes < LEAST_MIB + 1 {
        let text = format!("the function has {mebibytes} MB, and starts slowly with so little");
        report.warn("memory", text, update(&["--memory-size", &USUAL_MIB.to_string()]));
    } else {
        report.ok("memory", format!("the function has {mebibytes} MB"));
    }
    let variables = configuration.environment().and_then(|it| it.variables()).cloned();
    let log_group = configuration.logging_config().and_then(|it| it.log_group());
    Some(Function {
        name: name.to_owned(),
        alias: alias.map(str::to_owned),
        variables: variables.unwrap_or_default().into_iter().collect(),
        role: configuration.role().unwrap_or_default().to_owned(),
        log_group: log_group.map_or_else(|| format!("/aws/lambda/{name}"), str::to_owned),
    })
}

async fn of_alias(clients: &Clients, name: &str, alias: Option<&str>, report: &mut Report) {
    let Some(alias) = alias else { return };
    let asked = clients.lambda.get_alias().function_name(name).name(alias).send().await;
    match asked {
        Ok(known) => {
            let version = known.function_version().unwrap_or_default();
            report.ok("alias", format!("the alias {alias} leads to version {version}"));
        }
        Err(_) => report.wrong(
            "alias",
            format!("the function has no alias {alias}, which the application invokes"),
            command(&[
                "aws",
                "lambda",
                "create-alias",
                "--function-name",
                name,
                "--name",
                alias,
                "--function-version",
                "$LATEST",
            ]),
        ),
    }
}

async fn of_permission(
    clients: &Clients,
    name: &str,
    alias: Option<&str>,
    application: &Application,
    report: &mut Report,
) {
    let asked =
        clients.lambda.get_policy().function_name(name).set_qualifier(alias.map(str::to_owned));
    let policy = match asked.send().await {
        Ok(found) => found.policy().map(str::to_owned),
        Err(error) if error.code() == Some("ResourceNotFoundException") => None,
        Err(error) => {
            let why = error.code().unwrap_or("no reason is given");
            let text = format!("who may invoke the function cannot be seen: {why}");
            let mend = command(&["aws", "lambda", "get-policy", "--function-name", name]);
            return report.warn("invoke", text, mend);
        }
    };
    let policy: Value =
        policy.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    let qualifier = alias.map(|alias| format!(" --qualifier {alias}")).unwrap_or_default();
    let add = format!(
        "aws lambda add-permission --function-name {name}{qualifier} --statement-id telephone --action lambda:InvokeFunction --principal {TELEPHONE} --source-account {}",
        clients.account
    );
    let source = clients.arn_of(application);
    let behalf = Behalf { account: &clients.account, application: &source };
    let arn = application.function.as_str();
    match grant(&policy, TELEPHONE, "lambda:InvokeFunction", arn, behalf) {
        Grant::ThisAccount => {
            report.ok("invoke", "the telephone service of this account may invoke the function");
        }
        Grant::Refused => {
            report.wrong("invoke", "the telephone service may not invoke the function", add);
        }
        Grant::Denied => {
            let text = "a statement forbids the telephone service to invoke the function; take it out of the policy";
            let mend = command(&["aws", "lambda", "get-policy", "--function-name", name]);
            report.wrong("invoke", text, mend + &qualifier);
        }
        Grant::AnyAccount => {
            let text =
                "the telephone service may invoke the function for any account; name this one";
            report.warn("invoke-account", text, again(&policy, name, &qualifier, &add));
        }
        Grant::OtherAccount => {
            let text = "the telephone service may invoke the function for another account alone";
            report.wrong("invoke-account", text, again(&policy, name, &qualifier, &add));
        }
        Grant::OtherApplication => {
            let text = format!(
                "the telephone service may invoke the function for another application alone, and not for {source}"
            );
            report.wrong("invoke-account", text, again(&policy, name, &qualifier, &add));
        }
    }
}

/// What has an alias lead to what was changed: a version keeps its configuration.
pub(super) fn published(name: &str, alias: Option<&str>) -> String {
    alias.map_or_else(String::new, |alias| {
        format!(
            " && aws lambda wait function-updated --function-name {name} && aws lambda update-alias --function-name {name} --name {alias} --function-version \"$(aws lambda publish-version --function-name {name} --query Version --output text)\""
        )
    })
}

/// Takes the statements of the telephone service away, and adds the right one.
fn again(policy: &Value, name: &str, qualifier: &str, add: &str) -> String {
    let statements = policy["Statement"].as_array().into_iter().flatten();
    let is_telephone = |statement: &&Value| is_of_service(statement, TELEPHONE);
    let removes = statements.filter(is_telephone).filter_map(|statement| {
        let id = statement["Sid"].as_str()?;
        Some(format!(
            "aws lambda remove-permission --function-name {name}{qualifier} --statement-id {id} && "
        ))
    });
    removes.collect::<String>() + add
}
