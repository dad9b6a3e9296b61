//! Regular expressions that no digits of the wanted length match.

use std::collections::BTreeMap;

use fancy_regex::Regex;

use crate::literal_text::unquoted;

/// What a telephone has.
const KEYS: [char; 12] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '#'];
/// The longest digits that are all tried: 12 to the fourth.
const LONGEST: usize = 4;

/// Whether the options of a call want digits that its regular expression never matches. Nothing is
/// known where the digits may be many.
pub(crate) fn never_fits(regex: &Regex, options: &BTreeMap<String, String>) -> bool {
    let number = |names: [&str; 2]| {
        let text = names.iter().find_map(|name| options.get(*name))?;
        unquoted(text).unwrap_or_else(|| text.clone()).parse::<usize>().ok()
    };
    let Some(max) = number(["max", "max_number_of_digits"]).filter(|max| *max <= LONGEST) else {
        return false;
    };
    let min = match (number(["min", "min_number_of_digits"]), has_min(options)) {
        (Some(min), _) => min,
        (None, true) => return false,
        (None, false) => 1,
    };
    !(min.max(1)..=max).any(|length| any_fits(regex, &mut String::new(), length))
}

fn has_min(options: &BTreeMap<String, String>) -> bool {
    ["min", "min_number_of_digits"].iter().any(|name| options.contains_key(*name))
}

fn any_fits(regex: &Regex, digits: &mut String, left: usize) -> bool {
    if left == 0 {
        // What cannot be told is not told of.
        return regex.is_match(digits).unwrap_or(true);
    }
    KEYS.iter().any(|key| {
        digits.push(*key);
        let fits = any_fits(regex, digits, left - 1);
        digits.pop();
        fits
    })
}
