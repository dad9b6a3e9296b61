//! Masking: digits, numbers, and how they are spelled.

use std::sync::LazyLock;

use serde_json::json;

use super::*;

static SETTINGS: LazyLock<Settings> = LazyLock::new(Settings::default);

fn nothing_kept() -> &'static CallState {
    Box::leak(Box::default())
}

fn redactor(typed: &str) -> Redactor<'static> {
    let event = json!({"ActionData": {"ReceivedDigits": typed}, "CallDetails": {"TransactionAttributes": {"kept": "pin=80085"}}});
    let event = Event::parse(event.to_string().as_bytes()).unwrap();
    let typed = OnceCell::from(Redactor::new(Some(&event), nothing_kept(), &SETTINGS).find_typed());
    Redactor { typed, ..Redactor::new(None, nothing_kept(), &SETTINGS) }
}

#[test]
fn typed_digits_and_phone_numbers_are_masked() {
    for (typed, text, expected) in [
        ("1234", "the pin is 1234, really 1234.", "the pin is ****, really ****."),
        ("1", "chose 1 of 12, a1 1", "chose **** of 12, a1 ****"),
        ("123", "pin123x", "pin****x"),
        ("11#", "keys 11#", "keys ****"),
        ("#", "key # or a#b", "key **** or a#b"),
        ("9", "stored 80085 earlier, and x80085", "stored **** earlier, and x****"),
        ("9", "call +12065550142 now", "call …0142 now"),
        ("9", "tel12065550142 user_12065550142", "tel…0142 user_…0142"),
        ("9", "+12065550142+14255550117", "…0142…0117"),
        ("9", "card 4111111111111111", "card ****"),
        (
            "9",
            "http 404 after 1512 ms, v2.1, leg db0e2136-2587-4398-87a8-e81dc3aa6c08",
            "http 404 after 1512 ms, v2.1, leg db0e2136-2587-4398-87a8-e81dc3aa6c08",
        ),
        (
            "9",
            "call db0e2136-2587-4398-87a8-2065550142c8, dbe-2065550142",
            "call db0e2136-2587-4398-87a8-2065550142c8, dbe-…0142",
        ),
        ("9", "call 12345678-1234-1234-1234-206555014211", "call 12345678-1234-1234-1234-…4211"),
        (
            "9",
            "`text` has 1001 characters; wanted 1 to 1000",
            "`text` has 1001 characters; wanted 1 to 1000",
        ),
        ("9", "no digits at all", "no digits at all"),
    ] {
        assert_eq!(redactor(typed).text(text), expected);
    }
}

#[test]
fn values_are_masked_all_the_way_down() {
    let value = json!({"pin": "0123", "list": [123, 7, {"0123": true}], "n": null, "from": 12_065_550_142_u64});
    let masked =
        json!({"pin": "****", "list": ["****", 7, {"****": true}], "n": null, "from": "…0142"});
    assert_eq!(redactor("0123").value(&value), masked);
}

#[test]
fn keys_as_long_as_a_number_are_masked_whole() {
    for typed in ["4111111", "4111111111", "4111111111111111"] {
        let text = format!("card {typed}, pin{typed}");
        assert_eq!(redactor(typed).text(&text), "card ****, pin****");
        assert_eq!(redactor(typed).text(typed), "****");
        let numbers = Redactor { shows_numbers: true, ..redactor(typed) };
        assert_eq!(numbers.text(&text), "card ****, pin****");
    }
    // Keys that are a part of a number leave nothing of it but its end.
    assert_eq!(redactor("5550").text("from +12065550142"), "from …0142");
}

#[test]
fn each_setting_shows_its_own_kind() {
    let text = "1234 of +12065550142, card 4111111111111111";
    let event = Event::parse(br#"{"ActionData": {"ReceivedDigits": "1234"}}"#).unwrap();
    let shows = |shows_digits, shows_numbers| Redactor {
        shows_digits,
        shows_numbers,
        ..Redactor::new(Some(&event), nothing_kept(), &SETTINGS)
    };
    assert_eq!(shows(true, false).text(text), "1234 of …0142, card 4111111111111111");
    assert_eq!(shows(false, true).text(text), "**** of +12065550142, card ****");
    assert_eq!(shows(true, true).text(text), text);
}
