//! What ends a step besides its last action.

use std::time::Duration;

/// What more may end a step, and what is heard again before it ends.
#[derive(Debug, Clone, Default)]
pub struct Waits {
    /// Digits that are listened for in the background end it.
    pub digits: bool,
    /// An update ends it.
    pub update: bool,
    /// It ends by itself after this time.
    pub timeout: Option<Duration>,
    /// Whether the last action is a prompt or a pause, whose end is looked at.
    pub has_prompt: bool,
    /// Whether that prompt is one that is heard.
    pub has_said: bool,
    /// How many actions are that prompt, or the parts of that pause.
    pub parts: usize,
    /// Whether that pause has parts: it may be shorter than the time, and is sent again then.
    pub is_silence_in_parts: bool,
    /// Whether the last actions are a prompt and the silence behind it.
    pub says: bool,
    /// Whether the prompt is said again behind the silence.
    pub says_again: bool,
    /// How often the whole prompt is heard until digits are right. 0: the service repeats it.
    pub tries: u32,
    /// What digits make an input, where `ask` or `menu` listens for them while its first parts are
    /// heard.
    pub input: WholeInput,
    /// The tag of the leg that is to end.
    pub leg: Option<String>,
}

/// What digits make an input.
#[derive(Debug, Clone, Default)]
pub struct WholeInput {
    /// The digits that may end it, and are no part of it.
    pub terminators: String,
    /// The fewest digits.
    pub min: usize,
    /// The most digits; `None`: any number.
    pub max: Option<usize>,
}

impl WholeInput {
    /// The input in these digits, if they are one. What is typed behind the last of them is no part
    /// of it, as with the service.
    pub(super) fn of<'a>(&self, digits: &'a str) -> Option<&'a str> {
        let input = digits.strip_suffix(|key| self.terminators.contains(key)).unwrap_or(digits);
        let input = self.max.and_then(|max| input.get(..max)).unwrap_or(input);
        (input.len() >= self.min).then_some(input)
    }
}
