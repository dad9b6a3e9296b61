//! `moonring setup`: files for editors; what an author has written stays.

use std::process::Command;

use harness::moonring;
use serde_json::{Value, json};

fn set_up(folder: &std::path::Path) -> String {
    let mut setup = Command::new(moonring());
    let output = setup.arg("setup").arg(folder).env_clear().output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

fn read(path: std::path::PathBuf) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

#[test]
fn types_modules_and_settings_are_written_and_nothing_of_the_authors_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| folder.path().join(name);
    std::fs::create_dir(place(".vscode")).unwrap();
    let own = json!({"editor.tabSize": 2, "luau-lsp.platform.type": "roblox"});
    std::fs::write(place(".vscode/settings.json"), own.to_string()).unwrap();
    let said = set_up(folder.path());
    assert!(said.contains("luau-lsp"), "{said}");
    let settings = read(place(".vscode/settings.json"));
    assert_eq!(settings["editor.tabSize"], 2);
    assert_eq!(settings["luau-lsp.platform.type"], "roblox");
    assert_eq!(
        settings["luau-lsp.types.definitionFiles"]["@moonring"],
        ".moonring/moonring.d.luau"
    );
    assert_eq!(read(place(".luaurc"))["aliases"]["std"], ".moonring/std");
    let types = std::fs::read_to_string(place(".moonring/moonring.d.luau")).unwrap();
    assert!(types.contains("export type Call = {") && types.contains("\tbridge: (self: Call"));
    let plain = std::fs::read_to_string(place(".moonring/luacats/moonring.lua")).unwrap();
    assert!(
        plain.contains("---@class Call\n") && plain.contains("---@field bridge fun(self: Call")
    );
    assert_eq!(read(place(".luarc.json"))["workspace.library"][0], ".moonring/luacats");
    assert!(place(".moonring/std/dynamodb.lua").is_file());
    assert!(!place(".moonring/std/dynamodb.spec.lua").exists());
    assert!(
        read(place(".moonring/moonring.docs.json"))["@moonring/globaltype/Call.bridge"].is_object()
    );
    // Again: nothing is new.
    assert!(!set_up(folder.path()).contains(".moonring/moonring.d.luau\n"));
}

#[test]
fn settings_with_comments_are_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(".vscode/settings.json");
    std::fs::create_dir(path.parent().unwrap()).unwrap();
    std::fs::write(&path, "{ // mine\n}").unwrap();
    let said = set_up(folder.path());
    assert!(said.contains("stays as it is; add this to it"), "{said}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "{ // mine\n}");
}
