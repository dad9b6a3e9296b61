//! Calls in progress, kept beside the state file: a server that starts again goes on with them. A
//! file for each call: how it began, and then a line for whatever happened in it.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use moonring_exchange::{Service, Stamped, Start};
use moonring_sim::{PlayedCall, Scene};
use serde_json::{Value, json};

/// The form of the files, and the rules by which they are played again: a call is not gone on with
/// under others.
const FORMAT: u32 = 2;

/// Where calls are kept.
#[derive(Clone)]
pub(crate) struct SavedCalls {
    folder: PathBuf,
}

/// What is kept of a call. The file goes when the call is over.
pub(super) struct SavedCall {
    path: PathBuf,
    file: File,
    /// How many of its inputs are in the file.
    written: usize,
    /// How long the file is, all lines whole.
    bytes: u64,
}

/// A call as it was kept.
pub(super) struct Kept {
    pub(super) service: Service,
    pub(super) start: Start,
    pub(super) inputs: Vec<Stamped>,
    pub(super) scene: Scene,
    pub(super) saved: SavedCall,
}

impl SavedCalls {
    /// Beside this state file.
    pub(super) fn beside(state: &Path) -> Self {
        let place = std::fs::canonicalize(state).unwrap_or_else(|_| state.to_owned());
        let mut folder = place.into_os_string();
        folder.push(".calls");
        Self { folder: PathBuf::from(folder) }
    }

    /// Keeps a call from now on.
    pub(super) fn save(&self, call: &PlayedCall) -> anyhow::Result<SavedCall> {
        std::fs::create_dir_all(&self.folder)
            .with_context(|| format!("cannot create {}", self.folder.display()))?;
        let path = self.folder.join(format!("{}.jsonl", call.id()));
        let mut options = OpenOptions::new();
        options.create_new(true).append(true);
        // What callers press stands in it.
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path);
        let file = file.with_context(|| format!("cannot create {}", path.display()))?;
        let mut saved = SavedCall { path, file, written: 0, bytes: 0 };
        let exchange = call.exchange();
        saved.add(
            &json!({"format": FORMAT, "service": exchange.service(), "start": exchange.start()}),
        )?;
        saved.update(call)?;
        Ok(saved)
    }

    /// The calls that were in progress when the last server ended, the oldest first; and why one
    /// cannot be read.
    pub(super) fn kept(&self) -> anyhow::Result<Vec<anyhow::Result<Kept>>> {
        let failed = || format!("cannot read {}", self.folder.display());
        let mut kept = Vec::new();
        if !self.folder.exists() {
            return Ok(kept);
        }
        for item in std::fs::read_dir(&self.folder).with_context(failed)? {
            let path = item.with_context(failed)?.path();
            if path.extension().is_some_and(|extension| extension == "jsonl") {
                kept.extend(read(&path).transpose());
            }
        }
        kept.sort_by_key(|kept| kept.as_ref().map_or(0, |kept| kept.start.at_ms));
        Ok(kept)
    }
}

impl SavedCall {
    /// Writes what has happened in the call since the last time.
    pub(super) fn update(&mut self, call: &PlayedCall) -> anyhow::Result<()> {
        let inputs = call.exchange().inputs();
        let news = inputs.get(self.written..).unwrap_or_default();
        self.add(&json!({"inputs": news, "scene": call.scene()}))?;
        self.written = inputs.len();
        Ok(())
    }

    /// The call is over.
    pub(super) fn forget(self) {
        // A file that cannot be removed holds a call that is over: it ends again.
        let _ = std::fs::remove_file(&self.path);
        // Nor is a folder left that keeps nothing; one that keeps other calls cannot be removed.
        let _ = self.path.parent().map(std::fs::remove_dir);
    }

    fn add(&mut self, line: &Value) -> anyhow::Result<()> {
        let line = format!("{line}\n");
        if let Err(error) = self.file.write_all(line.as_bytes()) {
            // Half a line would be read as the beginning of the next one.
            let _ = self.file.set_len(self.bytes);
            return Err(error).with_context(|| format!("cannot write {}", self.path.display()));
        }
        self.bytes += line.len() as u64;
        Ok(())
    }
}

/// Reads a call. A last line that was cut off counts for nothing; a file without a call is removed.
fn read(path: &Path) -> anyhow::Result<Option<Kept>> {
    let failed = || {
        format!(
            "cannot go on with the call in {}; move the file away, or start without --state",
            path.display()
        )
    };
    let bytes = std::fs::read(path).with_context(failed)?;
    let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    let whole = std::str::from_utf8(&bytes[..whole]).with_context(failed)?;
    let mut lines = whole.lines();
    let (Some(head), Some(last)) = (lines.next(), whole.lines().skip(1).last()) else {
        std::fs::remove_file(path).with_context(failed)?;
        return Ok(None);
    };
    let mut head: Value = serde_json::from_str(head).with_context(failed)?;
    if head["format"] != FORMAT {
        return Err(anyhow::anyhow!("it was written by another version of moonring"))
            .with_context(failed);
    }
    let service = serde_json::from_value(head["service"].take()).with_context(failed)?;
    let start = serde_json::from_value(head["start"].take()).with_context(failed)?;
    let mut inputs = Vec::new();
    for line in lines {
        let mut line: Value = serde_json::from_str(line).with_context(failed)?;
        let news: Vec<Stamped> =
            serde_json::from_value(line["inputs"].take()).with_context(failed)?;
        inputs.extend(news);
    }
    let mut last: Value = serde_json::from_str(last).with_context(failed)?;
    let scene = serde_json::from_value(last["scene"].take()).with_context(failed)?;
    let file = OpenOptions::new().append(true).open(path).with_context(failed)?;
    // What was cut off is taken away, so the next line begins on a line of its own.
    file.set_len(whole.len() as u64).with_context(failed)?;
    let (path, written, bytes) = (path.to_owned(), inputs.len(), whole.len() as u64);
    let saved = SavedCall { path, file, written, bytes };
    Ok(Some(Kept { service, start, inputs, scene, saved }))
}
