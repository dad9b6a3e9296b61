//! How long an update may be.

/// How long an update may be, in characters of its JSON.
#[derive(Debug, Clone, Copy)]
pub struct UpdateRoom {
    /// The most of any.
    pub most: usize,
    /// What the journal has left.
    pub left: usize,
}

impl UpdateRoom {
    /// Why an update of so many characters cannot be saved.
    pub(super) fn refusal(self, chars: usize) -> Option<String> {
        const WAY_OUT: &str = "send less, or store journals in S3 (MOONRING_STATE)";
        let Self { most, left } = self;
        if chars > most {
            Some(format!(
                "an update has {chars} characters as JSON, and a flow saves at most {most}; it is left out: {WAY_OUT}"
            ))
        } else if chars > left {
            Some(format!(
                "an update has {chars} characters as JSON, and the journal of this call has room for {left}; it is left out: {WAY_OUT}"
            ))
        } else {
            None
        }
    }
}
