//! What a release and a script may use.

/// The limits of one program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Memory one event may use on top of what the loaded release takes, in bytes.
    pub memory_bytes: usize,
    /// The most attributes of a call. The sources name 10 (and an error text) and 100 (rule 52).
    pub attributes: usize,
    /// The most characters of a key or a value of an attribute (rule 52).
    pub attribute_chars: usize,
    /// The most characters of a flow's journal.
    pub journal_chars: usize,
    /// The most characters that a flow records of one step.
    pub value_chars: usize,
}

impl Limits {
    /// The largest source file, in bytes. The compiler's memory is outside the VM's limit, so
    /// sources are capped before.
    pub const FILE_BYTES: usize = 256 * 1024;
    /// The largest sum of all source files of a release, in bytes.
    pub const RELEASE_BYTES: usize = 4 * 1024 * 1024;
    /// The most files a release may have.
    pub const RELEASE_FILES: usize = 500;
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            memory_bytes: 32 * 1024 * 1024,
            attributes: 10,
            attribute_chars: 1024,
            journal_chars: 6 * 1024,
            value_chars: 512,
        }
    }
}
