//! `moonring replay`: how a difference is told, and recorded anew.

use serde_json::{Value, json};

use crate::replay::{replay, text_of, transcript};

#[test]
fn a_difference_is_told_with_both_sides_and_the_line() {
    let folder = tempfile::tempdir().unwrap();
    let script = "return { new_inbound_call = function(event, call)
      local reply, err = aws.json { service = 'dynamodb', operation = 'GetItem', input = { Key = 'k' } }
      return action.speak { text = config.word .. ', ' .. (reply and reply.Item.text or err.message) .. os.date(' %H:%M') }
    end }";
    std::fs::write(folder.path().join("main.lua"), script).unwrap();
    let answer = |text: &str| json!({"SchemaVersion": "1.0", "Actions": [{"Type": "Speak", "Parameters": {"Text": text}}]});
    let scripts = folder.path().to_str().unwrap().to_owned();
    let same = transcript(folder.path(), &answer("hello, from the table 16:20"));
    let output = replay(&[same.to_str().unwrap(), "--scripts", &scripts]);
    assert_eq!(
        (output.status.code(), text_of(&output.stdout)),
        (Some(0), String::new()),
        "{}",
        text_of(&output.stderr)
    );

    let other = transcript(folder.path(), &answer("good night"));
    let path = other.to_str().unwrap();
    let output = replay(&[path, "--scripts", &scripts]);
    let wanted = format!(
        "{path}: step 1, NEW_INBOUND_CALL: the answer differs
  Actions[0].Parameters.Text
    recorded  \"good night\"
    now       \"hello, from the table 16:20\"
  built at  main.lua:3
"
    );
    assert_eq!((output.status.code(), text_of(&output.stdout)), (Some(1), wanted));
    let output = replay(&[path, "--scripts", &scripts, "--json"]);
    let result: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (&result["same"], &result["calls"][0]["differences"][0]["step"]),
        (&json!(false), &json!(1))
    );

    std::fs::write(folder.path().join("main.lua"), script.replace("GetItem", "PutItem")).unwrap();
    let output = replay(&[path, "--scripts", &scripts]);
    assert!(
        text_of(&output.stdout).contains("no reply is recorded; use `moonring replay --live`"),
        "{}",
        text_of(&output.stdout)
    );
}

#[test]
fn accept_records_anew_what_differs_and_leaves_the_rest_alone() {
    let folder = tempfile::tempdir().unwrap();
    let script = "return { new_inbound_call = function(event, call)
      local reply = aws.json { service = 'dynamodb', operation = 'GetItem', input = { Key = 'k' } }
      return action.speak { text = reply.Item.text }
    end }";
    std::fs::write(folder.path().join("main.lua"), script).unwrap();
    let scripts = folder.path().to_str().unwrap();
    let answer = |text: &str| json!({"SchemaVersion": "1.0", "Actions": [{"Type": "Speak", "Parameters": {"Text": text}}]});
    let (first, second) = (folder.path().join("first"), folder.path().join("second"));
    [&first, &second].iter().for_each(|folder| std::fs::create_dir(folder).unwrap());
    let same = transcript(&first, &answer("from the table"));
    let other = transcript(&second, &answer("good night"));
    let before = std::fs::read(&same).unwrap();
    let paths = [same.to_str().unwrap(), other.to_str().unwrap()];
    let accepted = replay(&[paths[0], paths[1], "--scripts", scripts, "--accept"]);
    assert_eq!(accepted.status.code(), Some(0), "{}", text_of(&accepted.stderr));
    assert!(
        text_of(&accepted.stderr).contains(&format!("{}: recorded anew", paths[1])),
        "{}",
        text_of(&accepted.stderr)
    );
    assert_eq!(std::fs::read(&same).unwrap(), before);
    let again = replay(&[paths[0], paths[1], "--scripts", scripts]);
    assert_eq!((again.status.code(), text_of(&again.stdout)), (Some(0), String::new()));
}

#[test]
fn accept_records_no_call_in_which_a_script_fails() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("main.lua"),
        "return { new_inbound_call = function() nothing.at_all() end }",
    )
    .unwrap();
    let scripts = folder.path().to_str().unwrap();
    let answer = json!({"SchemaVersion": "1.0", "Actions": [{"Type": "Speak", "Parameters": {"Text": "Hello"}}]});
    let path = transcript(folder.path(), &answer);
    let before = std::fs::read(&path).unwrap();
    let output = replay(&[path.to_str().unwrap(), "--scripts", scripts, "--accept"]);
    let told = text_of(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(
        told.contains("not recorded anew, because a script fails; step 1: main.lua:1"),
        "{told}"
    );
    assert_eq!(std::fs::read(&path).unwrap(), before);
}
