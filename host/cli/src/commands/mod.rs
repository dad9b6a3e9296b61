//! The commands, one file each.

mod call;
mod check;
mod completions;
mod deploy;
mod dev;
mod doctor;
mod explain;
mod explore;
mod invoke;
pub(crate) mod location;
mod logs;
mod new;
mod recorded_call;
mod recorded_files;
mod release;
mod replay;
mod replayed_event;
mod serve;
mod server_files;
mod settings;
mod setup;
mod test;

pub(crate) use explore::plan_of as explore_plan;

use std::process::ExitCode;

use clap::Subcommand;

use crate::printer::Printer;

/// The exit code for a script that failed, and for anything that is not as it should be.
pub(crate) const FAILED: u8 = 1;
/// The exit code for a wrong command line and for input that cannot be read.
pub(crate) const UNUSABLE: u8 = 2;
/// The exit code for a call that ended before its caller had done everything.
pub(crate) const LEFT_OVER: u8 = 3;

/// What the program can do.
#[derive(Subcommand)]
pub(crate) enum Command {
    Call(Box<call::Call>),
    Check(check::Check),
    Deploy(deploy::Deploy),
    Dev(Box<dev::Dev>),
    Doctor(doctor::Doctor),
    Explain(explain::Explain),
    Explore(Box<explore::Explore>),
    Invoke(invoke::Invoke),
    New(new::New),
    Package(deploy::PackageCommand),
    Provision(deploy::Provision),
    Push(release::Push),
    Promote(release::Promote),
    Rollback(release::Rollback),
    Status(release::Status),
    Tail(logs::Tail),
    Releases(release::Releases),
    Show(release::Show),
    Diff(release::Diff),
    Pull(release::Pull),
    Prune(release::Prune),
    Keys(release::Keys),
    Replay(replay::Replay),
    Serve(Box<serve::Serve>),
    Test(Box<test::Test>),
    Settings(settings::SettingsCommand),
    Setup(setup::Setup),
    Completions(completions::Completions),
}

impl Command {
    /// Runs the command. An error means that it could not begin; what a command finds wrong it says
    /// itself.
    pub(crate) fn run(self, printer: Printer) -> anyhow::Result<ExitCode> {
        match self {
            Self::Call(call) => call.run(printer),
            Self::Check(check) => check.run(printer),
            Self::Deploy(deploy) => deploy.run(printer),
            Self::Dev(dev) => dev.run(printer),
            Self::Doctor(doctor) => doctor.run(printer),
            Self::Explain(explain) => explain.run(printer),
            Self::Explore(explore) => explore.run(printer),
            Self::Invoke(invoke) => invoke.run(printer),
            Self::New(new) => new.run(printer),
            Self::Package(package) => package.run(printer),
            Self::Provision(provision) => provision.run(printer),
            Self::Push(push) => push.run(printer),
            Self::Promote(promote) => promote.run(printer),
            Self::Rollback(rollback) => rollback.run(printer),
            Self::Status(status) => status.run(printer),
            Self::Tail(tail) => tail.run(printer),
            Self::Releases(releases) => releases.run(printer),
            Self::Show(show) => show.run(printer),
            Self::Diff(diff) => diff.run(printer),
            Self::Pull(pull) => pull.run(printer),
            Self::Prune(prune) => prune.run(printer),
            Self::Keys(keys) => keys.run(printer),
            Self::Replay(replay) => replay.run(printer),
            Self::Serve(serve) => serve.run(printer),
            Self::Test(test) => test.run(printer),
            Self::Settings(settings) => settings.run(printer),
            Self::Setup(setup) => setup.run(printer),
            Self::Completions(completions) => completions.run(printer),
        }
    }
}
