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

/// The Python of a virtual environment with the servers the tests need.
pub fn python() -> &'static Path {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| environment("test-servers", &project("tests/requirements.txt")))
}

/// The Python of a virtual environment with what a file of requirements names; made once, beside
/// the build.
pub fn environment(name: &str, requirements: &Path) -> PathBuf {
    let folder = target().join(name);
    let python = folder.join("bin/python");
    made_once(&folder, requirements, || {
        run(Command::new("python3").args(["-m", "venv"]).arg(&folder));
        run(Command::new(&python)
            .args(["-m", "pip", "install", "--quiet", "--requirement"])
            .arg(requirements));
        true
    });
    python
}

/// A copy of a folder of JavaScript beside the build, with the packages that it needs; made once.
/// None where they cannot be built. `tools` is a folder of programs that build them, where some do.
pub fn node_folder(name: &str, source: &Path, tools: Option<&Path>) -> Option<PathBuf> {
    let folder = target().join(name);
    let path = std::env::var("PATH").unwrap();
    let path = tools.map_or(path.clone(), |tools| format!("{}:{path}", tools.display()));
    let mut is_made = true;
    made_once(&folder, &source.join("package-lock.json"), || {
        std::fs::create_dir_all(&folder).unwrap();
        for entry in std::fs::read_dir(source).unwrap() {
            let path = entry.unwrap().path();
            std::fs::copy(&path, folder.join(path.file_name().unwrap())).unwrap();
        }
        let mut npm = Command::new("npm");
        npm.args(["ci", "--silent"]).env("PATH", path).current_dir(&folder);
        is_made = npm.status().is_ok_and(|status| status.success());
        is_made
    });
    is_made.then_some(folder)
}

/// The folder of the packages that the tests of the page need; made once, beside the build.
pub fn test_packages() -> PathBuf {
    let made = node_folder("test-page", &project("tests/page/packages"), None);
    made.expect("npm installs the packages of tests/page/packages; npm comes with Node 20 or newer")
}

/// Makes a folder anew where it was not made for this file as it stands. The mark is written last:
/// a folder that was interrupted while it was made is made again.
fn made_once(folder: &Path, wanted: &Path, make: impl FnOnce() -> bool) {
    let wanted = std::fs::read_to_string(wanted).unwrap();
    let mark = folder.join("made-for");
    if std::fs::read_to_string(&mark).is_ok_and(|made| made == wanted) {
        return;
    }
    say(&format!("setting up {} (once, about a minute)", folder.display()));
    let _ = std::fs::remove_dir_all(folder);
    if make() {
        std::fs::write(mark, wanted).unwrap();
    }
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
pub fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "tests: {text} …");
}
