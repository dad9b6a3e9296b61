//! Inputs in every order that a switch could send, and in many that none should.

use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use super::switch::{Switch, answers, ending, inbound_start, outbound_start, replied};
use super::*;
use crate::any_call::any_action;

/// What a switch does next.
#[derive(Debug, Clone)]
pub(super) enum Report {
    /// What was ordered ends as it should, or the function answers.
    Ends(usize),
    /// An input with any ticket: open, ended or never given.
    Stray(u64, usize),
    /// Something becomes of a leg, be it there or not.
    OfLeg(u32, usize),
    Digit(u32, char),
    Update,
    File(Condition),
    Together(u32),
}

fn any_report() -> impl Strategy<Value = Report> {
    let condition =
        prop::sample::select(vec![Condition::Playable, Condition::Unusable, Condition::Missing]);
    prop_oneof![
        12 => any::<prop::sample::Index>().prop_map(|index| Report::Ends(index.index(1000))),
        2 => (0_u64..60, 0_usize..5).prop_map(|(ticket, kind)| Report::Stray(ticket, kind)),
        2 => (0_u32..4, 0_usize..4).prop_map(|(leg, what)| Report::OfLeg(leg, what)),
        3 => (0_u32..3, prop::sample::select(vec!['1', '2', '#'])).prop_map(|(leg, digit)| Report::Digit(leg, digit)),
        1 => Just(Report::Update),
        1 => condition.prop_map(Report::File),
        1 => (0_u32..3).prop_map(Report::Together),
    ]
}

fn any_outcome() -> impl Strategy<Value = Outcome> {
    prop_oneof![
        8 => prop::collection::vec(any_action(), 0..4).prop_map(|actions| Outcome::answer(answer(&json!(actions)))),
        3 => Just(Outcome::answer(answers())),
        1 => Just(Outcome::answer(json!([]))),
        1 => Just(Outcome::Failed("boom".to_owned())),
        1 => Just(Outcome::Throttled),
        1 => Just(Outcome::Silence),
    ]
}

/// A call on a switch, as it may be drawn.
#[derive(Debug, Clone)]
pub(super) struct Drawn {
    pub(super) is_outbound: bool,
    pub(super) service: Service,
    reports: Vec<(Report, Outcome, u64)>,
}

pub(super) fn any_drawn() -> impl Strategy<Value = Drawn> {
    let report = (any_report(), any_outcome(), 0_u64..3000);
    let reports = prop::collection::vec(report, 1..40);
    (any::<bool>(), prop::collection::vec(any::<bool>(), 6), reports).prop_map(
        |(is_outbound, switches, reports)| {
            let mut service = Service::default();
            service.readings.bridge_rings = switches[0];
            service.readings.empty_list_stops = switches[1];
            service.readings.failover_before_retry = switches[2];
            service.delivers_twice = switches[3] && switches[4];
            if switches[4] && switches[5] {
                service.readings.when_leg_leaves = WhenLegLeaves::Quietly;
            }
            Drawn { is_outbound, service, reports }
        },
    )
}

impl Drawn {
    pub(super) fn start(&self) -> Start {
        if self.is_outbound { outbound_start() } else { inbound_start() }
    }

    /// Plays it: what comes of it, and of the switch then falling silent.
    pub(super) fn play(&self) -> Switch {
        let mut switch = Switch::new(self.service.clone(), self.start());
        for (report, outcome, later) in &self.reports {
            switch.now += Duration::from_millis(*later);
            for input in inputs(report, outcome, &switch) {
                switch.feed(input);
            }
        }
        switch
    }
}

fn inputs(report: &Report, outcome: &Outcome, switch: &Switch) -> Vec<Input> {
    let of_leg = |leg: u32, what: usize| {
        let leg = LegNumber(leg);
        match what {
            0 => Input::Ringing { leg },
            1 => Input::Answered { leg },
            2 => Input::Busy { leg },
            _ => Input::Left { leg },
        }
    };
    match report {
        Report::Ends(index) => {
            let longest = switch.call.longest();
            let open: Vec<_> =
                switch.open().into_iter().filter(|one| one.ticket() != longest).collect();
            if open.is_empty() {
                return Vec::new();
            }
            let order = open[index % open.len()];
            match order {
                Order::Dial { leg, .. } => vec![of_leg(leg.0, index / 7 % 3)],
                order => ending(order, outcome.clone()).into_iter().collect(),
            }
        }
        Report::Stray(ticket, kind) => {
            let ticket = Ticket(*ticket);
            // The end of the day comes when it comes, and not by mistake.
            if ticket == switch.call.longest() {
                return Vec::new();
            }
            vec![match kind {
                0 => Input::Finished { ticket },
                1 => Input::Timer { ticket },
                2 => Input::Failed { ticket },
                3 => Input::Understood { ticket, intent: None },
                _ => replied(ticket, outcome.clone()),
            }]
        }
        Report::OfLeg(leg, what) => vec![of_leg(*leg, *what)],
        Report::Digit(leg, digit) => vec![Input::Digit { leg: LegNumber(*leg), digit: *digit }],
        Report::Update => vec![Input::Updated { arguments: Map::new() }],
        Report::File(condition) => {
            let file = AudioFile { bucket: "prompts".to_owned(), key: "a.wav".to_owned() };
            vec![Input::File { file, condition: *condition }]
        }
        Report::Together(leg) => vec![Input::Together(vec![
            of_leg(*leg, 3),
            Input::Digit { leg: LegNumber(0), digit: '1' },
            of_leg(0, 3),
        ])],
    }
}

/// Everybody is gone, and the function answers on, or says nothing any more: its time runs out.
fn to_its_end(mut switch: Switch, answers_on: bool) -> Switch {
    for leg in 0..60 {
        switch.feed(Input::Left { leg: LegNumber(leg) });
    }
    for _ in 0..120 {
        if answers_on && switch.invoked().is_some() {
            switch.reply(answers());
        } else if let Some((at, ticket)) = switch.next_timer() {
            switch.now = switch.now.max(at);
            switch.feed(Input::Timer { ticket });
        } else {
            break;
        }
    }
    switch
}

#[test]
fn whatever_a_switch_reports_every_ticket_ends_once_and_no_call_stays_open() {
    let config =
        ProptestConfig { cases: 10_000, failure_persistence: None, ..ProptestConfig::default() };
    let run = |drawn: Drawn| {
        for answers_on in [true, false] {
            let switch = to_its_end(drawn.play(), answers_on);
            prop_assert!(switch.call.is_over(), "the call stays open, {answers_on}");
            prop_assert!(!switch.call.is_up());
        }
        Ok(())
    };
    TestRunner::new(config).run(&any_drawn(), run).unwrap();
}
