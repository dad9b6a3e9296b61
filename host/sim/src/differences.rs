//! Where two documents differ: the way to each place, and the words that are not the same.

use serde_json::Value;

/// A place at which two documents differ.
#[derive(Debug, Clone, PartialEq)]
pub struct DifferingPlace {
    /// The way to it, such as `Actions[1].Parameters.Text`; empty where all of it differs.
    pub path: String,
    /// What one has there, if anything.
    pub recorded: Option<Value>,
    /// What the other has.
    pub now: Option<Value>,
}

/// Every place at which two documents differ, in the order of the first.
pub fn differing_places(recorded: &Value, now: &Value) -> Vec<DifferingPlace> {
    let mut places = Vec::new();
    find(String::new(), Some(recorded), Some(now), &mut places);
    places
}

fn find(
    path: String,
    recorded: Option<&Value>,
    now: Option<&Value>,
    places: &mut Vec<DifferingPlace>,
) {
    match (recorded, now) {
        (one, other) if one == other => {}
        (Some(Value::Object(one)), Some(Value::Object(other))) => {
            let more = other.keys().filter(|name| !one.contains_key(*name));
            for name in one.keys().chain(more) {
                let dot = if path.is_empty() { "" } else { "." };
                find(format!("{path}{dot}{name}"), one.get(name), other.get(name), places);
            }
        }
        (Some(Value::Array(one)), Some(Value::Array(other))) => {
            for index in 0..one.len().max(other.len()) {
                find(format!("{path}[{index}]"), one.get(index), other.get(index), places);
            }
        }
        (recorded, now) => {
            places.push(DifferingPlace { path, recorded: recorded.cloned(), now: now.cloned() })
        }
    }
}

impl DifferingPlace {
    /// What each has there, as far as they differ: of two texts the words that are not the same.
    pub fn told(&self) -> [String; 2] {
        match (&self.recorded, &self.now) {
            (Some(Value::String(one)), Some(Value::String(other))) => {
                words(one, other).map(|text| format!("{text:?}"))
            }
            (one, other) => [one, other]
                .map(|value| value.as_ref().map_or_else(|| "nothing".to_owned(), Value::to_string)),
        }
    }
}

/// The words of two texts without those with which both begin and end.
fn words(one: &str, other: &str) -> [String; 2] {
    let (one, other): (Vec<&str>, Vec<&str>) =
        (one.split(' ').collect(), other.split(' ').collect());
    let shorter = one.len().min(other.len());
    let same = |number: &usize| one[*number] == other[*number];
    let before = (0..shorter).take_while(same).count();
    let from_end = |number: &usize| one[one.len() - number] == other[other.len() - number];
    let behind = (1..=shorter - before).take_while(from_end).count();
    [one, other].map(|words| {
        let start = if before > 0 { "… " } else { "" };
        let end = if behind > 0 { " …" } else { "" };
        format!("{start}{}{end}", words[before..words.len() - behind].join(" "))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_place_is_named_with_the_words_that_differ() {
        let recorded = json!({"Actions": [{"Type": "Speak", "Text": "Good morning to you"}, {"Type": "Hangup"}], "a": 1});
        let now = json!({"Actions": [{"Type": "Speak", "Text": "Good evening to you"}], "b": "x"});
        let told: Vec<_> = differing_places(&recorded, &now)
            .iter()
            .map(|place| (place.path.clone(), place.told()))
            .collect();
        let both = |one: &str, other: &str| [one.to_owned(), other.to_owned()];
        assert_eq!(
            told,
            [
                ("Actions[0].Text".to_owned(), both("\"… morning …\"", "\"… evening …\"")),
                ("Actions[1]".to_owned(), both("{\"Type\":\"Hangup\"}", "nothing")),
                ("a".to_owned(), both("1", "nothing")),
                ("b".to_owned(), both("nothing", "\"x\"")),
            ]
        );
        assert_eq!(words("a b", "a b c"), ["… ", "… c"]);
        assert_eq!(words("", "x"), ["", "x"]);
        assert!(differing_places(&now, &now).is_empty());
    }
}
