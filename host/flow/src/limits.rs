//! What a flow may have: sizes that its journal's format depends on.

/// The most actions of one answer (rule 18).
pub const ACTIONS: usize = 10;
/// The longest value that a journal keeps besides its steps, in characters: SIP headers, an update,
/// the state for the next flow.
pub const VALUE: usize = 512;
/// Characters of a journal that are kept free for notes.
pub const NOTES: usize = 1000;
