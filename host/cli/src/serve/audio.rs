//! The audio files of a server: in folders, or in a bucket that is asked before they are to be
//! played.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use moonring_aws::Bucket;
use moonring_exchange::{AudioFile, audio_files};
use moonring_sim::{Audio, wav_length};
use moonring_store::Location;
use serde_json::Value;

use crate::audio::{AudioFolders, LARGEST};

/// So much of a file is read: its header is at the beginning.
const HEAD: u64 = 64 * 1024;

/// Where audio files are looked for.
pub(crate) struct AudioFiles {
    folders: AudioFolders,
    bucket: Option<Bucket>,
    /// What the bucket has said, by bucket and key of the action.
    seen: Mutex<BTreeMap<(String, String), Audio>>,
}

impl AudioFiles {
    /// In the folder of the scripts, and where all audio files are said to be.
    pub(crate) async fn new(scripts: Option<PathBuf>, all: Option<Location>) -> Self {
        let (all, bucket) = match all {
            None => (None, None),
            Some(Location::Folder(folder)) => (Some(folder), None),
            Some(Location::S3 { bucket, prefix }) => {
                (None, Some(Bucket::new(&moonring_aws::sdk_config().await, &bucket, &prefix)))
            }
        };
        Self { folders: AudioFolders { scripts, all }, bucket, seen: Mutex::default() }
    }

    /// Asks the bucket for every file of an answer: the simulator itself does not wait.
    ///
    /// # Errors
    /// What S3 said, in one line; the files are unknown then.
    pub(super) async fn fetch(&self, answer: &Value) -> Result<(), String> {
        let Some(bucket) = &self.bucket else { return Ok(()) };
        for AudioFile { bucket: name, key } in audio_files(answer) {
            let mut found = bucket.head(&format!("{name}/{key}"), HEAD).await;
            if matches!(found, Ok(None)) {
                found = bucket.head(&key, HEAD).await;
            }
            let audio = match &found {
                Ok(Some((bytes, total))) if *total <= LARGEST => {
                    wav_length(bytes).map_or(Audio::Unusable, Audio::Lasts)
                }
                Ok(Some(_)) => Audio::Unusable,
                Ok(None) => Audio::Missing,
                Err(_) => Audio::Unknown,
            };
            self.seen.lock().unwrap_or_else(PoisonError::into_inner).insert((name, key), audio);
            found.map_err(|error| error.to_string())?;
        }
        Ok(())
    }

    /// Looks at a file.
    pub(super) fn look(&self, bucket: &str, key: &str) -> Audio {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let known = seen.get(&(bucket.to_owned(), key.to_owned())).copied();
        known.unwrap_or_else(|| self.folders.look(bucket, key))
    }
}
