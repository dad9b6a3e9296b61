//! Prompts that name digits to press.

/// The words for digits.
const NAMES: [&str; 12] = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "star", "pound",
];

/// Whether a prompt tells the caller to press a digit.
pub(crate) fn names_digits(text: &str) -> bool {
    let text = text.to_lowercase();
    // Advice for another call, and what was not done.
    if ["next time", "call again", "call us again", "not press", "n't press"]
        .iter()
        .any(|words| text.contains(words))
    {
        return false;
    }
    let mut rest = text.as_str();
    while let Some((_, behind)) = rest.split_once("press ") {
        let word: String = behind
            .trim_start_matches("the ")
            .chars()
            .take_while(|letter| letter.is_alphanumeric() || "*#".contains(*letter))
            .collect();
        let is_digit =
            !word.is_empty() && word.chars().all(|it| it.is_ascii_digit() || "*#".contains(it));
        if is_digit || NAMES.contains(&word.as_str()) {
            return true;
        }
        rest = behind;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_named_by_figures_and_words() {
        for text in ["For sales, press 1.", "Press star to go back.", "press the pound key"] {
            assert!(names_digits(text), "{text}");
        }
        for text in [
            "The press is here.",
            "The next time you call, press 1.",
            "Press releases are online.",
            "Please hold.",
            "You did not press one of the keys. Goodbye.",
            "Please call us again and press 2.",
        ] {
            assert!(!names_digits(text), "{text}");
        }
    }
}
