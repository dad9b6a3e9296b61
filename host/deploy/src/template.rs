//! Templates of what the function runs in: one for CloudFormation, which the other tools include.

use std::fmt;
use std::str::FromStr;

/// A tool that makes what a template says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// AWS CloudFormation.
    CloudFormation,
    /// The AWS Serverless Application Model, which takes templates of CloudFormation.
    Sam,
    /// The AWS Cloud Development Kit.
    Cdk,
    /// Terraform.
    Terraform,
}

/// What scripts ask of others, as far as it can be told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Needs {
    /// Operations, such as `dynamodb:GetItem` or `chime:CreateMeeting`.
    pub operations: Vec<String>,
    /// Hosts, such as `api.example.com`.
    pub hosts: Vec<String>,
    /// Whether they keep objects with `storage`.
    pub storage: bool,
}

/// A file to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateFile {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub text: String,
}

const TEMPLATE: &str = include_str!("../templates/template.yaml");
const TERRAFORM: &str = include_str!("../templates/main.tf");
const CDK: [(&str, &str); 3] = [
    ("line.ts", include_str!("../templates/cdk/line.ts")),
    ("cdk.json", include_str!("../templates/cdk/cdk.json")),
    ("package.json", include_str!("../templates/cdk/package.json")),
];

/// The service of calls and meetings.
const CHIME: &str = "chime:";

/// Operations whose action of IAM has another name; all others have the same.
const ACTIONS: [(&str, &str); 5] = [
    ("lambda:Invoke", "lambda:InvokeFunction"),
    ("lexv2-runtime:", "lex:"),
    ("email:", "ses:"),
    ("bedrock-runtime:", "bedrock:"),
    ("monitoring:", "cloudwatch:"),
];

impl Format {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::CloudFormation, Self::Sam, Self::Cdk, Self::Terraform];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::CloudFormation => "cloudformation",
            Self::Sam => "sam",
            Self::Cdk => "cdk",
            Self::Terraform => "terraform",
        }
    }

    /// The files for this tool, for scripts that need this.
    pub fn files(self, needs: &Needs) -> Vec<TemplateFile> {
        let mut files = vec![TemplateFile { name: "template.yaml", text: template(needs) }];
        let more: &[(&str, &str)] = match self {
            Self::CloudFormation | Self::Sam => &[],
            Self::Cdk => &CDK,
            Self::Terraform => &[("main.tf", TERRAFORM)],
        };
        files.extend(
            more.iter().map(|(name, text)| TemplateFile { name, text: (*text).to_owned() }),
        );
        files
    }
}

impl fmt::Display for Format {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|known| known.name() == text);
        known.ok_or_else(|| "wanted cloudformation, sam, cdk or terraform".to_owned())
    }
}

fn template(needs: &Needs) -> String {
    let (chime, others): (Vec<&String>, Vec<&String>) =
        needs.operations.iter().partition(|operation| operation.starts_with(CHIME));
    let joined = |all: &[&String]| all.iter().map(|one| one.as_str()).collect::<Vec<_>>().join(",");
    let actions: Vec<String> = others.iter().map(|operation| iam_action(operation)).collect();
    TEMPLATE
        .replace("{{chime_actions}}", &joined(&chime))
        .replace("{{aws_allow}}", &joined(&others))
        .replace("{{aws_actions}}", &actions.join(","))
        .replace("{{http_allow}}", &needs.hosts.join(","))
        .replace("{{storage}}", if needs.storage { "yes" } else { "no" })
}

/// The action of IAM that lets somebody ask an operation, such as `lambda:InvokeFunction` for
/// `lambda:Invoke`.
pub fn iam_action(operation: &str) -> String {
    let other = ACTIONS.iter().find_map(|(known, action)| {
        let rest = operation.strip_prefix(known)?;
        (known.ends_with(':') || rest.is_empty()).then(|| format!("{action}{rest}"))
    });
    other.unwrap_or_else(|| operation.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_role_gets_what_the_scripts_ask_and_no_more() {
        let operations = [
            "chime:CreateMeeting",
            "dynamodb:GetItem",
            "lambda:Invoke",
            "lexv2-runtime:PutSession",
        ];
        let operations = operations.map(str::to_owned).to_vec();
        let needs = Needs { operations, hosts: vec!["api.example.com".to_owned()], storage: true };
        let text = &Format::Sam.files(&needs)[0].text;
        for wanted in [
            "Default: \"chime:CreateMeeting\"",
            "Default: \"dynamodb:GetItem,lambda:Invoke,lexv2-runtime:PutSession\"",
            "Default: \"dynamodb:GetItem,lambda:InvokeFunction,lex:PutSession\"",
            "Default: \"api.example.com\"",
            "Storage:\n    Type: String\n    Default: \"yes\"",
        ] {
            assert!(text.contains(wanted), "{wanted}");
        }
        assert!(!text.contains("{{"));
    }

    #[test]
    fn each_tool_gets_the_same_template() {
        for format in Format::ALL {
            let files = format.files(&Needs::default());
            assert_eq!(files[0].text, template(&Needs::default()), "{format}");
            assert_eq!(format.to_string().parse(), Ok(format));
        }
    }
}
