//! `moonring dev`: the telephone in the browser, with the scripts beside it.

use std::net::IpAddr;
use std::process::ExitCode;
use std::rc::Rc;

use clap::Args;
use moonring_exchange::api::{Account, NoCalls, perform};
use serde_json::{Value, json};

use super::server_files::ServerFiles;
use crate::callee::{CalleeRule, callees};
use crate::clock::now_ms;
use crate::log;
use crate::phone_number::{TO, phone_number};
use crate::printer::Printer;
use crate::project::{Project, ProjectArguments};
use crate::serve::{EDITOR, Plan, State, Workshop, run};
use crate::services::OutsideArguments;
use crate::show::ShowForm;

/// The AWS account id.
const ACCOUNT: &str = "111122223333";
/// The function that an application of the account has.
const FUNCTION: &str = "arn:aws:lambda:us-east-1:111122223333:function:moonring";

/// Call your scripts from the browser.
#[derive(Args)]
#[command(
    about = "Call your scripts from the browser",
    long_about = "Serves a page with telephones: you dial, press keys and talk, and see what is heard, which line of the script said it, and why. Every file that you save is heard in the next call, within a second. You need no AWS account and no telephone number. It is the server of `moonring serve` with a number, an application and a SIP rule from the start, so the AWS CLI, the AWS SDKs and curl reach the same calls.",
    after_help = "\
Examples:
  moonring dev --open                  the scripts in ./scripts, in your browser
  moonring dev my-scripts --port 9000  another folder, another port
  moonring dev --audio recordings      play the WAV files of a folder
  moonring dev --poll                  on a network drive, or in a container
  moonring dev --editor 'cursor://file/{path}:{line}'

Exit codes:
  0  it was stopped
  2  the command line, the scripts or the port cannot be used"
)]
pub(crate) struct Dev {
    /// The script that answers: its name, its file, or a folder of scripts [default: as routes.lua
    /// says, else main]
    #[arg(value_name = "SCRIPT|DIR")]
    script: Option<String>,

    #[command(flatten)]
    project: ProjectArguments,

    /// The port to listen on; 0 takes any that is free
    #[arg(long, value_name = "N", default_value_t = 8470)]
    port: u16,

    /// Open the page in your browser
    #[arg(long)]
    open: bool,

    /// Look at the files four times a second, where the file system tells of no changes
    #[arg(long)]
    poll: bool,

    /// The link that opens a line in your editor, with {path} and {line}
    #[arg(long, value_name = "URL", default_value = EDITOR, value_parser = editor)]
    editor: String,

    #[command(flatten)]
    files: ServerFiles,

    /// How those behave who are called, where the page does not say: answer, busy, ignore, or what
    /// to do after answering; with a number in front for that number alone, e.g.
    /// '+12065550101=busy' [default: answer]
    #[arg(long, value_name = "[+1…=]WHAT")]
    callee: Vec<CalleeRule>,

    #[command(flatten)]
    outside: OutsideArguments,

    /// Show events and answers on the terminal too
    #[arg(long)]
    events: bool,
}

impl Dev {
    /// Runs the command.
    pub(crate) fn run(self, printer: Printer) -> anyhow::Result<ExitCode> {
        let project = Project::open(&self.project, self.script.as_deref(), printer)?;
        log::install(project.settings.log_level, printer)?;
        anyhow::ensure!(
            project.folder().is_some(),
            "{} is not a folder; `moonring dev` watches a folder, and `moonring serve` takes any place",
            project.location
        );
        let callees = callees(&self.callee, &project.table.callees)?;
        let canned = self.outside.canned(&project.table)?;
        let (state, mut account) = State::open(self.files.state.as_deref(), ACCOUNT)?;
        let to = project.table.to.as_deref().filter(|to| phone_number(to).is_ok()).unwrap_or(TO);
        if account.numbers().is_empty() {
            set_up(&mut account, to)?;
        }
        let audio = self.files.audio.or_else(|| project.table.audio.clone());
        let plan = Plan {
            host: IpAddr::from([127, 0, 0, 1]),
            port: self.port,
            token: None,
            state: (state, account),
            is_strict: false,
            project: Some(Rc::new(project)),
            is_live: self.outside.live,
            canned,
            functions: Vec::new(),
            concurrency: 1,
            restarts_programs: false,
            callees,
            records: self.files.records,
            audio,
            form: ShowForm::of(false, self.events),
            workshop: Some(Workshop { editor: self.editor, polls: self.poll, opens: self.open }),
        };
        run(plan, printer)
    }
}

/// A number, an application and a SIP rule, made as anybody makes them.
fn set_up(account: &mut Account, number: &str) -> anyhow::Result<()> {
    // Before the server runs there are no calls.
    let mut carry_out = |operation: &str, input: Value| {
        let input = input.as_object().cloned().unwrap_or_default();
        perform(account, &mut NoCalls, operation, &input, now_ms())
            .map_err(|(name, why)| anyhow::anyhow!("{operation} failed: {name}: {why}"))
    };
    let order = json!({"ProductType": "SipMediaApplicationDialIn", "E164PhoneNumbers": [number]});
    carry_out("CreatePhoneNumberOrder", order)?;
    let application = json!({"AwsRegion": "us-east-1", "Name": "moonring", "Endpoints": [{"LambdaArn": FUNCTION}]});
    let made = carry_out("CreateSipMediaApplication", application)?;
    let id = made.pointer("/SipMediaApplication/SipMediaApplicationId");
    let target = json!([{"SipMediaApplicationId": id, "Priority": 1}]);
    let rule = json!({"Name": "moonring", "TriggerType": "ToPhoneNumber", "TriggerValue": number, "TargetApplications": target});
    carry_out("CreateSipRule", rule)?;
    Ok(())
}

fn editor(text: &str) -> Result<String, String> {
    let has_scheme = text.split_once("://").is_some_and(|(scheme, _)| {
        !scheme.is_empty()
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    });
    let is_code = text.to_ascii_lowercase().starts_with("javascript:");
    if has_scheme && !is_code && text.contains("{path}") {
        Ok(text.to_owned())
    } else {
        Err("wanted a link such as vscode://file/{path}:{line}".to_owned())
    }
}
