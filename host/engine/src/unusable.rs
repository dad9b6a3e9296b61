//! Data that cannot be used: the call goes on, and a log line says what was wrong with it. The
//! value itself may be a number or a name, and is masked.

use moonring_flow::Place;

use crate::vm::bindings::EventContext;

/// What becomes of a method that waits, or of a helper.
pub(crate) const GIVES_NIL: &str = "it gives nil and an error";

impl EventContext {
    /// Says that data could not be used, and what comes of that, unless it is done again in a
    /// replay.
    pub(crate) fn warn_of_data(&mut self, place: Option<&Place>, refusal: &str, then: &str) {
        if self.flow.as_ref().is_some_and(|flow| flow.is_silent()) {
            return;
        }
        let place = place.map(|place| format!("{place}: ")).unwrap_or_default();
        let text = format!("{place}{}; {then}", masked(refusal));
        self.log.add_refused_data(&text);
    }
}

/// A refusal with what stands in quotes before `; wanted` masked: of letters and digits the last
/// two stay. A value is quoted as Rust does it: a quote in it stands behind a backslash.
fn masked(refusal: &str) -> String {
    let mut told = String::with_capacity(refusal.len());
    let mut rest = refusal;
    while let Some(quote) = rest.find('"').filter(|quote| !rest[..*quote].contains(WANTED)) {
        let (before, value) = rest.split_at(quote + 1);
        let end = end_of(value);
        told.push_str(before);
        told.push_str(&mask(&value[..end]));
        rest = &value[end..];
        if let Some(behind) = rest.strip_prefix('"') {
            told.push('"');
            rest = behind;
        }
    }
    told + rest
}

/// What stands before the part that says what was wanted, whose examples are no values.
const WANTED: &str = "; wanted";

/// Where a quoted value ends: at the first quote that has no backslash before it.
fn end_of(value: &str) -> usize {
    let mut is_escaped = false;
    let is_end = |letter: char| {
        let is_end = letter == '"' && !is_escaped;
        is_escaped = letter == '\\' && !is_escaped;
        is_end
    };
    value.find(is_end).unwrap_or(value.len())
}

fn mask(value: &str) -> String {
    let count = value.chars().filter(|letter| letter.is_alphanumeric()).count();
    let mut left = count.saturating_sub(2);
    let mask = |letter: char| {
        if letter.is_alphanumeric() && left > 0 {
            left -= 1;
            '*'
        } else {
            letter
        }
    };
    value.chars().map(mask).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_value_the_last_two_letters_stay() {
        let told = masked("call:bridge: `to` is \"206-555-0102\"; wanted a number, such as \"+1\"");
        assert_eq!(told, "call:bridge: `to` is \"***-***-**02\"; wanted a number, such as \"+1\"");
        assert_eq!(
            masked("call:say: `text` has 0 characters"),
            "call:say: `text` has 0 characters"
        );
        assert_eq!(masked("a \"bcd"), "a \"*cd");
    }

    #[test]
    fn no_value_gets_out_of_its_quotes() {
        for value in ["x\"4929 and more", "y; wanted Ann 4111", "\\", "a\\\"b\"12345", "\"\"\""] {
            let refusal =
                format!("call:bridge: `to` is {value:?}; wanted a number, such as \"+1\"");
            let told = masked(&refusal);
            assert!(told.ends_with("; wanted a number, such as \"+1\""), "{told}");
            let shown = told.strip_prefix("call:bridge: `to` is \"").unwrap();
            let shown = shown.strip_suffix("\"; wanted a number, such as \"+1\"").unwrap();
            let letters = shown.chars().filter(|letter| letter.is_alphanumeric()).count();
            assert!(letters <= 2, "{value}: {told}");
        }
    }
}
