//! Calls played from welcome to hang-up, engine and service in one process.
//! `cargo bench --package moonring-cli --bench calls`

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark prints its figures, and fails loudly"
)]

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant, UNIX_EPOCH};

use divan::Bencher;
use divan::counter::ItemsCount;
use moonring_exchange::{Application, Outcome};
use moonring_runtime::{Arrival, EmergencyReply, HardDeadline, Host, NoServices, Settings};
use moonring_sim::{Callees, InboundCall, Invocation, Person, PlayedCall, Reply, World, play};
use moonring_store::Folder;
use serde_json::Map;

fn main() {
    divan::main();
}

/// The use case: a welcome, a PIN, a meeting, a hang-up.
#[divan::bench(sample_count = 100, sample_size = 50)]
fn welcome_pin_join_hangup(bencher: Bencher) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let settings = Settings { refresh: Duration::from_secs(3600), ..Settings::default() };
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts");
    let source = Arc::new(Folder::as_it_stands(scripts));
    let host = Host::new(settings, source, Some("meeting"), Box::new(NoServices)).unwrap();
    assert!(runtime.block_on(host.prepare(Duration::from_secs(10))));
    let world = Arc::new(World::default());
    let application = Arc::new(Application {
        id: "sma".to_owned(),
        region: "us-east-1".to_owned(),
        ..Application::default()
    });
    let caller: Person = "12345# wait 60 hangup".parse().unwrap();
    let mut seed = 0;
    let mut one = || {
        seed += 1;
        let call = InboundCall {
            from: "+12065550142".to_owned(),
            to: "+14255550117".to_owned(),
            sip_headers: Map::new(),
            rule_id: Some("rule".to_owned()),
            applications: vec![Arc::clone(&application)],
            caller: caller.clone(),
            callees: Callees::default(),
            at_ms: 1_718_036_405_907,
            seed,
        };
        let mut call = PlayedCall::inbound(Arc::clone(&world), call);
        let mut events = 0;
        let mut target = |invocation: &Invocation| {
            events += 1;
            let at = Instant::now();
            let clock = UNIX_EPOCH + Duration::from_millis(invocation.now_ms);
            let hard = HardDeadline::new(at, None, None);
            let arrival = Arrival { at, clock, hard, emergency_reply: Box::new(Silence) };
            let event = serde_json::to_vec(invocation.event.as_ref()).unwrap();
            let outcome = runtime.block_on(host.answer(&event, arrival));
            assert!(outcome.error.is_none());
            let answer = serde_json::from_slice(&outcome.answer.to_bytes()).unwrap();
            Reply { outcome: Outcome::answer(answer), ..Reply::default() }
        };
        play(&mut call, &mut target);
        assert_eq!(events, 4);
        call.trace().entries.len()
    };
    println!("{} things happen in each", one());
    bencher.counter(ItemsCount::new(1_usize)).bench_local(one);
}

/// Last words that nobody hears: nothing here is stuck.
struct Silence;

impl EmergencyReply for Silence {
    fn speak(&mut self, _: &[u8]) -> Result<(), String> {
        Ok(())
    }

    fn end(self: Box<Self>) {}
}
