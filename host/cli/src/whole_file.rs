//! Files that are written whole or not at all.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;

use anyhow::Context as _;

/// Whether a file of this name could be written, so that nobody learns it too late.
pub(crate) fn check(path: &Path) -> anyhow::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if path.is_dir() || path.file_name().is_none() {
        anyhow::bail!("cannot write {}: it is a folder", path.display());
    }
    anyhow::ensure!(folder.is_dir(), "cannot write {}: there is no folder {}", path.display(), folder.display());
    Ok(())
}

/// Writes a file so that whoever reads it, and whatever interrupts this, never meets half of it. A link is followed; what is there and no
/// file, such as a pipe or a device, is written to and stays what it is.
pub(crate) fn write(path: &Path, bytes: impl AsRef<[u8]>) -> anyhow::Result<()> {
    check(path)?;
    let failed = || format!("cannot write {}", path.display());
    let place = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if fs::metadata(&place).is_ok_and(|found| !found.is_file()) {
        return fs::write(&place, bytes).with_context(failed);
    }
    let mut draft = place.file_name().unwrap_or_default().to_owned();
    draft.push(format!(".{}.part", std::process::id()));
    let draft = place.with_file_name(draft);
    let written = File::create(&draft).and_then(|mut file| {
        file.write_all(bytes.as_ref())?;
        // On the disk before it has its name: a machine that goes down now leaves the old file or the new one.
        file.sync_all()?;
        fs::rename(&draft, &place)
    });
    if written.is_err() {
        // What cannot be taken away either is left: the first error is the one that counts.
        let _ = fs::remove_file(&draft);
    }
    written.with_context(failed)
}
