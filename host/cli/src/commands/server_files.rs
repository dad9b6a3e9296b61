//! Where a server has its account, its records and its audio files: the same options for `dev` and
//! `serve`.

use std::path::PathBuf;

use moonring_store::Location;

/// The files of a server.
#[derive(clap::Args)]
pub(crate) struct ServerFiles {
    /// Keep the account in a file, and calls in progress in FILE.calls: both are there when the
    /// server starts again
    #[arg(long, value_name = "FILE")]
    pub(crate) state: Option<PathBuf>,

    /// Write call detail records and recordings there, as the service does in buckets
    #[arg(long, value_name = "DIR|s3://…")]
    pub(crate) records: Option<Location>,

    /// Where the audio files are, as BUCKET/KEY or KEY; a file that is missing or not WAV fails to
    /// play
    #[arg(long, value_name = "DIR|s3://…")]
    pub(crate) audio: Option<Location>,
}
