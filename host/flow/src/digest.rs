//! A step's digest: whether the script does now what it did when the step was recorded.
//!
//! It covers what the author said of the step, but for what the caller hears: a corrected prompt
//! does not end a call in progress. The prelude goes through the author's tables (`flow.lua`); what
//! stands here makes texts into numbers, and a number into a digest.

use crate::step_kind::StepKind;

/// A text as a number of 32 bits. Journals depend on it.
pub fn hash_string(text: &[u8]) -> u32 {
    text.iter().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

/// The digest of a step, 18 bits: its kind, and what the prelude has made of its options. The
/// prelude does the same sum.
pub fn step_digest(kind: StepKind, options: u32) -> u32 {
    let sum = options.wrapping_add((kind.letter() as u32).wrapping_mul(65_599));
    (sum ^ (sum >> 15)) & 0x3_FFFF
}
