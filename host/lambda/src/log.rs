//! Log lines on standard output, where Lambda collects them.

use std::io::Write as _;

use moonring_runtime::JsonLines;
use tracing::Level;

/// Writes what the host says from this level on, and what its libraries warn of.
pub(crate) fn install(level: Level) -> anyhow::Result<()> {
    Ok(tracing::subscriber::set_global_default(JsonLines::new(level, write))?)
}

/// Writes one line without the help of what may not be installed, or may be stuck.
pub(crate) fn write_line(level: Level, message: &str) {
    write(&JsonLines::line(level, message));
}

fn write(line: &[u8]) {
    // A log that cannot be written is no reason to leave a caller without an answer.
    let _ = std::io::stdout().lock().write_all(line);
}
