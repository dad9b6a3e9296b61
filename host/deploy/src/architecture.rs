//! The processors that Lambda functions run on.

use std::fmt;
use std::str::FromStr;

/// A processor architecture, by the name that Lambda has for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Architecture {
    /// Intel and AMD.
    X86_64,
    /// Graviton.
    Arm64,
}

/// Where an ELF file says which processor it is for.
const MACHINE: std::ops::Range<usize> = 18..20;

impl Architecture {
    /// Both.
    pub const ALL: [Self; 2] = [Self::X86_64, Self::Arm64];

    /// What a program is for; `None` where it is no program for Linux on one of these processors.
    ///
    /// # Examples
    /// ```
    /// # use moonring_deploy::Architecture;
    /// assert_eq!(Architecture::of_program(b"#!/bin/sh"), None);
    /// ```
    pub fn of_program(bytes: &[u8]) -> Option<Self> {
        let is_64_bit_elf = bytes.starts_with(b"\x7fELF\x02\x01");
        match bytes.get(MACHINE).filter(|_| is_64_bit_elf)? {
            [0x3e, 0] => Some(Self::X86_64),
            [0xb7, 0] => Some(Self::Arm64),
            _ => None,
        }
    }

    /// The name that Lambda has for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::X86_64 => "x86_64",
            Self::Arm64 => "arm64",
        }
    }
}

impl fmt::Display for Architecture {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for Architecture {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|known| known.name() == text);
        known.ok_or_else(|| "wanted x86_64 or arm64".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_elf_header_says_the_processor() {
        let program = |machine: u8| {
            let mut bytes = b"\x7fELF\x02\x01\x01".to_vec();
            bytes.resize(64, 0);
            bytes[18] = machine;
            bytes
        };
        assert_eq!(Architecture::of_program(&program(0x3e)), Some(Architecture::X86_64));
        assert_eq!(Architecture::of_program(&program(0xb7)), Some(Architecture::Arm64));
        assert_eq!(Architecture::of_program(&program(0x03)), None);
        assert_eq!(Architecture::of_program(b"\x7fELF"), None);
    }
}
