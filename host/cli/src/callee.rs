//! What the callee of a bridge does.

use std::str::FromStr;

use moonring_sim::{Person, PersonError, Pickup};

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
        match text {
            "answer" => Ok(Self::Answer),
            "busy" => Ok(Self::Busy),
            "ignore" => Ok(Self::Ignore),
            "" => Err("wanted answer, busy, ignore, or what the callee does after answering, such as '1 hangup'".to_owned()),
            words => words.parse().map(Self::Do).map_err(|error| match error {
                PersonError::Unknown(word) => format!(
                    "`{word}` is unknown; wanted answer, busy, ignore, or what the callee does after answering: digits (0-9 * # A-D), `wait SECONDS`, `talk SECONDS`, `say WORDS;` or `hangup`"
                ),
                other => other.to_string(),
            }),
        }
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
