//! Files that are written whole or not at all.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;

use anyhow::Context as _;

/// Whether a file of this name could be written, so that nobody learns it too late.
pub(crate) fn check(path: &Path) -> anyhow::Result<()> {
    let folder =
        path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if path.is_dir() || path.file_name().is_none() {
        anyhow::bail!("cannot write {}: it is a folder", path.display());
    }
    anyhow::ensure!(
        folder.is_dir(),
        "cannot write {}: there is no folder {}",
        path.display(),
        folder.display()
    );
    Ok(())
}

/// Takes away what processes have left that ended while they wrote a file of this name.
pub(crate) fn clear(path: &Path) -> anyhow::Result<()> {
    let place = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder =
        place.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = format!("{}.", place.file_name().unwrap_or_default().to_string_lossy());
    for item in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let item = item?;
        let found = item.file_name();
        let writer = found.to_str().and_then(|found| {
            found.strip_prefix(&name)?.strip_suffix(".part")?.parse::<u32>().ok()
        });
        if writer.is_some_and(|writer| writer != std::process::id() && !is_alive(writer)) {
            // Somebody else may clear it too.
            let _ = fs::remove_file(item.path());
        }
    }
    Ok(())
}

/// Whether a process is there. Where this system does not tell, it may be.
fn is_alive(process: u32) -> bool {
    let processes = Path::new("/proc");
    !processes.join("self").exists() || processes.join(process.to_string()).exists()
}

/// Writes a file so that a reader never sees half of it, whatever interrupts this. A
/// link is followed; what is there and no file, such as a pipe or a device, is written to and stays
/// what it is.
pub(crate) fn write(path: &Path, bytes: impl AsRef<[u8]>) -> anyhow::Result<()> {
    check(path)?;
    let failed = || format!("cannot write {}", path.display());
    let place = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if fs::metadata(&place).is_ok_and(|found| !found.is_file()) {
        return fs::write(&place, bytes).with_context(failed);
    }
    // What cannot be cleared does no harm.
    let _ = clear(&place);
    let mut draft = place.file_name().unwrap_or_default().to_owned();
    draft.push(format!(".{}.part", std::process::id()));
    let draft = place.with_file_name(draft);
    let written = File::create(&draft).and_then(|mut file| {
        file.write_all(bytes.as_ref())?;
        // On the disk before it has its name: a machine that goes down now leaves the old file or
        // the new one.
        file.sync_all()?;
        fs::rename(&draft, &place)
    });
    if written.is_err() {
        // What cannot be taken away either is left: the first error is the one that counts.
        let _ = fs::remove_file(&draft);
    }
    written.with_context(failed)
}
