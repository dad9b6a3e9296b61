//! The programs under test, built the way they are shipped: each on its own, so that neither lends
//! the other a feature.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::project;

/// The local program.
pub fn moonring() -> &'static Path {
    &programs().1
}

/// The deployed program.
pub fn bootstrap() -> &'static Path {
    &programs().0
}

/// Both programs: built before the first test begins what it measures, so that no build slows a
/// test down.
fn programs() -> &'static (PathBuf, PathBuf) {
    static PATHS: OnceLock<(PathBuf, PathBuf)> = OnceLock::new();
    PATHS.get_or_init(|| (build("moonring-lambda", "bootstrap"), build("moonring-cli", "moonring")))
}

/// The deployed program alone, as it is shipped, for benchmarks.
pub fn shipped() -> &'static Path {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| build("moonring-lambda", "bootstrap"))
}

/// A program beside the deployed one, for comparison.
pub fn example(name: &str) -> &'static Path {
    let path = build_with("moonring-lambda", &["--example", name], &format!("examples/{name}"));
    Box::leak(path.into_boxed_path())
}

/// The Python of a virtual environment with the servers the tests need; made once, beside the
/// build.
pub fn python() -> &'static Path {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| {
        let folder = target().join("test-servers");
        let python = folder.join("bin/python");
        let requirements = project("tests/requirements.txt");
        let wanted = std::fs::read_to_string(&requirements).unwrap();
        // The mark is written last: an environment that was interrupted while it was made is made
        // again.
        let mark = folder.join("made-for");
        if std::fs::read_to_string(&mark).is_ok_and(|made| made == wanted) {
            return python;
        }
        say("setting up moto and the AWS CLI in a virtual environment (once, about a minute)");
        let _ = std::fs::remove_dir_all(&folder);
        run(Command::new("python3").args(["-m", "venv"]).arg(&folder));
        run(Command::new(&python)
            .args(["-m", "pip", "install", "--quiet", "--requirement"])
            .arg(&requirements));
        std::fs::write(&mark, wanted).unwrap();
        python
    })
}

/// The folder of the programs that came with the servers, the AWS CLI among them.
pub fn server_tools() -> &'static Path {
    python().parent().unwrap()
}

fn build(package: &str, binary: &str) -> PathBuf {
    build_with(package, &[], binary)
}

/// Tests drive a debug build, which is quick to make; benchmarks what is shipped.
fn build_with(package: &str, what: &[&str], binary: &str) -> PathBuf {
    say(&format!("building {package}"));
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .args(["build", "--quiet", "--locked", "--package", package])
        .args(what)
        .arg("--target-dir")
        .arg(target());
    let folder = if cfg!(debug_assertions) { "debug" } else { "release" };
    if folder == "release" {
        cargo.arg("--release");
    }
    run(cargo.current_dir(project(".")));
    target().join(folder).join(binary)
}

/// The folder of the build that this test program belongs to: it lies in `<target>/<profile>/deps`.
fn target() -> &'static Path {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| std::env::current_exe().unwrap().ancestors().nth(3).unwrap().to_owned())
}

fn run(command: &mut Command) {
    let status = command.status().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(status.success(), "{command:?}: {status}");
}

/// Past the test runner, which would keep it back until a test fails.
fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "tests: {text} …");
}
