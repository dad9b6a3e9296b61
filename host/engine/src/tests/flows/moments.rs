//! Updates, digits and leavings at every moment: a wait is as long as it is said to be, whatever
//! ended the one before it.

use std::sync::Arc;
use std::time::Duration;

use moonring_sim::{Behavior, BehaviorTrigger, Person, PersonAction};

use super::stage::{Setting, Troupe, Way};
use super::*;

/// What may happen at a moment.
#[derive(Debug, Clone, Copy)]
enum Happens {
    Update,
    Digit,
    Leaving,
}

const WAITS: &str = "return function(call)
  call:say('Hello')
  LEG
  for number = 1, 4 do
    local began = time.now()
    local what = call:wait { timeout = 5, digits = '^[0-9]$' }
    log.info(`{what} {time.now() - began}`)
  end
end";

/// How long each wait was that ended by itself, in seconds.
fn timeouts(happens: Happens, at: Duration, way: Way) -> Vec<i64> {
    let leg = match happens {
        Happens::Leaving => "call:bridge { to = '+12065550101' }",
        _ => "",
    };
    let troupe = Troupe::new(WAITS.replace("LEG", leg).as_bytes(), &Map::new());
    let then = |action| Behavior { trigger: BehaviorTrigger::Next, after: at, action };
    let mut setting = Setting::default();
    match happens {
        Happens::Update => {}
        Happens::Digit => {
            setting.caller = Person::doing([then(PersonAction::Press("7".to_owned()))]);
        }
        Happens::Leaving => setting.callee = Person::doing([then(PersonAction::HangUp)]),
    }
    let mut call = call(&Arc::new(World::default()), &setting);
    if let Happens::Update = happens {
        call.update_at(at, Map::from_iter([("a".to_owned(), json!("b"))]));
    }
    let seen = play(&troupe, way, call, |_| {});
    assert!(seen.errors.is_empty(), "{happens:?} at {at:?}: {:?}", seen.errors);
    let waits = seen.log.iter().filter_map(|line| line.strip_prefix("timeout "));
    waits.map(|seconds| seconds.parse().unwrap()).collect()
}

#[test]
fn a_wait_is_as_long_as_it_is_said_to_be_whatever_happens_and_when() {
    // A text of so many milliseconds, and then waits of five seconds: with their ends, and with the
    // moments around them.
    let heard = 300 + 5 * 65;
    let ends = (0..4).map(|number| heard + number * 5000);
    let around = ends.flat_map(|end| [end - 1, end, end + 1, end + 10]);
    for ms in (0..16_000).step_by(487).chain(around) {
        let at = Duration::from_millis(ms);
        for happens in [Happens::Update, Happens::Digit, Happens::Leaving] {
            for way in [Way::Warm, Way::Forgetful] {
                for seconds in timeouts(happens, at, way) {
                    assert!(seconds >= 4, "{happens:?} at {at:?}, {way:?}: {seconds} s");
                }
            }
        }
    }
}
