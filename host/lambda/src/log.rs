//! Standard output, where Lambda collects log lines.

use std::io::Write as _;

use moonring_runtime::JsonLines;
use tracing::Level;

/// Writes one line without the help of what may not be installed, or may be stuck.
pub(crate) fn write_line(level: Level, message: &str) {
    print(&JsonLines::line(level, message));
}

/// Writes lines.
pub(crate) fn print(lines: &[u8]) {
    // A log that cannot be written is no reason to leave a caller without an answer.
    let mut output = std::io::stdout().lock();
    let _ = output.write_all(lines).and_then(|()| output.flush());
}
