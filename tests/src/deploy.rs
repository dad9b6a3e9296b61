//! `moonring deploy init`: its templates, judged by the tools that read them.

use std::collections::BTreeSet;
use std::process::{Command, Output};

use harness::{
    FUNCTION_VARIABLES, Function, Proxy, S3, Simulator, moonring, new_call, project, said,
};

use crate::flows::said_elsewhere;
use crate::spill::Stage;

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
    std::fs::write(
        folder.path().join("broken.yaml"),
        text.replace("!Ref CodeKey }", "!Ref Code }"),
    )
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

/// The actions of the statement that stands behind this line of the template.
fn allowed<'a>(template: &'a str, behind: &str) -> BTreeSet<&'a str> {
    let rest = &template[template.find(behind).unwrap()..];
    let actions = rest.lines().find_map(|line| line.trim().strip_prefix("Action: ")).unwrap();
    actions.trim_matches(['[', ']']).split(", ").collect()
}

#[test]
fn the_role_of_the_template_may_do_just_what_the_host_asks_of_s3() {
    let template = std::fs::read_to_string(project("host/deploy/templates/template.yaml")).unwrap();
    // A release that is read, and one of the past that is restored by its versions.
    let s3 = S3::shared();
    s3.keep_versions();
    let proxy = Proxy::start(&s3.endpoint);
    said_elsewhere(&s3, &proxy.endpoint);
    let scripts =
        &allowed(&template, "- Sid: ReadScripts") | &allowed(&template, "- Sid: ListScripts");
    assert_eq!(proxy.rights(), scripts);
    // Journals that do not fit into their calls, kept elsewhere until the calls end.
    let stage = Stage::new(100, 20);
    stage.play(&[stage.function("2"), stage.function("2")], 5);
    let state = &template[template.find("PolicyName: state-and-storage").unwrap()..];
    let on_objects = allowed(state, "Statement:");
    let on_bucket = allowed(&state[state.find("state/*").unwrap()..], "- Effect");
    assert_eq!(stage.proxy.rights(), &on_objects | &on_bucket);
}

#[test]
fn the_role_of_the_template_may_read_the_secret_key_and_ask_what_scripts_ask_of_the_service() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("main.lua"),
        "return function(call) chime.create_meeting() call:say 'Welcome.' end",
    )
    .unwrap();
    let output = Command::new(moonring())
        .args(["deploy", "init", "made", "--scripts", "."])
        .current_dir(folder.path())
        .env_clear()
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let template = std::fs::read_to_string(folder.path().join("made/template.yaml")).unwrap();
    let (s3, simulator) =
        (S3::shared(), Simulator::start(&["--scripts", folder.path().to_str().unwrap()]));
    let (aws, chime) = (Proxy::start(&s3.endpoint), Proxy::start(&simulator.endpoint));
    let function = Function::start(&[
        ("MOONRING_SCRIPTS", folder.path().to_str().unwrap()),
        ("MOONRING_SECRET_KEY", "ssm:/keys/of-nobody"),
        ("AWS_ENDPOINT_URL", &aws.endpoint),
        ("AWS_ENDPOINT_URL_CHIME_SDK_MEETINGS", &chime.endpoint),
    ]);
    assert_eq!(said(&function.invoke(&new_call()).answer), "Welcome.");
    assert_eq!(aws.rights(), allowed(&template, "PolicyName: secret-key"));
    let actions = &template[template.find("  ChimeActions:").unwrap()..];
    let actions = actions.lines().find_map(|line| line.trim().strip_prefix("Default: ")).unwrap();
    let actions: BTreeSet<&str> = actions.trim_matches('"').split(',').collect();
    assert_eq!(chime.rights(), actions);
}

#[test]
fn the_file_for_terraform_names_parameters_of_the_template() {
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(project("scripts"), folder.path().join("scripts")).unwrap();
    assert!(init(&["--format", "terraform"], folder.path()).status.success());
    let mut reader = Command::new(harness::server_tools().join("python"));
    reader
        .arg("-c")
        .arg("import hcl2, json, sys; print(json.dumps(hcl2.load(open(sys.argv[1]))), flush=True)");
    let output = reader.arg(folder.path().join("deploy/main.tf")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let read = String::from_utf8(output.stdout).unwrap();
    let template = std::fs::read_to_string(folder.path().join("deploy/template.yaml")).unwrap();
    for parameter in ["CodeBucket", "CodeKey", "Architecture"] {
        assert!(read.contains(parameter), "{read}");
        assert!(template.contains(&format!("\n  {parameter}:\n")), "{parameter}");
    }
    for resource in ["aws_s3_bucket", "aws_s3_object", "aws_cloudformation_stack"] {
        assert!(read.contains(resource), "{read}");
    }
}

#[test]
fn the_workflows_are_sound_by_the_schema_of_github_actions() {
    let folder = tempfile::tempdir().unwrap();
    let judge = |file: &std::path::Path| {
        let mut judge = Command::new(harness::server_tools().join("check-jsonschema"));
        judge.args(["--builtin-schema", "vendor.github-workflows"]).arg(file).output().unwrap()
    };
    for workflow in std::fs::read_dir(project(".github/workflows")).unwrap() {
        let workflow = workflow.unwrap().path();
        let judged = judge(&workflow);
        assert!(judged.status.success(), "{}", String::from_utf8_lossy(&judged.stdout));
        // The schema sees what is wrong.
        let broken = folder.path().join("broken.yml");
        let text = std::fs::read_to_string(workflow).unwrap();
        std::fs::write(&broken, text.replace("runs-on:", "run-on:")).unwrap();
        assert!(!judge(&broken).status.success());
    }
}

#[test]
fn the_cdk_makes_a_stack_of_its_files() {
    let tools = harness::node_folder("test-cdk", &project("tests/cdk"), None)
        .expect("npm installs the packages of tests/cdk; npm comes with Node 20 or newer");
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(project("scripts"), folder.path().join("scripts")).unwrap();
    std::fs::write(folder.path().join("moonring.zip"), "a package").unwrap();
    assert!(init(&["--format", "cdk"], folder.path()).status.success());
    let deploy = folder.path().join("deploy");
    std::os::unix::fs::symlink(tools.join("node_modules"), deploy.join("node_modules")).unwrap();
    let mut cdk = Command::new(tools.join("node_modules/.bin/cdk"));
    cdk.args(["synth", "--no-notices", "--context", "architecture=x86_64"]).current_dir(&deploy);
    cdk.env("HOME", folder.path()).env("CDK_DISABLE_CLI_TELEMETRY", "true");
    let output = cdk.output().unwrap();
    let stack = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    for part in ["Type: AWS::Lambda::Function", "- x86_64", "Type: AWS::S3::BucketPolicy"] {
        assert!(stack.contains(part), "{part}: {stack}");
    }
}

#[test]
fn what_broke_off_goes_on_at_the_next_run_and_wrong_words_ask_nobody() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("main.lua"), "return function() end").unwrap();
    let simulator = Simulator::start(&["--scripts", folder.path().to_str().unwrap()]);
    let provision = |endpoint: &str, arguments: &[&str]| {
        let mut command = Command::new(moonring());
        command.arg("provision").args(arguments).env_clear().envs(FUNCTION_VARIABLES);
        command.env("AWS_ENDPOINT_URL_CHIME_SDK_VOICE", endpoint).output().unwrap()
    };
    let told = |output: &Output| {
        String::from_utf8_lossy(&output.stdout).into_owned()
            + &String::from_utf8_lossy(&output.stderr)
    };
    let order =
        r#"{"ProductType": "SipMediaApplicationDialIn", "E164PhoneNumbers": ["+18445550123"]}"#;
    assert_eq!(simulator.ask("POST", "/phone-number-orders", order).0, 201);
    let function = "arn:aws:lambda:us-east-1:123456789012:function:acme-line:line";
    let line = ["--name", "acme-line", "--function", function, "--number", "+18445550123"];
    // The application is made, and its SIP rule is not: nobody has the backup.
    let apply = [&["apply"], &line[..]].concat();
    let broken = provision(
        &simulator.endpoint,
        &[&apply[..], &["--backup", "00000000-0000-4000-8000-000000000000"]].concat(),
    );
    assert_eq!(broken.status.code(), Some(2), "{}", told(&broken));
    assert!(told(&broken).contains("+ SIP media application acme-line"), "{}", told(&broken));
    let (other, found) =
        simulator.ask("GET", "/search?type=phone-numbers&phone-number-type=TollFree", "");
    assert_eq!(other, 200, "{found}");
    let free = found["E164PhoneNumbers"][0].as_str().unwrap().to_owned();
    let named = ["--name", "other-line", "--function", function, "--number", &free];
    let refused = provision(&simulator.endpoint, &[&["plan"], &named[..]].concat());
    assert!(told(&refused).contains("--order orders it"), "{}", told(&refused));
    // What is ordered is given back with its line.
    let ordered = provision(&simulator.endpoint, &[&["apply"], &named[..], &["--order"]].concat());
    assert!(told(&ordered).contains("is ordered, and costs from now on"), "{}", told(&ordered));
    let destroy = ["destroy", "--name", "other-line", "--release-numbers"];
    let destroyed = provision(&simulator.endpoint, &destroy);
    assert!(told(&destroyed).contains(&format!("- number {free} is given back")));
    let plan = provision(&simulator.endpoint, &[&["plan"], &named[..]].concat());
    assert!(told(&plan).contains("is not among the account's numbers"), "{}", told(&plan));
    let plan = provision(&simulator.endpoint, &[&["plan"], &line[..]].concat());
    let changes = String::from_utf8(plan.stdout).unwrap();
    assert!(
        changes.starts_with("+ SIP rule acme-line 18445550123") && changes.lines().count() == 1
    );
    let applied = provision(&simulator.endpoint, &apply);
    assert!(applied.status.success(), "{}", told(&applied));
    // Nothing listens at this port.
    for (wrong, why) in [
        (["--name", "acme+line", "--function", function], "is no name for an application"),
        (["--name", "acme-line", "--function", "acme-line"], "is no ARN of a function"),
    ] {
        let refused = provision("http://127.0.0.1:1", &[&["plan"], &wrong[..]].concat());
        assert!(told(&refused).contains(why), "{}", told(&refused));
    }
    let alone = provision("http://127.0.0.1:1", &["destroy", "--name", "acme-line"]);
    assert!(told(&alone).contains("aws sts get-caller-identity"), "{}", told(&alone));
}
