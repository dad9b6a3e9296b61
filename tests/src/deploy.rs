//! `moonring deploy init`: its templates, judged by the tools that read them.

use std::process::{Command, Output};

use harness::{moonring, project};

fn init(arguments: &[&str], folder: &std::path::Path) -> Output {
    let mut command = Command::new(moonring());
    command.args(["deploy", "init"]).args(arguments).current_dir(folder).env_clear();
    command.output().unwrap()
}

#[test]
fn the_template_is_sound_by_the_linter_of_cloudformation() {
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(project("scripts"), folder.path().join("scripts")).unwrap();
    assert!(init(&[], folder.path()).status.success());
    let lint = |template: &str| {
        let mut linter = Command::new(harness::server_tools().join("cfn-lint"));
        linter.args(["--regions", "us-east-1", "eu-central-1", "--", template]);
        linter.current_dir(folder.path()).output().unwrap()
    };
    let judged = lint("deploy/template.yaml");
    assert!(judged.status.success(), "{}", String::from_utf8_lossy(&judged.stdout));
    let text = std::fs::read_to_string(folder.path().join("deploy/template.yaml")).unwrap();
    // The role may do what the example scripts ask of meetings and calls.
    assert!(text.contains("chime:CreateMeeting,chime:CreateSipMediaApplicationCall"), "{text}");
    // The linter sees what is wrong.
    std::fs::write(folder.path().join("broken.yaml"), text.replace("!Ref CodeKey", "!Ref Code"))
        .unwrap();
    assert!(!lint("broken.yaml").status.success());
}

#[test]
fn files_of_the_author_are_not_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(project("scripts"), folder.path().join("scripts")).unwrap();
    assert!(init(&["--format", "terraform"], folder.path()).status.success());
    let template = folder.path().join("deploy/template.yaml");
    std::fs::write(&template, "mine").unwrap();
    let again = init(&["--format", "cdk"], folder.path());
    assert_eq!(again.status.code(), Some(1));
    assert!(!folder.path().join("deploy/line.ts").exists());
    assert_eq!(std::fs::read_to_string(&template).unwrap(), "mine");
    assert!(init(&["--format", "cdk", "--force"], folder.path()).status.success());
    assert!(folder.path().join("deploy/line.ts").exists());
}
