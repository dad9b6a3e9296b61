//! Forms of texts that the service prescribes.

use moonring_wire::{check_ssml, is_ssml};

/// A form of a text, or of the names and texts of a map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StringFormat {
    /// A phone number in E.164.
    Phone,
    /// Keys and pauses of DTMF.
    Dtmf,
    /// The user part of a SIP URI.
    SipUser,
    /// SIP headers (rules 58 and 59).
    SipHeaders,
    /// The safe characters of S3 keys (rule 62).
    S3Key,
    /// The alias of a release.
    Alias,
    /// Keys that a caller can press.
    Keys,
    /// Plain text, or SSML that Amazon Polly takes.
    Prompt,
}

/// Header names that the service keeps for itself (rule 59), in lower case.
const RESERVED: &[&str] = &["x-amzn", "x-vine", "x-vc", "x-canary", "x-voice"];
/// The longest text of a header (rule 58).
const HEADER: usize = 2048;

impl StringFormat {
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        match name {
            "phone" => Some(Self::Phone),
            "dtmf" => Some(Self::Dtmf),
            "sip_user" => Some(Self::SipUser),
            "sip_headers" => Some(Self::SipHeaders),
            "s3_key" => Some(Self::S3Key),
            "alias" => Some(Self::Alias),
            "keys" => Some(Self::Keys),
            "prompt" => Some(Self::Prompt),
            _ => None,
        }
    }

    /// What is wanted, as the end of `wanted …`.
    pub(crate) fn wanted(self) -> &'static str {
        match self {
            Self::Phone => "a phone number in E.164, such as \"+12065550100\"",
            Self::Dtmf => "digits 0 to 9, * and #, A to D, and commas for pauses",
            Self::SipUser => "letters, digits and & = + $ / % - _ ! ~ * ( ) , .",
            Self::SipHeaders => {
                "a table of SIP headers whose names begin with x- or are User-to-User or Diversion"
            }
            Self::S3Key => "letters, digits and ! - _ . * ' ( ) /",
            Self::Keys => "digits in a string, such as \"9\" or \"*\"",
            Self::Prompt => "plain text, or well-formed SSML with the tags of Amazon Polly",
            Self::Alias => "the name of a release: 1 to 64 letters, digits, - and _",
        }
    }

    /// What is wanted of a text in a map of this form.
    pub(crate) fn wanted_text(self) -> &'static str {
        match self {
            Self::SipHeaders => "one line of at most 2048 characters",
            other => other.wanted(),
        }
    }

    /// Whether a text has the form.
    pub(crate) fn fits(self, text: &str) -> bool {
        let only = |others: &str| {
            text.chars().all(|letter| letter.is_ascii_alphanumeric() || others.contains(letter))
        };
        match self {
            Self::Phone => text.strip_prefix('+').is_some_and(|digits| {
                (2..=15).contains(&digits.len())
                    && digits.bytes().all(|digit| digit.is_ascii_digit())
                    && !digits.starts_with('0')
            }),
            Self::Dtmf => text.chars().all(|key| key.is_ascii_digit() || "*#ABCD,".contains(key)),
            Self::SipUser => only("&=+$/%-_!~*(),."),
            Self::S3Key => only("!-_.*'()/"),
            Self::Keys => {
                (1..=20).contains(&text.len())
                    && text.bytes().all(|key| key.is_ascii_digit() || b"*#".contains(&key))
            }
            Self::Prompt => !is_ssml(text) || check_ssml(text).is_ok(),
            Self::Alias => (1..=64).contains(&text.len()) && only("-_"),
            Self::SipHeaders => text.chars().count() <= HEADER && !text.contains(['\r', '\n']),
        }
    }

    /// What is wrong with a name of a map, if anything.
    pub(crate) fn wrong_name(self, name: &str) -> Option<&'static str> {
        if self != Self::SipHeaders {
            return None;
        }
        let name = name.to_ascii_lowercase();
        let is_token = !name.is_empty()
            && name
                .bytes()
                .all(|letter| letter.is_ascii_alphanumeric() || b"-_.!%*+`'~".contains(&letter));
        if RESERVED.iter().any(|reserved| name.starts_with(reserved)) {
            Some("is reserved by the service")
        } else if !is_token
            || !(name.starts_with("x-") || name == "user-to-user" || name == "diversion")
        {
            Some("is not a header that can be sent")
        } else {
            None
        }
    }
}
