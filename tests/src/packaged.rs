//! `moonring package`, and the copy of the scripts in it: what serves when S3 is down at the start.

use std::path::Path;
use std::process::{Command, Output};

use harness::{Function, Proxy, S3, event_of, moonring, new_call, said, says, until};
use serde_json::Value;

fn package(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(moonring());
    command.arg("package").args(arguments).current_dir(folder).env_clear();
    command.output().unwrap()
}

fn talk(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// What Python's own reader finds in an archive: each file's mode and name.
fn listed(zip: &Path) -> String {
    let script = "import sys, zipfile
for file in zipfile.ZipFile(sys.argv[1]).infolist():
    print(oct(file.external_attr >> 16 & 0o777), file.filename)";
    let output = Command::new("python3").args(["-c", script]).arg(zip).output().unwrap();
    assert!(output.status.success(), "{}", talk(&output));
    String::from_utf8(output.stdout).unwrap()
}

fn write(folder: &Path, text: &str) {
    std::fs::create_dir_all(folder.join("scripts")).unwrap();
    std::fs::write(folder.join("scripts/main.lua"), text).unwrap();
}

#[test]
fn a_package_has_the_program_and_the_scripts_and_is_the_same_twice() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    write(folder, &says("packed"));
    std::fs::write(folder.join("scripts/main.spec.lua"), "return {}").unwrap();
    // A program by its first bytes: ELF, 64 bits, for Graviton.
    let mut program = b"\x7fELF\x02\x01\x01".to_vec();
    program.resize(4096, 0);
    program[18] = 0xb7;
    std::fs::write(folder.join("bootstrap"), program).unwrap();
    let own = ["--bootstrap", "bootstrap", "--arch", "arm64", "--out"];
    let output = package(folder, &[&own[..], &["one.zip", "--json"]].concat());
    assert!(output.status.success(), "{}", talk(&output));
    let result: Value = serde_json::from_slice(&output.stdout).unwrap();
    let names = listed(&folder.join("one.zip"));
    assert!(names.starts_with("0o755 bootstrap\n"), "{names}");
    assert!(names.contains("0o644 scripts/main.lua\n"), "{names}");
    std::fs::write(folder.join("scripts/main.lua"), says("packed")).unwrap();
    assert!(package(folder, &[&own[..], &["two.zip"]].concat()).status.success());
    let read = |name: &str| std::fs::read(folder.join(name)).unwrap();
    assert_eq!(read("one.zip"), read("two.zip"));
    let sums = String::from_utf8(read("one.zip.sha256")).unwrap();
    assert!(sums.contains(result["sha256"].as_str().unwrap()), "{sums}");
    let mut check = Command::new("sha256sum");
    check.args(["--check", "two.zip.sha256"]).current_dir(folder);
    assert!(check.output().unwrap().status.success());
}

#[test]
fn scripts_with_errors_and_programs_for_another_processor_are_not_packed() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    write(folder, "return function(call) call:sya() end");
    harness::bootstrap();
    let output = package(folder, &["--out", "one.zip"]);
    assert_eq!(output.status.code(), Some(1), "{}", talk(&output));
    // The program of this machine is found beside the command.
    let other = if cfg!(target_arch = "x86_64") { "arm64" } else { "x86_64" };
    let output = package(folder, &["--no-scripts", "--arch", other, "--out", "one.zip"]);
    assert!(output.status.code() == Some(2) && talk(&output).contains("was asked for"));
    let script = ["--no-scripts", "--bootstrap", "scripts/main.lua", "--out", "one.zip"];
    let output = package(folder, &script);
    assert!(talk(&output).contains("no Linux program"), "{}", talk(&output));
    assert!(!folder.join("one.zip").exists());
}

#[test]
fn the_copy_in_the_package_serves_until_s3_is_back_and_its_calls_stay_on_it() {
    let s3 = S3::shared();
    let proxy = Proxy::start(&s3.endpoint);
    s3.put("main.lua", &says("from S3"));
    let task = tempfile::tempdir().unwrap();
    write(task.path(), &says("from the package"));
    let settings = [
        ("MOONRING_SCRIPTS", s3.location()),
        ("AWS_ENDPOINT_URL", proxy.endpoint.clone()),
        ("MOONRING_REFRESH_SECONDS", "0".to_owned()),
        ("LAMBDA_TASK_ROOT", task.path().to_str().unwrap().to_owned()),
    ];
    let settings = settings.each_ref().map(|(name, value)| (*name, value.as_str()));
    proxy.refuse("list", 503);
    let function = Function::start(&settings);
    let first = new_call();
    let answer = function.invoke(&first).answer;
    assert_eq!(said(&answer), "from the package");
    function.log_line("no release can be had from");
    proxy.pass();
    until("from S3", || (said(&function.invoke(&new_call()).answer) == "from S3").then_some(()));
    // Here, and on an instance that has never served the copy.
    let other = Function::start(&settings);
    assert_eq!(said(&other.invoke(&new_call()).answer), "from S3");
    for function in [&function, &other] {
        let call = first["CallDetails"]["TransactionId"].as_str().unwrap();
        let mut event = event_of(call, "DIGITS_RECEIVED-ReceiveDigits-match");
        event["CallDetails"]["TransactionAttributes"] = answer["TransactionAttributes"].clone();
        assert_eq!(said(&function.invoke(&event).answer), "from the package");
    }
    let is_answered = |line: &Value| line["outcome"] == "answered";
    assert!(function.event_lines().iter().chain(&other.event_lines()).all(is_answered));
}

#[test]
fn the_copy_serves_where_what_is_in_s3_is_refused() {
    let s3 = S3::shared();
    s3.put("main.lua", "return nonsense nonsense");
    let task = tempfile::tempdir().unwrap();
    write(task.path(), &says("from the package"));
    let function = Function::start(&[
        ("MOONRING_SCRIPTS", &s3.location()),
        ("AWS_ENDPOINT_URL", &s3.endpoint),
        ("LAMBDA_TASK_ROOT", task.path().to_str().unwrap()),
    ]);
    assert_eq!(said(&function.invoke(&new_call()).answer), "from the package");
    function.log_line("the release is refused");
}

/// A function with a copy in its package, behind a proxy.
fn with_copy(s3: &S3, proxy: &Proxy, copy: &str) -> (Function, tempfile::TempDir) {
    let task = tempfile::tempdir().unwrap();
    write(task.path(), copy);
    let function = Function::start(&[
        ("MOONRING_SCRIPTS", &s3.location()),
        ("AWS_ENDPOINT_URL", &proxy.endpoint),
        ("LAMBDA_TASK_ROOT", task.path().to_str().unwrap()),
    ]);
    (function, task)
}

#[test]
fn a_call_in_progress_is_not_led_to_the_copy_once_s3_is_back() {
    let s3 = S3::shared();
    let proxy = Proxy::start(&s3.endpoint);
    s3.put("main.lua", &says("from S3"));
    let (whole, _task) = with_copy(&s3, &proxy, &says("from the package"));
    let first = new_call();
    let answer = whole.invoke(&first).answer;
    assert_eq!(said(&answer), "from S3");
    proxy.refuse("list", 503);
    let (late, _task) = with_copy(&s3, &proxy, &says("from the package"));
    let call = first["CallDetails"]["TransactionId"].as_str().unwrap();
    let mut event = event_of(call, "DIGITS_RECEIVED-ReceiveDigits-match");
    event["CallDetails"]["TransactionAttributes"] = answer["TransactionAttributes"].clone();
    // Nothing else can be had: the copy answers, and the call keeps its own release.
    let between = late.invoke(&event).answer;
    assert_eq!(said(&between), "from the package");
    late.log_line("the release that the call began with cannot be had");
    proxy.pass();
    // An answer without attributes leaves those of the call as they are.
    if let Some(attributes) = between.get("TransactionAttributes") {
        event["CallDetails"]["TransactionAttributes"] = attributes.clone();
    }
    event["Sequence"] = 9.into();
    assert_eq!(said(&late.invoke(&event).answer), "from S3");
}

#[test]
fn routes_lead_to_published_aliases_again_after_a_start_on_the_copy() {
    let s3 = S3::shared();
    let proxy = Proxy::start(&s3.endpoint);
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let route = |release: &str| {
        let routes = format!("return {{ {{ release = \"{release}\" }} }}");
        std::fs::write(folder.join("scripts/routes.lua"), routes).unwrap();
    };
    write(folder, &says("next"));
    crate::published::done(&s3, folder, &["push", "--alias", "next"]);
    std::fs::write(folder.join("scripts/main.lua"), says("live")).unwrap();
    route("next");
    // What a folder has of the alias, a check looks for.
    std::fs::create_dir(folder.join("scripts/@next")).unwrap();
    std::fs::write(folder.join("scripts/@next/main.lua"), says("next")).unwrap();
    crate::published::done(&s3, folder, &["push", "--alias", "live"]);
    for what in ["list", "aliases/live.json"] {
        proxy.refuse(what, 503);
    }
    proxy.fail_with(1..usize::MAX, 503);
    let task = tempfile::tempdir().unwrap();
    write(task.path(), &says("copy"));
    std::fs::copy(folder.join("scripts/routes.lua"), task.path().join("scripts/routes.lua"))
        .unwrap();
    let function = Function::start(&[
        ("MOONRING_SCRIPTS", &s3.location()),
        ("AWS_ENDPOINT_URL", &proxy.endpoint),
        ("MOONRING_REFRESH_SECONDS", "0"),
        ("LAMBDA_TASK_ROOT", task.path().to_str().unwrap()),
    ]);
    assert_eq!(said(&function.invoke(&new_call()).answer), "copy");
    proxy.pass();
    until("next", || (said(&function.invoke(&new_call()).answer) == "next").then_some(()));
}
