//! Reads policies of IAM: what a role may do, and whom a resource lets in.

use serde_json::Value;

/// Policies of a role, as documents.
#[derive(Debug, Clone, Default)]
pub struct RolePolicies {
    /// What it is allowed.
    pub own: Vec<Value>,
    /// Its permissions boundary, where it has one: only what this allows too may be done.
    pub boundary: Option<Value>,
}

/// How a resource lets a service in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grant {
    /// It does not.
    Refused,
    /// A statement forbids it, whatever others allow.
    Denied,
    /// For any account: another customer of the service could use it (the confused deputy).
    AnyAccount,
    /// For this account.
    ThisAccount,
    /// For another account alone.
    OtherAccount,
    /// For another application of this account, or another Region, alone.
    OtherApplication,
}

/// On behalf of whom a service does something.
#[derive(Debug, Clone, Copy)]
pub struct Behalf<'a> {
    /// The account.
    pub account: &'a str,
    /// The SIP media application, as an ARN.
    pub application: &'a str,
}

impl RolePolicies {
    /// Whether a role may do this with a resource. Conditions of a statement are taken to hold.
    pub fn allow(&self, action: &str, resource: &str) -> bool {
        self.decide(|one| is_of_action(one, action) && is_of_resource(one, resource))
    }

    /// Whether a statement forbids this, whatever others allow.
    pub fn deny(&self, action: &str, resource: &str) -> bool {
        let all = self.own.iter().chain(&self.boundary).flat_map(statements);
        all.filter(|one| one["Effect"] == "Deny" && one.get("Condition").is_none())
            .any(|one| is_of_action(&one, action) && is_of_resource(&one, resource))
    }

    /// Whether a role may do this but for its boundary.
    pub fn allow_without_boundary(&self, action: &str, resource: &str) -> bool {
        Self { boundary: None, ..self.clone() }.allow(action, resource)
    }

    /// Whether a role may do this with any resource.
    pub fn allow_somewhere(&self, action: &str) -> bool {
        // What is denied of some resources is not denied of all.
        let is_everywhere = |one: &Value| {
            one["Effect"] != "Deny" || any(&one["Resource"], |pattern| pattern == "*")
        };
        self.decide(|one| is_of_action(one, action) && is_everywhere(one))
    }

    fn decide(&self, is_about: impl Fn(&Value) -> bool) -> bool {
        let is_within = |policies: &[Value]| {
            let all: Vec<Value> = policies.iter().flat_map(statements).collect();
            let is_allowed = all.iter().any(|one| one["Effect"] == "Allow" && is_about(one));
            let is_denied = |one: &Value| {
                one["Effect"] == "Deny" && one.get("Condition").is_none() && is_about(one)
            };
            is_allowed && !all.iter().any(is_denied)
        };
        let boundary = self.boundary.as_ref().map(std::slice::from_ref);
        is_within(&self.own) && boundary.is_none_or(is_within)
    }
}

/// Whether a statement is about an action: one that it names, or one that `NotAction` does not.
pub fn is_of_action(statement: &Value, action: &str) -> bool {
    let is_it = |pattern: &str| is_like(action, pattern, Case::Ignored);
    match &statement["NotAction"] {
        Value::Null => any(&statement["Action"], is_it),
        others => !any(others, is_it),
    }
}

/// Whether a statement is about a resource: one that it names, or one that `NotResource` does not.
fn is_of_resource(statement: &Value, resource: &str) -> bool {
    let is_it = |pattern: &str| is_like(resource, pattern, Case::Counts);
    match &statement["NotResource"] {
        Value::Null => any(&statement["Resource"], is_it),
        others => !any(others, is_it),
    }
}

/// Whether a statement is about a service: one that it names, or one that `NotPrincipal` does not.
pub fn is_of_service(statement: &Value, service: &str) -> bool {
    let names = |principal: &Value| {
        any(&principal["Service"], |known| known == service || known == "*")
            || any(principal, |known| known == "*")
            || any(&principal["AWS"], |known| known == "*")
    };
    match &statement["NotPrincipal"] {
        Value::Null => names(&statement["Principal"]),
        others => !names(others),
    }
}

/// How the policy of a resource lets a service do this, on behalf of an account and its application.
pub fn grant(
    policy: &Value,
    service: &str,
    action: &str,
    resource: &str,
    behalf: Behalf<'_>,
) -> Grant {
    let mut found = Grant::Refused;
    for statement in &statements(policy) {
        // A part of the bucket is enough: where files lie, the settings do not say.
        let bucket = resource.split_once('/').map_or(resource, |(bucket, _)| bucket);
        let is_part = any(&statement["Resource"], |one| one.starts_with(&format!("{bucket}/")));
        let is_whole = is_of_resource(statement, resource);
        let is_about = is_of_service(statement, service) && is_of_action(statement, action);
        if !is_about || !(is_whole || is_part) {
            continue;
        }
        if statement["Effect"] == "Deny" {
            let conditions = &statement["Condition"];
            let is_ours = || {
                is_of_source(conditions)
                    && matches!(
                        of_conditions(conditions, behalf),
                        Grant::ThisAccount | Grant::AnyAccount
                    )
            };
            if is_whole && (conditions.is_null() || is_ours()) {
                return Grant::Denied;
            }
            continue;
        }
        let grant = of_conditions(&statement["Condition"], behalf);
        found = match (found, grant) {
            (Grant::AnyAccount, _) | (_, Grant::AnyAccount) => Grant::AnyAccount,
            (Grant::ThisAccount, _) | (_, Grant::ThisAccount) => Grant::ThisAccount,
            (Grant::OtherApplication, _) => Grant::OtherApplication,
            _ => grant,
        };
    }
    found
}

/// Whether all conditions are about who is behind a request, and hold for somebody.
fn is_of_source(conditions: &Value) -> bool {
    let operators = conditions.as_object().into_iter().flatten();
    let is_positive = |operator: &str| !operator.contains("Not") && operator != "Null";
    let mut keys = operators.map(|(operator, values)| {
        let is_source = |key: &String| {
            ["aws:SourceAccount", "aws:SourceArn"].iter().any(|own| key.eq_ignore_ascii_case(own))
        };
        is_positive(operator) && values.as_object().is_some_and(|it| it.keys().all(is_source))
    });
    keys.all(|is_source| is_source)
}

/// Whom conditions leave: an account, or a resource of it.
fn of_conditions(conditions: &Value, behalf: Behalf<'_>) -> Grant {
    let Behalf { account, application } = behalf;
    let mut is_named = false;
    for (operator, values) in conditions.as_object().into_iter().flatten() {
        // That there is a source at all says nothing of whose it is.
        if operator == "Null" {
            continue;
        }
        let is_exact = operator.contains("StringEquals") || operator.contains("StringNotEquals");
        let is_negated = operator.contains("Not");
        for (key, value) in values.as_object().into_iter().flatten() {
            let is_arn = key.eq_ignore_ascii_case("aws:SourceArn");
            let subject = match key {
                key if key.eq_ignore_ascii_case("aws:SourceAccount") => account,
                _ if is_arn => application,
                _ => continue,
            };
            let is_it = |pattern: &str| match is_exact {
                true => pattern == subject,
                false => is_like(subject, pattern, Case::Counts),
            };
            // Without an account in it, an ARN is anybody's.
            let account_of = |pattern: &str| match is_arn {
                true => pattern.split(':').nth(4).unwrap_or("*").to_owned(),
                false => pattern.to_owned(),
            };
            let hits = any(value, is_it);
            if is_negated {
                if hits {
                    return Grant::OtherAccount;
                }
            } else if hits {
                // One that names nobody among several lets everybody in; each condition is one more.
                let is_open = any(value, |pattern| is_it(pattern) && account_of(pattern) == "*");
                is_named |= !is_open;
            } else if is_arn && any(value, |pattern| account_of(pattern) == account) {
                return Grant::OtherApplication;
            } else {
                return Grant::OtherAccount;
            }
        }
    }
    if is_named { Grant::ThisAccount } else { Grant::AnyAccount }
}

/// The statements of a policy: one, or a list of them.
pub fn statements(policy: &Value) -> Vec<Value> {
    match &policy["Statement"] {
        Value::Array(all) => all.clone(),
        Value::Null => Vec::new(),
        one => vec![one.clone()],
    }
}

/// Whether a text, or one of a list of texts, is as wanted.
fn any(value: &Value, is_it: impl Fn(&str) -> bool) -> bool {
    match value {
        Value::String(text) => is_it(text),
        Value::Array(all) => all.iter().filter_map(Value::as_str).any(is_it),
        _ => false,
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Case {
    Counts,
    Ignored,
}

/// Whether a text is as a pattern says, in which `*` stands for any text and `?` for any letter.
fn is_like(text: &str, pattern: &str, case: Case) -> bool {
    let lower = |text: &str| match case {
        Case::Ignored => text.to_lowercase(),
        Case::Counts => text.to_owned(),
    };
    let (text, pattern): (Vec<char>, Vec<char>) =
        (lower(text).chars().collect(), lower(pattern).chars().collect());
    let (mut at, mut in_pattern) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while at < text.len() {
        match pattern.get(in_pattern) {
            Some('*') => {
                star = Some((in_pattern, at));
                in_pattern += 1;
            }
            Some(letter) if *letter == '?' || text.get(at) == Some(letter) => {
                (at, in_pattern) = (at + 1, in_pattern + 1);
            }
            _ => match star {
                Some((star_at, taken)) => {
                    star = Some((star_at, taken + 1));
                    (at, in_pattern) = (taken + 1, star_at + 1);
                }
                None => return false,
            },
        }
    }
    pattern.iter().skip(in_pattern).all(|letter| *letter == '*')
}

#[cfg(test)]
mod tests;
