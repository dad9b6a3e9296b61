//! Audio files that are at hand: among the scripts, or in a folder of their own.

use std::path::{Component, Path, PathBuf};

use moonring_sim::{Audio, wav_length};

/// The largest file that the service plays (rule 61).
pub(crate) const LARGEST: u64 = 50 * 1024 * 1024;

/// Where audio files may be.
#[derive(Debug, Clone)]
pub(crate) struct AudioFolders {
    /// The folder of the scripts: a file that is not there is somewhere else.
    pub(crate) scripts: Option<PathBuf>,
    /// The folder of all audio files, with or without folders for the buckets: a file that is not
    /// there is missing.
    pub(crate) all: Option<PathBuf>,
}

impl AudioFolders {
    /// Looks at a file.
    pub(crate) fn look(&self, bucket: &str, key: &str) -> Audio {
        match self.find(bucket, key) {
            Some(path) => measure(&path),
            None if self.all.is_some() && is_inside(bucket) && is_inside(key) => Audio::Missing,
            None => Audio::Unknown,
        }
    }

    /// Where a file lies.
    pub(crate) fn find(&self, bucket: &str, key: &str) -> Option<PathBuf> {
        if !is_inside(bucket) || !is_inside(key) {
            return None;
        }
        let of_all =
            self.all.iter().flat_map(|folder| [folder.join(bucket).join(key), folder.join(key)]);
        let mut places = of_all.chain(self.scripts.iter().map(|folder| folder.join(key)));
        places.find(|path| path.is_file())
    }
}

/// Whether a name leads nowhere but into its folder.
fn is_inside(name: &str) -> bool {
    Path::new(name).components().all(|part| matches!(part, Component::Normal(_)))
}

fn measure(path: &Path) -> Audio {
    let is_small = std::fs::metadata(path).is_ok_and(|found| found.len() <= LARGEST);
    let bytes = if is_small { std::fs::read(path).ok() } else { None };
    bytes.and_then(|bytes| wav_length(&bytes)).map_or(Audio::Unusable, Audio::Lasts)
}
