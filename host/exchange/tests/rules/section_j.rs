//! Rules 70 to 73: SSML, input, bots; and parameters that are named.

use super::*;

/// A question whose caller presses these digits, and what comes of it.
fn asked(world: Arc<World>, digits: &str, change: impl Fn(&mut Value)) -> Value {
    let mut question = ask(1);
    change(&mut question["Parameters"]);
    let caller = Person::doing([Behavior::press(digits), Behavior::hang_up_after(MS(30_000))]);
    let call = opened(world, caller, json!([question]));
    let ended = |event: &&Value| name(event).ends_with("PlayAudioAndGetDigits");
    call.trace.events().find(ended).cloned().unwrap_or_default()
}

#[test]
fn rule_70_ssml_that_amazon_polly_refuses_fails_its_action() {
    let ssml =
        |text: &str| json!({"Type": "Speak", "Parameters": {"Text": text, "TextType": "ssml"}});
    for (text, is_right) in [
        ("<speak>R&amp;D <break time='1s'/></speak>", true),
        ("<speak>AT&T</speak>", false),
        ("<speak>Hello <break time='1s'></speak>", false),
        ("<speak><blink>Hello</blink></speak>", false),
        ("Hello", false),
    ] {
        let call = opened(usual(), leaves_after(9), json!([ssml(text)]));
        let wanted = if is_right { "ACTION_SUCCESSFUL Speak" } else { "ACTION_FAILED Speak" };
        assert!(call.events().contains(&wanted.to_owned()), "{text}: {:?}", call.events());
        assert_eq!(call.heard().is_empty(), !is_right, "{text}");
    }
}

#[test]
fn rule_71_a_pattern_is_looked_for_anywhere_in_the_input_or_is_all_of_it() {
    let digit = |question: &mut Value| question["InputDigitsRegex"] = json!("[0-9]");
    assert_eq!(asked(usual(), "12345", digit)["ActionData"]["ReceivedDigits"], "12345");
    let whole = reading(|readings| readings.regex_is_whole = true);
    let event = asked(whole, "12345", digit);
    assert_eq!(event["ActionData"]["ErrorType"], "InvalidDigitsReceived");
    let anchored = |question: &mut Value| question["InputDigitsRegex"] = json!("^[0-9]$");
    let event = asked(usual(), "12345", anchored);
    assert_eq!(event["ActionData"]["ErrorType"], "InvalidDigitsReceived");
}

#[test]
fn rule_72_a_terminator_alone_is_an_empty_input_where_no_digits_are_required() {
    let none = |question: &mut Value| question["MinNumberOfDigits"] = json!(0);
    assert_eq!(asked(usual(), "#", none)["ActionData"]["ReceivedDigits"], "");
    let strict = reading(|readings| readings.empty_input_succeeds = false);
    assert_eq!(asked(strict, "#", none)["ActionData"]["ErrorType"], "InvalidDigitsReceived");
    let three = asked(usual(), "#", |_| {});
    assert_eq!(three["ActionData"]["ErrorType"], "InvalidDigitsReceived", "three are required");
}

#[test]
fn rule_73_a_bot_of_another_region_is_refused() {
    for (region, wanted) in [("us-east-1", "ACTION_SUCCESSFUL"), ("eu-west-2", "ACTION_FAILED")] {
        let arn = format!("arn:aws:lex:{region}:111122223333:bot-alias/A/B");
        let bot = json!({"Type": "StartBotConversation", "Parameters": {"BotAliasArn": arn}});
        let call = opened(usual(), leaves_after(40), json!([bot]));
        assert!(call.events()[1].starts_with(wanted), "{region}: {:?}", call.events());
    }
}

#[test]
fn a_parameter_that_is_wrong_is_named_by_its_own_name() {
    for (parameter, value) in [
        ("RepeatDurationInMilliseconds", json!(null)),
        ("MinNumberOfDigits", json!("x")),
        ("MaxNumberOfDigits", json!(0)),
        ("TerminatorDigits", json!(["x"])),
        ("InputDigitsRegex", json!("(")),
    ] {
        let event = asked(usual(), "1", |question| question[parameter] = value.clone());
        let message = format!("{parameter} parameter value is invalid.");
        assert_eq!(event["ActionData"]["ErrorMessage"], message);
    }
}
