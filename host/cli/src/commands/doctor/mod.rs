//! `moonring doctor`: can the line answer, and what stands in its way?

mod account;
mod boundary;
mod buckets;
mod function;
mod log_group;
mod place;
mod release;
mod report;
mod role;
mod secret;
mod settings;
mod telephone;

use std::process::ExitCode;

use clap::Args;

use self::account::Clients;
use self::report::Report;
use self::telephone::TelephoneFound;
use super::FAILED;
use super::release::wait_for;
use crate::printer::Printer;

/// Find out why a line does not answer.
#[derive(Args)]
#[command(
    about = "Find out why a line does not answer",
    long_about = "Looks at everything between a caller and your scripts: credentials, Region, the SIP media application, its SIP rules and numbers, the function, who may invoke it, its settings and role, the buckets and their policies, the release, the secret key, and the log of the last hour. Each line says ok, warning or wrong, and the command that mends it. Nothing is changed.",
    after_help = "\
Examples:
  moonring doctor                              the application of the account, if it has one
  moonring doctor --application acme-line      by its name or id
  moonring doctor --json | jq '.lines[] | select(.status != \"ok\")'

Exit codes:
  0  nothing is wrong; there may be warnings
  1  something is wrong
  2  the command line cannot be used"
)]
pub(crate) struct Doctor {
    /// The SIP media application: its name or id [default: the only one of the account]
    #[arg(long, value_name = "ID")]
    application: Option<String>,

    /// The profile of the AWS command line that says which account
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,

    /// The Region [default: as AWS_REGION or the profile says]
    #[arg(long, value_name = "REGION")]
    region: Option<String>,

    /// Print the result as one JSON object
    #[arg(long)]
    json: bool,
}

impl Doctor {
    /// Runs the command.
    pub(crate) fn run(self, printer: Printer) -> anyhow::Result<ExitCode> {
        let mut report = {
            let _progress = printer.progress("looking at the account");
            wait_for(async { Ok(self.examine().await) })?
        };
        report.set_place(self.region.as_deref(), self.profile.as_deref());
        if self.json {
            printer.answer(report.to_json().to_string().as_bytes())?;
        } else {
            report.show(printer)?;
        }
        Ok(if report.is_wrong() { FAILED.into() } else { ExitCode::SUCCESS })
    }

    /// Looks at one thing after the other; what cannot be reached ends the chain.
    async fn examine(&self) -> Report {
        let mut report = Report::default();
        let Some(clients) =
            Clients::open(self.profile.as_deref(), self.region.as_deref(), &mut report).await
        else {
            return report;
        };
        let found = telephone::examine(&clients, self.application.as_deref(), &mut report).await;
        let Some(TelephoneFound { application, numbers }) = found else { return report };
        let Some(function) = function::examine(&clients, &application, &mut report).await else {
            return report;
        };
        let settings = settings::examine(&function, &clients, &application.id, &mut report);
        let asked = match &settings {
            Some(settings) => release::examine(&clients, settings, &mut report).await,
            None => Default::default(),
        };
        telephone::of_caller_ids(&asked, &numbers, &mut report);
        role::examine(&clients, &function, settings.as_ref(), &asked, &mut report).await;
        if let Some(settings) = &settings {
            buckets::examine(&clients, &application, settings, &mut report).await;
            secret::examine(&clients, settings, &mut report).await;
        }
        log_group::examine(&clients, &function, &mut report).await;
        report
    }
}
