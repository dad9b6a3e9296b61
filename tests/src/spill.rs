//! Journals that are too long for their calls, in a real bucket that fails now and then.

use harness::{APOLOGY, Function, Proxy, S3, event_of, new_call, said, until};
use serde_json::{Value, json};

use crate::flows::pressed;

/// Many small steps between two questions.
const SCRIPT: &str = "return function(call)
  local sum = 0
  for round = 1, ROUNDS do
    for number = 1, STEPS do
      sum += call:step(`add {number}`, function() return number end)
    end
    local keys = call:ask { say = `{round}: {sum}`, max = 1 }
    sum += tonumber(keys)
  end
  call:say(`In all {sum}.`)
end";

pub(crate) struct Stage {
    s3: S3,
    pub(crate) proxy: Proxy,
    folder: tempfile::TempDir,
    rounds: usize,
}

impl Stage {
    pub(crate) fn new(rounds: usize, steps: usize) -> Self {
        let s3 = S3::shared();
        let proxy = Proxy::start(&s3.endpoint);
        let folder = tempfile::tempdir().unwrap();
        let script =
            SCRIPT.replace("ROUNDS", &rounds.to_string()).replace("STEPS", &steps.to_string());
        std::fs::write(folder.path().join("main.lua"), script).unwrap();
        Self { s3, proxy, folder, rounds }
    }

    pub(crate) fn function(&self, pairs: &str) -> Function {
        let journal = format!("{}/journals", self.s3.location());
        Function::start(&[
            ("MOONRING_SCRIPTS", self.folder.path().to_str().unwrap()),
            ("MOONRING_STATE", &journal),
            ("MOONRING_JOURNAL_PAIRS", pairs),
            ("AWS_ENDPOINT_URL", &self.proxy.endpoint),
        ])
    }

    /// Plays a call to its end, each event with the function that comes next. What was said to each
    /// of them.
    pub(crate) fn play(&self, functions: &[Function], each: usize) -> Vec<Value> {
        let (call, mut attributes) = (new_call(), Value::Null);
        let mut answers = vec![functions[0].invoke(&call).answer];
        for round in 0..self.rounds {
            let before = answers.last().unwrap();
            if said_of(before) == APOLOGY {
                break;
            }
            let event = pressed(&call, before, &mut attributes, "1");
            answers.push(functions[round / each % functions.len()].invoke(&event).answer);
        }
        let mut hangup = event_of("flow", "HANGUP-Hangup-lega");
        hangup["CallDetails"] = call["CallDetails"].clone();
        hangup["CallDetails"]["TransactionAttributes"] =
            answers.last().unwrap().get("TransactionAttributes").cloned().unwrap_or(attributes);
        hangup["CallDetails"]["Participants"][0]["Status"] = json!("Disconnected");
        hangup["ActionData"]["Parameters"]["CallId"] =
            call["CallDetails"]["Participants"][0]["CallId"].clone();
        answers.push(functions[0].invoke(&hangup).answer);
        answers
    }

    /// What lies in the bucket of any call.
    fn left(&self) -> Vec<String> {
        self.s3.names().into_iter().filter(|name| name.starts_with("journals/")).collect()
    }
}

/// What is asked or said first in an answer.
fn said_of(answer: &Value) -> String {
    let parameters = &answer["Actions"][0]["Parameters"];
    parameters["SpeechParameters"]["Text"].as_str().unwrap_or_else(|| said(answer)).to_owned()
}

fn without_attributes(answers: &[Value]) -> Vec<Value> {
    answers.iter().map(|answer| answer["Actions"].clone()).collect()
}

#[test]
fn five_thousand_steps_of_one_call_go_from_process_to_process_and_nothing_is_left() {
    let stage = Stage::new(100, 50);
    let functions = [stage.function("6"), stage.function("6")];
    let answers = stage.play(&functions, 10);
    // 1275 a round, and the key.
    assert_eq!(said_of(&answers[100]), format!("In all {}.", 100 * 1276));
    let longest = answers
        .iter()
        .filter_map(|answer| answer["TransactionAttributes"].as_object())
        .map(serde_json::Map::len);
    assert!(longest.max().unwrap() <= 7, "six pairs, and the one beside them");
    let requests = stage.proxy.take_requests();
    let puts_and_gets = requests.iter().filter(|name| name.contains("/journal-")).count();
    assert!((8..60).contains(&puts_and_gets), "{puts_and_gets} requests for 101 events");
    assert_eq!(stage.left(), [""; 0]);
}

#[test]
fn one_request_that_fails_is_one_that_nobody_notices() {
    let stage = Stage::new(8, 60);
    let expected = {
        let functions = [stage.function("1"), stage.function("1")];
        without_attributes(&stage.play(&functions, 1))
    };
    let requests = stage.proxy.take_requests().len();
    assert!(requests > 8, "only {requests} requests");
    assert_eq!(said_of(&json!({"Actions": expected[8]})), format!("In all {}.", 8 * 1831));
    for failing in 1..=requests {
        stage.proxy.fail(failing..failing + 1);
        let functions = [stage.function("1"), stage.function("1")];
        assert_eq!(
            without_attributes(&stage.play(&functions, 1)),
            expected,
            "request {failing} of {requests}"
        );
        stage.proxy.fail(0..0);
    }
    assert_eq!(stage.left(), [""; 0]);
}

#[test]
fn when_s3_is_down_the_caller_hears_the_fallback_and_the_log_says_why() {
    let stage = Stage::new(8, 60);
    let mut failed = 0;
    for from in [1, 2, 3, 5] {
        stage.proxy.fail(from..usize::MAX);
        let functions = [stage.function("1"), stage.function("1")];
        let answers = stage.play(&functions, 1);
        let last = &answers[answers.len() - 2];
        assert_eq!(said_of(last), APOLOGY, "down from request {from} on");
        let line = until("the line", || {
            functions
                .iter()
                .flat_map(Function::event_lines)
                .find(|line| line["reason"] == "journal")
        });
        let text = line["error"].as_str().unwrap();
        assert!(text.starts_with("the journal of the call is "), "{text}");
        failed += 1;
        stage.proxy.fail(0..0);
    }
    assert_eq!(failed, 4);
}
