//! Files that are written whole or not at all.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;

use anyhow::Context as _;

/// Writes a file so that whoever reads it, and whatever interrupts this, never meets half of it.
pub(crate) fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    let name = path.file_name().with_context(|| format!("{} is no file that can be written", path.display()))?;
    let mut draft = name.to_owned();
    draft.push(format!(".{}.part", std::process::id()));
    let draft = path.with_file_name(draft);
    let written = File::create(&draft).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        // On the disk before it has its name: a machine that goes down now leaves the old file or the new one.
        file.sync_all()?;
        fs::rename(&draft, path)
    });
    if written.is_err() {
        // What cannot be taken away either is left: the first error is the one that counts.
        let _ = fs::remove_file(&draft);
    }
    written.with_context(|| format!("cannot write {}", path.display()))
}
