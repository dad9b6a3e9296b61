//! Orders: what the exchange wants done, in the words of telephones.

use std::sync::Arc;
use std::time::Duration;

use moonring_wire::Attributes;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::leg::LegNumber;
use crate::prompt::Prompt;
use crate::routing::Application;
use crate::ticket::Ticket;

/// What the exchange wants done. Each order has a ticket; one that lasts is open until an input has
/// its ticket, or [`Order::Stop`] has. `Dial` ends with what becomes of its leg.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Order {
    /// Take an inbound call.
    Answer {
        /// The order's own.
        ticket: Ticket,
        /// The leg that calls.
        leg: LegNumber,
    },
    /// Let a leg hear something. Ends with `Finished`; a looped one does not end by itself.
    Play {
        /// The order's own.
        ticket: Ticket,
        /// Who hears it.
        leg: LegNumber,
        /// What.
        prompt: Prompt,
        /// Again and again, as a ringback tone is.
        is_looped: bool,
    },
    /// Record a leg. Ends with `Finished` when a limit is reached; without limits it does not end
    /// by itself.
    Record {
        /// The order's own.
        ticket: Ticket,
        /// Whose.
        leg: LegNumber,
        /// Bucket and key, as `bucket/key`.
        file: String,
        /// 2 where both directions are recorded, each on its own.
        channels: u16,
        /// The longest that it may become.
        longest: Option<Duration>,
        /// How long the leg may be silent before it ends.
        silence: Option<Duration>,
    },
    /// Leave out of a recording what comes now.
    PauseRecord {
        /// That of the `Record`.
        ticket: Ticket,
    },
    /// Record on.
    ResumeRecord {
        /// That of the `Record`.
        ticket: Ticket,
    },
    /// End what lasts; nothing is to be reported of it any more.
    Stop {
        /// That of the order that is ended.
        ticket: Ticket,
    },
    /// Call somebody. Says `Ringing` of the leg once it rings, and ends with `Answered`, `Busy` or
    /// `Left` of the leg.
    Dial {
        /// The order's own.
        ticket: Ticket,
        /// The new leg.
        leg: LegNumber,
        /// The number shown.
        from: String,
        /// The number called, or the user of a trunk.
        to: String,
        /// The trunk, where it is no telephone number that is called.
        trunk: Option<String>,
        /// Headers that are sent along.
        sip_headers: Attributes,
    },
    /// Let two legs hear each other.
    Bridge {
        /// The order's own.
        ticket: Ticket,
        /// One.
        leg: LegNumber,
        /// The other.
        other: LegNumber,
    },
    /// Take a leg into a meeting. Ends with `Finished`.
    Join {
        /// The order's own.
        ticket: Ticket,
        /// Who joins.
        leg: LegNumber,
        /// The new leg, which is the way into the meeting.
        way: LegNumber,
        /// The meeting's id, if the function said it.
        meeting: Option<String>,
        /// What lets an attendee in.
        token: String,
    },
    /// Mute attendees of a meeting, or let them be heard again. Ends with `Finished`.
    Mute {
        /// The order's own.
        ticket: Ticket,
        /// The meeting's id.
        meeting: String,
        /// Their ids.
        attendees: Vec<String>,
        /// Whether they are muted from now on.
        is_muted: bool,
    },
    /// Send digits to the far end of a leg. Ends with `Finished`.
    SendDigits {
        /// The order's own.
        ticket: Ticket,
        /// The leg.
        leg: LegNumber,
        /// `0` to `9`, `*`, `#`, `A` to `D`, and commas.
        digits: String,
        /// How long each digit sounds.
        tone: Duration,
        /// How long a comma waits.
        comma: Duration,
    },
    /// Let a bot talk with a leg. Ends with `Understood`.
    Converse {
        /// The order's own.
        ticket: Ticket,
        /// The leg.
        leg: LegNumber,
        /// The ARN of the bot's alias.
        bot: String,
        /// What it says first.
        welcome: Vec<Prompt>,
    },
    /// Take noise out of what a leg says, or leave it in.
    ReduceNoise {
        /// The order's own.
        ticket: Ticket,
        /// The leg.
        leg: LegNumber,
        /// Whether noise is taken out.
        is_on: bool,
    },
    /// End a leg.
    HangUp {
        /// The order's own.
        ticket: Ticket,
        /// The leg.
        leg: LegNumber,
        /// The SIP response code: 0, 480 or 486 (rule 46).
        code: u16,
    },
    /// Give an event to the function. Ends with `Replied`.
    Invoke {
        /// The order's own.
        ticket: Ticket,
        /// The event.
        event: Arc<Value>,
        /// Whose function it is for.
        application: Arc<Application>,
    },
    /// Say `Timer` after so long.
    SetTimer {
        /// The order's own.
        ticket: Ticket,
        /// Counted from now.
        after: Duration,
    },
}

impl Order {
    /// The order's ticket; of `Stop`, `PauseRecord` and `ResumeRecord` that of the order they are
    /// about.
    pub fn ticket(&self) -> Ticket {
        match self {
            Self::Answer { ticket, .. }
            | Self::Play { ticket, .. }
            | Self::Record { ticket, .. }
            | Self::PauseRecord { ticket }
            | Self::ResumeRecord { ticket }
            | Self::Stop { ticket }
            | Self::Dial { ticket, .. }
            | Self::Bridge { ticket, .. }
            | Self::Join { ticket, .. }
            | Self::Mute { ticket, .. }
            | Self::SendDigits { ticket, .. }
            | Self::Converse { ticket, .. }
            | Self::ReduceNoise { ticket, .. }
            | Self::HangUp { ticket, .. }
            | Self::Invoke { ticket, .. }
            | Self::SetTimer { ticket, .. } => *ticket,
        }
    }

    /// Whether it is open until it ends. The others are done when they are given.
    pub fn lasts(&self) -> bool {
        self.ending().is_some()
    }

    /// Which kind of input ends it.
    pub(crate) fn ending(&self) -> Option<Ending> {
        match self {
            Self::Play { .. }
            | Self::Record { .. }
            | Self::Join { .. }
            | Self::Mute { .. }
            | Self::SendDigits { .. } => Some(Ending::Finished),
            Self::Dial { .. } => Some(Ending::OfLeg),
            Self::Converse { .. } => Some(Ending::Understood),
            Self::Invoke { .. } => Some(Ending::Replied),
            Self::SetTimer { .. } => Some(Ending::Timer),
            Self::Answer { .. }
            | Self::PauseRecord { .. }
            | Self::ResumeRecord { .. }
            | Self::Stop { .. }
            | Self::Bridge { .. }
            | Self::ReduceNoise { .. }
            | Self::HangUp { .. } => None,
        }
    }
}

/// The kind of input that ends an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    Finished,
    /// What becomes of the leg that is dialled.
    OfLeg,
    Understood,
    Replied,
    Timer,
}
