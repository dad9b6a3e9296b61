//! Where the key for secret digits is kept, if the setting does not have it itself.

use std::fmt;
use std::str::FromStr;

/// A place that the host asks for the key when it starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretPlace {
    /// A parameter of the Parameter Store, mostly a SecureString.
    Parameter(String),
    /// A secret of Secrets Manager.
    Secret(String),
}

const PARAMETER: &str = "ssm:";
const SECRET: &str = "secretsmanager:";

impl FromStr for SecretPlace {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let name = |name: &str| (!name.is_empty()).then(|| name.to_owned());
        let parameter = text.strip_prefix(PARAMETER).and_then(name).map(Self::Parameter);
        let secret = || text.strip_prefix(SECRET).and_then(name).map(Self::Secret);
        parameter.or_else(secret).ok_or(())
    }
}

impl fmt::Display for SecretPlace {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Parameter(name) => write!(formatter, "{PARAMETER}{name}"),
            Self::Secret(name) => write!(formatter, "{SECRET}{name}"),
        }
    }
}
