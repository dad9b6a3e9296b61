//! What the service would have left of a call in buckets: detail records and recordings, in a
//! folder or in S3.

use std::path::{Component, Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use moonring_aws::Bucket;
use moonring_exchange::{DetailRecord, Happened, detail_records};
use moonring_sim::{PlayedCall, silence};
use moonring_store::Location;

use crate::atomic_write;
use crate::sound::{Clip, recording, wav_bytes};

/// Where they are left.
#[derive(Clone)]
pub(crate) enum Records {
    /// Below a folder of this machine.
    Folder(PathBuf),
    /// Under a prefix of a bucket.
    S3(Bucket),
}

/// What is left of one call.
pub(super) struct Left {
    records: Vec<DetailRecord>,
    recordings: Vec<Recording>,
}

/// A recording that the service would have delivered.
struct Recording {
    /// As `bucket/key`.
    file: String,
    lasts: Duration,
    channels: u16,
    /// What was said into a microphone meanwhile, by channel.
    said: Option<Vec<Vec<i16>>>,
}

impl Recording {
    fn bytes(self) -> Vec<u8> {
        match self.said {
            Some(channels) => wav_bytes(&channels.iter().map(Vec::as_slice).collect::<Vec<_>>()),
            None => silence(self.lasts, self.channels),
        }
    }
}

impl Records {
    /// The place that a location names.
    pub(crate) async fn at(location: &Location) -> Self {
        match location {
            Location::Folder(folder) => Self::Folder(folder.clone()),
            Location::S3 { bucket, prefix } => {
                Self::S3(Bucket::new(&moonring_aws::sdk_config().await, bucket, prefix))
            }
        }
    }

    /// Leaves what there is. Disks and networks are slow: other calls go on meanwhile.
    pub(super) async fn leave(self, left: Left) -> anyhow::Result<()> {
        for (name, bytes) in left.files() {
            // A key is a script's text: it is not to lead out of the folder.
            let is_inside =
                Path::new(&name).components().all(|part| matches!(part, Component::Normal(_)));
            anyhow::ensure!(
                is_inside,
                "{name} is not a file name inside the folder of the records"
            );
            match &self {
                Self::Folder(folder) => {
                    let path = folder.join(name);
                    tokio::task::spawn_blocking(move || write(&path, &bytes())).await??;
                }
                Self::S3(bucket) => bucket.put(&name, bytes()).await.map_err(anyhow::Error::msg)?,
            }
        }
        Ok(())
    }
}

impl Left {
    /// What is left of a call in which this was said into microphones.
    pub(super) fn of(call: &PlayedCall, clips: &[Clip]) -> Self {
        let recordings = call.trace().entries.iter().filter_map(|entry| match &entry.happened {
            Happened::Records { leg, file, lasts, channels } => {
                let said = recording(clips, *leg, entry.at, *lasts, *channels);
                Some(Recording { file: file.clone(), lasts: *lasts, channels: *channels, said })
            }
            _ => None,
        });
        Self {
            records: detail_records(call.exchange(), call.now()),
            recordings: recordings.collect(),
        }
    }

    /// The files by name. Their bytes are made when they are written: a recording may be long.
    fn files(self) -> impl Iterator<Item = (String, Box<dyn FnOnce() -> Vec<u8> + Send>)> {
        let records = self.records.into_iter().map(|DetailRecord { file, record }| {
            let bytes: Box<dyn FnOnce() -> Vec<u8> + Send> =
                Box::new(move || record.to_string().into_bytes());
            (file, bytes)
        });
        let recordings = self.recordings.into_iter().map(|recording| {
            let file = recording.file.clone();
            let bytes: Box<dyn FnOnce() -> Vec<u8> + Send> = Box::new(move || recording.bytes());
            (file, bytes)
        });
        records.chain(recordings)
    }
}

fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let parent = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(parent)
        .with_context(|| format!("cannot create {}", parent.display()))?;
    atomic_write::write(path, bytes)
}
