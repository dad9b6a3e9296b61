//! `moonring provision`: the telephone side of a line, planned, made, adopted and taken away.

use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use moonring_deploy::{Found, Step, Wanted, plan, tear_down};
use serde_json::json;

use super::telephone_side::TelephoneSide;
use crate::commands::release::wait_for;
use crate::phone_number::phone_number;
use crate::printer::Printer;

/// Make or adopt the telephone side of a line.
#[derive(Args)]
#[command(
    about = "Make or adopt the telephone side of a line: applications, rules and numbers",
    long_about = "Leads numbers of your account to your function. It keeps nothing: the account says what is there, and a step is made only where something differs. Run it again whenever you like.",
    after_help = "\
Examples:
  moonring provision plan --name acme-line --function ARN --number +14255550117
  moonring provision apply --name acme-line --function ARN --number +14255550117
  moonring provision adopt --application ID --function ARN
  moonring provision destroy --name acme-line"
)]
pub(crate) struct Provision {
    #[command(subcommand)]
    command: ProvisionCommand,
}

#[derive(Subcommand)]
enum ProvisionCommand {
    /// Show the steps, and take none
    #[command(after_help = "\
Example:
  moonring provision plan --name acme-line --function ARN --number +14255550117

Exit codes:
  0  the steps are shown
  2  the account cannot be read, or has something that is somebody else's")]
    Plan(LineArguments),
    /// Take the steps
    #[command(after_help = "\
Example:
  moonring provision apply --name acme-line --function ARN --number +14255550117

Exit codes:
  0  everything is as it is wanted
  2  a step failed; those before it are done, and the next run goes on")]
    Apply(LineArguments),
    /// Have an application that is there invoke your function
    #[command(after_help = "\
Example:
  moonring provision adopt --application 4b1d3c0e-… --function ARN

Its rules and numbers stay as they are. The command that goes back is printed.")]
    Adopt(Adopt),
    /// Delete the application of this name and its rules; numbers stay
    #[command(after_help = "\
Example:
  moonring provision destroy --name acme-line --dry-run")]
    Destroy(Destroy),
}

#[derive(Args)]
struct LineArguments {
    /// The name of the SIP media application; its rules are called after it
    #[arg(long)]
    name: String,

    /// The ARN of the function, with its alias, such as arn:aws:lambda:…:function:acme-line:line
    #[arg(long, value_name = "ARN")]
    function: String,

    /// A number that leads there, in the account's inventory. May be given several times
    #[arg(long = "number", value_name = "+1…", value_parser = phone_number)]
    numbers: Vec<String>,

    /// An application in another Region that is tried if this one fails. May be given several times
    #[arg(long = "backup", value_name = "ID")]
    backups: Vec<String>,

    /// Take over rules that lead one of the numbers elsewhere, and an application of this name that
    /// invokes another function
    #[arg(long)]
    take_over: bool,

    /// Whether the service logs the SIP messages of calls, with the numbers of callers: true or false
    #[arg(long, value_name = "BOOL")]
    message_logs: Option<bool>,

    /// The name that callees see with the numbers
    #[arg(long, value_name = "TEXT")]
    calling_name: Option<String>,

    /// Print the steps as one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
struct Adopt {
    /// The id of the SIP media application
    #[arg(long, value_name = "ID")]
    application: String,

    /// The ARN of the function, with its alias
    #[arg(long, value_name = "ARN")]
    function: String,

    /// Show the step, and do not take it
    #[arg(long)]
    dry_run: bool,
}

#[derive(Args)]
struct Destroy {
    /// The name of the SIP media application
    #[arg(long)]
    name: String,

    /// Show the steps, and take none
    #[arg(long)]
    dry_run: bool,
}

impl Provision {
    /// Runs the command.
    pub(crate) fn run(self, printer: Printer) -> anyhow::Result<ExitCode> {
        wait_for(async {
            let side = TelephoneSide::open().await;
            let found = side.found().await?;
            match self.command {
                ProvisionCommand::Plan(line) => {
                    line.plan(&line.found(&side, found).await?, printer)
                }
                ProvisionCommand::Apply(line) => {
                    let found = line.found(&side, found).await?;
                    line.apply(&side, &found, printer).await
                }
                ProvisionCommand::Adopt(adopt) => adopt.run(&side, &found, printer).await,
                ProvisionCommand::Destroy(destroy) => destroy.run(&side, &found, printer).await,
            }
        })
    }
}

impl LineArguments {
    /// With what is logged, where that matters: it is a request of its own.
    async fn found(&self, side: &TelephoneSide, mut found: Found) -> anyhow::Result<Found> {
        if self.message_logs.is_some() {
            side.add_logging(&self.name, &mut found).await?;
        }
        Ok(found)
    }

    fn steps(&self, found: &Found) -> anyhow::Result<Vec<Step>> {
        let wanted = Wanted {
            name: self.name.clone(),
            function: self.function.clone(),
            numbers: self.numbers.clone(),
            backups: self.backups.clone(),
            takes_over: self.take_over,
            logs_messages: self.message_logs,
            calling_name: self.calling_name.clone(),
        };
        Ok(plan(&wanted, found)?)
    }

    fn plan(&self, found: &Found, printer: Printer) -> anyhow::Result<ExitCode> {
        let steps = self.steps(found)?;
        show(&steps, self.json, printer)?;
        printer.talk(match steps.as_slice() {
            [] => "everything is as it is wanted",
            _ => "nothing was changed; `moonring provision apply` takes these steps",
        });
        Ok(ExitCode::SUCCESS)
    }

    async fn apply(
        &self,
        side: &TelephoneSide,
        found: &Found,
        printer: Printer,
    ) -> anyhow::Result<ExitCode> {
        let steps = self.steps(found)?;
        let made = take(side, &steps, self.json, printer).await?;
        if self.json {
            let lines: Vec<String> = steps.iter().map(ToString::to_string).collect();
            let result = json!({"steps": lines, "application": made});
            printer.answer(result.to_string().as_bytes())?;
        }
        for step in &steps {
            if let Step::Rewire { id, from, .. } = step {
                printer.talk(&format!(
                    "`moonring provision adopt --application {id} --function {from}` goes back"
                ));
            }
        }
        let again = self.steps(&self.found(side, side.found().await?).await?)?;
        anyhow::ensure!(
            again.is_empty(),
            "the service has not taken every step yet; run the command again"
        );
        printer.talk("everything is as it is wanted");
        Ok(ExitCode::SUCCESS)
    }
}

impl Adopt {
    async fn run(
        self,
        side: &TelephoneSide,
        found: &Found,
        printer: Printer,
    ) -> anyhow::Result<ExitCode> {
        let known = found.applications.iter().find(|known| known.id == self.application);
        let known = known.with_context(|| {
            let ids = found.applications.iter().map(|known| known.id.as_str());
            let hint = moonring_wire::hint(&self.application, ids);
            format!(
                "the account has no SIP media application {} in this Region{hint}; `aws chime-sdk-voice list-sip-media-applications` lists them",
                self.application
            )
        })?;
        let wanted = Wanted {
            name: known.name.clone(),
            function: self.function.clone(),
            takes_over: true,
            ..Wanted::default()
        };
        let alone = Found { applications: vec![known.clone()], ..Found::default() };
        let steps = plan(&wanted, &alone)?;
        if steps.is_empty() {
            printer.talk("it invokes that function already");
            return Ok(ExitCode::SUCCESS);
        }
        if self.dry_run {
            show(&steps, false, printer)?;
            return Ok(ExitCode::SUCCESS);
        }
        take(side, &steps, false, printer).await?;
        let (id, before) = (&known.id, &known.function);
        printer.talk(&format!(
            "new calls reach your function; `moonring provision adopt --application {id} --function {before}` goes back"
        ));
        Ok(ExitCode::SUCCESS)
    }
}

impl Destroy {
    async fn run(
        self,
        side: &TelephoneSide,
        found: &Found,
        printer: Printer,
    ) -> anyhow::Result<ExitCode> {
        let steps = tear_down(&self.name, found)?;
        if steps.is_empty() {
            printer.talk(&format!("the account has nothing called {}", self.name));
        } else if self.dry_run {
            show(&steps, false, printer)?;
        } else {
            take(side, &steps, false, printer).await?;
            printer.talk("numbers stay in your account, and cost as before");
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Takes the steps, and says each that is done. The id of the application that was made.
async fn take(
    side: &TelephoneSide,
    steps: &[Step],
    is_json: bool,
    printer: Printer,
) -> anyhow::Result<Option<String>> {
    let mut made = None;
    for step in steps {
        let carried_out = side.carry_out(step, made.as_deref()).await;
        let id = carried_out.with_context(|| format!("cannot take the step {step}"))?;
        let its_id = id.as_ref().map(|id| format!("; its id is {id}")).unwrap_or_default();
        let done = format!("{step}{its_id}");
        if is_json {
            printer.talk(&done)
        } else {
            printer.data(&done)?
        }
        made = id.or(made);
    }
    Ok(made)
}

fn show(steps: &[Step], is_json: bool, printer: Printer) -> anyhow::Result<()> {
    let lines: Vec<String> = steps.iter().map(ToString::to_string).collect();
    if is_json {
        return printer.answer(json!({"steps": lines}).to_string().as_bytes());
    }
    lines.iter().try_for_each(|line| printer.data(line))
}
