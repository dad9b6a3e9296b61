//! Why an event was answered with the fallback.

/// What kept the script from answering.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What came is no event.
    #[error("{0}")]
    Event(String),
    /// The event is of an account or an application that is not answered.
    #[error("the event gets an empty answer: {0}")]
    Stranger(String),
    /// No release was ever accepted.
    #[error("no release is loaded; earlier log lines say why")]
    NoRelease,
    /// The journal of a flow cannot be had, or cannot be kept.
    #[error("{0}")]
    Journal(String),
    /// The call has had almost as many invocations as a call may have (rule 32).
    #[error(
        "the call has had {sequence} invocations, and the service ends a call at its 1,000th; \
         earlier log lines say which script causes so many"
    )]
    Invocations {
        /// The number of this one.
        sequence: u64,
    },
    /// The script failed.
    #[error(transparent)]
    Script(#[from] moonring_engine::Error),
    /// The host itself failed.
    #[error("the host failed: {0}")]
    Panic(String),
}

impl Error {
    /// One word for logs.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Event(_) => "bad_event",
            Self::Stranger(_) => "stranger",
            Self::NoRelease => "no_release",
            Self::Journal(_) => "journal",
            Self::Invocations { .. } => "invocations",
            Self::Script(error) => error.word(),
            Self::Panic(_) => "host",
        }
    }
}
