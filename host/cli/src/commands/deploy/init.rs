//! `moonring deploy init`: the template of what the function runs in.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use moonring_check::Asked;
use moonring_deploy::{Format, Needs};

use crate::atomic_write;
use crate::commands::FAILED;
use crate::commands::release::files_in;
use crate::printer::Printer;
use crate::project::{Project, ProjectArguments};

/// Write what puts a line into an account.
#[derive(Args)]
#[command(
    about = "Write what puts a line into an account",
    after_help = "\
Examples:
  moonring deploy init                       deploy/template.yaml for CloudFormation
  moonring deploy init --format terraform    the same template, and main.tf beside it"
)]
pub(crate) struct Deploy {
    #[command(subcommand)]
    command: DeployCommand,
}

#[derive(Subcommand)]
enum DeployCommand {
    Init(Init),
}

/// Write the template.
#[derive(Args)]
#[command(
    about = "Write the template of the function, its role, buckets, alarms and dashboard",
    long_about = "Writes a template of CloudFormation: the function with an alias, a role that may do what the scripts ask and no more, buckets for scripts, audio and recordings, log, alarms and a dashboard. SAM takes it as it is; for the CDK and Terraform there is a file that includes it. Nothing is made in your account. Files that are there are not overwritten.",
    after_help = "\
Examples:
  moonring deploy init                       deploy/template.yaml
  moonring deploy init --format cdk infra    another folder
  moonring deploy init --force               write the files anew

Exit codes:
  0  the files are written
  1  a file is there already; nothing is written
  2  the scripts cannot be read"
)]
struct Init {
    /// The folder to write
    #[arg(value_name = "DIR", default_value = "deploy")]
    folder: PathBuf,

    /// The tool: cloudformation, sam, cdk or terraform
    #[arg(long, value_name = "TOOL", default_value = "cloudformation")]
    format: Format,

    /// Overwrite files that are there
    #[arg(long)]
    force: bool,

    #[command(flatten)]
    project: ProjectArguments,
}

impl Deploy {
    /// Runs the command.
    pub(crate) fn run(self, printer: Printer) -> anyhow::Result<ExitCode> {
        let DeployCommand::Init(init) = self.command;
        init.run(printer)
    }
}

impl Init {
    fn run(self, printer: Printer) -> anyhow::Result<ExitCode> {
        let files = self.format.files(&self.needs(printer)?);
        let taken = files.iter().map(|file| self.folder.join(file.name)).find(|path| path.exists());
        if let Some(taken) = taken.filter(|_| !self.force) {
            let taken = taken.display();
            printer.error_text(&format!(
                "{taken} is there already, and nothing is written; --force writes it anew"
            ));
            return Ok(FAILED.into());
        }
        let failed = || format!("cannot make the folder {}", self.folder.display());
        std::fs::create_dir_all(&self.folder).with_context(failed)?;
        for file in files {
            let path = self.folder.join(file.name);
            atomic_write::write(&path, file.text)?;
            printer.data(&path.display().to_string())?;
        }
        printer.talk("read it before you deploy it; docs/how-to/deploy.md has the next commands");
        Ok(ExitCode::SUCCESS)
    }

    /// What the scripts ask of others, as far as it is written as it is.
    fn needs(&self, printer: Printer) -> anyhow::Result<Needs> {
        let project = Project::open(&self.project, None, printer)?;
        let Some(folder) = project.folder() else {
            anyhow::bail!("give --scripts a folder: what the scripts ask is read from their files")
        };
        let mut asked = Asked::default();
        for file in files_in(&folder)? {
            asked.add(&String::from_utf8_lossy(&file.bytes));
        }
        // What the settings allow was allowed on purpose.
        asked.operations.extend(project.settings.aws_allow.iter().cloned());
        asked.hosts.extend(project.settings.http_allow.iter().cloned());
        Ok(Needs {
            operations: asked.operations.into_iter().collect(),
            hosts: asked.hosts.into_iter().collect(),
            storage: asked.storage,
        })
    }
}
