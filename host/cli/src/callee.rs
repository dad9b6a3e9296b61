//! What those do who are called by bridges.

use std::collections::BTreeMap;
use std::str::FromStr;

use moonring_sim::{Callees, Person, PersonError, Pickup};

use crate::phone_number::party;

const WANTED: &str =
    "wanted answer, busy, ignore, or what the callee does after answering, such as '1 hangup'";

/// What they do when the telephone rings.
#[derive(Debug, Clone)]
pub(crate) enum Callee {
    /// Answer after three seconds.
    Answer,
    /// Are on the telephone.
    Busy,
    /// Let it ring.
    Ignore,
    /// Answer after three seconds, and then do this.
    Do(Person),
}

impl FromStr for Callee {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        match text {
            "answer" => return Ok(Self::Answer),
            "busy" => return Ok(Self::Busy),
            "ignore" | "never" => return Ok(Self::Ignore),
            "" => return Err(WANTED.to_owned()),
            _ => {}
        }
        let words = text.strip_prefix("answer ").unwrap_or(text);
        words.parse().map(Self::Do).map_err(|error| match error {
            PersonError::Unknown(word) => format!(
                "`{word}` is unknown; wanted answer, busy, ignore, or what the callee does after answering: digits (0-9 * # A-D), `wait SECONDS`, `talk SECONDS`, `say WORDS;` or `hangup`"
            ),
            other => other.to_string(),
        })
    }
}

impl Callee {
    pub(crate) fn person(self) -> Person {
        match self {
            Self::Answer => Person::who(Pickup::default()),
            Self::Busy => Person::who(Pickup::Busy),
            Self::Ignore => Person::who(Pickup::Never),
            Self::Do(person) => person,
        }
    }
}

/// What the person does whom an outbound call dials.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PickupWord(pub(crate) Pickup);

impl FromStr for PickupWord {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let unknown = || format!("`{text}` is unknown; wanted answer, busy or never");
        Pickup::of_word(text).map(Self).ok_or_else(unknown)
    }
}

/// What callees do, for one number or for any.
#[derive(Debug, Clone)]
pub(crate) struct CalleeRule {
    pub(crate) number: Option<String>,
    pub(crate) callee: Callee,
}

impl FromStr for CalleeRule {
    type Err = String;

    /// Reads `busy`, or `+12065550101=answer 1 wait 5 hangup`.
    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            Some((number, what)) => {
                let number = Some(party(number.trim())?);
                Ok(Self { number, callee: what.parse()? })
            }
            None => Ok(Self { number: None, callee: text.parse()? }),
        }
    }
}

/// Everybody who may be called: those of the command line, and of the project for numbers that the
/// command line does not name.
///
/// # Errors
/// When the project says of somebody what nobody does.
pub(crate) fn callees(
    rules: &[CalleeRule],
    project: &BTreeMap<String, String>,
) -> anyhow::Result<Callees> {
    let mut callees = Callees::default();
    for CalleeRule { number, callee } in rules {
        callees.add(number.as_deref(), callee.clone().person());
    }
    for (number, what) in project {
        let wrong = |why: String| anyhow::anyhow!("callees in moonring.toml: {number}: {why}");
        party(number).map_err(wrong)?;
        let callee: Callee = what.parse().map_err(wrong)?;
        // Who is named without a number is meant for everybody.
        let is_named = |rule: &CalleeRule| rule.number.as_deref().is_none_or(|own| own == number);
        if !rules.iter().any(is_named) {
            callees.add(Some(number), callee.person());
        }
    }
    Ok(callees)
}
