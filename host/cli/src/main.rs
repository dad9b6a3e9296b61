//! The local program: commands for script authors, in a terminal of their own.

mod atomic_write;
mod audio;
mod callee;
mod commands;
mod local_host;
mod log;
mod overlay;
mod phone_number;
mod printer;
mod serve;
mod services;
mod terminal_call;
mod update;

use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;
use moonring_runtime::Settings;

use crate::commands::Command;
use crate::printer::Printer;

/// Phone calls in Lua: try call scripts here before callers do.
#[derive(Parser)]
#[command(name = "moonring", version, after_help = "Begin with: moonring call --help")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

fn main() -> ExitCode {
    let printer = Printer::new();
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let is_help = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
            // Where not even this can be printed there is nobody to tell.
            let _ = error.print();
            return if is_help { ExitCode::SUCCESS } else { commands::UNUSABLE.into() };
        }
    };
    let names = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    for name in Settings::unknown(names) {
        printer.talk(&format!(
            "warning: {name} is no setting of this version, and is ignored; docs/settings.md has them all"
        ));
    }
    arguments.command.run(printer).unwrap_or_else(|error| {
        printer.error(&error);
        commands::UNUSABLE.into()
    })
}
