//! The kinds of steps, by the letter that stands for each in journals.

/// A kind of step. Those that end in a way of their own have a name here; a method whose step ends
/// with its last action needs only a letter that no other kind has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StepKind(char);

impl StepKind {
    /// `call:flush`
    pub const FLUSH: Self = Self('f');
    /// `call:menu`: what was chosen is no digit that a log must hide.
    pub const MENU: Self = Self('m');
    /// `call:bridge`
    pub const BRIDGE: Self = Self('b');
    /// `call:act`: any actions.
    pub const ACT: Self = Self('x');
    /// `call:wait`
    pub const WAIT: Self = Self('w');
    /// `leg:hangup`
    pub const LEG_HANGUP: Self = Self('h');
    /// `call:wait_for_answer`
    pub const WAIT_FOR_ANSWER: Self = Self('n');
    /// Requests of a helper.
    pub const REQUEST: Self = Self('q');
    /// `call:step`
    pub const STEP: Self = Self('s');
    /// A queued method; only where it was refused.
    pub const QUEUED: Self = Self('p');
    /// Does not end: the call is hung up.
    pub const HANGUP: Self = Self('g');
    /// Does not end: the flow's function has returned.
    pub const END: Self = Self('e');

    /// The kind of a method, by its letter: `a` to `z`.
    pub const fn new(letter: char) -> Self {
        Self(letter)
    }

    /// The letter that stands for it in journals.
    pub const fn letter(self) -> char {
        self.0
    }

    /// The kind of a letter in a journal.
    pub fn from_letter(letter: char) -> Option<Self> {
        letter.is_ascii_lowercase().then_some(Self(letter))
    }

    /// Whether the step sends what is queued, and waits for an event.
    pub fn is_sent(self) -> bool {
        ![Self::REQUEST, Self::STEP, Self::QUEUED].contains(&self)
    }
}
