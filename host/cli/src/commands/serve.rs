//! `moonring serve`: the telephone service's own API on this machine.

use std::net::IpAddr;
use std::process::ExitCode;
use std::rc::Rc;

use clap::Args;

use super::server_files::ServerFiles;
use crate::callee::{CalleeRule, callees};
use crate::judge::warn_of_problems;
use crate::log;
use crate::printer::Printer;
use crate::project::{OpenedSettings, ProjectArguments};
use crate::serve::{Function, Plan, State, run};
use crate::services::OutsideArguments;
use crate::show::ShowForm;

/// Serve the API of the telephone service.
#[derive(Args)]
#[command(
    about = "Serve the API of the telephone service",
    long_about = "Serves the API of Amazon Chime SDK on this machine, for the AWS CLI, the AWS SDKs and any Lambda function. It has numbers, SIP media applications, SIP rules, meetings, and calls in real time. Each call runs the scripts as they are in their folder when it begins. Where all functions are named with --function, it needs no scripts. To dial a number of the account, POST a JSON object with From, To and Keys to /moonring/calls; docs/reference/calls-api.md has all requests.",
    after_help = "\
Examples:
  moonring serve --state account.json              keep the account in a file
  moonring serve --function 'Main=run:./bootstrap' a program as function Main
  moonring serve --function 'Main=run:python3 app.py' --watch
  moonring serve --function Main=lambda:Main       the function in AWS
  aws --endpoint-url http://127.0.0.1:8470 chime-sdk-voice list-phone-numbers
  curl http://127.0.0.1:8470/moonring/calls \\
    -d '{\"From\": \"+12065550142\", \"To\": \"+18445550123\", \"Keys\": \"1 hangup\"}'

Exit codes:
  0  it was stopped
  2  the command line, the scripts, the port or the state cannot be used"
)]
pub(crate) struct Serve {
    /// The script that answers: its name, its file, or a folder of scripts [default: as routes.lua
    /// says, else main]
    #[arg(value_name = "SCRIPT")]
    script: Option<String>,

    #[command(flatten)]
    project: ProjectArguments,

    /// The port to listen on
    #[arg(long, value_name = "N", default_value_t = 8470)]
    port: u16,

    /// The address to listen on, e.g. 0.0.0.0 in a container. Any other than a loopback address
    /// needs --token
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    host: IpAddr,

    /// What others have to send as `Authorization: Bearer TOKEN`, or as the AWS access key id
    #[arg(long, value_name = "TOKEN")]
    token: Option<String>,

    #[command(flatten)]
    files: ServerFiles,

    /// Refuse what the service's API model refuses, even where its tutorial does it
    #[arg(long)]
    strict: bool,

    /// What answers for a Lambda function, by its ARN or name: a URL, `lambda:NAME` in AWS,
    /// `run:PROGRAM ARGUMENTS`, or `scripts` [default: the scripts]
    #[arg(long, value_name = "ARN=TARGET", value_parser = function)]
    function: Vec<(String, Function)>,

    /// The most instances of each `run:` program; each answers one event at a time, as in Lambda,
    /// and further events wait
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=100))]
    concurrency: u16,

    /// Start `run:` programs anew when the files beside them change
    #[arg(long)]
    watch: bool,

    /// The AWS account id, 12 digits
    #[arg(long, value_name = "ID", default_value = "111122223333", value_parser = account)]
    account: String,

    /// How those behave who are called by an outbound call or a bridge: answer, busy, ignore, or
    /// what to do after answering; with a number in front for that number alone, e.g.
    /// '+12065550101=busy' [default: answer]
    #[arg(long, value_name = "[+1…=]WHAT")]
    callee: Vec<CalleeRule>,

    #[command(flatten)]
    outside: OutsideArguments,

    /// Show events and answers too
    #[arg(long)]
    events: bool,

    /// Print each line of a call as a JSON object, with its TransactionId
    #[arg(long)]
    json: bool,
}

impl Serve {
    /// Runs the command.
    pub(crate) fn run(self, printer: Printer) -> anyhow::Result<ExitCode> {
        let said = self.script.as_deref();
        let opened = OpenedSettings::open(&self.project, said, printer)?;
        log::install(opened.settings.log_level, printer)?;
        let is_said = said.is_some() || self.project.scripts.is_some();
        // Where functions are named, scripts are only for those that say so.
        let needs_scripts = self.function.is_empty()
            || self.function.iter().any(|(_, function)| matches!(function, Function::Scripts));
        let has_scripts = needs_scripts || is_said || opened.has_scripts();
        let table = opened.table.clone();
        let project = has_scripts.then(|| opened.with_scripts(&self.project, said)).transpose()?;
        if let Some(project) = &project {
            warn_of_problems(project, printer);
        }
        let callees = callees(&self.callee, &table.callees)?;
        let canned = self.outside.canned(&table)?;
        let is_loopback = self.host.is_loopback();
        anyhow::ensure!(
            is_loopback || self.token.as_ref().is_some_and(|token| token.len() >= 16),
            "--host {}: others can reach this address; give a --token of at least 16 characters",
            self.host
        );
        let records = self.files.records;
        let plan = Plan {
            host: self.host,
            port: self.port,
            token: self.token,
            state: State::open(self.files.state.as_deref(), &self.account)?,
            is_strict: self.strict,
            project: project.map(Rc::new),
            is_live: self.outside.live,
            canned,
            functions: self.function,
            concurrency: usize::from(self.concurrency),
            restarts_programs: self.watch,
            callees,
            records,
            audio: self.files.audio.or(table.audio),
            form: ShowForm::of(self.json, self.events),
            workshop: None,
        };
        run(plan, printer)
    }
}

fn function(text: &str) -> Result<(String, Function), String> {
    // An ARN has no equals sign; an address may have.
    let (arn, target) = text.split_once('=').ok_or("wanted ARN=TARGET")?;
    Ok((arn.to_owned(), target.parse()?))
}

fn account(text: &str) -> Result<String, String> {
    let is_id = text.len() == 12 && text.bytes().all(|digit| digit.is_ascii_digit());
    if is_id { Ok(text.to_owned()) } else { Err("wanted 12 digits".to_owned()) }
}
