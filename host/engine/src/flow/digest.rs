//! A step's digest: whether the script does now what it did when the step was recorded.
//!
//! It covers what the author said of the step, but for what the caller hears: a corrected prompt does not end a call in progress.

use mlua::{Table, Value as LuaValue};

use super::step_kind::StepKind;

/// What is said or played, and how: not part of what a step is.
const HEARD: &[&[u8]] = &[b"say", b"play", b"invalid", b"text", b"key", b"ringback", b"voice", b"engine", b"language"];
/// Tables in tables, so deep.
const DEPTH: u32 = 6;

/// The digest of a step, 18 bits.
pub(super) fn digest(kind: StepKind, options: &LuaValue) -> u32 {
    let hash = mixed(u64::from(kind.letter() as u32), of(options, DEPTH));
    u32::try_from((hash ^ (hash >> 18) ^ (hash >> 36)) & 0x3_FFFF).unwrap_or(0)
}

fn of(value: &LuaValue, depth: u32) -> u64 {
    match value {
        LuaValue::Nil => 1,
        LuaValue::Boolean(flag) => 2 + u64::from(*flag),
        // Whether a number is held as a whole one is the VM's own matter.
        #[allow(clippy::cast_precision_loss, reason = "scripts have only 64-bit floats")]
        LuaValue::Integer(number) => mixed(4, (*number as f64).to_bits()),
        LuaValue::Number(number) => mixed(4, number.to_bits()),
        LuaValue::String(text) => bytes(&text.as_bytes()),
        LuaValue::Table(table) if depth > 0 => fields(table, depth - 1),
        _ => 6,
    }
}

/// The order of a table's pairs says nothing.
fn fields(table: &Table, depth: u32) -> u64 {
    let mut sum = 7_u64;
    let add = |key: LuaValue, value: LuaValue| {
        let is_heard = key.as_string().is_some_and(|key| HEARD.contains(&&*key.as_bytes()));
        if !is_heard {
            sum = sum.wrapping_add(mixed(of(&key, 0), of(&value, depth)));
        }
        Ok(())
    };
    // Nothing in there fails.
    drop(table.for_each(add));
    sum
}

fn bytes(text: &[u8]) -> u64 {
    text.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

fn mixed(one: u64, other: u64) -> u64 {
    let mixed = (one ^ other.rotate_left(29)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed ^ (mixed >> 31)).wrapping_mul(0xbf58_476d_1ce4_e5b9)
}
