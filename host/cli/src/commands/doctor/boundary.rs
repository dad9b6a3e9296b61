//! The permissions boundary of the function's role: what no policy of the role can go beyond.

use std::collections::BTreeSet;

use moonring_deploy::statements;
use serde_json::{Value, json};

use super::account::Clients;
use super::place::command;
use super::report::Report;
use super::role::shared_policy;

/// Policies of AWS itself, which nobody changes.
const OF_AWS: &str = "arn:aws:iam::aws:";

/// A permissions boundary.
pub(super) struct Boundary {
    arn: String,
    pub(super) document: Value,
}

/// Something that the role is allowed, and that lies beyond its boundary.
pub(super) struct Beyond {
    pub(super) action: String,
    /// What a statement names.
    pub(super) resource: String,
}

impl Boundary {
    /// The boundary of this ARN. `None` where there is none, or it cannot be seen.
    pub(super) async fn of(
        clients: &Clients,
        arn: Option<&str>,
        report: &mut Report,
    ) -> Option<Self> {
        let arn = arn?.to_owned();
        match shared_policy(clients, &arn).await {
            Ok(document) => Some(Self { arn, document }),
            Err(why) => {
                let text = format!("the permissions boundary {arn} cannot be read: {why}");
                let mend = command(&["aws", "iam", "get-policy", "--policy-arn", &arn]);
                report.warn("role-boundary", text, mend);
                None
            }
        }
    }

    /// Says what lies beyond it.
    pub(super) fn judge(&self, role: &str, beyond: &[Beyond], report: &mut Report) {
        if beyond.is_empty() {
            return report.ok("role-boundary", format!("the boundary of the role, {}", self.arn));
        }
        let actions: BTreeSet<&str> = beyond.iter().map(|one| one.action.as_str()).collect();
        let actions: Vec<&str> = actions.into_iter().collect();
        let text = format!(
            "the permissions boundary of the role, {}, does not allow {}, which its policies do",
            self.arn,
            actions.join(", ")
        );
        report.wrong("role-boundary", text, self.mend(role, beyond));
    }

    fn mend(&self, role: &str, beyond: &[Beyond]) -> String {
        if self.arn.starts_with(OF_AWS) {
            return command(&[
                "aws",
                "iam",
                "delete-role-permissions-boundary",
                "--role-name",
                role,
            ]);
        }
        let own = beyond
            .iter()
            .map(|one| json!({"Effect": "Allow", "Action": one.action, "Resource": one.resource}));
        let statements: Vec<Value> = statements(&self.document).into_iter().chain(own).collect();
        let document = json!({"Version": "2012-10-17", "Statement": statements}).to_string();
        command(&[
            "aws",
            "iam",
            "create-policy-version",
            "--policy-arn",
            &self.arn,
            "--policy-document",
            &document,
            "--set-as-default",
        ])
    }
}
