//! Journals: what is read is what was written, and what is forged is refused.

use serde_json::json;

use super::*;
use crate::failure::StepFailure;
use crate::legs::ConnectedLeg;
use crate::request::Reply;

fn journal() -> Journal {
    let texts = |text: &str| text.to_owned();
    let results = [
        StepResult::True,
        StepResult::Digits(texts("12#")),
        StepResult::Failed(StepFailure {
            error_type: "no_input",
            message: texts("Invalid digits received."),
            code: texts("InvalidDigitsReceived"),
            action: texts("SpeakAndGetDigits"),
        }),
        StepResult::Failed(StepFailure::new("busy", "é | !")),
        StepResult::Leg(ConnectedLeg {
            tag: texts("LEG-B"),
            id: texts("1-2"),
            from: texts("+1"),
            to: texts("+2"),
        }),
        StepResult::Recording { bucket: texts("b"), key: texts("k/1.wav"), terminator: texts("#") },
        StepResult::Pressed(texts("9")),
        StepResult::Updated(json!({"a": "|"}).as_object().unwrap().clone()),
        StepResult::Left(texts("LEG-B")),
        StepResult::TimedOut,
        StepResult::Replies(vec![
            Reply::Done(json!({"x": [1, 2.5]})),
            Reply::Failed { error_type: texts("denied"), message: texts("no"), code: None },
        ]),
        StepResult::Value(json!(null)),
        StepResult::Value(json!({"deep": [true]})),
        StepResult::Raised(texts("main.lua:1: no")),
        StepResult::Sealed(texts("c2VhbGVk")),
        StepResult::Acted { event: json!({"ActionData": {"Type": "Speak"}}), leg: None },
        StepResult::Acted {
            event: json!({}),
            leg: Some(Box::new(StepResult::Leg(ConnectedLeg {
                tag: texts("LEG-B"),
                id: texts("1"),
                from: texts("+1"),
                to: texts("+2"),
            }))),
        },
    ];
    let entries = results.into_iter().enumerate().map(|(index, result)| JournalEntry {
        kind: StepKind::new(char::from(b'a' + u8::try_from(index % 26).unwrap())),
        is_sent: index % 2 == 0,
        digest: 0x3_FFFF - u32::try_from(index).unwrap(),
        later: i64::try_from(index * index * 7).unwrap(),
        result,
    });
    let notes = JournalNotes {
        is_over: true,
        step: Some((StepKind::WAIT, 77)),
        is_secret: true,
        is_answered: true,
        heard_later: 12,
        skip: 3,
        sent: vec![SentAction::of(
            &moonring_wire::Action::new("Pause", serde_json::Map::new()),
            true,
        )],
        former: vec![SentAction::of(
            &moonring_wire::Action::new("Speak", serde_json::Map::new()),
            false,
        )],
        failed_hangups: 2,
        tries: 1,
        failed: Some(StepResult::Failed(StepFailure::new("failed", "x"))),
        kept: vec![StepResult::Left(texts("LEG-B"))],
    };
    let leg = ["LEG-B", "1-2", "+1", "+2"].map(str::to_owned);
    let meeting = Some(["m".to_owned(), "a".to_owned()]);
    let handover = Handover {
        epoch: 2,
        script: texts("support"),
        state: json!({"a": [1]}),
        legs: vec![leg.into()],
        former: vec!["0".to_owned()],
        has_secret: true,
        is_recorded: true,
        meeting: meeting.map(Into::into),
    };
    let mut journal = Journal::begin(1_718_036_405, "r", texts("{\"X-A\":\"b\"}"), Some(handover));
    entries.for_each(|entry| journal.add(entry, 1000).unwrap());
    let failed = Some(FlowFailed { has_steps: true, is_heard: false });
    Journal { notes, failed, ..journal }
}

#[test]
fn a_journal_is_read_as_it_was_written() {
    let whole = journal();
    assert_eq!(Journal::read(&whole.to_text()), Some(whole));
    let plain = Journal { notes: JournalNotes::default(), failed: None, ..journal() };
    assert_eq!(Journal::read(&plain.to_text()), Some(plain));
}

#[test]
fn a_text_that_is_cut_or_changed_is_read_as_something_else_or_not_at_all_but_never_panics() {
    let text = journal().to_text();
    for end in text.char_indices().map(|(index, _)| index) {
        drop(Journal::read(&text[..end]));
        let mut changed = text.clone();
        changed.replace_range(end..end + text[end..].chars().next().unwrap().len_utf8(), "~");
        drop(Journal::read(&changed));
    }
    for wrong in ["", "3", "2", "1", "1é", "1AAA~", "1AAAaAAAAtzz"] {
        assert_eq!(Journal::read(wrong), None, "{wrong}");
    }
}

/// A journal with this entry so often, and what it has on an average.
fn repeated(result: &StepResult, kind: StepKind, times: usize) -> (Journal, usize) {
    let mut journal = Journal::begin(1_718_036_405, "", String::new(), None);
    let before = journal.chars();
    for _ in 0..times {
        let (is_sent, digest, later) = (true, 4711, 5);
        let entry = JournalEntry { kind, is_sent, digest, later, result: result.clone() };
        journal.add(entry, 1000).unwrap();
    }
    let chars = journal.chars() - before;
    (journal, chars)
}

#[test]
fn outcomes_that_repeat_take_a_few_characters() {
    let unanswered = StepResult::Failed(StepFailure {
        error_type: "no_answer",
        message: "Call not answered".to_owned(),
        code: "CallNotAnswered".to_owned(),
        action: "CallAndBridge".to_owned(),
    });
    let leg = StepResult::Leg(ConnectedLeg {
        tag: "LEG-B".to_owned(),
        id: "f893a2ee-fb32-455e-b1c1-8690ee42c90b".to_owned(),
        from: "+12065550142".to_owned(),
        to: "+12065550101".to_owned(),
    });
    let odd = StepResult::Failed(StepFailure::new("invalid", "x".repeat(100)));
    let (journal, chars) = repeated(&odd, StepKind::BRIDGE, 100);
    assert!(chars < 100 * 3 + 120, "the same failure of the same step: {chars}");
    assert_eq!(Journal::read(&journal.to_text()), Some(journal));
    for (result, kind, times, most) in [
        (unanswered, StepKind::BRIDGE, 600, 3),
        (StepResult::Digits("7".to_owned()), StepKind::MENU, 1500, 3),
        (StepResult::Pressed("#".to_owned()), StepKind::WAIT, 1500, 4),
        (StepResult::Left("LEG-B".to_owned()), StepKind::WAIT, 1500, 3),
        (leg, StepKind::BRIDGE, 100, 51),
    ] {
        let (journal, chars) = repeated(&result, kind, times);
        // The first writes its step out, which is three characters more.
        assert_eq!(chars, most * times + 3, "{result:?}");
        assert_eq!(Journal::read(&journal.to_text()), Some(journal), "{result:?}");
    }
}

#[test]
fn a_journal_goes_on_in_the_format_it_began_in() {
    let mut old = Journal::read("1AAA").unwrap();
    let entry = |digest| JournalEntry {
        kind: StepKind::MENU,
        is_sent: true,
        digest,
        later: 0,
        result: StepResult::Digits("7".to_owned()),
    };
    old.add(entry(1), 100).unwrap();
    old.add(entry(1), 100).unwrap();
    assert_eq!(old.to_text(), "1AAAmBAAAdB7mBAAAdB7");
    let mut new = Journal::read("3AAA").unwrap();
    (1..=60).for_each(|digest| new.add(entry(digest), 100).unwrap());
    // Only the latest are known by their place.
    [60, 1, 60, 30].into_iter().for_each(|digest| new.add(entry(digest), 100).unwrap());
    assert!(new.to_text().ends_with("0A7mBAAA71A7]A7"), "{}", new.to_text());
    assert_eq!(Journal::read(&new.to_text()), Some(new));
}
