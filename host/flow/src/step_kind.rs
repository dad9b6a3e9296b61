//! The kinds of steps a journal has entries of.

/// A kind of step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepKind {
    /// `call:flush`
    Flush,
    /// `call:ask`
    Ask,
    /// `call:menu`
    Menu,
    /// `call:record`
    Record,
    /// `call:bridge`
    Bridge,
    /// `call:join_meeting`
    JoinMeeting,
    /// `call:mute` and `call:unmute`
    Mute,
    /// `call:bot`
    Bot,
    /// Any actions.
    Act,
    /// `call:wait`
    Wait,
    /// `leg:hangup`
    LegHangup,
    /// `call:wait_for_answer`
    WaitForAnswer,
    /// A request of a helper.
    Request,
    /// `call:step`
    Step,
    /// A queued method; only where it was refused.
    Queued,
    /// Does not end: the call is hung up.
    Hangup,
    /// Does not end: the flow's function has returned.
    End,
}

impl StepKind {
    /// Every kind.
    pub const ALL: [Self; 17] = [
        Self::Flush,
        Self::Ask,
        Self::Menu,
        Self::Record,
        Self::Bridge,
        Self::JoinMeeting,
        Self::Mute,
        Self::Bot,
        Self::Act,
        Self::Wait,
        Self::LegHangup,
        Self::WaitForAnswer,
        Self::Request,
        Self::Step,
        Self::Queued,
        Self::Hangup,
        Self::End,
    ];

    /// The letter that stands for it in journals.
    pub fn letter(self) -> char {
        self.row().0
    }

    /// The name by which the prelude asks for it.
    pub fn name(self) -> &'static str {
        self.row().1
    }

    /// As an author knows it.
    pub fn told(self) -> &'static str {
        self.row().2
    }

    /// Whether the step sends what is queued, and waits for an event.
    pub fn is_sent(self) -> bool {
        !matches!(self, Self::Request | Self::Step | Self::Queued)
    }

    /// The kind of a letter in a journal.
    pub fn from_letter(letter: char) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.letter() == letter)
    }

    /// The kind that the Lua half calls so.
    pub fn from_name(name: &[u8]) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name().as_bytes() == name)
    }

    fn row(self) -> (char, &'static str, &'static str) {
        match self {
            Self::Flush => ('f', "flush", "call:flush"),
            Self::Ask => ('a', "ask", "call:ask"),
            Self::Menu => ('m', "menu", "call:menu"),
            Self::Record => ('r', "record", "call:record"),
            Self::Bridge => ('b', "bridge", "call:bridge"),
            Self::JoinMeeting => ('j', "join_meeting", "call:join_meeting"),
            Self::Mute => ('u', "mute", "call:mute"),
            Self::Bot => ('o', "bot", "call:bot"),
            Self::Act => ('x', "act", "call:act"),
            Self::Wait => ('w', "wait", "call:wait"),
            Self::LegHangup => ('h', "leg_hangup", "leg:hangup"),
            Self::WaitForAnswer => ('n', "wait_for_answer", "call:wait_for_answer"),
            Self::Request => ('q', "request", "a helper request"),
            Self::Step => ('s', "step", "call:step"),
            Self::Queued => ('p', "queued", "a queued method that was refused"),
            Self::Hangup => ('g', "hangup", "call:hangup"),
            Self::End => ('e', "end", "the end of the flow's function"),
        }
    }
}
