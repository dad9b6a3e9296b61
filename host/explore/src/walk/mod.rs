//! The walk: breadth first, each state a few times at most, a copy of the call for each choice.

mod drawn;
mod ended;
mod rounds;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;

use moonring_exchange::Outcome as Answered;
use moonring_flow::Place;
use moonring_flow::limits::NOTES;
use moonring_sim::{Invocation, Next, Reply};
use serde_json::Value;

use crate::answer::AnswerView;
use crate::choice::Choice;
use crate::choices::Crossing;
use crate::command::command;
use crate::finding::Finding;
use crate::graph::{GraphBuilder, Node, NodeShape};
use crate::hosts::{self, PathHost, Question};
use crate::judge::{self, Fault, JournalSize};
use crate::loops::Loops;
use crate::outside::Fate;
use crate::path::{AskedEvent, Path, Step};
use crate::plan::{ExploreError, Plan};
use crate::report::Report;

/// How often a state is visited: once from each state before it by each choice, and not more often
/// than this.
const VISITS: usize = 2;
const VISITS_BY_OTHER_WAYS: usize = 8;
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
        queue: plan.starts.iter().map(Path::new).collect(),
        visits: BTreeMap::new(),
        drawing: GraphBuilder::default(),
        findings: BTreeMap::new(),
        loops: Loops::default(),
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
    drawing: GraphBuilder,
    findings: BTreeMap<String, Finding>,
    loops: Loops,
    report: Report,
}

/// How often a state was visited.
#[derive(Default)]
struct Visits {
    count: usize,
    /// The states before it, with the choices made there.
    ways: BTreeSet<(u64, Choice)>,
}

impl Visits {
    /// Whether a path goes on from here that came by this way.
    fn may_visit(&mut self, way: Option<(u64, Choice)>) -> bool {
        let is_new = way.is_some_and(|way| !way.1.is_fault() && self.ways.insert(way));
        let may = self.count < VISITS || is_new && self.count < VISITS_BY_OTHER_WAYS;
        self.count += usize::from(may);
        may
    }
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
        loop {
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
            // The shortest ways are walked: now those that go round.
            let Some(found) = self.loops.found.pop() else { return };
            if goes_on(self.report.answers) {
                self.go_round(found);
            }
        }
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
        let fate = |(number, first): (usize, Option<Fate>)| {
            chosen.get(number).copied().or(first).unwrap_or(Fate::Answered)
        };
        let firsts = ended.met.iter().map(|met| met.fates.first().copied());
        let fates: Vec<Fate> = firsts.enumerate().map(fate).collect();
        let has_fault = path.has_fault || fates.iter().any(|fate| fate.is_fault());
        let mut more = Vec::new();
        if !has_fault {
            for (number, met) in ended.met.iter().enumerate().skip(chosen.len()) {
                for other in met.fates.iter().skip(1) {
                    let before = fates.iter().take(number).copied();
                    more.push(before.chain([*other]).collect());
                }
            }
        }
        let view = AnswerView::new(&answer, &outcome.places);
        let key = view.key(event, outcome.script.as_deref());
        let failed = ended.met.iter().zip(&fates).filter_map(|(met, fate)| match fate {
            Fate::Fails(why) => Some(format!("{} ends with {why}", met.what)),
            Fate::Answered | Fate::Empty => None,
        });
        let failed: Vec<String> = failed.collect();
        let mut path = path.clone();
        path.has_fault = has_fault;
        path.is_made_up |= fates.contains(&Fate::Empty);
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
        let node = self.draw(&path, &view, key, is_failure, &failed);
        let limit = self.plan.settings.journal_chars().saturating_sub(NOTES);
        let journal = JournalSize::of(&answer, limit);
        for fault in judge::of_answer(&path, event, &outcome, &view, &journal) {
            // What follows from a reply that was made up need not be so.
            if !path.is_made_up {
                self.found(fault, &path, Some(node));
            }
        }
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
            may_fail: !path.has_fault,
        };
        let choices = crossing.choices();
        if choices == [Choice::Nothing] && !path.call.is_up() {
            return self.go(path);
        }
        self.loops.look(&path, key);
        let way = path.steps.last().map(|step| (step.key, step.choice.clone()));
        if !self.visits.entry(key).or_default().may_visit(way) {
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

    fn found(&mut self, fault: Fault, path: &Path, node: Option<usize>) {
        let Fault { kind, place, message } = fault;
        let finding = Finding {
            kind,
            place,
            message,
            path: path.words(),
            command: Some(command(path, self.plan)),
            failed_requests: path.failed_requests(),
            node,
        };
        self.findings.entry(finding.id()).or_insert(finding);
    }

    fn finish(mut self) -> Report {
        if self.report.left == 0 {
            self.never_run();
        }
        let mut findings: Vec<Finding> = self.findings.into_values().collect();
        let order = |finding: &Finding| {
            let place = finding.place.clone();
            (
                !finding.kind.is_error,
                place.as_ref().map(|it| it.file.clone()),
                place.map(|it| it.line),
            )
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
        // Nobody knows what an update would say that says nothing.
        self.is_made_up |= matches!(&choice, Choice::Update { arguments } if arguments.is_empty());
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
