//! Errors of the API, as the service names them.

/// Why a request was not carried out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ApiError {
    /// A parameter is missing or wrong (400).
    #[error("{0}")]
    BadRequest(String),
    /// There is no such thing (404).
    #[error("{0}")]
    NotFound(String),
    /// It cannot be, as things stand (409).
    #[error("{0}")]
    Conflict(String),
    /// There is no such operation (404).
    #[error("There is no operation {0}")]
    Unknown(String),
}

impl ApiError {
    pub(crate) fn missing(what: &str, id: &str) -> Self {
        Self::NotFound(format!("There is no {what} {id}"))
    }

    /// The exception's name.
    pub fn name(&self) -> &'static str {
        match self {
            Self::BadRequest(_) => "BadRequestException",
            Self::NotFound(_) => "NotFoundException",
            Self::Conflict(_) => "ConflictException",
            Self::Unknown(_) => "UnknownOperationException",
        }
    }

    /// The same, as the body says it.
    pub(crate) fn code(&self) -> &'static str {
        self.name().trim_end_matches("Exception")
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        match self {
            Self::BadRequest(_) => 400,
            Self::NotFound(_) | Self::Unknown(_) => 404,
            Self::Conflict(_) => 409,
        }
    }
}
