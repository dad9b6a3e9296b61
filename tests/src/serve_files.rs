//! What a server keeps: records, recordings, its account, audio files.

use std::process::Command;

use harness::{Simulator, moonring};
use serde_json::{Value, json};

use crate::serve::{BRIEF, NUMBER, credentials, dial, lead, scripts};

#[test]
fn audio_files_are_looked_up_in_a_bucket() {
    let s3 = harness::S3::shared();
    let mut wav =
        b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0data"
            .to_vec();
    wav.extend(32_000_u32.to_le_bytes());
    wav.extend([0; 32_000]);
    s3.put("sounds/hello.wav", &wav);
    s3.put("text.wav", "no wav");
    let script = |key: &str| {
        format!(
            "return {{ new_inbound_call = function() return {{ action.play_audio {{ audio_source = {{ bucket_name = 'sounds', key = '{key}' }} }}, action.hangup {{}} }} end,
              action_failed = function() return action.hangup {{}} end, default = function() end }}"
        )
    };
    let folder = scripts(&script("hello.wav"));
    let location = s3.location();
    let arguments = ["--scripts", folder.path().to_str().unwrap(), "--audio", &location];
    let simulator =
        Simulator::start_with(&arguments, &credentials("AWS_ENDPOINT_URL", &s3.endpoint));
    lead(&simulator, &["Handler"]);
    let story = dial(&simulator, "");
    assert!(story.contains("0:02.0  LEG-A  ends"), "as long as its header says: {story}");
    for (key, expected) in [("text.wav", "InvalidAudioSource"), ("none.wav", "InvalidAudioSource")]
    {
        std::fs::write(folder.path().join("main.lua"), script(key)).unwrap();
        let story = dial(&simulator, "");
        assert!(story.contains(expected) && !story.contains("hears"), "{key}: {story}");
    }
}

#[test]
fn records_and_recordings_are_left_where_buckets_would_have_them() {
    let script = "return { new_inbound_call = function() return {
        action.record_audio { recording_destination = { bucket_name = 'box', prefix = 'in' }, recording_terminators = { '#' } } } end,
      action_successful = function() return action.hangup {} end, default = function() end }";
    let (folder, keep) = (scripts(script), tempfile::tempdir().unwrap());
    let simulator = Simulator::start(&[
        "--scripts",
        folder.path().to_str().unwrap(),
        "--records",
        keep.path().to_str().unwrap(),
    ]);
    lead(&simulator, &["Handler"]);
    let story = dial(&simulator, "talk 1 #");
    assert!(story.contains("is recorded for ") && story.contains("in s3://box/in/"), "{story}");
    // They are written while other calls may go on, the recording last.
    let (record, wav) = harness::until("the files are there", || {
        let mut found = Vec::new();
        let mut folders = vec![keep.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
                if entry.is_dir() { folders.push(entry) } else { found.push(entry) }
            }
        }
        found.sort();
        let [record, recording] = &found[..] else { return None };
        let wav = std::fs::read(recording).unwrap();
        let size = u32::from_le_bytes(wav.get(40..44)?.try_into().unwrap());
        let record = serde_json::from_slice::<Value>(&std::fs::read(record).unwrap()).ok()?;
        (wav.len() == 44 + size as usize).then_some((record, wav))
    });
    assert_eq!((&record["Status"], &record["Direction"]), (&json!("Completed"), &json!("Inbound")));
    // The clock runs: how long it is to the millisecond is a matter of virtual time, and tested
    // there.
    assert!(wav.starts_with(b"RIFF") && wav.len() > 44);
}

#[test]
fn a_server_that_is_stopped_leaves_the_records_of_its_calls() {
    let script = "return { new_inbound_call = function() return { action.pause { duration_in_milliseconds = 60000 } } end, default = function() end }";
    let (folder, keep) = (scripts(script), tempfile::tempdir().unwrap());
    let mut simulator = Simulator::start(&[
        "--scripts",
        folder.path().to_str().unwrap(),
        "--records",
        keep.path().to_str().unwrap(),
    ]);
    lead(&simulator, &["Handler"]);
    let body = json!({"From": "+12065550142", "To": NUMBER}).to_string();
    let (_, call) = simulator.ask("POST", "/moonring/calls", body);
    let id = call["TransactionId"].as_str().unwrap();
    harness::until("the call is answered", || {
        let (_, call) = simulator.ask("GET", &format!("/moonring/calls/{id}"), "");
        call["Story"].to_string().contains("is connected").then_some(())
    });
    assert_eq!(simulator.stop(), Some(0));
    let folder = std::fs::read_dir(keep.path().join("Amazon-Chime-SMADRs"))
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    let found = Command::new("find").arg(folder).args(["-name", "*.json"]).output().unwrap().stdout;
    let record = std::fs::read(String::from_utf8(found).unwrap().trim()).unwrap();
    let record: Value = serde_json::from_slice(&record).unwrap();
    assert_eq!((&record["TransactionId"], &record["Status"]), (&json!(id), &json!("Completed")));
}

#[test]
fn records_go_to_a_bucket_too() {
    let s3 = harness::S3::shared();
    let folder = scripts(BRIEF);
    let arguments = ["--scripts", folder.path().to_str().unwrap(), "--records", &s3.location()];
    let simulator =
        Simulator::start_with(&arguments, &credentials("AWS_ENDPOINT_URL", &s3.endpoint));
    lead(&simulator, &["Handler"]);
    dial(&simulator, "");
    let names = harness::until("the record is there", || {
        Some(s3.names()).filter(|names| !names.is_empty())
    });
    assert!(names[0].starts_with("Amazon-Chime-SMADRs/") && names.len() == 1, "{names:?}");
}

#[test]
fn a_state_that_cannot_be_written_is_no_end_of_the_calls() {
    let (folder, keep) = (scripts(BRIEF), tempfile::tempdir().unwrap());
    let place = keep.path().join("state");
    std::fs::create_dir(&place).unwrap();
    let state = place.join("account.json");
    let simulator = Simulator::start(&[
        "--scripts",
        folder.path().to_str().unwrap(),
        "--state",
        state.to_str().unwrap(),
    ]);
    lead(&simulator, &["Handler"]);
    std::fs::rename(&place, keep.path().join("gone")).unwrap();
    let order =
        json!({"ProductType": "SipMediaApplicationDialIn", "E164PhoneNumbers": ["+18445550150"]})
            .to_string();
    assert_eq!(simulator.ask("POST", "/phone-number-orders", order).0, 500);
    let (_, numbers) = simulator.ask("GET", "/phone-numbers", "");
    assert_eq!(
        numbers["PhoneNumbers"].as_array().unwrap().len(),
        1,
        "what was not written was not done"
    );
    assert!(dial(&simulator, "").contains("hears “Hi”"));
}

#[test]
fn what_was_acknowledged_outlives_a_kill() {
    let (folder, keep) = (scripts(BRIEF), tempfile::tempdir().unwrap());
    let state = keep.path().join("account.json");
    let arguments =
        ["--scripts", folder.path().to_str().unwrap(), "--state", state.to_str().unwrap()];
    let mut simulator = Simulator::start(&arguments);
    lead(&simulator, &["Handler"]);
    simulator.kill();
    let simulator = Simulator::start(&arguments);
    assert!(dial(&simulator, "").contains("hears “Hi”"));
    let left = std::fs::read_dir(keep.path())
        .unwrap()
        .map(|item| item.unwrap().file_name().into_string().unwrap());
    let left: std::collections::BTreeSet<_> = left.collect();
    assert_eq!(
        left,
        ["account.json", "account.json.lock"].map(str::to_owned).into(),
        "no half-written file is left"
    );
}

#[test]
fn an_account_that_is_not_there_yet_is_kept_by_one_server() {
    let folder = scripts(BRIEF);
    let keep = tempfile::tempdir().unwrap();
    let state = keep.path().join("account.json");
    // What a process that was killed has left: no process has a number that large.
    let part = keep.path().join("account.json.4194305.part");
    std::fs::write(&part, "{").unwrap();
    let arguments =
        ["--scripts", folder.path().to_str().unwrap(), "--state", state.to_str().unwrap()];
    let first = Simulator::start(&arguments);
    assert!(!state.exists() && !part.exists());
    let second = std::process::Command::new(moonring())
        .args(["serve", "--port", "0"])
        .args(arguments)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&second.stderr);
    assert!(second.status.code() == Some(2) && said.contains("another server is using"), "{said}");
    lead(&first, &["Handler"]);
    assert!(state.exists());
}
