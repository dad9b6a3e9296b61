//! The people on the line: what they do, in order, and what they wait for before they do it.

use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// What somebody does during a call.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Person {
    /// What they do when their telephone rings.
    pub pickup: Pickup,
    /// What they do then, one after the other.
    pub behavior: Vec<Behavior>,
}

/// What somebody does when the telephone rings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Pickup {
    /// Answers after so long.
    After(Duration),
    /// Lets it ring.
    Never,
    /// Is on the telephone.
    Busy,
    /// Declines the call.
    Refuses,
}

impl Pickup {
    /// What a word says that somebody does: `answer`, `busy`, and `never` or `ignore`.
    pub fn of_word(word: &str) -> Option<Self> {
        match word {
            "answer" => Some(Self::default()),
            "busy" => Some(Self::Busy),
            "never" | "ignore" => Some(Self::Never),
            _ => None,
        }
    }
}

impl Default for Pickup {
    fn default() -> Self {
        Self::After(Duration::from_secs(3))
    }
}

/// One thing somebody does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Behavior {
    /// What they wait for first.
    pub trigger: BehaviorTrigger,
    /// And how long they wait then.
    pub after: Duration,
    /// What they do.
    pub action: PersonAction,
}

/// What somebody waits for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum BehaviorTrigger {
    /// Nothing but what they did last, or the start of the leg.
    Next,
    /// That digits are asked for, or listened for.
    Asked,
    /// That an action of this type begins on their leg.
    Starts(String),
}

/// What somebody does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum PersonAction {
    /// Presses digits: `0` to `9`, `*`, `#`, `A` to `D`.
    Press(String),
    /// Talks for so long.
    Talk(Duration),
    /// Says this to a bot.
    Say(String),
    /// Hangs up.
    HangUp,
    /// Nothing: a pause between two actions.
    Nothing,
}

/// Why a text says nothing that a person does.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PersonError {
    /// A word is unknown.
    #[error(
        "`{0}` is unknown; wanted digits (0-9 * # A-D), `!DIGITS` to press before anything asks, `wait SECONDS`, `talk SECONDS`, `say WORDS;` or `hangup`"
    )]
    Unknown(String),
    /// A number is missing or wrong.
    #[error("`{word}` needs seconds, such as `{word} 5`; got `{found}`")]
    Seconds {
        /// The word.
        word: String,
        /// What stands behind it.
        found: String,
    },
}

impl Person {
    /// Somebody who answers and does nothing more.
    pub fn quiet() -> Self {
        Self::default()
    }

    /// Somebody who does not answer like this, or answers and does nothing more.
    pub fn who(pickup: Pickup) -> Self {
        Self { pickup, behavior: Vec::new() }
    }

    /// Somebody who answers and does these things.
    pub fn doing(behavior: impl IntoIterator<Item = Behavior>) -> Self {
        Self { pickup: Pickup::default(), behavior: behavior.into_iter().collect() }
    }
}

impl Behavior {
    /// Digits, half a second after they are asked for.
    pub fn press(digits: &str) -> Self {
        Self {
            trigger: BehaviorTrigger::Asked,
            after: Duration::from_millis(500),
            action: PersonAction::Press(digits.to_owned()),
        }
    }

    /// Something right after what they did before.
    pub fn then(action: PersonAction) -> Self {
        Self { trigger: BehaviorTrigger::Next, after: Duration::ZERO, action }
    }

    /// Something so long after an action of this type has begun.
    pub fn during(running: &str, after: Duration, action: PersonAction) -> Self {
        Self { trigger: BehaviorTrigger::Starts(running.to_owned()), after, action }
    }

    /// A hang-up so long after what they did before.
    pub fn hang_up_after(after: Duration) -> Self {
        Self { trigger: BehaviorTrigger::Next, after, action: PersonAction::HangUp }
    }
}

impl FromStr for Person {
    type Err = PersonError;

    /// Reads what somebody does from words: `1234# wait 5 !1 talk 3 say I need a pharmacy; hangup`.
    /// Digits wait until they are asked for; behind `!` they do not.
    fn from_str(text: &str) -> Result<Self, PersonError> {
        let mut behavior = Vec::new();
        let mut words = text.split_whitespace();
        while let Some(word) = words.next() {
            let mut seconds = || {
                let found = words.next().unwrap_or_default();
                // A day is longer than any call.
                let seconds = found.parse::<f64>().ok().filter(|seconds| *seconds <= 86_400.0);
                let seconds = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
                seconds.ok_or_else(|| PersonError::Seconds {
                    word: word.to_owned(),
                    found: found.to_owned(),
                })
            };
            behavior.push(match word {
                "hangup" => Behavior::then(PersonAction::HangUp),
                "wait" => Behavior {
                    trigger: BehaviorTrigger::Next,
                    after: seconds()?,
                    action: PersonAction::Nothing,
                },
                "talk" => Behavior::then(PersonAction::Talk(seconds()?)),
                "say" => {
                    let mut said = Vec::new();
                    for word in words.by_ref() {
                        said.push(word.trim_end_matches(';'));
                        if word.ends_with(';') {
                            break;
                        }
                    }
                    Behavior::during(
                        "StartBotConversation",
                        Duration::from_secs(1),
                        PersonAction::Say(said.join(" ")),
                    )
                }
                digits if is_digits(digits) => Behavior::press(digits),
                unasked if unasked.strip_prefix('!').is_some_and(is_digits) => Behavior {
                    trigger: BehaviorTrigger::Next,
                    ..Behavior::press(unasked.trim_start_matches('!'))
                },
                other => return Err(PersonError::Unknown(other.to_owned())),
            });
        }
        Ok(Self::doing(behavior))
    }
}

/// Whether a text is digits of a telephone.
pub fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|digit| digit.is_ascii_digit() || "*#ABCD".contains(digit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_does_is_read_from_words() {
        let person: Person = "12# wait 2.5 talk 3 say a pharmacy; hangup".parse().unwrap();
        let unasked: Person = "!7".parse().unwrap();
        assert_eq!(unasked.behavior[0].trigger, BehaviorTrigger::Next);
        assert_eq!(unasked.behavior[0].action, PersonAction::Press("7".to_owned()));
        let acts: Vec<_> = person.behavior.into_iter().map(|behavior| behavior.action).collect();
        let wanted = [
            PersonAction::Press("12#".to_owned()),
            PersonAction::Nothing,
            PersonAction::Talk(Duration::from_secs(3)),
            PersonAction::Say("a pharmacy".to_owned()),
            PersonAction::HangUp,
        ];
        assert_eq!(acts, wanted);
        for (text, message) in [
            (
                "12x",
                "`12x` is unknown; wanted digits (0-9 * # A-D), `!DIGITS` to press before anything asks, `wait SECONDS`, `talk SECONDS`, `say WORDS;` or `hangup`",
            ),
            ("wait", "`wait` needs seconds, such as `wait 5`; got ``"),
            ("wait 1e19", "`wait` needs seconds, such as `wait 5`; got `1e19`"),
            ("talk -1", "`talk` needs seconds, such as `talk 5`; got `-1`"),
        ] {
            assert_eq!(text.parse::<Person>().unwrap_err().to_string(), message);
        }
    }
}
