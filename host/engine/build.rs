//! Links Luau's C++ runtime statically, and lists the standard modules that are shipped inside the
//! binary.
#![allow(clippy::panic, reason = "a build script has no other way to stop the build with a reason")]

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

fn main() {
    link_cpp_runtime();
    list_stdlib();
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

/// Writes the table of `@std` modules: every Lua file of the folder stdlib, by name.
fn list_stdlib() {
    let folder = Path::new(&variable("CARGO_MANIFEST_DIR")).join("../../stdlib");
    println!("cargo::rerun-if-changed={}", folder.display());
    let entries =
        std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut names: Vec<String> =
        entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
    names.retain(|name| name.ends_with(".lua"));
    names.sort();
    let mut table = String::from("&[\n");
    for name in names {
        let path = folder.join(&name);
        writeln!(
            table,
            "    ({:?}, include_str!({:?})),",
            format!("@std/{name}"),
            path.display().to_string()
        )
        .unwrap_or_else(|error| panic!("{error}"));
    }
    table.push(']');
    let output = Path::new(&variable("OUT_DIR")).join("stdlib.rs");
    std::fs::write(&output, table).unwrap_or_else(|error| panic!("{}: {error}", output.display()));
}

fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|error| panic!("{name}: {error}"))
}
