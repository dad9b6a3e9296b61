//! The log of the function: whether it is kept, and what the last hour says.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::account::Clients;
use super::function::Function;
use super::place::command;
use super::report::Report;
use crate::clock::now_ms;

/// How far back the doctor looks, in milliseconds.
const HOUR: u64 = 3_600_000;
/// The most pages that are read.
const PAGES: usize = 100;
/// Lines that say what went wrong.
const PATTERN: &str = "?ERROR ?\"Task timed out\" ?\"Runtime exited\"";

/// Looks at the log group.
pub(super) async fn examine(clients: &Clients, function: &Function, report: &mut Report) {
    let group = &function.log_group;
    let asked =
        clients.services.ask("logs", "DescribeLogGroups", json!({"logGroupNamePrefix": group}));
    let found = match asked.await {
        Ok(found) => found,
        Err(why) => {
            let mend = command(&["aws", "logs", "describe-log-groups"]);
            return report.warn("log", format!("the log {group} cannot be seen: {why}"), mend);
        }
    };
    let mut groups = found["logGroups"].as_array().into_iter().flatten();
    let Some(known) = groups.find(|known| known["logGroupName"] == group.as_str()) else {
        let mend = command(&["aws", "logs", "create-log-group", "--log-group-name", group]);
        return report.warn(
            "log",
            format!("there is no log group {group}: nothing was logged yet"),
            mend,
        );
    };
    match known["retentionInDays"].as_u64() {
        Some(days) => report.ok("log", format!("the log {group} is kept for {days} days")),
        None => report.warn(
            "log-retention",
            format!("the log {group} is kept for ever, and costs more each month"),
            command(&[
                "aws",
                "logs",
                "put-retention-policy",
                "--log-group-name",
                group,
                "--retention-in-days",
                "30",
            ]),
        ),
    }
    last_hour(clients, group, report).await;
}

/// Errors of the last hour, by what they say.
async fn last_hour(clients: &Clients, group: &str, report: &mut Report) {
    let since = now_ms().saturating_sub(HOUR);
    let mut counted: BTreeMap<String, u32> = BTreeMap::new();
    let mut token = Value::Null;
    for _ in 0..PAGES {
        let mut input = json!({"logGroupName": group, "startTime": since, "filterPattern": PATTERN, "limit": 500});
        if !token.is_null() {
            input["nextToken"] = token;
        }
        let Ok(found) = clients.services.ask("logs", "FilterLogEvents", input).await else {
            let mend = command(&["aws", "logs", "tail", group, "--since", "1h"]);
            return report.warn("last-hour", format!("the log {group} cannot be read"), mend);
        };
        for event in found["events"].as_array().into_iter().flatten() {
            if let Some(what) = trouble(event["message"].as_str().unwrap_or_default()) {
                *counted.entry(what).or_default() += 1;
            }
        }
        token = found["nextToken"].clone();
        if token.is_null() {
            break;
        }
    }
    let most = counted.iter().max_by_key(|(_, count)| **count);
    match most {
        None => report.ok("last-hour", "no errors in the log of the last hour"),
        Some((what, count)) => {
            let all: u32 = counted.values().sum();
            let text = format!("errors in the last hour: {all}; most often ({count}): {what}");
            report.wrong("last-hour", text, format!("moonring tail --log-group {group} --errors"));
        }
    }
}

/// What a line says that went wrong; `None` for other lines.
fn trouble(text: &str) -> Option<String> {
    let Ok(line) = serde_json::from_str::<Value>(text) else {
        let lambda = ["Task timed out", "Runtime exited"];
        let what = lambda.iter().find(|what| text.contains(**what))?;
        return Some(format!("Lambda ended the function: {what}"));
    };
    if line["level"] != "ERROR" {
        return None;
    }
    let text = |name: &str| line[name].as_str().unwrap_or_default().to_owned();
    Some(match line["outcome"].as_str() {
        Some("fallback") => format!("callers heard the fallback: {}", text("error")),
        Some(outcome) => format!("{outcome}: {}", text("error")),
        None => text("message"),
    })
}
