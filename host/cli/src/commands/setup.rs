//! `moonring setup`: types, completion and documentation for editors.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use moonring_check::{types_documentation, types_luacats, types_luau};
use serde_json::{Map, Value, json};

use crate::atomic_write;
use crate::printer::Printer;
use crate::standard_modules::{StandardModule, standard_modules};

/// Set up your editor for scripts.
#[derive(Args)]
#[command(
    about = "Set up your editor for scripts",
    long_about = "Writes what editors need to complete and check scripts: the types of everything that scripts can use, their documentation, and the standard modules, all in the folder .moonring. Adds the settings of the Luau language server to .luaurc and .vscode/settings.json, and those of the Lua language server to .luarc.json; settings that are there already stay as they are. Run it again after an update of moonring.",
    after_help = "\
Examples:
  moonring setup              in the folder of your project
  moonring setup acme-ivr     another project

Exit codes:
  0  it is set up
  2  a file cannot be written"
)]
pub(crate) struct Setup {
    /// The folder of the project
    #[arg(value_name = "DIR", default_value = ".")]
    folder: PathBuf,
}

/// Where everything is written that nobody edits.
const FOLDER: &str = ".moonring";

impl Setup {
    /// Runs the command.
    pub(crate) fn run(self, printer: Printer) -> anyhow::Result<ExitCode> {
        anyhow::ensure!(
            self.folder.is_dir(),
            "{} is not a folder; name the folder of your project",
            self.folder.display()
        );
        let own = self.folder.join(FOLDER);
        write(&own.join("moonring.d.luau"), &types_luau(), printer)?;
        let documentation = serde_json::to_string_pretty(&types_documentation())?;
        write(&own.join("moonring.docs.json"), &format!("{documentation}\n"), printer)?;
        for StandardModule { name, text } in standard_modules() {
            write(&own.join("std").join(name), &text, printer)?;
        }
        write(&own.join("luacats/moonring.lua"), &types_luacats(), printer)?;
        // They are made, and made again: nobody commits them.
        write(&own.join(".gitignore"), "*\n", printer)?;
        let luaurc =
            json!({"languageMode": "nonstrict", "aliases": {"std": format!("{FOLDER}/std")}});
        self.merge(".luaurc", &luaurc, printer)?;
        let settings = json!({
            "files.associations": {"*.lua": "luau"},
            "luau-lsp.platform.type": "standard",
            "luau-lsp.types.definitionFiles": {"@moonring": format!("{FOLDER}/moonring.d.luau")},
            "luau-lsp.types.documentationFiles": [format!("{FOLDER}/moonring.docs.json")],
        });
        self.merge(".vscode/settings.json", &settings, printer)?;
        let plain_lua = json!({"workspace.library": [format!("{FOLDER}/luacats")]});
        self.merge(".luarc.json", &plain_lua, printer)?;
        printer.talk(
            "Visual Studio Code: install the extension JohnnyMorganz.luau-lsp, and open the folder
Zed, Neovim, JetBrains and others: start `luau-lsp lsp --definitions:@moonring=.moonring/moonring.d.luau --docs=.moonring/moonring.docs.json`
write `call: Call` for the parameter of a flow, and the editor completes its methods",
        );
        Ok(ExitCode::SUCCESS)
    }

    /// Adds settings to a file of the project; those that are there stay as they are.
    fn merge(&self, name: &str, wanted: &Value, printer: Printer) -> anyhow::Result<()> {
        let path = self.folder.join(name);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => "{}".to_owned(),
            Err(error) => {
                return Err(error).with_context(|| format!("cannot read {}", path.display()));
            }
        };
        let Ok(Value::Object(mut there)) = serde_json::from_str(&text) else {
            // With comments, as editors allow them, or broken: an author's file is not rewritten.
            let wanted = serde_json::to_string_pretty(wanted)?;
            printer.warning(&format!(
                "{} is not plain JSON, so it stays as it is; add this to it:\n{wanted}",
                path.display()
            ));
            return Ok(());
        };
        let before = there.clone();
        add(&mut there, wanted);
        if there == before {
            return Ok(());
        }
        let text = serde_json::to_string_pretty(&Value::Object(there))?;
        write(&path, &format!("{text}\n"), printer)
    }
}

/// Adds what is not there yet, in tables inside too.
fn add(there: &mut Map<String, Value>, wanted: &Value) {
    for (name, value) in wanted.as_object().into_iter().flatten() {
        match there.get_mut(name) {
            None => {
                there.insert(name.clone(), value.clone());
            }
            Some(Value::Object(inner)) => add(inner, value),
            Some(_) => {}
        }
    }
}

/// Writes a file that has changed, and says so.
fn write(path: &Path, text: &str, printer: Printer) -> anyhow::Result<()> {
    if std::fs::read_to_string(path).is_ok_and(|there| there == text) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot make {}", folder.display()))?;
    }
    atomic_write::write(path, text).with_context(|| format!("cannot write {}", path.display()))?;
    printer.data(&path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_stays_and_what_is_missing_is_added() {
        let mut there = json!({"a": 1, "inner": {"x": "own"}}).as_object().cloned().unwrap();
        add(&mut there, &json!({"a": 2, "b": 3, "inner": {"x": "other", "y": 1}}));
        let wanted = json!({"a": 1, "inner": {"x": "own", "y": 1}, "b": 3});
        assert_eq!(Value::Object(there), wanted);
    }
}
