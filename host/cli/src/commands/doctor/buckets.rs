//! The buckets: whether they are there, safe, and open to the telephone service.

use aws_sdk_s3::error::ProvideErrorMetadata as _;
use moonring_deploy::{Application, Behalf, Grant, grant, is_of_action, is_of_service, statements};
use moonring_runtime::Settings;
use serde_json::{Value, json};

use super::account::Clients;
use super::function::TELEPHONE;
use super::place::{command, in_s3, object_arn};
use super::report::Report;

/// What the telephone service does with a bucket.
struct Use {
    check: &'static str,
    check_account: &'static str,
    what: &'static str,
    actions: &'static [&'static str],
    fails: &'static str,
    /// What its statement is called.
    sid: &'static str,
}

const AUDIO: Use = Use {
    check: "audio-policy",
    check_account: "audio-account",
    what: "read the audio bucket",
    actions: &["s3:GetObject"],
    fails: "audio files do not play",
    sid: "TelephoneReadsAudio",
};
const RECORDINGS: Use = Use {
    check: "recordings-policy",
    check_account: "recordings-account",
    what: "write to the recordings bucket",
    actions: &["s3:PutObject", "s3:PutObjectAcl"],
    fails: "recordings fail",
    sid: "TelephoneWritesRecordings",
};

/// Looks at the buckets of the settings.
pub(super) async fn examine(
    clients: &Clients,
    application: &Application,
    settings: &Settings,
    report: &mut Report,
) {
    let source = clients.arn_of(application);
    let behalf = Behalf { account: &clients.account, application: &source };
    if let Some(place) = settings.scripts.as_ref().and_then(in_s3) {
        of_scripts(clients, place.bucket, report).await;
    }
    for (place, what) in [(&settings.journal, "state"), (&settings.storage, "storage")] {
        if let Some(place) = place.as_ref().and_then(in_s3) {
            is_there(clients, place.bucket, "data-bucket", what, report).await;
        }
    }
    let (audio, recordings) = (&settings.buckets.audio, &settings.buckets.recordings);
    for (bucket, needs, other) in [(audio, &AUDIO, recordings), (recordings, &RECORDINGS, audio)] {
        let Some(bucket) = bucket else { continue };
        // One bucket for both has one policy for both.
        let uses =
            if Some(bucket) == other.as_ref() { vec![&AUDIO, &RECORDINGS] } else { vec![needs] };
        of_use(clients, bucket, needs, &uses, behalf, report).await;
    }
}

async fn of_scripts(clients: &Clients, bucket: &str, report: &mut Report) {
    if !is_there(clients, bucket, "scripts-bucket", "scripts", report).await {
        return;
    }
    let versioning = clients.s3.get_bucket_versioning().bucket(bucket).send().await;
    let status = versioning.map(|it| it.status().map(|status| status.as_str() == "Enabled"));
    if let Err(error) = &status {
        let why = error.code().unwrap_or("no reason is given");
        let text = format!("whether the scripts bucket keeps versions cannot be seen: {why}");
        let mend = command(&["aws", "s3api", "get-bucket-versioning", "--bucket", bucket]);
        report.warn("scripts-versions", text, mend);
    } else if status.is_ok_and(|status| status == Some(true)) {
        report.ok("scripts-versions", "the scripts bucket keeps versions");
    } else {
        let mend = command(&[
            "aws",
            "s3api",
            "put-bucket-versioning",
            "--bucket",
            bucket,
            "--versioning-configuration",
            "Status=Enabled",
        ]);
        let text = "the scripts bucket keeps no versions: calls lose the release that they began with when scripts change";
        report.warn("scripts-versions", text, mend);
    }
    let access = clients.s3.get_public_access_block().bucket(bucket).send().await;
    let is_blocked = access.ok().and_then(|it| it.public_access_block_configuration().cloned());
    let is_blocked = is_blocked.is_some_and(|it| {
        it.block_public_policy() == Some(true) && it.restrict_public_buckets() == Some(true)
    });
    if is_blocked {
        report.ok("scripts-public", "nobody outside reads the scripts bucket");
    } else {
        let mend = command(&[
            "aws",
            "s3api",
            "put-public-access-block",
            "--bucket",
            bucket,
            "--public-access-block-configuration",
            "BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true",
        ]);
        report.warn("scripts-public", "a policy could make the scripts bucket public", mend);
    }
}

async fn of_use(
    clients: &Clients,
    bucket: &str,
    needs: &Use,
    uses: &[&Use],
    behalf: Behalf<'_>,
    report: &mut Report,
) {
    let Use { check, check_account, what, actions, fails, .. } = needs;
    if !is_there(clients, bucket, check, what, report).await {
        return;
    }
    let asked = clients.s3.get_bucket_policy().bucket(bucket).send().await;
    let policy = match asked {
        Ok(found) => found.policy().map(str::to_owned),
        Err(error) if error.code() == Some("NoSuchBucketPolicy") => None,
        Err(error) => {
            let why = error.code().unwrap_or("no reason is given");
            let text =
                format!("whether the telephone service may {what} {bucket} cannot be seen: {why}");
            let mend = command(&["aws", "s3api", "get-bucket-policy", "--bucket", bucket]);
            return report.warn(check, text, mend);
        }
    };
    let policy: Value =
        policy.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    let object = object_arn(bucket, "", "a.wav");
    let grants = actions.iter().map(|action| grant(&policy, TELEPHONE, action, &object, behalf));
    let grants: Vec<Grant> = grants.collect();
    let mend = || with_statement(clients, bucket, &policy, uses);
    if grants.contains(&Grant::Denied) {
        let text = format!(
            "a statement of the policy of {bucket} forbids the telephone service to {what}: {fails}; take it out"
        );
        let mend = command(&["aws", "s3api", "get-bucket-policy", "--bucket", bucket]);
        report.wrong(check, text, mend);
    } else if grants.contains(&Grant::Refused) {
        let text = format!("the telephone service may not {what} {bucket}: {fails}");
        report.wrong(check, text, mend());
    } else if grants.contains(&Grant::OtherAccount) {
        let text =
            format!("the telephone service may {what} {bucket} for another account alone: {fails}");
        report.wrong(check_account, text, mend());
    } else if grants.contains(&Grant::OtherApplication) {
        let text = format!(
            "the telephone service may {what} {bucket} for another application alone, and not for {source}: {fails}",
            source = behalf.application
        );
        report.wrong(check_account, text, mend());
    } else if grants.contains(&Grant::AnyAccount) {
        let text =
            format!("the telephone service may {what} {bucket} for any account; name this one");
        report.warn(check_account, text, mend());
    } else {
        report.ok(check, format!("the telephone service of this account may {what} {bucket}"));
    }
}

async fn is_there(
    clients: &Clients,
    bucket: &str,
    check: &'static str,
    what: &str,
    report: &mut Report,
) -> bool {
    let found = clients.s3.head_bucket().bucket(bucket).send().await;
    if found.is_err() {
        let text = format!("there is no bucket {bucket}, or you may not see it ({what})");
        report.wrong(check, text, command(&["aws", "s3", "mb", &format!("s3://{bucket}")]));
    }
    found.is_ok()
}

/// The policy with statements for the telephone service of this account: for this use, and for another
/// one that the bucket has. What others may do, and what the service may do besides, stays.
fn with_statement(clients: &Clients, bucket: &str, policy: &Value, uses: &[&Use]) -> String {
    let is_ours = |action: &str| uses.iter().any(|needs| needs.actions.contains(&action));
    let others = statements(policy).into_iter().flat_map(|statement| {
        if uses.iter().any(|needs| statement["Sid"] == needs.sid) {
            return Vec::new();
        }
        let mut actions = uses.iter().flat_map(|needs| needs.actions);
        let is_about = statement["Effect"] == "Allow"
            && is_of_service(&statement, TELEPHONE)
            && actions.any(|action| is_of_action(&statement, action));
        if !is_about {
            return vec![statement];
        }
        // What the service may do besides, it may still.
        let besides = actions_of(&statement).into_iter().filter(|action| !is_ours(action));
        let besides: Vec<&str> = besides.filter(|action| !action.contains('*')).collect();
        let mut rest = statement.clone();
        rest["Action"] = json!(besides);
        rest["Principal"] = json!({"Service": TELEPHONE});
        if let Some(fields) = rest.as_object_mut() {
            fields.remove("Sid");
        }
        let rest = (!besides.is_empty()).then_some(rest);
        without_telephone(statement).into_iter().chain(rest).collect()
    });
    let own = uses.iter().map(|needs| json!({
        "Sid": needs.sid, "Effect": "Allow", "Principal": {"Service": TELEPHONE}, "Action": needs.actions,
        "Resource": object_arn(bucket, "", "*"),
        "Condition": {
            "StringEquals": {"aws:SourceAccount": clients.account},
            "ArnLike": {"aws:SourceArn": format!("arn:aws:chime:*:{}:*", clients.account)},
        },
    }));
    let statements: Vec<Value> = others.chain(own).collect();
    let document = json!({"Version": "2012-10-17", "Statement": statements}).to_string();
    command(&["aws", "s3api", "put-bucket-policy", "--bucket", bucket, "--policy", &document])
}

/// The actions that a statement names.
fn actions_of(statement: &Value) -> Vec<&str> {
    match &statement["Action"] {
        Value::String(action) => vec![action],
        Value::Array(all) => all.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// A statement for the others that it names; `None` where it names nobody else.
fn without_telephone(mut statement: Value) -> Option<Value> {
    let Some(principal) = statement.get_mut("Principal").and_then(Value::as_object_mut) else {
        // Everybody may: that is no statement for the telephone service.
        return Some(statement);
    };
    let services = principal.get("Service").cloned().unwrap_or_default();
    let others: Vec<Value> = match services {
        Value::Array(all) => all.into_iter().filter(|service| service != TELEPHONE).collect(),
        one if one == TELEPHONE => Vec::new(),
        Value::Null => return Some(statement),
        one => vec![one],
    };
    if others.is_empty() {
        principal.remove("Service");
    } else {
        principal.insert("Service".to_owned(), json!(others));
    }
    let is_nobody = principal.is_empty();
    (!is_nobody).then_some(statement)
}
