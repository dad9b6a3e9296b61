//! What can go wrong with a release and with a script, told to its author: where, what came, what
//! was wanted.

use std::fmt;

use moonring_flow::Place;

/// Why a script gave no answer to an event.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The release has no such script.
    #[error("the release has no script `{script}`{hint}")]
    NoScript {
        /// The script that was wanted.
        script: String,
        /// The nearest right name, as the end of a sentence, or nothing.
        hint: String,
    },
    /// The script raised an error, or misused the host's functions.
    #[error("{}{message}", at(.place))]
    Raised {
        /// Where, if the error says.
        place: Option<Place>,
        /// The error's text, without its place.
        message: String,
        /// The calls that led there, innermost first: `file:line function`.
        trace: Vec<String>,
    },
    /// The script ran until its deadline and was stopped.
    #[error("{}the script was still running at its deadline and was stopped", at(.place))]
    Deadline {
        /// Where it was stopped.
        place: Option<Place>,
        /// The calls that led there, innermost first: `file:line function`.
        trace: Vec<String>,
    },
    /// The script used up its memory.
    #[error("{}the script used more memory than its limit of {limit_mib} MiB", at(.place))]
    Memory {
        /// Where, if known.
        place: Option<Place>,
        /// The limit, in MiB.
        limit_mib: usize,
    },
    /// What the script gave back is no answer.
    #[error("{}{message}", at(.place))]
    Answer {
        /// The handler that gave it back.
        place: Option<Place>,
        /// What came and what was wanted.
        message: String,
    },
    /// The journal of the call does not fit what the script does now.
    #[error("{message}")]
    Mismatch {
        /// What the script does, and what it did.
        message: String,
    },
    /// The flow of the call has failed before, and what the fallback has begun has failed too.
    #[error("the flow of this call failed earlier; its fallback continues")]
    FlowOver,
    /// The engine itself failed; nothing an author could mend.
    #[error("the script engine failed: {0}")]
    Engine(String),
}

impl Error {
    /// One word for logs: `no_script`, `error`, `deadline`, `memory`, `bad_answer`, `mismatch`,
    /// `flow_over` or `engine`.
    pub fn word(&self) -> &'static str {
        match self {
            Self::NoScript { .. } => "no_script",
            Self::Raised { .. } => "error",
            Self::Deadline { .. } => "deadline",
            Self::Memory { .. } => "memory",
            Self::Answer { .. } => "bad_answer",
            Self::Mismatch { .. } => "mismatch",
            Self::FlowOver => "flow_over",
            Self::Engine(_) => "engine",
        }
    }

    /// Where in the script, if known.
    pub fn place(&self) -> Option<&Place> {
        match self {
            Self::Raised { place, .. }
            | Self::Deadline { place, .. }
            | Self::Memory { place, .. }
            | Self::Answer { place, .. } => place.as_ref(),
            Self::NoScript { .. } | Self::Mismatch { .. } | Self::FlowOver | Self::Engine(_) => {
                None
            }
        }
    }

    /// The calls that led there, innermost first.
    pub fn trace(&self) -> &[String] {
        match self {
            Self::Raised { trace, .. } | Self::Deadline { trace, .. } => trace,
            _ => &[],
        }
    }
}

fn at(place: &Option<Place>) -> String {
    place.as_ref().map(|place| format!("{place}: ")).unwrap_or_default()
}

/// One thing that is wrong with a file of a release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file.
    pub file: String,
    /// The line, from 1, where there is one to name.
    pub line: Option<u32>,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.file, self.message),
            None => write!(f, "{}: {}", self.file, self.message),
        }
    }
}

/// Why a release cannot be used: everything that is wrong with it, in the order of its files.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
pub struct LoadError {
    /// At least one.
    pub problems: Vec<Problem>,
}
