//! docs/how-to/deploy.md and releases.md, carried out: every command that they show, with the real
//! AWS CLI, from the first to the last.

use std::process::Command;

use harness::{S3, project, server_tools};

/// The blocks of shell commands of a page.
fn blocks(page: &str) -> Vec<String> {
    let parts = page.split("```sh\n").skip(1);
    parts.map(|part| part.split("```").next().unwrap().to_owned()).collect()
}

#[test]
fn every_command_of_the_pages_works_as_it_stands() {
    let read = |page: &str| std::fs::read_to_string(project("docs/how-to").join(page)).unwrap();
    let page = read("deploy.md") + &read("releases.md");
    let (build, others): (Vec<_>, Vec<_>) =
        blocks(&page).into_iter().partition(|block| block.contains("cargo build"));
    // The build takes minutes: CI makes it by the same command.
    let ci = std::fs::read_to_string(project(".ci/run")).unwrap();
    let command = build[0].lines().next().unwrap();
    assert!(build.len() == 1 && ci.lines().any(|line| line == command), "{build:?}");
    assert!(others.len() >= 2);
    // No command hides in a sentence.
    for text in page.split("```").step_by(2).flat_map(|prose| prose.split('`').skip(1).step_by(2)) {
        let is_command =
            ["aws ", "cargo ", "moonring "].iter().any(|program| text.starts_with(program));
        assert!(!is_command, "{text} stands in a sentence, where no test runs it");
    }

    let s3 = S3::own();
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("scripts")).unwrap();
    for (name, text) in
        [("main.lua", "return function() end"), ("routes.lua", "return {}"), ("config.json", "{}")]
    {
        std::fs::write(folder.path().join("scripts").join(name), text).unwrap();
    }
    let zip = "import zipfile; zipfile.ZipFile('moonring.zip', 'w').writestr('bootstrap', '')";
    let check = "
aws s3api list-objects-v2 --bucket acme-ivr --query 'Contents[].Key' --output text
aws s3api get-bucket-versioning --bucket acme-ivr --query Status --output text
aws lambda get-function-configuration --function-name calls --query Environment.Variables.MOONRING_SCRIPTS --output text
aws lambda get-policy --function-name calls --query Policy --output text";
    let script = format!(
        "set -euo pipefail\npython3 -c \"{zip}\"\n{}\necho ===\n{check}\n",
        others.join("\n")
    );
    let path = format!("{}:{}", server_tools().display(), std::env::var("PATH").unwrap());
    let output = Command::new("bash")
        .args(["-c", &script])
        .current_dir(folder.path())
        .env_clear()
        .envs([
            ("PATH", path.as_str()),
            ("HOME", folder.path().to_str().unwrap()),
            ("AWS_ENDPOINT_URL", s3.endpoint.as_str()),
            ("AWS_ACCESS_KEY_ID", "test"),
            ("AWS_SECRET_ACCESS_KEY", "test"),
            ("AWS_DEFAULT_REGION", "us-east-1"),
            ("AWS_PAGER", ""),
        ])
        .output()
        .unwrap();
    let (said, wrong) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}\n{wrong}");
    let state = said.split("===\n").nth(1).unwrap();
    let mut lines = state.lines();
    let keys: Vec<_> = lines.next().unwrap().split_whitespace().collect();
    let mut expected = Vec::new();
    for folder in ["live/@draft", "live"] {
        expected.extend(
            ["config.json", "main.lua", "routes.lua"].map(|name| format!("{folder}/{name}")),
        );
    }
    assert_eq!(keys, expected, "the draft is published, and both releases are whole");
    assert_eq!((lines.next(), lines.next()), (Some("Enabled"), Some("s3://acme-ivr/live")));
    assert!(
        lines.next().is_some_and(|policy| policy.contains("voiceconnector.chime.amazonaws.com")),
        "{state}"
    );
}

#[test]
fn every_call_of_the_recipes_is_played() {
    let page = std::fs::read_to_string(project("docs/how-to/recipes.md")).unwrap();
    let blocks = blocks(&page);
    let commands: Vec<_> = blocks
        .iter()
        .flat_map(|block| block.lines())
        .filter_map(|line| line.strip_prefix("moonring "))
        .collect();
    assert!(commands.len() > 12, "{commands:?}");
    for command in commands {
        let line = format!("'{}' {command}", harness::moonring().display());
        let mut shell = Command::new("sh");
        let output = shell.args(["-c", &line]).current_dir(project(".")).output().unwrap();
        assert!(output.status.success(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
    }
}
