//! What callers could press, and what they did: the options of menus, as the answers say them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// What could be pressed at one line of a script, and what was.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Menu {
    /// Everything that could be pressed.
    pub options: BTreeSet<String>,
    /// What was pressed of it.
    pub pressed: BTreeSet<String>,
}

/// Where a menu is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct MenuPlace {
    /// The file and the line that asked, as `office.lua:50`.
    pub place: String,
    /// Its options, which tell the menus of one line apart.
    pub regex: String,
}

/// The menus that callers have met.
#[derive(Debug, Default)]
pub(crate) struct MenuPresses {
    pub(crate) menus: BTreeMap<MenuPlace, Menu>,
    /// By call, the menu that was asked last.
    last: BTreeMap<String, MenuPlace>,
}

impl MenuPresses {
    /// Takes an event and its answer.
    pub(crate) fn take(&mut self, event: &Value, answer: &Value, places: &[Option<String>]) {
        let text = |pointer: &str| event.pointer(pointer).and_then(Value::as_str);
        let call = text("/CallDetails/TransactionId").unwrap_or_default();
        if let (Some(digits), Some(menu)) =
            (text("/ActionData/ReceivedDigits"), self.last.get(call))
            && let Some(menu) = self.menus.get_mut(menu)
            && menu.options.contains(digits)
        {
            menu.pressed.insert(digits.to_owned());
        }
        let actions = answer.get("Actions").and_then(Value::as_array);
        for (action, place) in actions.into_iter().flatten().zip(places) {
            let regex = action.pointer("/Parameters/InputDigitsRegex").and_then(Value::as_str);
            let (Some(regex), Some(place)) = (regex, place) else { continue };
            let Some(options) = options(regex) else { continue };
            let at = MenuPlace { place: place.clone(), regex: regex.to_owned() };
            self.menus.entry(at.clone()).or_default().options.extend(options);
            self.last.insert(call.to_owned(), at);
        }
    }
}

/// The options that an expression lists: `^(1|2|[*])$`, or `^[12]$`.
fn options(regex: &str) -> Option<Vec<String>> {
    let regex = regex.strip_prefix('^')?.strip_suffix('$')?;
    let options: Vec<String> = if let Some(keys) = regex.strip_prefix('[') {
        keys.strip_suffix(']')?.chars().map(String::from).collect()
    } else {
        let list = regex.strip_prefix('(')?.strip_suffix(')')?;
        list.split('|').map(|option| option.replace("[*]", "*")).collect()
    };
    let is_key = |key: char| key.is_ascii_digit() || "*#".contains(key);
    let is_option = |option: &String| !option.is_empty() && option.chars().all(is_key);
    options.iter().all(is_option).then_some(options)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_pressed_at_a_menu_is_told_from_what_could_be() {
        let mut presses = MenuPresses::default();
        let event = |digits: &str| json!({"CallDetails": {"TransactionId": "a"}, "ActionData": {"ReceivedDigits": digits}});
        let answer = json!({"Actions": [
            {"Type": "Speak"}, {"Type": "SpeakAndGetDigits", "Parameters": {"InputDigitsRegex": "^(1|2|[*])$"}},
        ]});
        presses.take(&event("7"), &answer, &[None, Some("main.lua:3".to_owned())]);
        presses.take(&event("2"), &json!({}), &[]);
        let menus: Vec<_> = presses.menus.into_iter().collect();
        assert_eq!(menus[0].0.place, "main.lua:3");
        let set = |keys: &[&str]| keys.iter().map(|key| (*key).to_owned()).collect();
        assert_eq!(menus[0].1, Menu { options: set(&["1", "2", "*"]), pressed: set(&["2"]) });
        assert_eq!(options("^\\d{4}$"), None);
        assert_eq!(options("^[0-9]$"), None);
        assert_eq!(options("^[12]$"), Some(vec!["1".to_owned(), "2".to_owned()]));
    }
}
