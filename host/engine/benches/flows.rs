//! What a flow costs: the replay of its journal, and a step of one that is still in memory.
//! `cargo bench --package moonring-engine`

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::panic,
    reason = "a benchmark prints its figures, and fails loudly"
)]

use std::sync::Arc;

use divan::Bencher;
use moonring_engine::{Buckets, CancelFlag, Compiled, Input, Limits, Program, RunOutcome, Step};
use moonring_flow::{SavedJournal, Secrets};
use moonring_wire::{Answer, Event};
use serde_json::{Map, Value, json};

const NEW_CALL: &str = include_str!("../../../tests/events/NEW_INBOUND_CALL-none-basic.json");
const BUCKETS: &Buckets = &Buckets { audio: None, recordings: None };

const FLOW: &str = "return function(call)
  while true do
    call:menu { say = 'For sales, press 1. For support, press 2.', options = { ['1'] = 'sales', ['2'] = 'support' } }
  end
end";

const HANDLERS: &str = "return { default = function()
  return action.speak_and_get_digits {
    input_digits_regex = '^(1|2)$', min_number_of_digits = 1, max_number_of_digits = 1, tries = 3, terminator_digits = { '#' },
    repeat_duration_in_milliseconds = 5000,
    speech_parameters = { text = 'For sales, press 1. For support, press 2.' },
    failure_speech_parameters = { text = '<speak><break time=\"100ms\"/></speak>', text_type = 'ssml' },
  }
end }";

fn main() {
    divan::main();
}

fn load(script: &str) -> Program {
    let compiled = Compiled::new([("main.lua", script.as_bytes())], &Map::new()).unwrap();
    let limits = Limits { journal_chars: 100_000, ..Limits::default() };
    Program::load(&compiled, CancelFlag::default(), limits).unwrap()
}

fn start(program: &Program, event: &Arc<Event>, journal: Option<&SavedJournal>) -> RunOutcome {
    let (number, script, release, arguments, now_seconds) = (1, "main", "r", None, 1_718_036_406);
    let kept_arguments = None;
    program.start(Input {
        number,
        event,
        script,
        release,
        arguments,
        kept_arguments,
        now_seconds,
        journal,
        buckets: BUCKETS,
        secrets: &Secrets::none(),
    })
}

fn answer(turn: &RunOutcome) -> &Answer {
    match &turn.result {
        Ok(Step::Answer(answer)) => answer,
        other => panic!("{other:?}"),
    }
}

/// The event that the last action of an answer has ended with a key.
fn pressed(answer: &Answer) -> Arc<Event> {
    let asked = serde_json::to_value(answer).unwrap()["Actions"]
        .as_array()
        .unwrap()
        .last()
        .unwrap()
        .clone();
    let mut event: Value = serde_json::from_str(NEW_CALL).unwrap();
    event["InvocationEventType"] = json!("ACTION_SUCCESSFUL");
    event["ActionData"] =
        json!({"Type": asked["Type"], "Parameters": asked["Parameters"], "ReceivedDigits": "1"});
    Arc::new(Event::parse(event.to_string().as_bytes()).unwrap())
}

fn new_call() -> Arc<Event> {
    Arc::new(Event::parse(NEW_CALL.as_bytes()).unwrap())
}

/// An event of a flow that has come so far, in a process that has never seen it.
#[divan::bench(args = [0, 100, 300, 900], sample_count = 200, sample_size = 5)]
fn replay(bencher: Bencher, steps: usize) {
    let program = load(FLOW);
    let mut turn = start(&program, &new_call(), None);
    let event = pressed(answer(&turn));
    for _ in 0..steps {
        turn = start(&program, &event, turn.journal.as_ref());
    }
    let journal = turn.journal.unwrap();
    println!("{steps} steps: {} characters", journal.text().len());
    bencher.bench_local(|| {
        program.forget_flows();
        let turn = start(&program, &event, Some(&journal));
        assert_eq!(answer(&turn).actions.as_ref().map(Vec::len), Some(1));
    });
}

/// An event of a flow that is in memory, and the same with handlers.
#[divan::bench(args = ["flow", "handlers"], sample_count = 1000, sample_size = 1)]
fn warm_step(bencher: Bencher, style: &str) {
    let program = load(if style == "flow" { FLOW } else { HANDLERS });
    let (call, event) = (new_call(), pressed(answer(&start(&load(FLOW), &new_call(), None))));
    bencher.with_inputs(|| start(&program, &call, None).journal).bench_local_values(|journal| {
        let turn = start(&program, &event, journal.as_ref());
        assert_eq!(answer(&turn).actions.as_ref().map(Vec::len), Some(1));
        turn
    });
}
