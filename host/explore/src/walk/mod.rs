//! The walk: breadth first, each state a few times at most, a copy of the call for each choice.

mod drawn;
mod ended;
mod found;
mod rounds;
mod visits;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;

use moonring_exchange::Outcome as Answered;
use moonring_flow::Place;
use moonring_sim::{Invocation, Next, Reply};
use serde_json::Value;

use self::drawn::Asking;
use self::visits::{Passage, Visit, Visits};
use crate::answer::AnswerView;
use crate::choice::Choice;
use crate::choices::Crossing;
use crate::finding::Finding;
use crate::graph::{GraphBuilder, Node, NodeShape};
use crate::hosts::{self, PathHost, Question};
use crate::judge;
use crate::limits::Limits;
use crate::loops::Loops;
use crate::outside::Fate;
use crate::path::{AskedEvent, MadeUp, Path, Step};
use crate::plan::{ExploreError, Plan};
use crate::promises::Promises;
use crate::report::Report;

/// The most copies of calls that wait for their turn.
const QUEUE: usize = 4000;
/// The most ways that the requests of one event may go.
const WAYS: usize = 12;

/// Walks every way through the calls of a plan. `goes_on` hears how many answers there were, and
/// says whether the walk may go on.
///
/// # Errors
/// When the scripts cannot be loaded.
pub fn explore(plan: &Plan, goes_on: &dyn Fn(usize) -> bool) -> Result<Report, ExploreError> {
    let host = PathHost::new(plan)?;
    let mut walk = Walk {
        plan,
        host,
        queue: VecDeque::new(),
        visits: BTreeMap::new(),
        passed: BTreeSet::new(),
        drawing: GraphBuilder::default(),
        asking: BTreeMap::new(),
        findings: BTreeMap::new(),
        loops: Loops::default(),
        limits: Limits::of(&plan.settings),
        promises: Promises::default(),
        report: Report::default(),
    };
    walk.drawing.node(0, || Node {
        text: "a call".to_owned(),
        shape: NodeShape::Start,
        place: None,
        path: Vec::new(),
        findings: Vec::new(),
    });
    walk.run(goes_on);
    Ok(walk.finish())
}

struct Walk<'a> {
    plan: &'a Plan,
    host: PathHost,
    queue: VecDeque<Path>,
    visits: BTreeMap<u64, Visits>,
    passed: BTreeSet<Passage>,
    drawing: GraphBuilder,
    /// The nodes of requests.
    asking: BTreeMap<Asking, usize>,
    findings: BTreeMap<String, Finding>,
    loops: Loops,
    limits: Limits,
    promises: Promises,
    report: Report,
}

/// A path that has got an answer.
struct Arrival {
    path: Path,
    view: AnswerView,
    key: u64,
    node: usize,
    event: std::sync::Arc<Value>,
}

impl Walk<'_> {
    fn run(&mut self, goes_on: &dyn Fn(usize) -> bool) {
        for (number, start) in self.plan.starts.iter().enumerate() {
            self.queue.push_back(Path::new(start, number, &self.plan.arguments));
            self.go_all(goes_on);
        }
        // The shortest ways are walked: now those that go round.
        while let Some(found) = self.loops.found.pop() {
            if goes_on(self.report.answers) {
                self.go_round(found);
            }
            self.go_all(goes_on);
        }
    }

    /// Goes on with all calls that wait for their turn.
    fn go_all(&mut self, goes_on: &dyn Fn(usize) -> bool) {
        while let Some(path) = self.queue.pop_front() {
            let may =
                self.report.answers < self.plan.budget.answers && goes_on(self.report.answers);
            if !may {
                self.report.left += 1 + self.queue.len();
                self.queue.clear();
                return;
            }
            self.go(path);
        }
    }

    /// Whether calls with another start have been here, so that this one only passes.
    fn passes(&self, path: &Path, key: u64) -> bool {
        self.visits.get(&key).is_some_and(|visits| visits.first_start < path.start_number)
    }

    /// Goes on until a script has answered, or the call is over.
    fn go(&mut self, mut path: Path) {
        match next_event(&mut path) {
            Some(invocation) => {
                for arrival in self.arrivals(&path, &invocation) {
                    self.fork(arrival);
                }
            }
            None => self.end(&path),
        }
    }

    /// The ways that an event goes: one for each fate of its requests.
    fn arrivals(&mut self, path: &Path, invocation: &Invocation) -> Vec<Arrival> {
        let mut ways = VecDeque::from([Vec::new()]);
        let (mut arrivals, mut count) = (Vec::new(), 0);
        while let Some(chosen) = ways.pop_front() {
            let (arrival, more) = self.arrive(path, invocation, &chosen);
            arrivals.push(arrival);
            for way in more {
                if count < WAYS {
                    count += 1;
                    ways.push_back(way);
                }
            }
        }
        arrivals
    }

    /// An event is answered, its requests going as chosen. The other ways that they could go.
    fn arrive(
        &mut self,
        path: &Path,
        invocation: &Invocation,
        chosen: &[Fate],
    ) -> (Arrival, Vec<Vec<Fate>>) {
        let (event, now_ms) = (&invocation.event, invocation.now_ms);
        let question = Question { event, now_ms, memory: &path.memory, chosen };
        let hosts::Answered { outcome, answer, ended } = self.host.answer_cold(&question);
        self.report.answers += 1;
        let fates: Vec<Fate> = ended.met.iter().map(|met| met.fate).collect();
        let has_fault = path.has_fault || fates.iter().any(|fate| fate.is_fault());
        let view = AnswerView::new(&answer, &outcome.places);
        let key = view.key(event, outcome.script.as_deref());
        let mut more = Vec::new();
        if !has_fault && !self.passes(path, key) {
            for (number, met) in ended.met.iter().enumerate().skip(chosen.len()) {
                for other in met.fates.iter().skip(1) {
                    let before = fates.iter().take(number).copied();
                    more.push(before.chain([*other]).collect());
                }
            }
        }
        let mut changes = path.changes.clone();
        for (met, fate) in ended.met.iter().zip(&fates).filter(|(met, _)| met.is_change) {
            let is_done = !fate.is_fault() || fate.is_done_already();
            changes.asked((!is_done).then(|| met.what.clone()));
        }
        changes.hear(&view);
        let failed = ended.met.iter().zip(&fates).filter_map(|(met, fate)| match fate {
            Fate::Fails(why) => Some(format!("{} ends with {why}", met.what)),
            Fate::Answered | Fate::Empty => None,
        });
        let failed: Vec<String> = failed.collect();
        let mut path = path.clone();
        (path.has_fault, path.changes) = (has_fault, changes);
        if fates.contains(&Fate::Empty) {
            path.made_up.get_or_insert(MadeUp::Reply);
        }
        path.memory = ended.memory.clone();
        let listens = view.actions.iter().find(|action| action.action_type == "ReceiveDigits");
        if let Some(action) = listens {
            path.listening = Some(action.listens());
        }
        path.asked.push(Rc::new(AskedEvent {
            event: std::sync::Arc::clone(event),
            now_ms,
            memory: question.memory.clone(),
            fates,
            answer: answer.clone(),
            place: view.place().cloned(),
            failed: failed.clone(),
        }));
        let is_failure = outcome.error.is_some();
        path.script = path.script.or_else(|| outcome.script.clone());
        if is_failure {
            path.failed_at.push(now_ms);
        }
        // A script that fails says where.
        let told = outcome.error_text.as_deref().filter(|_| is_failure);
        let failed_at = told.and_then(|told| judge::placed(told).0);
        let place = failed_at.or_else(|| view.place().cloned());
        let node = self.draw(&path, &view, key, is_failure, place, &ended.met);
        let near = match outcome.error {
            None => self.limits.near(event, &answer, &view),
            Some(_) => Vec::new(),
        };
        for fault in judge::of_answer(&path, event, &outcome, &view, near) {
            self.found(fault, &path, Some(node));
        }
        self.look_for_promises(&path, &view, node);
        let places = outcome.places.iter().map(|place| place.as_ref().map(Place::to_string));
        let reply = Reply {
            outcome: Answered::answer(answer),
            places: places.collect(),
            api_calls: ended.made,
            asks_secret: outcome.asks_secret,
            ..Reply::default()
        };
        path.call.reply(invocation.attempt, reply);
        (Arrival { path, view, key, node, event: std::sync::Arc::clone(event) }, more)
    }

    /// A copy of the call for each choice.
    fn fork(&mut self, arrival: Arrival) {
        let Arrival { path, view, key, node, event } = arrival;
        let crossing = Crossing {
            event: &event,
            answer: &view,
            call: &path.call,
            listening: path.listening.as_ref(),
            update: &self.plan.update,
            known: &self.plan.digits,
            is_leaving: path.steps.iter().any(|step| step.choice.leaves()),
            may_fail: !path.has_fault,
        };
        let mut choices = crossing.choices();
        if choices == [Choice::Nothing] && !path.call.is_up() {
            return self.go(path);
        }
        self.loops.look(&path, key);
        let start_number = path.start_number;
        let may_visit = if self.passes(&path, key) {
            // What is behind it may be another, and so may what is asked there.
            choices.retain(|choice| !choice.is_fault());
            self.passed.insert(Passage { start_number, key })
        } else {
            let way = path.steps.last().map(|step| (step.key, step.choice.clone()));
            let visits = self.visits.entry(key).or_insert_with(|| Visits::first_by(start_number));
            let may = visits.may_visit(way);
            // Where nobody has a choice, nothing is left out.
            let is_left = may == Visit::TooMany && choices.len() > 1 && !path.has_fault;
            self.report.passed_over += usize::from(is_left);
            may == Visit::New
        };
        if !may_visit {
            return;
        }
        if path.steps.len() >= self.plan.budget.depth || self.queue.len() >= QUEUE {
            self.report.left += 1;
            return;
        }
        for choice in choices {
            let mut next = path.clone();
            next.choose(choice, key, node, &view);
            self.queue.push_back(next);
        }
    }

    fn finish(mut self) -> Report {
        for finding in self.promises.broken() {
            self.keep(finding);
        }
        if self.report.left == 0 {
            self.never_run();
        }
        let mut findings: Vec<Finding> = self.findings.into_values().collect();
        let order = |finding: &Finding| {
            let place = finding.place.clone();
            (!finding.is_error(), place.as_ref().map(|it| it.file.clone()), place.map(|it| it.line))
        };
        findings.sort_by_key(order);
        let mut graph = self.drawing.graph;
        for (number, finding) in (1..).zip(&findings) {
            if let Some(node) = finding.node.and_then(|node| graph.nodes.get_mut(node)) {
                node.findings.push(number);
            }
        }
        let hits = self.host.hits();
        Report { findings, graph, hits, states: self.visits.len(), ..self.report }
    }
}

impl Path {
    fn choose(&mut self, choice: Choice, key: u64, node: usize, view: &AnswerView) {
        choice.make(&mut self.call);
        self.has_fault |= choice.is_fault();
        self.changes.go_on(&choice);
        // Nobody knows what an update would say that says nothing.
        if matches!(&choice, Choice::Update { arguments } if arguments.is_empty()) {
            self.made_up.get_or_insert(MadeUp::Update);
        }
        let (at, place) = (self.call.now(), view.place().cloned());
        self.steps.push(Step { choice, at, key, node, place });
    }
}

/// Lets the world go on until a script is asked; `None` where the call is over.
fn next_event(path: &mut Path) -> Option<Invocation> {
    loop {
        match path.call.go_on() {
            Next::Invoke(invocation) => return Some(*invocation),
            Next::At(at) => path.call.advance(at),
            Next::Idle if path.call.is_up() => {
                path.call.everybody_hangs_up();
                path.call.advance(path.call.now());
            }
            Next::Idle | Next::Over => return None,
        }
    }
}
