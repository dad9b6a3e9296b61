//! How a user says where scripts are.

use std::path::PathBuf;
use std::str::FromStr;

/// Where scripts are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// A folder of this machine.
    Folder(PathBuf),
    /// Objects in S3 under a prefix; the prefix is empty or ends with `/`.
    S3 {
        /// The bucket.
        bucket: String,
        /// What their keys begin with.
        prefix: String,
    },
}

/// Why a text is no location.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LocationError {
    /// Nothing was said.
    #[error("it is empty; wanted a folder or s3://bucket/prefix")]
    Empty,
    /// There is no bucket behind `s3://`.
    #[error("`{0}` has no bucket; wanted s3://bucket/prefix")]
    NoBucket(String),
    /// The scheme is not known.
    #[error("`{0}` is not a location the host can read; wanted a folder or s3://bucket/prefix")]
    UnknownScheme(String),
}

impl Location {
    /// Whether what lies at one of the two places can lie at the other too.
    pub fn overlaps(&self, other: &Self) -> bool {
        match (self, other) {
            (
                Self::S3 { bucket, prefix },
                Self::S3 { bucket: other_bucket, prefix: other_prefix },
            ) => {
                bucket == other_bucket
                    && (prefix.starts_with(other_prefix) || other_prefix.starts_with(prefix))
            }
            (Self::Folder(one), Self::Folder(two)) => one.starts_with(two) || two.starts_with(one),
            _ => false,
        }
    }
}

impl FromStr for Location {
    type Err = LocationError;

    fn from_str(text: &str) -> Result<Self, LocationError> {
        if let Some(rest) = text.strip_prefix("s3://") {
            let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
            let prefix = prefix.trim_matches('/');
            let prefix = if prefix.is_empty() { String::new() } else { format!("{prefix}/") };
            return match bucket {
                "" => Err(LocationError::NoBucket(text.to_owned())),
                bucket => Ok(Self::S3 { bucket: bucket.to_owned(), prefix }),
            };
        }
        match text {
            "" => Err(LocationError::Empty),
            text if text.contains("://") => Err(LocationError::UnknownScheme(text.to_owned())),
            text => Ok(Self::Folder(PathBuf::from(text))),
        }
    }
}

impl std::fmt::Display for Location {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Folder(path) => write!(f, "{}", path.display()),
            Self::S3 { bucket, prefix } => write!(f, "s3://{bucket}/{prefix}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_and_buckets_are_told_apart() {
        let s3 = |bucket: &str, prefix: &str| {
            Ok(Location::S3 { bucket: bucket.to_owned(), prefix: prefix.to_owned() })
        };
        assert_eq!("s3://b".parse(), s3("b", ""));
        assert_eq!("s3://b/".parse(), s3("b", ""));
        assert_eq!("s3://b/live/ivr/".parse(), s3("b", "live/ivr/"));
        assert_eq!("scripts".parse(), Ok(Location::Folder("scripts".into())));
        assert_eq!(
            "s3:///x".parse::<Location>(),
            Err(LocationError::NoBucket("s3:///x".to_owned()))
        );
        assert_eq!(
            "https://x/y".parse::<Location>(),
            Err(LocationError::UnknownScheme("https://x/y".to_owned()))
        );
        assert_eq!("".parse::<Location>(), Err(LocationError::Empty));
    }
}
