//! Where audio files and recordings are, when a flow does not say.

/// Buckets for methods of flows that name none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Buckets {
    /// Of audio files that are played.
    pub audio: Option<String>,
    /// Of recordings that `call:record` makes.
    pub recordings: Option<String>,
}
