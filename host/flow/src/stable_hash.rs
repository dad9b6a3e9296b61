//! A hash that is the same in every version of the host and on every machine: what calls and claims
//! depend on may not change with a compiler.

use sha2::{Digest as _, Sha256};

/// FNV-1a over the parts, each behind its length, and a finish that spreads every bit: 64 bits.
pub fn stable_hash<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut add = |byte: u8| hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    for part in parts {
        (part.len() as u64).to_le_bytes().into_iter().for_each(&mut add);
        part.iter().copied().for_each(&mut add);
    }
    // The last step of splitmix64: FNV's low bits alone are poor.
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

/// The first half of a text's SHA-256, as 32 hexadecimal digits: what objects and requests are
/// named by.
pub fn content_hash(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_never_change() {
        for (parts, hash) in [
            (&[][..], 0xf52a_15e9_a9b5_e89b_u64),
            (&["call"], 0xdb75_caf5_1dbd_5ec3),
            (&["call", "1"], 0x66b4_6c07_85cd_3343),
            (&["cal", "l1"], 0xdcb5_1b34_5124_8360),
        ] {
            assert_eq!(stable_hash(parts.iter().map(|part| part.as_bytes())), hash, "{parts:?}");
        }
    }
}
