//! Journals: what is read is what was written, and what is forged is refused.

use serde_json::json;

use super::super::failure::Failure;
use super::*;
use crate::Reply;

fn journal() -> Journal {
    let texts = |text: &str| text.to_owned();
    let results = [
        Recorded::True,
        Recorded::Digits(texts("12#")),
        Recorded::Failed(Failure {
            error_type: "no_input",
            message: texts("Invalid digits received."),
            code: texts("InvalidDigitsReceived"),
            action: texts("SpeakAndGetDigits"),
        }),
        Recorded::Failed(Failure::new("busy", "é | !")),
        Recorded::Leg { tag: texts("LEG-B"), id: texts("1-2"), from: texts("+1"), to: texts("+2") },
        Recorded::Recording { bucket: texts("b"), key: texts("k/1.wav"), terminator: texts("#") },
        Recorded::Pressed(texts("9")),
        Recorded::Updated(json!({"a": "|"}).as_object().unwrap().clone()),
        Recorded::Left(texts("LEG-B")),
        Recorded::TimedOut,
        Recorded::Replies(vec![
            Reply::Done(json!({"x": [1, 2.5]})),
            Reply::Failed { error_type: texts("denied"), message: texts("no"), code: None },
        ]),
        Recorded::Value(json!(null)),
        Recorded::Value(json!({"deep": [true]})),
        Recorded::Raised(texts("main.lua:1: no")),
        Recorded::Sealed(texts("c2VhbGVk")),
        Recorded::Acted { event: json!({"ActionData": {"Type": "Speak"}}), leg: None },
        Recorded::Acted {
            event: json!({}),
            leg: Some(Box::new(Recorded::Leg {
                tag: texts("LEG-B"),
                id: texts("1"),
                from: texts("+1"),
                to: texts("+2"),
            })),
        },
    ];
    let entries = results.into_iter().enumerate().map(|(index, recorded)| Entry {
        kind: StepKind::ALL[index % StepKind::ALL.len()],
        is_sent: index % 2 == 0,
        digest: 0x3_FFFF - u32::try_from(index).unwrap(),
        later: i64::try_from(index * index * 7).unwrap(),
        recorded,
    });
    let notes = Notes {
        is_over: true,
        step: Some((StepKind::Wait, 77)),
        is_secret: true,
        is_answered: true,
        heard_later: 12,
        skip: 3,
        sent: vec![SentAction::of(&moonring_wire::Action::new("Pause", serde_json::Map::new()), true)],
        former: vec![SentAction::of(&moonring_wire::Action::new("Speak", serde_json::Map::new()), false)],
        failed_hangups: 2,
        failed: Some(Recorded::Failed(Failure::new("failed", "x"))),
        kept: vec![Recorded::Left(texts("LEG-B"))],
    };
    let leg = ["LEG-B", "1-2", "+1", "+2"].map(str::to_owned);
    let meeting = Some(["m".to_owned(), "a".to_owned()]);
    let carried = Carried {
        epoch: 2,
        script: texts("support"),
        state: json!({"a": [1]}),
        legs: vec![leg],
        former: vec!["0".to_owned()],
        has_secret: true,
        is_recorded: true,
        meeting,
    };
    let mut journal = Journal::begin(1_718_036_405, "r", texts("{\"X-A\":\"b\"}"), Some(carried));
    entries.for_each(|entry| journal.add(entry, 1000).unwrap());
    let broken = Some(Broken { has_steps: true, is_heard: false });
    Journal { notes, broken, ..journal }
}

#[test]
fn a_journal_is_read_as_it_was_written() {
    let whole = journal();
    assert_eq!(Journal::read(&whole.to_text()), Some(whole));
    let plain = Journal { notes: Notes::default(), broken: None, ..journal() };
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
