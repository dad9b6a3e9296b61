//! Whole calls, driven by what a switch reports and by nothing else: no people, no durations, no
//! time.

mod hostile;
mod rebuilt;
mod switch;

use switch::{Switch, answers};

use super::*;

/// A call whose function answers the new call with these actions.
fn opened_on_a_switch(actions: Value) -> Switch {
    let mut switch = Switch::inbound();
    switch.reply(answer(&actions));
    switch
}

#[test]
fn a_digit_in_the_middle_of_a_prompt_stops_it() {
    let mut two = ask_aloud();
    two["Parameters"]["MaxNumberOfDigits"] = json!(2);
    let mut switch = opened_on_a_switch(json!([two]));
    let prompt = switch.playing().unwrap();
    switch.press('4');
    assert!(switch.was_stopped(prompt));
    assert_eq!(switch.playing(), None);
    switch.press('2');
    let event = switch.invoked().unwrap();
    assert_eq!(event["ActionData"]["ReceivedDigits"], "42");
}

#[test]
fn a_digit_before_the_prompt_began_is_lost_and_the_prompt_is_played() {
    let mut switch = Switch::inbound();
    switch.press('1');
    switch.reply(answer(&json!([ask_aloud()])));
    let prompt = switch.playing().unwrap();
    switch.finish(prompt);
    assert_eq!(switch.invoked(), None, "nobody has pressed a digit that counts");
    switch.press('2');
    assert_eq!(switch.invoked().unwrap()["ActionData"]["ReceivedDigits"], "2");
    let heard: Vec<_> = switch
        .call
        .trace()
        .entries
        .iter()
        .filter_map(|entry| match entry.happened {
            Happened::Presses { digit, is_heard, .. } => Some((digit, is_heard)),
            _ => None,
        })
        .collect();
    assert_eq!(heard, [('1', false), ('2', true)]);
}

#[test]
fn a_prompt_that_never_finishes_ends_with_its_listener() {
    let mut switch = opened_on_a_switch(json!([speak("for ever"), speak("never")]));
    let prompt = switch.playing().unwrap();
    switch.feed(Input::Left { leg: LegNumber(0) });
    assert!(switch.was_stopped(prompt));
    assert_eq!(name(&switch.invoked().unwrap()), "ACTION_SUCCESSFUL Speak");
    switch.reply(answer(&json!([])));
    assert_eq!(name(&switch.invoked().unwrap()), "HANGUP Hangup");
    switch.reply(answer(&json!([])));
    assert!(switch.call.is_over());
    assert_eq!(switch.call.open().count(), 0);
}

#[test]
fn a_prompt_that_never_finishes_ends_with_the_day_where_nobody_leaves() {
    let mut switch = opened_on_a_switch(json!([speak("for ever")]));
    let longest = switch.call.longest();
    switch.feed(Input::Timer { ticket: longest });
    assert!(switch.call.is_over());
    assert_eq!(switch.call.open().count(), 0);
    assert!(switch.given.iter().any(|order| matches!(order, Order::HangUp { code: 480, .. })));
}

#[test]
fn a_prompt_that_finishes_twice_finishes_once() {
    let mut switch = opened_on_a_switch(json!([speak("one"), speak("two")]));
    let one = switch.playing().unwrap();
    switch.finish(one);
    let two = switch.playing().unwrap();
    assert_ne!(one, two);
    switch.finish(one);
    assert_eq!(switch.playing(), Some(two), "the second prompt goes on");
    assert_eq!(switch.invoked(), None);
    switch.finish(two);
    assert_eq!(name(&switch.invoked().unwrap()), "ACTION_SUCCESSFUL Speak");
}

#[test]
fn a_leg_that_vanishes_without_a_word_leaves_the_other_to_the_function() {
    let mut switch = opened_on_a_switch(json!([bridge()]));
    switch.feed(Input::Answered { leg: LegNumber(1) });
    assert!(switch.given.iter().any(|order| matches!(order, Order::Bridge { .. })));
    switch.reply(answers());
    // The second leg's line is dead and nobody says so: digits and prompts of the first go on.
    switch.feed(Input::Updated { arguments: Map::new() });
    switch.reply(answer(&json!([ask_aloud()])));
    switch.press('3');
    assert_eq!(switch.invoked().unwrap()["ActionData"]["ReceivedDigits"], "3");
    switch.reply(answers());
    switch.feed(Input::Left { leg: LegNumber(0) });
    assert_eq!(name(&switch.invoked().unwrap()), "HANGUP Hangup");
    switch.reply(answer(&json!([hangup_of("LEG-B")])));
    assert!(
        switch.given.iter().any(|order| matches!(order, Order::HangUp { leg: LegNumber(1), .. }))
    );
    switch.reply(answers());
    assert!(switch.call.is_over());
}

#[test]
fn what_is_said_late_of_a_second_leg_is_not_taken_for_the_next() {
    let mut switch = opened_on_a_switch(json!([bridge()]));
    switch.feed(Input::Busy { leg: LegNumber(1) });
    switch.reply(answer(&json!([bridge()])));
    switch.feed(Input::Answered { leg: LegNumber(1) });
    switch.feed(Input::Left { leg: LegNumber(1) });
    assert!(switch.call.is_ringing(LegNumber(2)));
    switch.feed(Input::Answered { leg: LegNumber(2) });
    assert!(switch.call.is_leg_up(LegNumber(2)));
}

#[test]
fn a_number_that_is_dialled_and_of_which_nothing_is_heard_is_given_up() {
    let mut switch = Switch::outbound();
    switch.reply(answers());
    let limit = switch.timer(60).unwrap();
    switch.feed(Input::Timer { ticket: limit });
    assert_eq!(switch.invoked().unwrap()["ActionData"]["Parameters"]["SipResponseCode"], 480);
    switch.reply(answers());
    assert!(switch.call.is_over());
}

#[test]
fn a_file_that_turns_out_unplayable_while_it_is_played_fails_as_one_that_was_known_to_be() {
    let file = AudioFile { bucket: "prompts".to_owned(), key: "a.wav".to_owned() };
    for is_known in [true, false] {
        let mut switch = Switch::inbound();
        let missing = Input::File { file: file.clone(), condition: Condition::Missing };
        if is_known {
            switch.feed(missing.clone());
        }
        switch.reply(answer(&json!([play_audio("a.wav")])));
        if !is_known {
            switch.feed(missing);
        }
        assert_eq!(switch.playing(), None);
        let event = switch.invoked().unwrap();
        assert_eq!(event["ActionData"]["ErrorType"], "InvalidAudioSource");
        assert_eq!(event["ActionData"]["ErrorMessage"], "Cannot access S3 bucket or audio file.");
    }
}

#[test]
fn what_a_switch_cannot_do_is_a_system_error_of_the_action() {
    let mut switch = opened_on_a_switch(json!([speak("one")]));
    let prompt = switch.playing().unwrap();
    switch.feed(Input::Failed { ticket: prompt });
    let event = switch.invoked().unwrap();
    assert_eq!(name(&event), "ACTION_FAILED Speak");
    assert_eq!(event["ActionData"]["ErrorType"], "SystemException");
}

#[test]
fn a_call_that_no_application_takes_is_over_with_nothing_open() {
    let mut start = switch::inbound_start();
    start.direction = Direction::Inbound { rule_id: None, applications: Vec::new() };
    let switch = Switch::new(Service::default(), start);
    assert!(switch.call.is_over());
}

#[test]
fn an_event_that_was_lost_on_its_way_is_given_again_and_has_all_its_time() {
    let mut switch = Switch::inbound();
    switch.now = Duration::from_secs(19);
    let lost = switch.open().into_iter().find(|order| matches!(order, Order::Invoke { .. }));
    let lost = lost.unwrap().ticket();
    let limit = switch.timer(20);
    switch.feed(Input::Failed { ticket: lost });
    assert!(switch.invoked().is_some() && switch.timer(20).is_some());
    assert_ne!(switch.timer(20), limit);
    switch.reply(answer(&json!([speak("Hello")])));
    assert!(switch.playing().is_some());
}

#[test]
fn an_event_that_is_on_its_way_twice_is_lost_when_both_are() {
    let mut switch = Switch::inbound();
    switch.now = Duration::from_secs(5);
    let again = switch.timer(5).unwrap();
    switch.feed(Input::Timer { ticket: again });
    let attempts = |switch: &Switch| -> Vec<Ticket> {
        let open = switch.open().into_iter();
        open.filter(|order| matches!(order, Order::Invoke { .. })).map(Order::ticket).collect()
    };
    let both = attempts(&switch);
    assert_eq!(both.len(), 2);
    for lost in both {
        switch.feed(Input::Failed { ticket: lost });
        assert_eq!(attempts(&switch).len(), 1, "there is always one on its way");
    }
}

#[test]
fn the_latest_moment_there_is_breaks_nothing() {
    let mut switch = opened_on_a_switch(json!([
        {"Type": "ReceiveDigits", "Parameters": {"InputDigitsRegex": "^[0-9]$",
            "InBetweenDigitsDurationInMilliseconds": 500, "FlushDigitsDurationInMilliseconds": 1000}},
        speak("Hello"),
    ]));
    switch.now = Duration::MAX;
    switch.press('1');
    switch.feed(Input::Left { leg: LegNumber(0) });
    assert!(!switch.call.is_up());
}

#[test]
fn the_way_into_a_meeting_is_a_leg_that_the_order_names() {
    let mut switch = opened_on_a_switch(json!([join()]));
    let join = switch.given.iter().find_map(|order| match order {
        Order::Join { ticket, way, .. } => Some((*ticket, *way)),
        _ => None,
    });
    let (ticket, way) = join.unwrap();
    switch.finish(ticket);
    assert!(switch.call.is_leg_up(way));
    switch.reply(answer(&json!([hangup_of("LEG-B")])));
    let is_hung_up = |order: &Order| matches!(order, Order::HangUp { leg, .. } if *leg == way);
    assert!(switch.given.iter().any(is_hung_up));
}
