//! The service's own tutorial on this machine, with the real AWS CLI, from the first command to the
//! last.

use std::process::Command;

use harness::{S3, Simulator, project, server_tools};

#[test]
fn every_command_of_the_tutorial_works_and_the_clean_up_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let script = "return {
      call_answered = function() return { action.speak { text = 'This is the call of the tutorial, which goes on for a while so that it can be updated.' }, action.pause { duration_in_milliseconds = 60000 } } end,
      call_update_requested = function(event) return { action.speak { text = 'updated: ' .. event.ActionData.Parameters.Arguments.action }, action.hangup {} } end,
      default = function() end }";
    std::fs::write(folder.path().join("main.lua"), script).unwrap();
    let simulator = Simulator::start(&["--scripts", folder.path().to_str().unwrap()]);
    let others = S3::shared();
    let path = format!("{}:{}", server_tools().display(), std::env::var("PATH").unwrap());
    let output = Command::new("bash")
        .arg(project("tests/tutorial/commands.sh"))
        .current_dir(folder.path())
        .env_clear()
        .envs([
            ("PATH", path.as_str()),
            ("HOME", folder.path().to_str().unwrap()),
            ("AWS_ENDPOINT_URL", others.endpoint.as_str()),
            ("AWS_ENDPOINT_URL_CHIME_SDK_VOICE", simulator.endpoint.as_str()),
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
    let value = |name: &str| {
        let line = said.lines().find_map(|line| line.strip_prefix(&format!("{name}=")));
        line.unwrap_or_else(|| panic!("no {name} in {said}")).to_owned()
    };
    assert_eq!((value("LEFT_RULES").as_str(), value("LEFT_APPLICATIONS").as_str()), ("0", "0"));
    assert_eq!(value("NUMBER_STATUS"), "ReleaseInProgress");
    let call = simulator.call(&value("TRANSACTION_ID"));
    let story = call["Story"].to_string();
    assert!(
        story.contains("This is the call of the tutorial")
            && story.contains("updated: custom-action"),
        "{story}"
    );
}
