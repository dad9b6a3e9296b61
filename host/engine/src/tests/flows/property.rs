//! Whatever a flow does, whatever the caller does and whatever fails: it ends, the same way in
//! every way of delivery, and nobody is left on a line.

mod parts;

use std::sync::Arc;
use std::time::Duration;

use moonring_exchange::{Readings, WhenLegLeaves};
use moonring_sim::{Behavior, BehaviorTrigger, Person, PersonAction, Pickup, World};
use parts::{any_part, script};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::stage::{Seen, Setting, Troupe, Way};
use super::{call, play, seen, told};

fn any_person() -> impl Strategy<Value = Person> {
    let pickup = prop_oneof![
        4 => Just(Pickup::After(Duration::from_secs(2))),
        1 => Just(Pickup::Never),
        1 => Just(Pickup::Busy),
    ];
    let action = prop_oneof![
        4 => prop::sample::select(vec!["1", "2", "7", "12", "3#"]).prop_map(|keys| PersonAction::Press(keys.to_owned())),
        1 => Just(PersonAction::Talk(Duration::from_millis(1500))),
        1 => Just(PersonAction::HangUp),
        1 => Just(PersonAction::Nothing),
    ];
    let trigger = prop_oneof![3 => Just(BehaviorTrigger::Asked), 1 => Just(BehaviorTrigger::Next), 1 => Just(BehaviorTrigger::Starts("RecordAudio".to_owned()))];
    let behavior = (trigger, 0_u64..4000, action).prop_map(|(trigger, after, action)| Behavior {
        trigger,
        after: Duration::from_millis(after),
        action,
    });
    (pickup, prop::collection::vec(behavior, 0..6)).prop_map(|(pickup, mut behavior)| {
        // Two who talk would talk for ever.
        behavior.push(Behavior {
            trigger: BehaviorTrigger::Next,
            after: Duration::from_secs(40),
            action: PersonAction::HangUp,
        });
        Person { pickup, behavior }
    })
}

fn any_world() -> impl Strategy<Value = (Readings, Option<(String, String)>)> {
    let bools = prop::collection::vec(any::<bool>(), 8);
    let failing = prop::option::weighted(
        0.3,
        (
            prop::sample::select(vec![
                "Speak",
                "PlayAudio",
                "Pause",
                "SpeakAndGetDigits",
                "RecordAudio",
                "CallAndBridge",
                "ReceiveDigits",
                "StartBotConversation",
                "JoinChimeMeeting",
                "ModifyChimeMeetingAttendees",
                "SendDigits",
                "StartCallRecording",
            ]),
            Just("SystemException".to_owned()),
        ),
    );
    (bools, failing).prop_map(|(bools, failing)| {
        let readings = Readings {
            only_last_reports: bools[0],
            speech_twins_report: bools[1],
            bridge_hangup_reports: bools[2],
            when_leg_leaves: if bools[3] {
                WhenLegLeaves::Quietly
            } else {
                WhenLegLeaves::AsFarAsItGot
            },
            second_leg_first: bools[4],
            digits_interrupt: bools[5],
            speak_is_interruptible: bools[6],
            bridge_rings: bools[7],
            attribute_chars: 100_000,
            ..Readings::default()
        };
        (readings, failing.map(|(action, error)| (action.to_owned(), error)))
    })
}

/// What a flow becomes.
const OTHER: &str = "return function(call, state)
  local count = state.count
  local function ask(why) return (aws.json { service = 's', operation = 'Other', input = { n = count, why = why } }) end
  call:on_hangup(function(why) log.info(`over {why} nil`) ask(why) end)
  call:say('Handed over.')
  if call.legs['LEG-B'] then log.info(`other {call:wait { timeout = 3 }}`) end
  log.info(`ask {tostring(call:ask { say = 'Other?', max = 1, timeout = 2 })} nil`)
  ask('asked')
end
";

/// Every result that a log line tells was asked of the caller before: nothing is lost, and nothing
/// made up.
fn told_results(seen: &Seen) -> usize {
    seen.log.iter().filter(|line| line.starts_with("ask ") || line.starts_with("menu ")).count()
}

#[test]
fn whatever_happens_a_flow_comes_to_its_end_and_leaves_nobody_behind() {
    let parts = prop::collection::vec(any_part(), 1..6);
    let draw = (parts, any_person(), any_person(), any_world(), any::<bool>());
    let config = Config { cases: 150, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(
        config,
        proptest::test_runner::TestRng::from_seed(
            proptest::test_runner::RngAlgorithm::ChaCha,
            &[5; 32],
        ),
    );
    let result = runner.run(&draw, |(parts, caller, callee, (readings, failing), is_outbound)| {
        let script = script(&parts);
        let mut world = World { readings, ..World::default() };
        if let Some((action, error)) = failing {
            world.faults.actions.insert(
                action,
                moonring_exchange::ActionError {
                    error_type: error,
                    message: "System error".to_owned(),
                },
            );
        }
        let setting = Setting { is_outbound, caller, callee, ..Setting::default() };
        let scripts = [("main.lua", script.as_str()), ("other.lua", OTHER)];
        let scripts = scripts.map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec()));
        let troupe = Troupe::of(&scripts, &serde_json::Map::new());
        let seen = seen(&troupe, &Arc::new(world), &setting, &[Way::Forgetful, Way::Twice]);
        let seen =
            seen.map_err(|difference| TestCaseError::fail(format!("{script}\n{difference}")))?;
        let story = || format!("{script}\n{}", told(&seen));
        prop_assert!(seen.answers.len() < 200, "it goes on and on\n{}", story());
        prop_assert!(
            !seen.story.iter().any(|line| line.contains("nothing more would happen")),
            "{}",
            story()
        );
        let refused = seen.story.iter().any(|line| line.contains("INVALID_LAMBDA_RESPONSE"));
        prop_assert!(!refused, "an answer was refused\n{}", story());
        // Every request is one of its own: none is made twice.
        let mut requests = seen.requests.clone();
        requests.sort();
        requests.dedup();
        prop_assert_eq!(requests.len(), seen.requests.len(), "{}", story());
        let only_raised = seen
            .errors
            .iter()
            .all(|error| error.contains("enough") || error.contains("has failed before"));
        prop_assert!(only_raised, "{}", story());
        let asked = seen.story.iter().filter(|line| line.contains(" SpeakAndGetDigits")).count();
        prop_assert!(told_results(&seen) <= asked, "{}", story());
        let overs = seen.log.iter().filter(|line| line.starts_with("over ")).count();
        prop_assert_eq!(overs, 1, "on_hangup runs once\n{}", story());
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}

/// What a caller hears of a script, in other words of the same length: texts, files, the voice, and
/// where a long text is cut.
fn reworded(script: &str, word: &str) -> String {
    let voice =
        format!("return function(call)\ncall.voice = {{ voice = config.voice .. '{word}' }}\n");
    script
        .replace("say = '", &format!("say = '{word} "))
        .replace("call:say('", &format!("call:say('{word} "))
        .replace("text = 'act'", &format!("text = '{word} act'"))
        .replace(".wav'", &format!("-{word}.wav'"))
        .replace("key = 'k'", &format!("key = '{word}'"))
        .replace("'Long. '", if word == "ab" { "'Long. '" } else { "'Long, '" })
        .replace("return function(call)\n", &voice)
}

#[test]
fn other_words_between_two_events_change_nothing_but_the_words() {
    const WORDS: [&str; 3] = ["ab", "cd", "ef"];
    let parts = prop::collection::vec(any_part(), 1..6);
    let draw = (parts, any_person(), any_person(), any_world(), any::<bool>());
    let config = Config { cases: 100, failure_persistence: None, ..Config::default() };
    let seed = proptest::test_runner::TestRng::from_seed(
        proptest::test_runner::RngAlgorithm::ChaCha,
        &[7; 32],
    );
    let mut runner = TestRunner::new_with_rng(config, seed);
    let result = runner.run(&draw, |(parts, caller, callee, (readings, failing), is_outbound)| {
        let script = script(&parts);
        let mut world = World { readings, ..World::default() };
        if let Some((action, error)) = failing {
            world.faults.actions.insert(
                action,
                moonring_exchange::ActionError {
                    error_type: error,
                    message: "System error".to_owned(),
                },
            );
        }
        let setting = Setting { is_outbound, caller, callee, ..Setting::default() };
        let release = |word: &str| -> Vec<(String, Vec<u8>)> {
            [("main.lua", &script), ("other.lua", &OTHER.to_owned())]
                .map(|(name, text)| (name.to_owned(), reworded(text, word).into_bytes()))
                .to_vec()
        };
        let settings =
            |voice: &str| serde_json::Map::from_iter([("voice".to_owned(), voice.into())]);
        let mut troupe = Troupe::of(&release(WORDS[0]), &settings("Joanna"));
        troupe.reworded = WORDS[1..]
            .iter()
            .map(|word| {
                let files = release(word);
                let files = files.iter().map(|(name, text)| (name.as_str(), text.as_slice()));
                crate::Compiled::new(files, &settings("Matthew")).unwrap()
            })
            .collect();
        let world = Arc::new(world);
        let run = |way| play(&troupe, way, call(&world, &setting), |_| {});
        let without_words = |lines: &[String]| -> Vec<String> {
            let all = |line: &String| {
                WORDS
                    .iter()
                    .fold(line.replace("Long,", "Long."), |line, word| line.replace(word, "__"))
            };
            lines.iter().map(all).collect()
        };
        let (usual, other) = (run(Way::Warm), run(Way::Reworded));
        for (usual, other) in [
            (&usual.story, &other.story),
            (&usual.log, &other.log),
            (&usual.errors, &other.errors),
            (&usual.requests, &other.requests),
        ] {
            let (usual, other) = (without_words(usual), without_words(other));
            prop_assert_eq!(
                &other,
                &usual,
                "{}\nother words:\n{}\nusual:\n{}",
                script,
                other.join("\n"),
                usual.join("\n")
            );
        }
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}
