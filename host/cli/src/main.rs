//! The local program: commands for script authors, in a terminal of their own.

mod atomic_write;
mod audio;
mod bots;
mod callee;
mod clock;
mod commands;
mod counted;
mod file_watcher;
mod judge;
mod keyboard;
mod local_host;
mod log;
mod overlay;
mod phone_number;
mod printer;
mod project;
mod replies;
mod sarif;
mod saved_test;
mod serve;
mod services;
mod show;
mod sound;
mod standard_modules;
mod terminal_call;
mod update;

use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;
use moonring_runtime::Settings;

use crate::commands::Command;
use crate::printer::Printer;

/// Phone calls in Lua: try call scripts before callers do.
#[derive(Parser)]
#[command(
    name = "moonring",
    version,
    about = "Phone calls in Lua: try call scripts before callers do",
    long_about = "moonring runs your call scripts on this machine and plays the telephone service, Amazon Chime SDK PSTN Audio. You need no AWS account and no telephone number. Scripts run in the same engine and with the same limits as in the Lambda function. A moonring.toml beside the scripts says what you would else type each time; `moonring settings` shows what is set.",
    after_help = "\
Examples:
  moonring new acme-ivr                make a project with a script and tests
  moonring call                        call the scripts in ./scripts
  moonring call --keys '1 hangup'      play a whole call at once
  moonring dev --open                  call from the browser
  moonring test                        run the tests of the scripts
  moonring check my-scripts            check scripts before you upload them
  moonring explore                     walk every way through a call
  moonring replay call.json            compare a recorded call with now
  moonring doctor                      find out why a deployed line does not answer
  moonring tail --function acme-line   read the log of the function
  moonring settings                    what is set, and where
  moonring call --help                 all options of a command"
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

/// The version, with the commit it is built from, and the version of Luau.
fn version() -> String {
    let commit = env!("BUILT_FROM_COMMIT");
    let commit = if commit.is_empty() { String::new() } else { format!(" ({commit})") };
    format!("{}{commit}, {}", env!("CARGO_PKG_VERSION"), moonring_runtime::luau_version())
}

fn main() -> ExitCode {
    let printer = Printer::new();
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        // Only now: the language is asked for its version.
        Err(error) if error.kind() == ErrorKind::DisplayVersion => {
            return match printer.data(&format!("moonring {}", version())) {
                Ok(()) => ExitCode::SUCCESS,
                Err(_) => commands::UNUSABLE.into(),
            };
        }
        Err(error) => {
            let is_help =
                matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
            // Where not even this can be printed there is nobody to tell.
            let _ = error.print();
            return if is_help { ExitCode::SUCCESS } else { commands::UNUSABLE.into() };
        }
    };
    let names = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    for name in Settings::unknown(names) {
        printer.unknown_setting(&name, "the environment");
    }
    arguments.command.run(printer).unwrap_or_else(|error| {
        printer.error(&error);
        commands::UNUSABLE.into()
    })
}
