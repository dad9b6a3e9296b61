//! `moonring provision`: the telephone side of a line, planned, made, adopted and taken away.

use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use moonring_deploy::{Change, Found, Releases, Wanted, check_function, plan, tear_down};
use serde_json::json;

use super::telephone_side::TelephoneSide;
use crate::commands::release::wait_for;
use crate::phone_number::phone_number;
use crate::printer::Printer;

/// Make or adopt the telephone side of a line.
#[derive(Args)]
#[command(
    about = "Make or adopt the telephone side of a line: SIP media applications, SIP rules and numbers",
    long_about = "Leads numbers of your account to your function. It keeps nothing: the account says what is there, and a change is made only where something differs. Run it again whenever you like.",
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
    /// Show the changes, and make none
    #[command(after_help = "\
Example:
  moonring provision plan --name acme-line --function ARN --number +14255550117

Exit codes:
  0  the changes are shown
  2  the account cannot be read, or has something that is somebody else's")]
    Plan(LineArguments),
    /// Make the changes
    #[command(after_help = "\
Example:
  moonring provision apply --name acme-line --function ARN --number +14255550117

Exit codes:
  0  everything is as it is wanted
  2  a change failed; those before it are made, and the next run goes on")]
    Apply(LineArguments),
    /// Have an application that is there invoke your function
    #[command(after_help = "\
Example:
  moonring provision adopt --application 4b1d3c0e-… --function ARN

Its SIP rules and numbers stay as they are. The command that goes back is printed.")]
    Adopt(Adopt),
    /// Delete the application of this name and its SIP rules
    #[command(after_help = "\
Example:
  moonring provision destroy --name acme-line --dry-run

Numbers stay in your account, unless --release-numbers gives them back.")]
    Destroy(Destroy),
}

#[derive(Args)]
struct LineArguments {
    /// The name of the SIP media application; its SIP rules are called after it
    #[arg(long)]
    name: String,

    /// The ARN of the function, with its alias, such as arn:aws:lambda:…:function:acme-line:line
    #[arg(long, value_name = "ARN")]
    function: String,

    /// A number that leads there, in the account's inventory. May be given several times
    #[arg(long = "number", value_name = "+1…", value_parser = phone_number)]
    numbers: Vec<String>,

    /// Order numbers that your account does not have; `aws chime-sdk-voice search-available-phone-numbers`
    /// tells which there are
    #[arg(long)]
    order: bool,

    /// An application in another Region that is tried if this one fails. May be given several times
    #[arg(long = "backup", value_name = "ID")]
    backups: Vec<String>,

    /// Take over SIP rules that lead one of the numbers elsewhere, and an application of this name that
    /// invokes another function
    #[arg(long)]
    take_over: bool,

    /// Whether the service logs the SIP messages of calls, with the numbers of callers: true or false
    #[arg(long, value_name = "BOOL")]
    message_logs: Option<bool>,

    /// The name that callees see with the numbers
    #[arg(long, value_name = "TEXT")]
    calling_name: Option<String>,

    /// Print the changes as one JSON object
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

    /// Show the change, and do not make it
    #[arg(long)]
    dry_run: bool,
}

#[derive(Args)]
struct Destroy {
    /// The name of the SIP media application
    #[arg(long)]
    name: String,

    /// Give back the numbers of its SIP rules; somebody else may get them
    #[arg(long)]
    release_numbers: bool,

    /// Show the changes, and make none
    #[arg(long)]
    dry_run: bool,
}

impl Provision {
    /// Runs the command.
    pub(crate) fn run(self, printer: Printer) -> anyhow::Result<ExitCode> {
        // What is wrong with the command line is said before anybody is asked.
        match &self.command {
            ProvisionCommand::Plan(line) | ProvisionCommand::Apply(line) => {
                line.wanted().check()?
            }
            ProvisionCommand::Adopt(Adopt { function, .. }) => check_function(function)?,
            ProvisionCommand::Destroy(_) => {}
        }
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

    fn wanted(&self) -> Wanted {
        Wanted {
            name: self.name.clone(),
            function: self.function.clone(),
            numbers: self.numbers.clone(),
            backups: self.backups.clone(),
            takes_over: self.take_over,
            orders: self.order,
            logs_messages: self.message_logs,
            calling_name: self.calling_name.clone(),
        }
    }

    fn changes(&self, found: &Found) -> anyhow::Result<Vec<Change>> {
        Ok(plan(&self.wanted(), found)?)
    }

    fn plan(&self, found: &Found, printer: Printer) -> anyhow::Result<ExitCode> {
        let changes = self.changes(found)?;
        show(&changes, self.json, printer)?;
        printer.talk(match changes.as_slice() {
            [] => "everything is as it is wanted",
            _ => "nothing was changed; `moonring provision apply` makes these changes",
        });
        Ok(ExitCode::SUCCESS)
    }

    async fn apply(
        &self,
        side: &TelephoneSide,
        found: &Found,
        printer: Printer,
    ) -> anyhow::Result<ExitCode> {
        let changes = self.changes(found)?;
        let made = make(side, &changes, self.json, printer).await?;
        if self.json {
            let lines: Vec<String> = changes.iter().map(ToString::to_string).collect();
            let result = json!({"changes": lines, "application": made});
            printer.answer(result.to_string().as_bytes())?;
        }
        for change in &changes {
            if let Change::Rewire { id, from, .. } = change {
                printer.talk(&format!(
                    "`moonring provision adopt --application {id} --function {from}` goes back"
                ));
            }
        }
        let again = self.changes(&self.found(side, side.found().await?).await?)?;
        anyhow::ensure!(
            again.is_empty(),
            "the service does not show every change yet; run the command again"
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
        let changes = plan(&wanted, &alone)?;
        if changes.is_empty() {
            printer.talk("it invokes that function already");
            return Ok(ExitCode::SUCCESS);
        }
        if self.dry_run {
            show(&changes, false, printer)?;
            return Ok(ExitCode::SUCCESS);
        }
        make(side, &changes, false, printer).await?;
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
        let releases = if self.release_numbers { Releases::Numbers } else { Releases::Nothing };
        let changes = tear_down(&self.name, releases, found)?;
        if changes.is_empty() {
            printer.talk(&format!("the account has nothing called {}", self.name));
        } else if self.dry_run {
            show(&changes, false, printer)?;
        } else {
            make(side, &changes, false, printer).await?;
            printer.talk(if self.release_numbers {
                "numbers can be restored for seven days: `aws chime-sdk-voice restore-phone-number`"
            } else {
                "numbers stay in your account, and cost as before"
            });
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Makes the changes, and says each that is made. The id of the application that was made.
async fn make(
    side: &TelephoneSide,
    changes: &[Change],
    is_json: bool,
    printer: Printer,
) -> anyhow::Result<Option<String>> {
    let mut made = None;
    for change in changes {
        let carried_out = side.carry_out(change, made.as_deref()).await;
        let id = carried_out.with_context(|| format!("cannot make this change: {change}"))?;
        let its_id = id.as_ref().map(|id| format!("; its id is {id}")).unwrap_or_default();
        let done = format!("{change}{its_id}");
        if is_json {
            printer.talk(&done)
        } else {
            printer.data(&done)?
        }
        made = id.or(made);
    }
    Ok(made)
}

fn show(changes: &[Change], is_json: bool, printer: Printer) -> anyhow::Result<()> {
    let lines: Vec<String> = changes.iter().map(ToString::to_string).collect();
    if is_json {
        return printer.answer(json!({"changes": lines}).to_string().as_bytes());
    }
    lines.iter().try_for_each(|line| printer.data(line))
}
