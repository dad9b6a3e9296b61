//! The engine as its caller sees it: releases of a few lines, real events, steps and errors.

mod answers;
mod driver;
mod flows;
mod fuzz;
mod reach;
mod routes;
mod sandbox;
mod workbench;

use std::sync::Arc;

use moonring_flow::{Reply, Request, SavedJournal, Secrets};
use moonring_wire::Event;
use serde_json::{Map, Value, json};

use crate::*;

const NEW_INBOUND_CALL: &str =
    include_str!("../../../../tests/events/NEW_INBOUND_CALL-none-basic.json");

fn load(files: &[(&str, &str)], cancel: &CancelFlag, limits: Limits) -> Program {
    let files = files.iter().map(|(name, text)| (*name, text.as_bytes()));
    let compiled = Compiled::new(files, &Map::new()).unwrap();
    Program::load(&compiled, cancel.clone(), limits).unwrap()
}

fn event(text: &str) -> Arc<Event> {
    Arc::new(Event::parse(text.as_bytes()).unwrap())
}

fn input(number: u64, event: &Arc<Event>) -> Input<'_> {
    const BUCKETS: &Buckets = &Buckets { audio: None, recordings: None };
    const SECRETS: &Secrets = &Secrets::none();
    let (script, release, now_seconds) = ("main", "r1", 1_718_036_406);
    Input {
        number,
        event,
        script,
        release,
        arguments: None,
        kept_arguments: None,
        now_seconds,
        journal: None,
        buckets: BUCKETS,
        secrets: SECRETS,
    }
}

fn start(program: &Program, number: u64, event: &Arc<Event>) -> RunOutcome {
    program.start(input(number, event))
}

/// The answer of `main.lua` to a new call, or its error.
fn ask(files: &[(&str, &str)]) -> Result<Value, String> {
    let program = load(files, &CancelFlag::default(), Limits::default());
    read(start(&program, 1, &event(NEW_INBOUND_CALL)))
}

fn read(turn: RunOutcome) -> Result<Value, String> {
    match turn.result.map_err(|error| error.to_string())? {
        Step::Answer(answer) => Ok(serde_json::to_value(answer).unwrap()),
        Step::Requests(_) => panic!("it asked for something"),
    }
}

fn handler(body: &str) -> String {
    format!("return {{ new_inbound_call = function(event, call)\n{body}\nend }}")
}
