//! `moonring package`: the zip file of the function.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use moonring_check::Severity;
use moonring_deploy::{Architecture, Package, PackagedFile, Sums};
use moonring_store::Location;
use serde_json::json;

use crate::atomic_write;
use crate::commands::FAILED;
use crate::commands::release::files_in;
use crate::judge::judge;
use crate::printer::Printer;
use crate::project::{Project, ProjectArguments};

/// The notices of third parties, beside the program.
const NOTICES: &str = "THIRD-PARTY-NOTICES.html";

/// Make the zip file of the Lambda function.
#[derive(Args)]
#[command(
    about = "Make the zip file of the Lambda function",
    long_about = "Packs the function's program and a copy of your scripts. The copy serves when no release can be had from S3 at a cold start; as soon as one can be had, that one serves new calls. The same files always make the same zip file, byte for byte. Its checksum is written beside it.",
    after_help = "\
Examples:
  moonring package                             moonring-x86_64.zip or moonring-arm64.zip
  moonring package --arch arm64 --out ivr.zip  wants a program for arm64
  moonring package --bootstrap target/release/bootstrap
  moonring package --no-scripts                the program alone

Exit codes:
  0  the zip file is written
  1  the scripts have errors; nothing is written
  2  the program cannot be found or is for another processor"
)]
pub(crate) struct PackageCommand {
    #[command(flatten)]
    project: ProjectArguments,

    /// The processor of the function, x86_64 or arm64 [default: the program's]
    #[arg(long, value_name = "ARCH")]
    arch: Option<Architecture>,

    /// The function's program [default: bootstrap-ARCH or bootstrap beside this program]
    #[arg(long, value_name = "FILE")]
    bootstrap: Option<PathBuf>,

    /// Pack no copy of the scripts
    #[arg(long, conflicts_with = "scripts")]
    no_scripts: bool,

    /// The zip file [default: moonring-ARCH.zip]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// Print the result as one JSON object
    #[arg(long)]
    json: bool,
}

impl PackageCommand {
    /// Runs the command.
    pub(crate) fn run(self, printer: Printer) -> anyhow::Result<ExitCode> {
        let program = self.program()?;
        let failed = || format!("cannot read {}", program.display());
        let bootstrap = std::fs::read(&program).with_context(failed)?;
        let scripts = if self.no_scripts { Vec::new() } else { self.scripts(printer)? };
        if scripts.is_empty() && !self.no_scripts {
            return Ok(FAILED.into());
        }
        let notices = std::fs::read(program.with_file_name(NOTICES)).ok();
        if notices.is_none() {
            printer.warning(&format!("there is no {NOTICES} beside {}", program.display()));
        }
        let package = Package { bootstrap, scripts, notices };
        let architecture =
            package.architecture(self.arch).with_context(|| program.display().to_string())?;
        let zip = package.zip()?;
        let sums = Sums::of(&zip);
        let out = self.out.unwrap_or_else(|| format!("moonring-{architecture}.zip").into());
        atomic_write::write(&out, &zip)?;
        let name = out.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut beside = out.clone().into_os_string();
        beside.push(".sha256");
        atomic_write::write(Path::new(&beside), format!("{}  {name}\n", sums.sha256))?;
        if self.json {
            let result = json!({
                "file": out, "architecture": architecture.name(), "bytes": zip.len(),
                "scripts": package.scripts.len(), "sha256": sums.sha256,
                "code_sha256": sums.code_sha256,
            });
            printer.answer(result.to_string().as_bytes())?;
            return Ok(ExitCode::SUCCESS);
        }
        printer.data(&out.display().to_string())?;
        printer.talk(&format!(
            "{architecture}, {} bytes, {} script files; the function will show CodeSha256 {}",
            zip.len(),
            package.scripts.len(),
            sums.code_sha256
        ));
        Ok(ExitCode::SUCCESS)
    }

    /// Where the function's program is.
    fn program(&self) -> anyhow::Result<PathBuf> {
        if let Some(program) = &self.bootstrap {
            return Ok(program.clone());
        }
        let own = std::env::current_exe().context("cannot find this program")?;
        let folder = own.parent().unwrap_or(Path::new("."));
        // The template's own default comes first.
        let wanted = match self.arch {
            Some(arch) => vec![arch],
            None => vec![Architecture::Arm64, Architecture::X86_64],
        };
        let names = wanted.into_iter().map(|arch| format!("bootstrap-{arch}"));
        let names = names.chain(["bootstrap".to_owned()]);
        let found = names.map(|name| folder.join(name)).find(|path| path.is_file());
        found.with_context(|| {
            format!(
                "there is no bootstrap in {}; give --bootstrap FILE, which `cargo build --release --package moonring-lambda` makes",
                folder.display()
            )
        })
    }

    /// The scripts, which must load; none where they have errors, which are shown.
    fn scripts(&self, printer: Printer) -> anyhow::Result<Vec<PackagedFile>> {
        let project = Project::open(&self.project, None, printer)?;
        let Some(folder) = project.folder() else {
            anyhow::bail!(
                "a package takes its scripts from a folder; `moonring pull` brings what is in S3"
            )
        };
        let location = Location::Folder(folder.clone());
        let judged = judge(&location, &project.settings, None, None)?;
        let errors = judged.problems.iter().filter(|it| it.code.severity == Severity::Error);
        if errors.count() > 0 || !judged.is_accepted {
            for problem in &judged.problems {
                printer.data(&problem.to_string())?;
            }
            printer.error_text("nothing is packed: the scripts have errors");
            return Ok(Vec::new());
        }
        let files = files_in(&folder)?;
        anyhow::ensure!(!files.is_empty(), "there are no scripts in {}", folder.display());
        let packed = files.into_iter();
        Ok(packed.map(|file| PackagedFile { name: file.name, bytes: file.bytes }).collect())
    }
}
