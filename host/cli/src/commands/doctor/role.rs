//! What the role of the function may do, held against what the host and the scripts ask.

use aws_sdk_iam::error::ProvideErrorMetadata as _;
use moonring_check::Asked;
use moonring_deploy::{RolePolicies, iam_action, statements};
use moonring_runtime::{SecretPlace, Settings};
use serde_json::{Value, json};

use super::account::Clients;
use super::boundary::{Beyond, Boundary};
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

/// What the host asks of S3.
struct Need {
    check: &'static str,
    action: &'static str,
    place: Place,
    of: Of,
    what_fails: &'static str,
}

enum Place {
    Scripts,
    State,
    Storage,
}

enum Of {
    Bucket,
    Objects,
}

const fn need(
    check: &'static str,
    action: &'static str,
    place: Place,
    of: Of,
    what_fails: &'static str,
) -> Need {
    Need { check, action, place, of, what_fails }
}

const LOST: &str = "calls lose the release that they began with when scripts change";
const DENIED: &str = "S3 says `denied` of everything that is not there";

/// The rights of docs/reference/settings.md and docs/how-to/releases.md.
const NEEDS: &[Need] = &[
    need("role-scripts", "s3:GetObject", Place::Scripts, Of::Objects, "the scripts cannot be read"),
    need("role-versions", "s3:GetObjectVersion", Place::Scripts, Of::Objects, LOST),
    need("role-versions", "s3:ListBucketVersions", Place::Scripts, Of::Bucket, LOST),
    need("role-list", "s3:ListBucket", Place::Scripts, Of::Bucket, DENIED),
    need("role-state", "s3:GetObject", Place::State, Of::Objects, "long flows fail"),
    need("role-state", "s3:PutObject", Place::State, Of::Objects, "long flows fail"),
    need(
        "role-state",
        "s3:DeleteObject",
        Place::State,
        Of::Objects,
        "journals of calls that are over stay",
    ),
    need("role-storage", "s3:GetObject", Place::Storage, Of::Objects, "storage.get fails"),
    need("role-storage", "s3:PutObject", Place::Storage, Of::Objects, "storage.put fails"),
    need("role-storage", "s3:DeleteObject", Place::Storage, Of::Objects, "storage.delete fails"),
    need("role-list", "s3:ListBucket", Place::Storage, Of::Bucket, DENIED),
];

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
    if !trusts(&trust, "lambda.amazonaws.com") {
        let own = json!({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}});
        let document = json!({"Version": "2012-10-17", "Statement": with_own(&trust, own)});
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
    let boundary = found.role().and_then(|role| role.permissions_boundary());
    let boundary =
        Boundary::of(clients, boundary.and_then(|it| it.permissions_boundary_arn()), report).await;
    let document = boundary.as_ref().map(|boundary| boundary.document.clone());
    let own = match policies(clients, name).await {
        Ok(own) => own,
        Err(why) => {
            let text = format!(
                "the policies of the role {name} cannot be read, so its rights were not judged: {why}"
            );
            let mend = command(&["aws", "iam", "list-role-policies", "--role-name", name]);
            return report.warn("role", text, mend);
        }
    };
    let policies = RolePolicies { own, boundary: document };
    let mut beyond = Vec::new();
    report.ok("role", format!("the role {name}"));
    for right in rights(clients, function, settings) {
        // Published releases lie in folders of their own.
        let blob = right.example.replace("main.lua", "blobs/a");
        if [&right.example, &blob].into_iter().any(|one| policies.allow(right.action, one)) {
            report.ok(right.check, format!("the role allows {}", right.action));
            continue;
        }
        if policies.deny(right.action, &right.example) {
            let text = format!(
                "a statement forbids the role {} for {}: {}",
                right.action, right.resource, right.what_fails
            );
            let arn = function.role.as_str();
            let simulate = [
                "aws",
                "iam",
                "simulate-principal-policy",
                "--policy-source-arn",
                arn,
                "--action-names",
                right.action,
                "--resource-arns",
                &right.example,
            ];
            report.wrong(right.check, text, command(&simulate));
            continue;
        }
        let is_own = |one: &&String| policies.allow_without_boundary(right.action, one);
        if [&right.example, &blob].iter().any(is_own) {
            beyond.push(Beyond { action: right.action.to_owned(), resource: right.resource });
            continue;
        }
        let policy = format!("moonring-{}-{}", right.check, right.action.replace(':', "-"));
        let mend = grant(name, &policy, right.action, &right.resource);
        let text = format!(
            "the role does not allow {} for {}: {}",
            right.action, right.resource, right.what_fails
        );
        report.wrong(right.check, text, mend);
    }
    of_operations(&policies, name, asked, &mut beyond, report);
    if let Some(boundary) = boundary {
        boundary.judge(name, &beyond, report);
    }
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
    add("role-log", "logs:CreateLogStream", group.clone(), stream.clone(), "nothing is logged");
    add("role-log", "logs:PutLogEvents", group, stream, "nothing is logged");
    let Some(settings) = settings else { return rights };
    for need in NEEDS {
        let place = match need.place {
            Place::Scripts => &settings.scripts,
            Place::State => &settings.journal,
            Place::Storage => &settings.storage,
        };
        let Some(place) = place.as_ref().and_then(in_s3) else { continue };
        let (resource, example) = match need.of {
            Of::Bucket => (bucket_arn(place.bucket), bucket_arn(place.bucket)),
            Of::Objects => (
                object_arn(place.bucket, place.prefix, "*"),
                object_arn(place.bucket, place.prefix, "main.lua"),
            ),
        };
        add(need.check, need.action, resource, example, need.what_fails);
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
            let arn = match name.starts_with("arn:") {
                true => name.clone(),
                false => format!(
                    "arn:aws:secretsmanager:{}:{}:secret:{name}-*",
                    clients.region, clients.account
                ),
            };
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

/// The command that gives the role a policy of this name, with one right.
fn grant(role: &str, policy: &str, action: &str, resource: &str) -> String {
    let document = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": action, "Resource": resource}]});
    command(&[
        "aws",
        "iam",
        "put-role-policy",
        "--role-name",
        role,
        "--policy-name",
        policy,
        "--policy-document",
        &document.to_string(),
    ])
}

/// What the scripts ask of the telephone service.
fn of_operations(
    policies: &RolePolicies,
    name: &str,
    asked: &Asked,
    beyond: &mut Vec<Beyond>,
    report: &mut Report,
) {
    for operation in &asked.operations {
        let action = iam_action(operation);
        let check = if operation.starts_with("chime:") { "role-chime" } else { "role-aws" };
        if policies.allow_somewhere(&action) {
            report.ok(check, format!("the role allows {action}"));
            continue;
        }
        let own = RolePolicies { boundary: None, ..policies.clone() };
        if own.allow_somewhere(&action) {
            beyond.push(Beyond { action, resource: "*".to_owned() });
            continue;
        }
        let policy = format!("moonring-{}", action.replace(':', "-"));
        let mend = grant(name, &policy, &action, "*");
        report.wrong(check, format!("the role does not allow {action}, which scripts ask"), mend);
    }
}

/// Whether a service may take on a role.
fn trusts(trust: &Value, service: &str) -> bool {
    statements(trust).iter().any(|statement| {
        let principal = &statement["Principal"]["Service"];
        let is_named = principal.as_array().is_some_and(|all| all.iter().any(|one| one == service));
        statement["Effect"] == "Allow" && (principal == service || is_named)
    })
}

/// The statements of a document and one more.
fn with_own(document: &Value, own: Value) -> Vec<Value> {
    statements(document).into_iter().chain([own]).collect()
}

/// All policies of a role, its own and those it shares.
///
/// # Errors
/// Why they cannot be read, in a word.
async fn policies(clients: &Clients, role: &str) -> Result<Vec<Value>, String> {
    let mut documents = Vec::new();
    let own = clients.iam.list_role_policies().role_name(role).send().await;
    let own = own.map_err(|error| why(error.code()))?;
    for name in own.policy_names() {
        let asked = clients.iam.get_role_policy().role_name(role).policy_name(name).send().await;
        let found = asked.map_err(|error| why(error.code()))?;
        documents.push(decoded(found.policy_document()));
    }
    let shared = clients.iam.list_attached_role_policies().role_name(role).send().await;
    let shared = shared.map_err(|error| why(error.code()))?;
    for policy in shared.attached_policies() {
        let arn = policy.policy_arn().unwrap_or_default();
        documents.push(shared_policy(clients, arn).await?);
    }
    Ok(documents)
}

/// A policy that roles share.
///
/// # Errors
/// Why it cannot be read, in a word.
pub(super) async fn shared_policy(clients: &Clients, arn: &str) -> Result<Value, String> {
    let found = clients.iam.get_policy().policy_arn(arn).send().await;
    let found = found.map_err(|error| why(error.code()))?;
    let version = found.policy().and_then(|policy| policy.default_version_id()).unwrap_or("v1");
    let asked = clients.iam.get_policy_version().policy_arn(arn).version_id(version).send().await;
    let found = asked.map_err(|error| why(error.code()))?;
    let document = found.policy_version().and_then(|version| version.document());
    Ok(document.map(decoded).unwrap_or_default())
}

/// Why IAM refuses, in a word.
fn why(code: Option<&str>) -> String {
    code.unwrap_or("no reason is given").to_owned()
}

/// A document as IAM writes it: percent-encoded JSON.
fn decoded(text: &str) -> Value {
    let plain = percent_encoding::percent_decode_str(text).decode_utf8_lossy();
    serde_json::from_str(&plain).unwrap_or_default()
}
