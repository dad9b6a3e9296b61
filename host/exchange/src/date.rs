//! Moments as the service writes them into names of files.

/// The day of a moment: `2026-06-10`.
pub(crate) fn date_of(now_ms: u64) -> String {
    let ms = i64::try_from(now_ms).unwrap_or(i64::MAX);
    jiff::Timestamp::from_millisecond(ms)
        .map(|at| at.strftime("%Y-%m-%d").to_string())
        .unwrap_or_default()
}

/// The time of day: `HH-MM-SS-mmm`.
pub(crate) fn time_of(now_ms: u64) -> String {
    let (seconds, ms) = (now_ms / 1000 % 86_400, now_ms % 1000);
    format!("{:02}-{:02}-{:02}-{ms:03}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}
