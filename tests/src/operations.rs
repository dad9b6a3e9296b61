//! docs/how-to/deploy.md and releases.md, carried out: every command that they show, with the real
//! AWS CLI, from the first to the last.

use std::process::Command;

use harness::{S3, Simulator, project, server_tools};
use serde_json::Value;

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
    for (name, text) in [
        ("main.lua", "return function(call: Call) call:say('deployed') end"),
        ("routes.lua", "return {}"),
        ("config.json", "{}"),
    ] {
        std::fs::write(folder.path().join("scripts").join(name), text).unwrap();
    }
    program(folder.path());
    // The service, with a line that somebody has already; and a call before all is taken away.
    let simulator =
        Simulator::start(&["--scripts", folder.path().join("scripts").to_str().unwrap()]);
    let before = r#"
OURS=$(aws chime-sdk-voice create-sip-media-application --aws-region us-east-1 --name our-line \
  --endpoints LambdaArn=arn:aws:lambda:us-east-1:123456789012:function:node \
  --query SipMediaApplication.SipMediaApplicationId --output text)
OUR_NUMBER=$(aws chime-sdk-voice search-available-phone-numbers --phone-number-type TollFree \
  --query 'E164PhoneNumbers[-1]' --output text)
aws chime-sdk-voice create-phone-number-order --product-type SipMediaApplicationDialIn --e164-phone-numbers "$OUR_NUMBER"
aws chime-sdk-voice create-sip-rule --name ours --trigger-type ToPhoneNumber --trigger-value "$OUR_NUMBER" \
  --target-applications "SipMediaApplicationId=$OURS,Priority=1"
"#;
    let call = r#"
curl -sf -X POST "$AWS_ENDPOINT_URL_CHIME_SDK_VOICE/moonring/calls" -d "{\"From\": \"+12065550142\", \"To\": \"$NUMBER\", \"Keys\": \"wait 1\"}" > call.json
curl -sf -X POST "$AWS_ENDPOINT_URL_CHIME_SDK_VOICE/moonring/calls" -d "{\"From\": \"+12065550142\", \"To\": \"$OUR_NUMBER\", \"Keys\": \"wait 1\"}" > adopted.json
aws chime-sdk-voice list-sip-media-applications > applications.json
aws chime-sdk-voice list-sip-rules > rules.json
OWN=$(aws chime-sdk-voice list-sip-media-applications --query "SipMediaApplications[?Name=='acme-line'].SipMediaApplicationId" --output text)
aws chime-sdk-voice get-sip-media-application-logging-configuration --sip-media-application-id "$OWN" | grep true
moonring provision apply --name acme-line --function "$FUNCTION" --number "$NUMBER" --calling-name Acme
aws chime-sdk-voice get-phone-number --phone-number-id "$NUMBER" --query PhoneNumber.CallingName | grep Acme
moonring provision plan --name acme-line --function "$FUNCTION" --number "$NUMBER" --calling-name Acme --message-logs true > plan.txt
test ! -s plan.txt
"#;
    let others: Vec<String> = others
        .into_iter()
        .map(
            |block| {
                if block.contains("provision destroy") { format!("{call}{block}") } else { block }
            },
        )
        .collect();
    let check = "
aws chime-sdk-voice list-sip-rules --query 'length(SipRules)'
aws s3api list-objects-v2 --bucket acme-ivr --query 'Contents[].Key' --output text
aws s3api get-bucket-versioning --bucket acme-ivr --query Status --output text
aws lambda get-function-configuration --function-name calls --query Environment.Variables.MOONRING_SCRIPTS --output text
aws lambda get-policy --function-name calls --query Policy --output text";
    let script = format!("set -euo pipefail\n{before}\n{}\necho ===\n{check}\n", others.join("\n"));
    let path = path();
    let output = Command::new("bash")
        .args(["-c", &script])
        .current_dir(folder.path())
        .env_clear()
        .envs([
            ("PATH", path.as_str()),
            ("HOME", folder.path().to_str().unwrap()),
            ("AWS_ENDPOINT_URL", s3.endpoint.as_str()),
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
    let state = said.split("===\n").nth(1).unwrap();
    let mut lines = state.lines();
    assert_eq!(lines.next(), Some("1"), "the rule of others stays, and no other");
    let read = |name: &str| -> Value {
        serde_json::from_slice(&std::fs::read(folder.path().join(name)).unwrap()).unwrap()
    };
    for called in ["call.json", "adopted.json"] {
        let call = simulator.call(read(called)["TransactionId"].as_str().unwrap());
        assert!(call["Story"].to_string().contains("hears “deployed”"), "{call}");
    }
    let applications = read("applications.json");
    let applications = applications["SipMediaApplications"].as_array().unwrap();
    assert_eq!(applications.len(), 2);
    for application in applications {
        let function = application["Endpoints"][0]["LambdaArn"].as_str().unwrap();
        assert!(function.ends_with(":function:acme-line:line"), "{application}");
    }
    assert_eq!(read("rules.json")["SipRules"].as_array().unwrap().len(), 2);
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

/// Commands that no end of the input ends, or that need a program beside them: tests/src/serve.rs
/// and tests/src/dev.rs run each kind, and the test above runs those of `provision`.
const SERVING: [&str; 3] = ["serve", "dev", "provision"];

/// What the pages take for granted: an author's folder, scripts in another one, and what is live.
fn workplace(folder: &std::path::Path, s3: &S3) {
    for name in ["scripts", "tests"] {
        std::os::unix::fs::symlink(project(name), folder.join(name)).unwrap();
    }
    std::fs::create_dir(folder.join("calls")).unwrap();
    std::fs::create_dir(folder.join("prompts")).unwrap();
    program(folder);
    let routes = std::fs::read_to_string(project("docs/how-to/routes.md")).unwrap();
    let routes = routes.split("```lua\n").nth(1).unwrap().split("```").next().unwrap();
    let main = std::fs::read_to_string(project("scripts/main.lua")).unwrap();
    for at in ["my-scripts", "my-scripts/@draft"] {
        let at = folder.join(at);
        std::fs::create_dir_all(at.join("support")).unwrap();
        for name in ["main", "reception", "support/night", "reminders", "survey"] {
            std::fs::write(at.join(format!("{name}.lua")), &main).unwrap();
        }
    }
    std::fs::write(folder.join("my-scripts/routes.lua"), routes).unwrap();
    std::os::unix::fs::symlink(project("scripts"), folder.join("ivr")).unwrap();
    let upload = "aws s3 mb s3://acme-ivr && aws s3 cp --recursive ivr/ s3://acme-ivr/live/";
    assert!(shell(folder, s3, upload).status.success());
    // The audio files that the scripts name.
    let audio = "aws s3 mb s3://acme-audio && for file in tone music; do
      touch calls/$file.wav && aws s3 mv calls/$file.wav s3://acme-audio/ || exit 1; done";
    assert!(shell(folder, s3, audio).status.success());
    let record = "moonring call --scripts ivr --keys '1 wait 5' --trace calls/one.json";
    assert!(shell(folder, s3, record).status.success());
    crate::records::keep(&folder.join("calls/one.json"), &folder.join("records/call"));
}

/// Where the programs are: this one, and the real AWS CLI.
pub(crate) fn path() -> String {
    format!(
        "{}:{}:{}",
        harness::moonring().parent().unwrap().display(),
        server_tools().display(),
        std::env::var("PATH").unwrap()
    )
}

/// What stands for the function's program, whose build takes minutes: the first bytes of one.
fn program(folder: &std::path::Path) {
    let mut bytes = b"\x7fELF\x02\x01\x01".to_vec();
    bytes.resize(4096, 0);
    bytes[18] = 0x3e;
    std::fs::create_dir_all(folder.join("target/release")).unwrap();
    std::fs::write(folder.join("target/release/bootstrap"), bytes).unwrap();
}

fn shell(folder: &std::path::Path, s3: &S3, line: &str) -> std::process::Output {
    let path = path();
    let mut shell = Command::new("bash");
    shell.args(["-c", line]).current_dir(folder).stdin(std::process::Stdio::null()).env_clear();
    shell.envs([
        ("PATH", path.as_str()),
        ("HOME", folder.to_str().unwrap()),
        ("AWS_ENDPOINT_URL", s3.endpoint.as_str()),
        ("AWS_ACCESS_KEY_ID", "test"),
        ("AWS_SECRET_ACCESS_KEY", "test"),
        ("AWS_DEFAULT_REGION", "us-east-1"),
        ("AWS_PAGER", ""),
    ]);
    shell.output().unwrap()
}

#[test]
fn every_command_of_the_local_program_works_as_the_pages_have_it() {
    let s3 = S3::own();
    let folder = tempfile::tempdir().unwrap();
    workplace(folder.path(), &s3);
    let mut played = 0;
    for kind in ["tutorial", "how-to", "reference", "explanation"] {
        let mut pages: Vec<_> = std::fs::read_dir(project("docs").join(kind))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.is_file())
            .collect();
        pages.sort();
        for page in pages {
            let text = std::fs::read_to_string(&page).unwrap();
            for block in blocks(&text) {
                // A line that goes on has a backslash at its end.
                let block = block.replace("\\\n", " ");
                let lines = block.lines().map(|line| line.replace("cargo run -- ", "moonring "));
                for line in lines.filter(|line| line.starts_with("moonring ")) {
                    // `spec_pages` and `spec` run those of tests, with the files that they need.
                    let word = line.split_whitespace().nth(1).unwrap_or_default();
                    if word == "test" || SERVING.contains(&word) || line.contains("--save-test") {
                        continue;
                    }
                    let output = shell(folder.path(), &s3, &line);
                    played += 1;
                    assert!(
                        output.status.success(),
                        "{}: {line}: {}{}",
                        page.display(),
                        String::from_utf8_lossy(&output.stdout),
                        String::from_utf8_lossy(&output.stderr)
                    );
                }
            }
        }
    }
    assert!(played > 40, "{played}");
}
