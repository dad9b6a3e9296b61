//! Promises: what callers are told will be done, or has been, though the request behind it has failed.

use std::collections::{BTreeMap, BTreeSet};

use moonring_flow::Place;

use crate::answer::{ActionView, AnswerView};
use crate::choice::Choice;
use crate::finding::Finding;

/// Something is done behind the call, later.
const LATER: [&str; 36] = [
    "call you",
    "contact you",
    "get back to you",
    "be in touch",
    "send you a",
    "send you the",
    "send you your",
    "text you",
    "email you",
    "e-mail you",
    "remind you",
    "let you know",
    "you will receive",
    "you'll receive",
    "you will get",
    "you'll get",
    "be called back",
    "be contacted",
    "be notified",
    "be sent",
    "be delivered",
    "on its way",
    "on the list",
    "on our list",
    "le llamaremos",
    "te llamaremos",
    "nos pondremos en contacto",
    "recibirá",
    "vous rappel",
    "vous contact",
    "vous recevrez",
    "rufen sie zurück",
    "rufen sie an",
    "melden uns",
    "sie erhalten",
    "sie bekommen",
];

/// Something is done,
const DONE: [&str; 32] = [
    "saved",
    "stored",
    "kept",
    "sent",
    "booked",
    "reserved",
    "confirmed",
    "canceled",
    "cancelled",
    "changed",
    "updated",
    "registered",
    "scheduled",
    "ordered",
    "placed",
    "noted",
    "forwarded",
    "added",
    "deleted",
    "removed",
    "subscribed",
    "unsubscribed",
    "guardado",
    "enviado",
    "reservado",
    "confirmado",
    "enregistré",
    "envoyé",
    "réservé",
    "gespeichert",
    "gesendet",
    "gebucht",
];
/// where one of these stands before it, at most one word between.
const AUXILIARY: [&str; 15] = [
    "is", "are", "been", "was", "were", "have", "we've", "i've", "ha", "hemos", "été", "est",
    "ist", "wurde", "haben",
];

/// The caller is told that something did not work.
const APOLOGIES: [&str; 20] = [
    "sorry",
    "could not",
    "couldn't",
    "cannot",
    "can't",
    "unable",
    "unfortunately",
    "try again",
    "was not",
    "has not",
    "have not",
    "did not",
    "is not",
    "lo siento",
    "no se pud",
    "désol",
    "n'a pas",
    "n'avons pas",
    "leider",
    "nicht",
];

/// What a path has asked to be changed outside since its caller did something last.
#[derive(Debug, Clone, Default)]
pub(crate) struct Changes {
    /// The one that failed last, in words.
    failed: Option<String>,
    /// Whether one was done at any time: the promise may be about that.
    is_any_done: bool,
}

impl Changes {
    /// A change was asked for; `failure` is what was asked if it failed.
    pub(crate) fn asked(&mut self, failure: Option<String>) {
        self.is_any_done |= failure.is_none();
        self.failed = failure.or(self.failed.take());
    }

    /// The caller, or what is outside, goes on: what failed before is another matter.
    pub(crate) fn go_on(&mut self, choice: &Choice) {
        if matches!(choice, Choice::Press { .. } | Choice::Talk { .. } | Choice::Update { .. }) {
            self.failed = None;
        }
    }

    /// The answer has told the caller that something did not work.
    pub(crate) fn hear(&mut self, answer: &AnswerView) {
        if apologizes(&answer.said()) {
            self.failed = None;
        }
    }

    /// The change that failed where none was done beside it.
    pub(crate) fn only_failure(&self) -> Option<&str> {
        self.failed.as_deref().filter(|_| !self.is_any_done)
    }
}

/// A promise: its line, and its words.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Promise {
    pub(crate) place: Option<Place>,
    text: String,
}

/// The promises of all paths.
#[derive(Debug, Default)]
pub(crate) struct Promises {
    /// Those that callers hear where nothing fails.
    kept: BTreeSet<Promise>,
    /// Those that callers hear where the change behind them has failed.
    doubtful: BTreeMap<Promise, Finding>,
}

impl Promises {
    /// A caller hears a promise, and nothing has failed.
    pub(crate) fn keep(&mut self, promise: Promise) {
        self.kept.insert(promise);
    }

    /// A caller hears a promise, and what should keep it has failed.
    pub(crate) fn doubt(&mut self, promise: Promise, finding: Finding) {
        self.doubtful.entry(promise).or_insert(finding);
    }

    /// Promises that are the same whether or not what should keep them has failed.
    pub(crate) fn broken(&mut self) -> Vec<Finding> {
        let doubtful = std::mem::take(&mut self.doubtful).into_iter();
        let broken = doubtful.filter(|(promise, _)| self.kept.contains(promise));
        broken.map(|(_, finding)| finding).collect()
    }
}

/// The promises of an answer. What is asked in the same breath is an offer.
pub(crate) fn promises_of(answer: &AnswerView) -> Vec<Promise> {
    let is_told = |action: &&ActionView| !action.asks();
    if apologizes(&answer.said()) || answer.actions.iter().any(ActionView::asks) {
        return Vec::new();
    }
    let promise = |action: &ActionView| {
        let text = action.said().filter(|text| promises(text))?;
        Some(Promise { place: action.place.clone(), text })
    };
    answer.actions.iter().filter(is_told).filter_map(promise).collect()
}

/// What is wrong with a promise, where this request has failed.
pub(crate) fn message(failure: &str) -> String {
    format!("the caller is promised this even where {failure} fails")
}

fn promises(text: &str) -> bool {
    let text = text.to_lowercase();
    if LATER.iter().any(|phrase| text.contains(phrase)) {
        return true;
    }
    let is_letter = |letter: char| letter.is_alphabetic() || letter == '\'';
    let words: Vec<&str> =
        text.split(|letter| !is_letter(letter)).filter(|word| !word.is_empty()).collect();
    words.iter().enumerate().any(|(at, word)| {
        let before = words.get(at.saturating_sub(2)..at).unwrap_or_default();
        DONE.contains(word) && before.iter().any(|before| AUXILIARY.contains(before))
    })
}

fn apologizes(text: &str) -> bool {
    let text = text.to_lowercase();
    APOLOGIES.iter().any(|phrase| text.contains(phrase))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn promises_are_told_from_what_is_said_besides() {
        for text in [
            "Thank you. We will call you back.",
            "Your table is booked.",
            "Your message has been saved.",
            "We have now changed your PIN.",
            "Nous vous rappelons.",
            "Ihre Nachricht wurde gespeichert.",
        ] {
            assert!(promises(text) && !apologizes(text), "{text}");
        }
        for text in [
            "We will connect you now.",
            "Your call may be recorded.",
            "Goodbye.",
            "Calls are answered in the order they were received.",
            "This call is being recorded. I will send you to an agent.",
            "Our new address has a parking lot.",
        ] {
            assert!(!promises(text), "{text}");
        }
        assert!(apologizes("Your message was not saved."));
    }

    #[test]
    fn a_change_that_is_tried_again_and_done_keeps_the_promise() {
        let mut changes = Changes::default();
        changes.asked(Some("storage:put".to_owned()));
        assert!(changes.only_failure().is_some());
        changes.go_on(&Choice::Nothing);
        assert!(changes.only_failure().is_some());
        changes.asked(None);
        assert_eq!(changes.only_failure(), None);
        // What was done before a menu is what the promise behind it may be about.
        changes.go_on(&Choice::Press { is_callee: false, digits: "1".to_owned() });
        changes.asked(Some("http:POST".to_owned()));
        assert_eq!(changes.only_failure(), None);
    }
}
