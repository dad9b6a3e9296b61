//! `moonring completions`: what a shell completes.

use std::process::ExitCode;

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use crate::Arguments;
use crate::printer::Printer;

/// Print completions for a shell.
#[derive(Args)]
#[command(
    about = "Print completions for a shell",
    long_about = "Prints a script that completes the commands and options of moonring in your shell.",
    after_help = "\
Examples:
  moonring completions bash > ~/.local/share/bash-completion/completions/moonring
  moonring completions zsh > ~/.zfunc/_moonring
  moonring completions fish > ~/.config/fish/completions/moonring.fish"
)]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

impl Completions {
    /// Runs the command.
    pub(crate) fn run(self, printer: Printer) -> anyhow::Result<ExitCode> {
        let mut text = Vec::new();
        clap_complete::generate(self.shell, &mut Arguments::command(), "moonring", &mut text);
        printer.data(String::from_utf8_lossy(&text).trim_end())?;
        Ok(ExitCode::SUCCESS)
    }
}
