//! `moonring keys`: keys that sign releases.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Args, Subcommand};

use crate::printer::Printer;

/// Make keys that sign releases.
#[derive(Args)]
#[command(
    about = "Make keys that sign releases",
    after_help = "\
Examples:
  moonring keys new                    moonring.key and moonring.pub in this folder
  moonring keys new --out ~/live       live.key and live.pub
  moonring push --key moonring.key     signs with it

The files have the format of minisign, which verifies what is signed:
  minisign -Vm live.json -x SHA256.minisig -p moonring.pub

Exit codes:
  0  the keys are written
  2  a file is there already, or cannot be written"
)]
pub(crate) struct Keys {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Write a new pair of keys, and say what MOONRING_TRUST takes
    New {
        /// What the files are called, without their endings
        #[arg(long, value_name = "FILE", default_value = "moonring")]
        out: PathBuf,
    },
}

impl Keys {
    /// Runs the command.
    pub(crate) fn run(self, printer: Printer) -> anyhow::Result<ExitCode> {
        let What::New { out } = self.what;
        let keys = moonring_publish::new_keys()?;
        let (secret, public) = (out.with_extension("key"), out.with_extension("pub"));
        for path in [&secret, &public] {
            anyhow::ensure!(
                !path.exists(),
                "{} is there already; name another with --out",
                path.display()
            );
        }
        write_secret(&secret, &keys.secret)
            .with_context(|| format!("cannot write {}", secret.display()))?;
        std::fs::write(&public, &keys.public)
            .with_context(|| format!("cannot write {}", public.display()))?;
        printer.talk(&format!(
            "{}: the secret key; keep it out of your repository\n{}: the public key\nhosts take it as",
            secret.display(),
            public.display()
        ));
        printer.data(&format!("MOONRING_TRUST={}", keys.trust))?;
        Ok(ExitCode::SUCCESS)
    }
}

fn write_secret(path: &std::path::Path, text: &str) -> std::io::Result<()> {
    use std::io::Write as _;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(text.as_bytes())
}
