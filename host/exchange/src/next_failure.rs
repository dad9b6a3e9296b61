//! A failure that somebody wants to see, once.

/// How an action fails that somebody wants to see fail.
#[derive(Debug, Clone)]
pub(crate) struct NextFailure {
    pub(crate) error_type: String,
    /// The type of the action, where not any will do.
    pub(crate) action_type: Option<String>,
}
