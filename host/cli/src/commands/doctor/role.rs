//! What the role of the function may do, held against what the host and the scripts ask.

use moonring_check::Asked;
use moonring_deploy::RolePolicies;
use moonring_runtime::{SecretPlace, Settings};
use moonring_store::Location;
use serde_json::{Value, json};

use super::account::Clients;
use super::function::Function;
use super::place::{bucket_arn, command, in_s3, object_arn};
use super::report::Report;

/// Something that the role must be allowed.
struct Right {
    check: &'static str,
    action: &'static str,
    /// What a statement names.
    resource: String,
    /// One thing that this covers.
    example: String,
    what_fails: &'static str,
}

/// Looks at the role.
pub(super) async fn examine(
    clients: &Clients,
    function: &Function,
    settings: Option<&Settings>,
    asked: &Asked,
    report: &mut Report,
) {
    let name = function.role.rsplit('/').next().unwrap_or_default();
    let Ok(found) = clients.iam.get_role().role_name(name).send().await else {
        let text = format!("the role {name} of the function is not there, or you may not see it");
        let mend = command(&["aws", "iam", "get-role", "--role-name", name]);
        return report.wrong("role", text, mend);
    };
    let trust = found.role().and_then(|role| role.assume_role_policy_document());
    let trust = trust.map(decoded).unwrap_or_default();
    if !trust.to_string().contains("lambda.amazonaws.com") {
        let document = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
            "Principal": {"Service": "lambda.amazonaws.com"}}]});
        let mend = command(&[
            "aws",
            "iam",
            "update-assume-role-policy",
            "--role-name",
            name,
            "--policy-document",
            &document.to_string(),
        ]);
        report.wrong("role-trust", "Lambda may not take on the role of the function", mend);
    }
    let policies = RolePolicies(policies(clients, name).await);
    report.ok("role", format!("the role {name}"));
    for right in rights(clients, function, settings) {
        if policies.allow(right.action, &right.example) {
            report.ok(right.check, format!("the role allows {}", right.action));
            continue;
        }
        let document = json!({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": right.action, "Resource": right.resource}]});
        let policy = format!("moonring-{}", right.check);
        let mend = command(&[
            "aws",
            "iam",
            "put-role-policy",
            "--role-name",
            name,
            "--policy-name",
            &policy,
            "--policy-document",
            &document.to_string(),
        ]);
        let text = format!(
            "the role does not allow {} for {}: {}",
            right.action, right.resource, right.what_fails
        );
        report.wrong(right.check, text, mend);
    }
    of_operations(&policies, name, asked, report);
}

/// What the host asks.
fn rights(clients: &Clients, function: &Function, settings: Option<&Settings>) -> Vec<Right> {
    let mut rights = Vec::new();
    let mut add = |check, action, resource: String, example: String, what_fails| {
        rights.push(Right { check, action, resource, example, what_fails });
    };
    let group = format!(
        "arn:aws:logs:{}:{}:log-group:{}:*",
        clients.region, clients.account, function.log_group
    );
    let stream = group.replace(":*", ":log-stream:2026/11/29/[1]0");
    add("role-log", "logs:PutLogEvents", group, stream, "nothing is logged");
    let Some(settings) = settings else { return rights };
    let mut s3 = |check, action, place: &Option<Location>, what_fails| {
        let Some(place) = place.as_ref().and_then(in_s3) else { return };
        let (resource, example) = (
            object_arn(place.bucket, place.prefix, "*"),
            object_arn(place.bucket, place.prefix, "main.lua"),
        );
        add(check, action, resource, example, what_fails);
    };
    s3("role-scripts", "s3:GetObject", &settings.scripts, "the scripts cannot be read");
    s3(
        "role-versions",
        "s3:GetObjectVersion",
        &settings.scripts,
        "calls lose the release that they began with when scripts change",
    );
    s3("role-state", "s3:PutObject", &settings.journal, "flows whose journal is long fail");
    s3("role-storage", "s3:PutObject", &settings.storage, "storage.put fails");
    for (check, place) in
        [("role-list", &settings.scripts), ("role-list-storage", &settings.storage)]
    {
        if let Some(place) = place.as_ref().and_then(in_s3) {
            let arn = bucket_arn(place.bucket);
            add(
                check,
                "s3:ListBucket",
                arn.clone(),
                arn,
                "S3 says `denied` of everything that is not there",
            );
        }
    }
    match &settings.secret_place {
        Some(SecretPlace::Parameter(name)) => {
            let name = name.trim_start_matches('/');
            let arn =
                format!("arn:aws:ssm:{}:{}:parameter/{name}", clients.region, clients.account);
            add(
                "role-secret",
                "ssm:GetParameter",
                arn.clone(),
                arn,
                "steps with secret = true fail",
            );
        }
        Some(SecretPlace::Secret(name)) => {
            let arn = format!(
                "arn:aws:secretsmanager:{}:{}:secret:{name}-*",
                clients.region, clients.account
            );
            let example = arn.replace("-*", "-AbCdEf");
            add(
                "role-secret",
                "secretsmanager:GetSecretValue",
                arn,
                example,
                "steps with secret = true fail",
            );
        }
        None => {}
    }
    rights
}

/// What the scripts ask of the telephone service.
fn of_operations(policies: &RolePolicies, name: &str, asked: &Asked, report: &mut Report) {
    for operation in asked.operations.iter().filter(|operation| operation.starts_with("chime:")) {
        if policies.allow(operation, "arn:aws:chime:us-east-1:111122223333:meeting/a") {
            report.ok("role-chime", format!("the role allows {operation}"));
            continue;
        }
        let document = json!({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": operation, "Resource": "*"}]});
        let policy = format!("moonring-{}", operation.replace(':', "-"));
        let mend = command(&[
            "aws",
            "iam",
            "put-role-policy",
            "--role-name",
            name,
            "--policy-name",
            &policy,
            "--policy-document",
            &document.to_string(),
        ]);
        let text = format!("the role does not allow {operation}, which scripts ask");
        report.wrong("role-chime", text, mend);
    }
}

/// All policies of a role, its own and those it shares.
async fn policies(clients: &Clients, role: &str) -> Vec<Value> {
    let mut documents = Vec::new();
    let own = clients.iam.list_role_policies().role_name(role).send().await;
    for name in own.iter().flat_map(|found| found.policy_names()) {
        let asked = clients.iam.get_role_policy().role_name(role).policy_name(name).send().await;
        documents.extend(asked.ok().map(|found| decoded(found.policy_document())));
    }
    let shared = clients.iam.list_attached_role_policies().role_name(role).send().await;
    for policy in shared.iter().flat_map(|found| found.attached_policies()) {
        let arn = policy.policy_arn().unwrap_or_default();
        let Ok(found) = clients.iam.get_policy().policy_arn(arn).send().await else { continue };
        let version = found.policy().and_then(|policy| policy.default_version_id()).unwrap_or("v1");
        let asked =
            clients.iam.get_policy_version().policy_arn(arn).version_id(version).send().await;
        let document = asked
            .ok()
            .and_then(|found| found.policy_version().and_then(|it| it.document()).map(decoded));
        documents.extend(document);
    }
    documents
}

/// A document as IAM writes it: percent-encoded JSON.
fn decoded(text: &str) -> Value {
    let plain = percent_encoding::percent_decode_str(text).decode_utf8_lossy();
    serde_json::from_str(&plain).unwrap_or_default()
}
