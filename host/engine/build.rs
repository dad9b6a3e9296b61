//! Tells the linker where the C++ compiler keeps its static runtime, which Luau needs (CXXSTDLIB in .cargo/config.toml asks for it).

use std::path::Path;
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-env-changed=CXX");
    let compiler = std::env::var("CXX").unwrap_or_else(|_| "c++".to_owned());
    let output = Command::new(&compiler).arg("-print-file-name=libstdc++.a").output();
    let printed = output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default();
    // Without the file the compiler prints the bare name back; the link then fails and names the library.
    if let Some(folder) = Path::new(&printed).parent().filter(|folder| folder.is_absolute()) {
        println!("cargo::rustc-link-search=native={}", folder.display());
    }
}
