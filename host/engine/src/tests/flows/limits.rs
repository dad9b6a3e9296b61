//! What a journal does not hold.

use super::stage::{Troupe, Way};
use super::*;

/// The errors of a call of this flow, whose caller presses 1 whenever they are asked.
fn errors(body: &str) -> Vec<String> {
    let script = format!("return function(call)\n{body}\nend");
    let setting = Setting { caller: "1 ".repeat(900).parse().unwrap(), ..Setting::default() };
    let world = World {
        readings: Readings { attribute_chars: 100_000, ..Readings::default() },
        ..World::default()
    };
    let troupe = Troupe::new(script.as_bytes(), &Map::new());
    seen(&troupe, &Arc::new(world), &setting, &[Way::Forgetful]).unwrap().errors
}

const MENU: &str = "call:menu { say = 'One?', options = { ['1'] = 1 } }";

#[test]
fn nine_hundred_menus_fit_and_too_many_steps_fail_at_the_authors_line() {
    assert_eq!(errors(&format!("for _ = 1, 900 do\n{MENU}\nend")), [""; 0]);
    let step = "call:step('long', function() return string.rep('x', 100) end)";
    let errors = errors(&format!("while true do\n{step}\n{MENU}\nend"));
    assert!(
        errors[0].starts_with("main.lua:3: call:step: the journal of this call would have "),
        "{}",
        errors[0]
    );
    assert!(
        errors[0].contains("wrap requests that belong together in one call:step(name, fn)"),
        "{}",
        errors[0]
    );
}

#[test]
fn a_long_reply_fails_at_the_authors_line_and_a_step_takes_it() {
    let long = "aws.json { service = 's', operation = 'Long' }";
    let wrong = errors(&format!("call:say('a')\nlocal reply = {long}"));
    assert!(
        wrong[0].starts_with("main.lua:3: a helper request: the step result has 2"),
        "{}",
        wrong[0]
    );
    assert!(
        wrong[0].contains("; wrap it in call:step(name, fn) and return only what you need of it"),
        "{}",
        wrong[0]
    );
    let right = format!("call:say('a')\ncall:step('get', function() return #({long}).text end)");
    assert_eq!(errors(&right), [""; 0]);
}

#[test]
fn a_leg_that_will_not_end_is_hung_up_a_few_times_and_no_more() {
    let bridge = "call:bridge { to = '+12065550101' }";
    let script = format!("return function(call)\n{bridge}\nend");
    let setting = Setting { caller: "wait 9 hangup".parse().unwrap(), ..Setting::default() };
    let mut world = World {
        readings: Readings { attribute_chars: 100_000, ..Readings::default() },
        ..World::default()
    };
    world.faults.actions.insert(
        "Hangup".to_owned(),
        moonring_exchange::ActionError {
            error_type: "SystemException".to_owned(),
            message: "System error".to_owned(),
        },
    );
    let troupe = Troupe::new(script.as_bytes(), &Map::new());
    let seen = seen(&troupe, &Arc::new(world), &setting, &[Way::Forgetful, Way::Twice]).unwrap();
    let tries = seen.answers.iter().filter(|answer| answer.contains("\"Hangup\"")).count();
    assert!((3..=5).contains(&tries), "{tries} tries\n{}", told(&seen));
}

#[test]
fn numbers_of_steps_do_not_tell_what_was_typed_in_confidence() {
    let script = "return function(call)
      local pin = call:ask { say = 'Your PIN.', min = 4, max = 4, secret = true }
      call:step('p' .. pin, function() return 1 end)
      aws.json { service = 's', operation = 'Get' .. 'It', input = { pin = pin } }
      call:ask { say = 'And?', regex = '^' .. pin .. '$', max = 4, timeout = 2 }
    end";
    let journal = |pin: &str| {
        let setting = Setting {
            caller: format!("{pin} wait 9 hangup").parse().unwrap(),
            ..Setting::default()
        };
        let world = World {
            readings: Readings { attribute_chars: 100_000, ..Readings::default() },
            ..World::default()
        };
        let troupe = Troupe::new(script.as_bytes(), &Map::new());
        let seen = seen(&troupe, &Arc::new(world), &setting, &[Way::Cold, Way::Twice]).unwrap();
        assert_eq!(seen.errors, [""; 0]);
        let answer: Value = serde_json::from_str(&seen.answers[1]).unwrap();
        answer["TransactionAttributes"]["_mr1"].as_str().unwrap().replace(pin, "")
    };
    // All but what is sealed: 32 bytes in 43 characters, behind their length.
    let without_seal = |text: String| {
        let at = text.find("xrB").unwrap() + 3;
        format!("{}{}", &text[..at], &text[at + 43..])
    };
    assert_eq!(without_seal(journal("4929")), without_seal(journal("7351")));
}
