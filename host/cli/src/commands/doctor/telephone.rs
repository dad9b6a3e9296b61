//! The SIP media application, its SIP rules and its numbers.

use moonring_check::Asked;
use moonring_deploy::{Application, Found, SipRule};

use super::account::Clients;
use super::place::command;
use super::report::Report;
use crate::commands::deploy::TelephoneSide;

/// What numbers of SIP rules must be for.
const DIAL_IN: &str = "SipMediaApplicationDialIn";

/// The application, and the account's numbers.
pub(super) struct TelephoneFound {
    pub(super) application: Application,
    pub(super) numbers: Vec<String>,
}

/// Looks at the telephone side. What is there, where there is an application to look at.
pub(super) async fn examine(
    clients: &Clients,
    wanted: Option<&str>,
    report: &mut Report,
) -> Option<TelephoneFound> {
    let side = TelephoneSide::of(&clients.config);
    let mut found = match side.found().await {
        Ok(found) => found,
        Err(error) => {
            let why = format!("{error:#}");
            // Only customers of before 2026-10-29 have the service.
            let mend = "aws chime-sdk-voice list-sip-media-applications";
            let text = match why.contains("AccessDenied") || why.contains("Forbidden") {
                true => format!(
                    "the telephone service refuses to answer: either you may not call chime:ListSipMediaApplications, or your account was not its customer when it closed to new ones on 2026-10-29 ({why})"
                ),
                false => format!("the telephone service does not answer: {why}"),
            };
            report.wrong("service", text, mend);
            return None;
        }
    };
    report.ok("service", "the telephone service answers");
    let application = chosen(&found, wanted, report)?;
    let messages = side.add_logging(&application.name, &mut found).await;
    let application = found.applications.iter().find(|known| known.id == application.id)?.clone();
    if messages.is_ok() {
        of_messages(&application, report);
    }
    of_rules(&application, &found, report);
    let numbers = found.numbers.into_iter().map(|known| known.number).collect();
    Some(TelephoneFound { application, numbers })
}

/// Looks at the numbers that callees are to see.
pub(super) fn of_caller_ids(asked: &Asked, numbers: &[String], report: &mut Report) {
    for number in asked.caller_ids.iter().filter(|number| !numbers.contains(number)) {
        let text = format!(
            "scripts bridge with the caller id {number}, which is not among the account's numbers: those bridges fail"
        );
        report.wrong("caller-id", text, ordered(number));
    }
}

/// The command that orders a number.
fn ordered(number: &str) -> String {
    command(&[
        "aws",
        "chime-sdk-voice",
        "create-phone-number-order",
        "--product-type",
        DIAL_IN,
        "--e164-phone-numbers",
        number,
    ])
}

fn chosen(found: &Found, wanted: Option<&str>, report: &mut Report) -> Option<Application> {
    let is_wanted = |known: &&Application| match wanted {
        Some(wanted) => known.id == wanted || known.name == wanted,
        None => true,
    };
    let fitting: Vec<&Application> = found.applications.iter().filter(is_wanted).collect();
    let names = || found.applications.iter().map(|known| known.name.as_str());
    match fitting.as_slice() {
        [one] => {
            report
                .ok("application", format!("the SIP media application {} ({})", one.name, one.id));
            Some((*one).clone())
        }
        [] => {
            let text = match wanted {
                Some(wanted) => {
                    let hint = moonring_wire::hint(wanted, names());
                    format!("there is no SIP media application {wanted} in this Region{hint}")
                }
                None => "there is no SIP media application in this Region".to_owned(),
            };
            let mend = "moonring provision apply --name acme-line --function ARN --number +1…";
            report.wrong("application", text, mend);
            None
        }
        _ => {
            let all = names().collect::<Vec<_>>().join(", ");
            let text = format!("there are several SIP media applications: {all}");
            report.wrong("application", text, "moonring doctor --application NAME");
            None
        }
    }
}

fn of_messages(application: &Application, report: &mut Report) {
    if application.logs_messages {
        return report.ok("message-logs", "the service logs the SIP messages of the application");
    }
    let mend = command(&[
        "aws",
        "chime-sdk-voice",
        "put-sip-media-application-logging-configuration",
        "--sip-media-application-id",
        &application.id,
        "--sip-media-application-logging-configuration",
        "EnableSipMediaApplicationMessageLogs=true",
    ]);
    report.warn(
        "message-logs",
        "the service does not log SIP messages, which tell why a call never came",
        mend,
    );
}

fn of_rules(application: &Application, found: &Found, report: &mut Report) {
    let leads_here = |rule: &&SipRule| rule.applications.contains(&application.id);
    let rules: Vec<&SipRule> = found.rules.iter().filter(leads_here).collect();
    if rules.is_empty() {
        let Application { name, function, .. } = application;
        let mend = format!(
            "moonring provision apply --name {} --function {function} --number +1…",
            command(&[name])
        );
        return report.wrong(
            "rules",
            "no SIP rule leads to the application, so nobody reaches it",
            mend,
        );
    }
    report.ok("rules", format!("SIP rules that lead to the application: {}", rules.len()));
    for rule in rules {
        of_rule(rule, application, report);
        of_number(rule, found, report);
    }
}

fn of_rule(rule: &SipRule, application: &Application, report: &mut Report) {
    let SipRule { id, name, trigger, .. } = rule;
    let update = |more: &[&str]| {
        let words =
            ["aws", "chime-sdk-voice", "update-sip-rule", "--sip-rule-id", id, "--name", name];
        command(&[&words[..], more].concat())
    };
    if rule.is_disabled {
        let text = format!("the SIP rule {name} for {trigger} is disabled");
        report.wrong("rule-enabled", text, update(&["--no-disabled"]));
    } else {
        report.ok("rule-enabled", format!("the SIP rule {name} for {trigger} is enabled"));
    }
    let first = rule.applications.first();
    if first == Some(&application.id) {
        return report.ok("rule-order", format!("calls to {trigger} reach the application first"));
    }
    let before = first.map(String::as_str).unwrap_or_default();
    let text = format!(
        "calls to {trigger} reach {before} first, and this application only if that fails; if this is not the backup, swap their priorities with update-sip-rule"
    );
    let mend = command(&["aws", "chime-sdk-voice", "get-sip-rule", "--sip-rule-id", id]);
    report.warn("rule-order", text, mend);
}

fn of_number(rule: &SipRule, found: &Found, report: &mut Report) {
    let trigger = &rule.trigger;
    if !trigger.starts_with('+') {
        return;
    }
    match found.numbers.iter().find(|known| known.number == *trigger) {
        None => report.wrong(
            "number",
            format!("{trigger} is not among the account's numbers"),
            ordered(trigger),
        ),
        Some(number) if number.product_type != DIAL_IN => report.wrong(
            "number-product",
            format!("{trigger} is for {}, and not for SIP media applications", number.product_type),
            command(&[
                "aws",
                "chime-sdk-voice",
                "update-phone-number",
                "--phone-number-id",
                trigger,
                "--product-type",
                DIAL_IN,
            ]),
        ),
        Some(_) => {
            report.ok("number", format!("{trigger} is the account's, for SIP media applications"))
        }
    }
}
