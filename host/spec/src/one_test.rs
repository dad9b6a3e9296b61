//! One test: warm, and then with a process of its own for each event. Both must tell the same story.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use moonring_exchange::SpokenLine;
use moonring_flow::{Place, Request};

use crate::language::{SpecVm, stuck};
use crate::report::{CallStory, Failure, TestReport, TestResult};
use crate::runner::{Ended, Unit, failure, now_seconds};
use crate::stage::{Mode, Subject};
use crate::suite::Suite;
use crate::test_call::TestCall;

/// How long replies may take that a module gets outside of any call.
const MODULE: Duration = Duration::from_secs(60);

/// What one run of a test came to.
struct Played {
    failure: Option<Failure>,
    skipped: Option<String>,
    calls: Vec<CallStory>,
    spoken: Vec<Vec<SpokenLine>>,
}

/// Runs a test; `script` answers its calls.
pub(crate) fn run_test(
    vm: &SpecVm,
    suite: &Arc<Suite>,
    unit: &Unit,
    script: Option<String>,
) -> Ended {
    let folder = unit.file.rsplit_once('/').map(|(folder, _)| format!("{folder}/"));
    let subject = Subject { file: unit.file.clone(), script, folder: folder.unwrap_or_default() };
    let mut report = TestReport::of(unit, TestResult::Passed);
    let mut snapshots = BTreeMap::new();
    let first = play(vm, suite, unit, &subject, Mode::Warm);
    take_in(vm, &mut report, &mut snapshots);
    report.spoken = first.spoken;
    if let Some(reason) = first.skipped {
        report.result = TestResult::Skipped(reason);
        return Ended { report, snapshots };
    }
    if let Some(failure) = first.failure {
        report.result = TestResult::Failed(Box::new(failure));
        return Ended { report, snapshots };
    }
    if suite.is_once || vm.stage.state.borrow().is_cold_only || first.calls.is_empty() {
        return Ended { report, snapshots };
    }
    let second = play(vm, suite, unit, &subject, Mode::Cold);
    take_in(vm, &mut report, &mut snapshots);
    let failure = match second.failure {
        Some(failure) => Some(Failure {
            note: Some(
                "it holds in one process, and fails where each event has a process of its own"
                    .to_owned(),
            ),
            ..failure
        }),
        None => differs(&first.calls, &second.calls),
    };
    if let Some(failure) = failure {
        report.result = TestResult::Failed(Box::new(failure));
    }
    Ended { report, snapshots }
}

/// What the stage saw goes into the report.
fn take_in(vm: &SpecVm, report: &mut TestReport, snapshots: &mut BTreeMap<String, String>) {
    let mut state = vm.stage.state.borrow_mut();
    if report.printed.is_empty() {
        report.printed.append(&mut state.printed);
    }
    report.unused_replies = state.outside.unused();
    report.events += state.events;
    report.lasts = state.now;
    report.scripts.append(&mut state.scripts);
    snapshots.append(&mut state.snapshots);
}

fn play(vm: &SpecVm, suite: &Suite, unit: &Unit, subject: &Subject, mode: Mode) -> Played {
    let stage = &vm.stage;
    stage.begin(vm.bench.lua().clone(), subject.clone(), mode);
    let declared = vm.declared_at(&unit.file, unit.number, now_seconds(suite));
    let played = match &declared {
        Ok(Some(test)) => {
            let asked = |requests: &[Request], place: Option<&Place>| {
                let outside = Rc::clone(&stage.state.borrow().outside);
                outside.answer_all(requests, place, MODULE)
            };
            vm.bench.call(&test.play, &asked).map_err(|error| vm.bench.explain(&error))
        }
        Ok(None) => Ok(Default::default()),
        Err(error) => Err(error.clone()),
    };
    let skipped = stage.state.borrow().skipped.clone();
    let failed = match &played {
        _ if skipped.is_some() => None,
        Ok(_) => {
            stage.finish();
            let state = stage.state.borrow();
            let failed = state.calls.iter().find_map(TestCall::failure);
            let failed = failed.map(|why| stuck("", why));
            let unanswered = state.outside.unanswered.borrow().first().cloned();
            failed.or(unanswered).map(|message| Failure { message, ..Failure::default() })
        }
        Err(error) => Some(failure(error)),
    };
    let calls: Vec<_> = {
        let state = stage.state.borrow();
        // A comment of the shell: what a command line cannot say.
        let lacks = match state.says_more() {
            true => " # without what the test says with t:config, t:storage and t:reply",
            false => "",
        };
        let story = |call: &TestCall| CallStory {
            began: call.began,
            lines: call.story(),
            log: call.logged(),
            command: call.command() + lacks,
        };
        state.calls.iter().map(story).collect()
    };
    let failure = failed.map(|failure| Failure { calls: calls.clone(), ..failure });
    let spoken = stage.state.borrow().calls.iter().map(|call| call.call.trace().spoken()).collect();
    Played { failure, skipped, calls, spoken }
}

/// A line of a story without the line of the script, which a process that repeats an answer does not
/// know.
fn what(line: &str) -> &str {
    line.rsplit_once("  (").filter(|(_, place)| place.ends_with(')')).map_or(line, |(what, _)| what)
}

/// Where two stories of the same test differ.
fn differs(warm: &[CallStory], cold: &[CallStory]) -> Option<Failure> {
    let is_other = |(warm, cold): &(&CallStory, &CallStory)| {
        warm.lines.len() != cold.lines.len()
            || warm.lines.iter().zip(&cold.lines).any(|(one, other)| what(one) != what(other))
    };
    let (one, other) = warm.iter().zip(cold).find(is_other)?;
    let at = one.lines.iter().zip(&other.lines).position(|(one, other)| what(one) != what(other));
    let at = at.unwrap_or_else(|| one.lines.len().min(other.lines.len()));
    let line = |story: &CallStory| {
        story.lines.get(at).map_or("nothing more", |line| line.trim()).to_owned()
    };
    Some(Failure {
        message: format!(
            "the call is another where each event has a process of its own, as it can be in Lambda\n  one process   {}\n  many          {}\n  keep what later events need in local variables of the flow, and return from call:step what its function has learnt",
            line(one),
            line(other)
        ),
        calls: cold.to_vec(),
        ..Failure::default()
    })
}
