//! What is seen at the end: of a call, and of the whole walk.

use std::collections::{BTreeMap, BTreeSet};

use moonring_exchange::Happened;
use moonring_flow::Place;
use moonring_spec::{CallStart, saved_test};
use serde_json::{Map, Value};

use super::Walk;
use crate::answer::AnswerView;
use crate::choice::Choice;
use crate::command::command;
use crate::dead_air;
use crate::finding::{COLD_DIFFERS, Finding, NEVER_RUN};
use crate::hosts::Question;
use crate::judge::{self, Fault};
use crate::path::{AskedEvent, Path};
use crate::plan::Direction;
use crate::report::WalkedPath;

impl Walk<'_> {
    /// A call is over.
    pub(super) fn end(&mut self, path: &Path) {
        if let Some(fault) = judge::of_end(path) {
            let node = path.steps.last().map(|step| step.node);
            self.found(fault, path, node);
        }
        if let Some(fault) = dead_air::of(path) {
            self.found(fault, path, path.steps.last().map(|step| step.node));
        }
        self.compare_warm(path);
        let (mut rings, mut places) = (Vec::new(), BTreeSet::new());
        for entry in &path.call.trace().entries {
            match &entry.happened {
                Happened::Rings { to, place, .. } => {
                    rings.push(to.clone());
                    places.extend(place.clone());
                }
                Happened::Answered { api_calls, .. } => {
                    let asking = api_calls.iter().filter_map(|call| call["place"].as_str());
                    places.extend(asking.map(str::to_owned));
                }
                Happened::Hears { place: Some(place), .. }
                | Happened::Does { place: Some(place), .. } => {
                    places.insert(place.clone());
                }
                _ => {}
            }
        }
        self.report.paths.push(WalkedPath {
            words: path.words(),
            command: command(path, self.plan),
            script: path.script.clone(),
            test: self.plan.saves_tests.then(|| test(path, &self.plan.arguments)),
            rings,
            places: places.into_iter().collect(),
        });
    }

    /// The whole call again, in one process: it must answer the same.
    fn compare_warm(&mut self, path: &Path) {
        self.host.forget_calls();
        for asked in &path.asked {
            let AskedEvent { event, now_ms, memory, fates, .. } = asked.as_ref();
            let question = Question { event, now_ms: *now_ms, memory, chosen: fates };
            let again = self.host.answer_warm(&question);
            if again.answer.get("Actions") != asked.answer.get("Actions") {
                let view = AnswerView::new(&again.answer, &again.outcome.places);
                let place = view.place().or(asked.place.as_ref()).cloned();
                let cold = AnswerView::new(&asked.answer, &[]).said();
                let message = format!(
                    "one process answers “{}”, a new one “{cold}”; keep what later events need in locals of the flow",
                    view.said()
                );
                return self.found(Fault::new(&COLD_DIFFERS, place, message), path, None);
            }
        }
    }

    /// Lines of scripts that have run, of which no path has run these.
    pub(super) fn never_run(&mut self) {
        let mut files: BTreeMap<String, BTreeMap<u32, u32>> = BTreeMap::new();
        for run in self.host.lines_run() {
            *files.entry(run.file).or_default().entry(run.line).or_default() += run.times;
        }
        for (file, lines) in files {
            let is_own = !file.starts_with('@') && lines.values().any(|times| *times > 0);
            let missed: Vec<u32> =
                lines.iter().filter(|(_, times)| **times == 0).map(|(line, _)| *line).collect();
            let Some(first) = missed.first().copied().filter(|_| is_own) else { continue };
            let all: Vec<String> = missed.iter().map(u32::to_string).collect();
            let finding = Finding {
                kind: &NEVER_RUN,
                place: Some(Place { file, line: first }),
                message: format!("no path has run these lines: {}", all.join(", ")),
                path: Vec::new(),
                command: None,
                failed_requests: Vec::new(),
                is_made_up: false,
                node: None,
            };
            self.findings.entry(finding.id()).or_insert(finding);
        }
    }
}

/// What a path is called among tests: what people do, who calls, and when.
fn name(path: &Path) -> String {
    let mut words = path.words();
    words.extend(path.failed_requests());
    if words.is_empty() {
        words.push("nobody does anything".to_owned());
    }
    let way = match path.start.direction {
        Direction::Inbound => format!("from {}", path.start.from),
        Direction::Outbound { answer, .. } => format!("outbound, {}", answer.word()),
    };
    let at = path.start.at.as_ref().map(|at| format!(", {}", at.time)).unwrap_or_default();
    format!("{} ({way}{at})", words.join(", "))
}

/// A path as a test of its script.
fn test(path: &Path, arguments: &Map<String, Value>) -> String {
    let failures = path.steps.iter().filter_map(|step| match &step.choice {
        Choice::ActionFails { action } => Some((action.clone(), "SystemException".to_owned())),
        _ => None,
    });
    let start = CallStart {
        from: path.call.exchange().start().from.clone(),
        to: path.call.exchange().start().to.clone(),
        arguments: matches!(path.start.direction, Direction::Outbound { .. })
            .then(|| arguments.clone()),
        at_ms: path.start.at_ms,
        failures: failures.collect(),
        failed_at: path.failed_at.clone(),
        ..CallStart::default()
    };
    let name = name(path);
    saved_test(&name, &path.call, &start)
}
