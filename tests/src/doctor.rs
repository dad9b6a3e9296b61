//! `moonring doctor`: faults planted into a sound account, found, and mended by the command that it
//! prints. Data: tests/doctor.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};

use harness::{S3, Simulator, moonring, project};
use serde::Deserialize;
use serde_json::Value;

use crate::operations::path;

#[derive(Deserialize)]
struct Faults {
    fault: Vec<Fault>,
}

#[derive(Deserialize)]
struct Fault {
    check: String,
    status: String,
    breaks: Option<String>,
    options: Option<Vec<String>>,
    environment: Option<BTreeMap<String, String>>,
    mends: Option<String>,
    why: Option<String>,
}

/// What every command line begins with.
const WORDS: &str = r#"
of_rule() { aws chime-sdk-voice list-sip-rules --query 'SipRules[0].SipRuleId' --output text; }
of_application() { aws chime-sdk-voice list-sip-media-applications --query "SipMediaApplications[?Name=='$1'].SipMediaApplicationId" --output text; }
with() {
  aws lambda get-function-configuration --function-name acme-line --query Environment > variables.json
  python3 -c "import json, sys; it = json.load(open('variables.json')); it['Variables'][sys.argv[1]] = sys.argv[2]; json.dump(it, open('variables.json', 'w'))" "$1" "$2"
  aws lambda update-function-configuration --function-name acme-line --environment file://variables.json
  published
}
without() {
  aws lambda get-function-configuration --function-name acme-line --query Environment > variables.json
  python3 -c "import json, sys; it = json.load(open('variables.json')); del it['Variables'][sys.argv[1]]; json.dump(it, open('variables.json', 'w'))" "$1"
  aws lambda update-function-configuration --function-name acme-line --environment file://variables.json
}
published() {
  aws lambda update-alias --function-name acme-line --name line --function-version "$(aws lambda publish-version --function-name acme-line --query Version --output text)"
}
RULE=$(of_rule); APPLICATION=$(of_application acme-line); WEST=$(of_application west)
"#;

struct Account {
    folder: tempfile::TempDir,
    s3: S3,
    simulator: Simulator,
    number: String,
}

impl Account {
    fn sound() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("main.lua"), "return function() end").unwrap();
        let simulator = Simulator::start(&["--scripts", folder.path().to_str().unwrap()]);
        let (_, found) =
            simulator.ask("GET", "/search?type=phone-numbers&phone-number-type=TollFree", "");
        let number = found["E164PhoneNumbers"][0].as_str().unwrap().to_owned();
        let account = Self { folder, s3: S3::own(), simulator, number };
        let script = std::fs::read_to_string(project("tests/doctor/sound.sh")).unwrap();
        account.done(&script);
        account
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.folder.path()).env_clear().envs([
            ("PATH", path().as_str()),
            ("HOME", self.folder.path().to_str().unwrap()),
            ("NUMBER", &self.number),
            ("AWS_ENDPOINT_URL", self.s3.endpoint.as_str()),
            ("AWS_ENDPOINT_URL_CHIME_SDK_VOICE", self.simulator.endpoint.as_str()),
            ("AWS_ACCESS_KEY_ID", "test"),
            ("AWS_SECRET_ACCESS_KEY", "test"),
            ("AWS_EC2_METADATA_DISABLED", "true"),
            ("AWS_REGION", "us-east-1"),
            ("AWS_DEFAULT_REGION", "us-east-1"),
            ("AWS_PAGER", ""),
        ]);
        command
    }

    /// Runs commands that must work.
    fn done(&self, script: &str) {
        let mut bash = self.command(Path::new("/bin/bash"));
        let output = bash.args(["-c", script]).output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{script}\n{told}");
    }

    /// Asks the doctor.
    fn doctor(&self, fault: Option<&Fault>) -> Asked {
        let mut doctor = self.command(moonring());
        doctor.args(["doctor", "--json"]);
        match fault.and_then(|fault| fault.options.as_ref()) {
            Some(options) => doctor.args(options),
            None => doctor.args(["--application", "acme-line"]),
        };
        doctor.envs(fault.iter().flat_map(|fault| fault.environment.iter().flatten()));
        Asked::new(&doctor.output().unwrap())
    }
}

/// What the doctor says.
struct Asked {
    code: Option<i32>,
    lines: Vec<Value>,
}

impl Asked {
    fn new(output: &Output) -> Self {
        let report: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
        Self { code: output.status.code(), lines: report["lines"].as_array().unwrap().clone() }
    }

    fn troubles(&self) -> Vec<&Value> {
        self.lines.iter().filter(|line| line["status"] != "ok").collect()
    }
}

#[test]
fn each_planted_fault_is_found_and_its_command_mends_it() {
    find_and_mend(|faults| &faults[..faults.len() / 2]);
}

/// In an account of its own, beside the other half.
#[test]
fn the_other_planted_faults_are_found_and_mended_too() {
    find_and_mend(|faults| &faults[faults.len() / 2..]);
}

fn find_and_mend(chosen: fn(&[Fault]) -> &[Fault]) {
    let account = Account::sound();
    let sound = account.doctor(None);
    assert_eq!((sound.code, sound.troubles()), (Some(0), Vec::new()));
    let text = std::fs::read_to_string(project("tests/doctor/faults.toml")).unwrap();
    let faults: Faults = toml::from_str(&text).unwrap();
    assert!(faults.fault.len() >= 30);
    for fault in chosen(&faults.fault) {
        let Fault { check, status, breaks, mends, why, .. } = fault;
        if let Some(breaks) = breaks {
            account.done(&format!("set -e\n{WORDS}{breaks}"));
        }
        let found = account.doctor(Some(fault));
        let line = found
            .lines
            .iter()
            .find(|line| line["check"] == check.as_str() && line["status"] != "ok");
        let line = line.unwrap_or_else(|| panic!("{check}: {:#?}", found.troubles()));
        assert_eq!(line["status"], status.as_str(), "{line}");
        assert_eq!(found.code, Some(i32::from(status == "wrong")), "{:#?}", found.troubles());
        // One right after the other, where several are missing.
        let mends_of = |line: &&Value| line["status"] != "ok";
        let printed =
            found.lines.iter().filter(mends_of).map(|line| line["mend"].as_str().unwrap());
        let printed = printed.collect::<Vec<_>>().join("\n");
        assert_eq!(mends.is_some(), why.is_some(), "{check}");
        account.done(&format!("set -e\n{WORDS}{}", mends.as_deref().unwrap_or(&printed)));
        let mended = account.doctor(None);
        assert!(mended.troubles().is_empty(), "{check}, {printed}: {:#?}", mended.troubles());
    }
}

#[test]
fn people_read_a_line_for_each_thing_and_the_command_below_it() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("main.lua"), "return function() end").unwrap();
    let (s3, simulator) =
        (S3::shared(), Simulator::start(&["--scripts", folder.path().to_str().unwrap()]));
    let mut doctor = Command::new(moonring());
    doctor.arg("doctor").env_clear().envs(harness::FUNCTION_VARIABLES).envs([
        ("AWS_ENDPOINT_URL", s3.endpoint.as_str()),
        ("AWS_ENDPOINT_URL_CHIME_SDK_VOICE", simulator.endpoint.as_str()),
    ]);
    let output = doctor.output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.starts_with("ok       the Region us-east-1\nok       the account "), "{told}");
    assert!(told.contains("wrong    there is no SIP media application"), "{told}");
    assert!(told.trim_end().lines().last().unwrap().contains("moonring provision apply"), "{told}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("wrong: 1, warnings: 0"));
}
