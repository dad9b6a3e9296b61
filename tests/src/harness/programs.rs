//! The programs under test, built the way they are shipped: each on its own, so that neither lends the other a feature.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use super::project;

/// The local program.
pub fn moonring() -> &'static Path {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| build("moonring-cli", "moonring"))
}

/// The deployed program.
pub fn bootstrap() -> &'static Path {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| build("moonring-lambda", "bootstrap"))
}

/// The Python of a virtual environment with the servers the tests need; made once, beside the build.
pub fn python() -> &'static Path {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| {
        let folder = target().join("test-servers");
        let python = folder.join("bin/python");
        let requirements = project("tests/requirements.txt");
        let wanted = std::fs::read_to_string(&requirements).unwrap();
        // The mark is written last: an environment that was interrupted while it was made is made again.
        let mark = folder.join("made-for");
        if std::fs::read_to_string(&mark).is_ok_and(|made| made == wanted) {
            return python;
        }
        say("setting up moto in a virtual environment (once, about 40 s)");
        let _ = std::fs::remove_dir_all(&folder);
        run(Command::new("python3").args(["-m", "venv"]).arg(&folder));
        run(Command::new(&python).args(["-m", "pip", "install", "--quiet", "--requirement"]).arg(&requirements));
        std::fs::write(&mark, wanted).unwrap();
        python
    })
}

fn build(package: &str, binary: &str) -> PathBuf {
    say(&format!("building {package}"));
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .args(["build", "--quiet", "--locked", "--package", package, "--target-dir"])
        .arg(target())
        .current_dir(project("."));
    run(&mut cargo);
    target().join("debug").join(binary)
}

fn target() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap()
}

fn run(command: &mut Command) {
    let status = command.status().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(status.success(), "{command:?}: {status}");
}

/// Past the test runner, which would keep it back until a test fails.
fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "tests: {text} …");
}
