//! Digits in a text, however they are spelled: one by one, in groups, with brackets, dots and
//! dashes between them.

use std::ops::Range;

/// The most characters between two digits that belong together, none of which is a letter or a
/// digit.
const GAP: usize = 8;
/// The most digits of a country's code, which a number may be written without.
pub(super) const CODE: usize = 3;

/// The keys of a text: digits, stars and pounds, with where they stand.
pub(super) struct Keys<'a> {
    text: &'a str,
    keys: Vec<(usize, u8)>,
}

impl<'a> Keys<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let is_key = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'*' | b'#');
        Self { text, keys: text.bytes().enumerate().filter(|(_, byte)| is_key(byte)).collect() }
    }

    /// Where these digits stand, whatever is between them. Of what else stands between two digits
    /// nothing is a key.
    pub(super) fn find(&self, digits: &str) -> Vec<Range<usize>> {
        let wanted = digits.as_bytes();
        // Stars and pounds stand between digits too, where they are no part of what is looked for.
        let has_signs = wanted.iter().any(|key| !key.is_ascii_digit());
        let keys: Vec<(usize, u8)> = self
            .keys
            .iter()
            .copied()
            .filter(|(_, key)| has_signs || key.is_ascii_digit())
            .collect();
        let mut found: Vec<Range<usize>> = Vec::new();
        for window in keys.windows(wanted.len().max(1)) {
            let is_it = window.iter().map(|(_, key)| *key).eq(wanted.iter().copied());
            if is_it && window.windows(2).all(|pair| self.is_spelled(pair[0].0, pair[1].0)) {
                found.push(window[0].0..window[window.len() - 1].0 + 1);
            }
        }
        found
    }

    /// Where a telephone number stands whose last digits are these, with what stands of it before
    /// them.
    pub(super) fn find_number(&self, end: &str) -> Vec<Range<usize>> {
        let digits: Vec<usize> =
            self.keys.iter().filter(|(_, key)| key.is_ascii_digit()).map(|(at, _)| *at).collect();
        let longer = |found: Range<usize>| {
            let mut first = digits.partition_point(|at| *at < found.start);
            let least = first.saturating_sub(CODE);
            while first > least && self.belong_together(digits[first - 1], digits[first]) {
                first -= 1;
            }
            digits[first]..found.end
        };
        self.find(end).into_iter().map(longer).collect()
    }

    /// Telephone numbers that are written in groups: behind a plus, or three, three and four digits
    /// as they are written in North America.
    pub(super) fn grouped_numbers(&self) -> Vec<Range<usize>> {
        let digits: Vec<usize> =
            self.keys.iter().filter(|(_, key)| key.is_ascii_digit()).map(|(at, _)| *at).collect();
        let mut found = Vec::new();
        let mut first = 0;
        while first < digits.len() {
            // Groups of digits with one or two signs between them, such as `) ` or ` - `.
            let mut last = first;
            while last + 1 < digits.len() && self.belong_together(digits[last], digits[last + 1]) {
                last += 1;
            }
            let group = &digits[first..=last];
            found.extend(self.number_in(group));
            first = last + 1;
        }
        found
    }

    fn number_in(&self, group: &[usize]) -> Option<Range<usize>> {
        let (start, end) = (*group.first()?, *group.last()? + 1);
        let before = self.text[..start].trim_end_matches(['(', ' ']);
        let lengths: Vec<usize> = self.text[start..end]
            .split(|letter: char| !letter.is_ascii_digit())
            .map(str::len)
            .filter(|length| *length > 0)
            .collect();
        let touches = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
        let is_word = !touches(self.text[..start].chars().next_back())
            && !touches(self.text[end..].chars().next());
        let is_north_american =
            is_word && matches!(lengths.as_slice(), [3, 3, 4] | [1, 3, 3, 4] | [3, 4]);
        let is_prefixed = before.ends_with('+') && (7..=15).contains(&group.len());
        // Three and four digits alone are many things; behind a bracket they are the end of a
        // number.
        let is_number = is_prefixed || is_north_american && lengths.len() > 2;
        (is_number && lengths.len() > 1).then_some(start..end)
    }

    fn is_spelled(&self, one: usize, other: usize) -> bool {
        let between = &self.text[one + 1..other];
        between.chars().count() <= GAP && !between.chars().any(char::is_alphanumeric)
    }

    fn belong_together(&self, one: usize, other: usize) -> bool {
        // A plus begins another number.
        self.is_spelled(one, other) && !self.text[one + 1..other].contains('+')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, digits: &str) -> Vec<String> {
        Keys::of(text).find(digits).into_iter().map(|range| text[range].to_owned()).collect()
    }

    #[test]
    fn digits_are_found_in_any_spelling() {
        for text in [
            "9876",
            "9 8 7 6",
            "9, 8, 7, 6",
            "98-76",
            "(98) 76",
            "9.8.7.6",
            "9 – 8 – 7 – 6",
            "9    8    7    6",
            "9 -- 8 -- 7 -- 6",
            "9+8+7+6",
            "\"9\",\"8\",\"7\",\"6\"",
        ] {
            assert_eq!(found(text, "9876").len(), 1, "{text}");
        }
        for text in ["9x876", "98 and 76", "987", "9876"[..3].trim()] {
            assert_eq!(found(text, "9876").len(), 0, "{text}");
        }
        assert_eq!(found("x1 1 # y", "11#"), ["1 1 #"]);
        assert_eq!(found("1*1", "11"), ["1*1"]);
        assert_eq!(found("", "1"), Vec::<String>::new());
    }

    #[test]
    fn numbers_in_groups_are_known() {
        let numbers = |text: &str| -> Vec<String> {
            Keys::of(text)
                .grouped_numbers()
                .into_iter()
                .map(|range| text[range].to_owned())
                .collect()
        };
        for (text, number) in [
            ("call (206) 555-0142 now", "206) 555-0142"),
            ("+1 206 555 0142", "1 206 555 0142"),
            ("1-206-555-0142", "1-206-555-0142"),
            ("206.555.0142", "206.555.0142"),
            ("+49 (30) 1234567", "49 (30) 1234567"),
        ] {
            assert_eq!(numbers(text), [number], "{text}");
        }
        for text in [
            "2024-06-10 16:20:06",
            "v1.2.3 of 2026",
            "db0e2136-2587-4398-87a8-e81dc3aa6c08",
            "12, 15, 18",
            "404 - 1512 ms",
        ] {
            assert_eq!(numbers(text), Vec::<String>::new(), "{text}");
        }
    }
}
