//! Digits that fit what an action listens for, and digits that do not.

use std::collections::{BTreeMap, VecDeque};

use regex_automata::Anchored;
use regex_automata::dfa::{Automaton as _, StartKind, dense};
use regex_automata::util::primitives::StateID;
use regex_automata::util::start;

/// What people press.
const DIGITS: &str = "1234567890*#";
/// The most texts that the scripts know and that are typed.
const KNOWN: usize = 4;
/// The most states that are looked at, and the most bytes of an automaton.
const STATES: usize = 20_000;
const BYTES: usize = 1 << 20;

/// What an action listens for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Listens {
    /// The regular expression.
    pub(crate) regex: Option<String>,
    /// The fewest digits.
    pub(crate) min: usize,
    /// The most.
    pub(crate) max: usize,
    /// Digits that end the typing, and do not belong to what is typed.
    pub(crate) terminators: Vec<String>,
}

/// What may be typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Typed {
    /// Digits that fit.
    pub(crate) fitting: Vec<String>,
    /// Digits that do not.
    pub(crate) wrong: Option<String>,
}

impl Listens {
    /// Digits that fit and that do not: each one where a single digit is wanted, else one text.
    /// Of longer texts those as well that the scripts know, such as a PIN.
    pub(crate) fn typed(&self, known: &[String]) -> Typed {
        let is_terminator = |digit: char| self.terminators.iter().any(|end| end.contains(digit));
        let digits: Vec<char> = DIGITS.chars().filter(|digit| !is_terminator(*digit)).collect();
        let Some(regex) = self.regex.as_deref().filter(|regex| !regex.is_empty()) else {
            // One digit is a menu, whatever it is asked with.
            if self.max <= 1 {
                let fitting = digits.iter().map(char::to_string).collect();
                return Typed { fitting, wrong: None };
            }
            let text: String = digits.iter().cycle().take(self.min.max(1)).collect();
            let nines = "9".repeat(self.max.min(2));
            // Nothing but the digit that ends the typing.
            let end = self.terminators.first().filter(|_| self.min == 0).cloned();
            let known = self.fitting_of(known, |_| true);
            let mut fitting: Vec<String> = known.into_iter().chain([text]).chain(end).collect();
            if self.min <= nines.len() && !fitting.contains(&nines) {
                fitting.push(nines);
            }
            return Typed { fitting, wrong: None };
        };
        let Some(matcher) = Matcher::new(regex) else { return Typed::default() };
        if self.max <= 1 {
            let single = digits.iter().map(char::to_string);
            let (fitting, wrong): (Vec<String>, Vec<String>) =
                single.partition(|digit| matcher.matches(digit));
            // The least likely digit is the wrong one.
            let wrong = wrong.into_iter().rev().find(|digit| digit != "*");
            return Typed { fitting, wrong };
        }
        let mut fitting = self.fitting_of(known, |text| matcher.matches(text));
        let keys = if self.min <= 1 { matcher.keys(&digits) } else { Vec::new() };
        // What is longer than a key is something else.
        let min = if keys.is_empty() { self.min } else { 2 };
        fitting.extend(keys);
        let shortest = matcher.shortest(&digits, min, self.max);
        fitting.extend(shortest.filter(|text| !fitting.contains(text)));
        let texts = digits.iter().map(|digit| digit.to_string().repeat(self.min.max(1)));
        let wrong = texts.rev().find(|text| !matcher.matches(text));
        Typed { fitting, wrong }
    }
}

impl Listens {
    /// Digits that end a recording.
    pub(crate) fn recording_ends(&self) -> Vec<char> {
        self.terminators.iter().filter_map(|end| end.chars().next()).collect()
    }

    /// Those of the texts that fit.
    fn fitting_of(&self, known: &[String], matches: impl Fn(&str) -> bool) -> Vec<String> {
        let fits = |text: &&String| {
            (self.min..=self.max).contains(&text.len()) && self.max > 1 && matches(text)
        };
        known.iter().filter(fits).take(KNOWN).cloned().collect()
    }
}

/// A regular expression as a machine.
struct Matcher {
    dfa: dense::DFA<Vec<u32>>,
    first: StateID,
}

impl Matcher {
    /// `None` for what no such machine can do, such as looking ahead.
    fn new(regex: &str) -> Option<Self> {
        let config = dense::Config::new()
            .start_kind(StartKind::Anchored)
            .dfa_size_limit(Some(BYTES))
            .determinize_size_limit(Some(BYTES));
        let whole = format!("^(?:{regex})$");
        let dfa = dense::Builder::new().configure(config).build(&whole).ok()?;
        let first = dfa.start_state(&start::Config::new().anchored(Anchored::Yes)).ok()?;
        Some(Self { dfa, first })
    }

    fn is_end(&self, state: StateID) -> bool {
        self.dfa.is_match_state(self.dfa.next_eoi_state(state))
    }

    fn matches(&self, text: &str) -> bool {
        let state = text.bytes().fold(self.first, |state, byte| self.dfa.next_state(state, byte));
        self.is_end(state)
    }

    /// Digits that fit alone, where each is a choice of its own: some fit, and others do not.
    fn keys(&self, digits: &[char]) -> Vec<String> {
        let numbers = digits.iter().filter(|digit| digit.is_ascii_digit());
        let (fitting, others): (Vec<String>, Vec<String>) =
            numbers.map(char::to_string).partition(|digit| self.matches(digit));
        if others.is_empty() { Vec::new() } else { fitting }
    }

    /// The shortest text of these digits that matches and is long enough.
    fn shortest(&self, digits: &[char], min: usize, max: usize) -> Option<String> {
        let mut seen: BTreeMap<(StateID, usize), ()> = BTreeMap::new();
        let mut queue = VecDeque::from([(self.first, String::new())]);
        while let Some((state, text)) = queue.pop_front() {
            if text.len() >= min && self.is_end(state) {
                return Some(text);
            }
            if text.len() >= max || seen.len() > STATES {
                continue;
            }
            for digit in digits.iter().filter(|digit| digit.is_ascii()) {
                let next = self.dfa.next_state(state, u8::try_from(*digit).unwrap_or(0));
                let is_new = seen.insert((next, text.len()), ()).is_none();
                if is_new && !self.dfa.is_dead_state(next) {
                    queue.push_back((next, format!("{text}{digit}")));
                }
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(regex: &str, min: usize, max: usize) -> Typed {
        let terminators = vec!["#".to_owned()];
        Listens { regex: Some(regex.to_owned()), min, max, terminators }.typed(&["2222".to_owned()])
    }

    #[test]
    fn a_menu_has_each_of_its_digits_and_a_wrong_one() {
        let menu = typed("^(1|2|9)$", 1, 1);
        assert_eq!(menu.fitting, ["1", "2", "9"]);
        assert_eq!(menu.wrong.as_deref(), Some("0"));
    }

    #[test]
    fn a_longer_text_is_the_shortest_that_fits() {
        assert_eq!(typed("^1[0-9]{2,3}$", 3, 4).fitting, ["111"]);
        // What the scripts know comes first.
        assert_eq!(typed("^\\d+$", 4, 6).fitting, ["2222", "1111"]);
        assert_eq!(typed("^(0[1-9]|1[0-2])([0-2][0-9])$", 4, 4).fitting, ["1111"]);
        assert_eq!(typed("^[2-9]{3}$", 3, 3).wrong.as_deref(), Some("***"));
    }

    #[test]
    fn keys_beside_longer_texts_are_a_menu() {
        assert_eq!(typed("^([1-3]|10[01][0-9])$", 1, 4).fitting, ["1", "2", "3", "1011"]);
        // Digits that all fit are the beginning of a number.
        assert_eq!(typed("^[0-9]{1,3}$", 1, 3).fitting, ["1"]);
    }

    #[test]
    fn without_an_expression_any_digits_do_and_what_cannot_be_read_has_none() {
        let any = Listens { regex: None, min: 4, max: 6, terminators: Vec::new() };
        assert_eq!(any.typed(&[]).fitting, ["1234"]);
        let key = Listens { min: 1, max: 1, ..any };
        assert_eq!(key.typed(&[]).fitting.len(), 12);
        assert_eq!(typed("^(?=1)..$", 2, 2), Typed::default());
    }
}
