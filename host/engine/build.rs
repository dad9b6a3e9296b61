//! Links Luau's C++ runtime statically, and compiles what is shipped inside the binary: the prelude
//! and the standard modules. Compiled at every start, they would take a quarter of it.
#![allow(clippy::panic, reason = "a build script has no other way to stop the build with a reason")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use mlua::chunk::Compiler;

/// The parts of the prelude, and the files of src/lua that each is made of.
const PRELUDE: [(&str, &[&str]); 4] = [
    ("prelude", &["prelude.lua", "prelude_events.lua"]),
    ("helpers", &["helpers.lua"]),
    ("flow", &["flow.lua", "flow_run.lua"]),
    ("flow_methods", &["flow_methods.lua"]),
];

fn main() {
    link_cpp_runtime();
    compile_prelude();
    compile_stdlib();
}

/// Compiles each part of the prelude.
fn compile_prelude() {
    let folder = Path::new(&variable("CARGO_MANIFEST_DIR")).join("src/lua");
    println!("cargo::rerun-if-changed={}", folder.display());
    for (name, files) in PRELUDE {
        let text: String = files.iter().map(|file| read(&folder.join(file))).collect();
        write(&output(name), &compile(name, &Compiler::new(), &text));
    }
}

fn compile(name: &str, compiler: &Compiler, text: &str) -> Vec<u8> {
    let compiler = compiler.clone().set_optimization_level(1).set_debug_level(1);
    compiler.compile(text).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn output(name: &str) -> PathBuf {
    Path::new(&variable("OUT_DIR")).join(format!("{name}.luac"))
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn write(path: &Path, bytes: &[u8]) {
    std::fs::write(path, bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

/// Tells the linker where the C++ compiler keeps its static runtime (CXXSTDLIB in
/// .cargo/config.toml asks for it).
fn link_cpp_runtime() {
    println!("cargo::rerun-if-env-changed=CXX");
    let compiler = std::env::var("CXX").unwrap_or_else(|_| "c++".to_owned());
    let output = Command::new(&compiler).arg("-print-file-name=libstdc++.a").output();
    let printed = output
        .map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
        .unwrap_or_default();
    // Without the file the compiler prints the bare name back; the link then fails and names the
    // library.
    if let Some(folder) = Path::new(&printed).parent().filter(|folder| folder.is_absolute()) {
        println!("cargo::rustc-link-search=native={}", folder.display());
    }
}

/// Compiles every module of the folder stdlib, and writes the table of them by name.
fn compile_stdlib() {
    let folder = Path::new(&variable("CARGO_MANIFEST_DIR")).join("../../stdlib");
    println!("cargo::rerun-if-changed={}", folder.display());
    let entries =
        std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut names: Vec<String> =
        entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
    names.retain(|name| name.ends_with(".lua") && !name.ends_with(".spec.lua"));
    names.sort();
    // As files of a release are compiled.
    let compiler = Compiler::new().set_mutable_globals(["require", "call"]);
    let mut table = String::from("&[\n");
    for name in names {
        let compiled = output(&format!("std_{name}"));
        write(&compiled, &compile(&name, &compiler, &read(&folder.join(&name))));
        writeln!(
            table,
            "    (\"@std/{name}\", include_bytes!({:?})),",
            compiled.display().to_string()
        )
        .unwrap_or_else(|error| panic!("{error}"));
    }
    table.push(']');
    write(&Path::new(&variable("OUT_DIR")).join("stdlib.rs"), table.as_bytes());
}

fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|error| panic!("{name}: {error}"))
}
