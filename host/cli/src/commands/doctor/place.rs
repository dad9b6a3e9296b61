//! Names of things of an account, and words of a command line.

use moonring_spec::quoted;
use moonring_store::Location;

/// A bucket as IAM names it.
pub(super) fn bucket_arn(bucket: &str) -> String {
    format!("arn:aws:s3:::{bucket}")
}

/// An object below a prefix, as IAM names it.
pub(super) fn object_arn(bucket: &str, prefix: &str, name: &str) -> String {
    let prefix = prefix.trim_end_matches('/');
    let prefix = if prefix.is_empty() { String::new() } else { format!("{prefix}/") };
    format!("arn:aws:s3:::{bucket}/{prefix}{name}")
}

/// The bucket and the prefix of a place in S3.
pub(super) fn in_s3(location: &Location) -> Option<InS3<'_>> {
    match location {
        Location::S3 { bucket, prefix } => Some(InS3 { bucket, prefix }),
        Location::Folder(_) => None,
    }
}

/// A place in S3.
#[derive(Debug, Clone, Copy)]
pub(super) struct InS3<'a> {
    pub(super) bucket: &'a str,
    pub(super) prefix: &'a str,
}

/// A command line of these words.
pub(super) fn command(words: &[&str]) -> String {
    words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ")
}
