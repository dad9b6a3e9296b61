//! `moonring show CALL`: one call, from its lines in the log.

use super::event_line::LogLine;
use super::source::{LogArguments, Wanted};
use crate::printer::{Hue, Printer, printable};

/// Whether this is the id of a call: those of the service are UUIDs.
pub(crate) fn is_call_id(text: &str) -> bool {
    let parts: Vec<usize> = text.split('-').map(str::len).collect();
    let is_hexadecimal = |letter: char| letter.is_ascii_hexdigit() || letter == '-';
    parts == [8, 4, 4, 4, 12] && text.chars().all(is_hexadecimal)
}

/// Shows a call.
///
/// # Errors
/// When the log cannot be read, or has no such call.
pub(crate) async fn show_call(
    call: &str,
    log: &LogArguments,
    is_json: bool,
    printer: Printer,
) -> anyhow::Result<()> {
    let wanted = Wanted { pattern: Some(format!("\"{call}\"")) };
    let lines = log.lines(&wanted).await?;
    let mut lines: Vec<&LogLine> =
        lines.iter().filter(|line| line.text("call") == Some(call)).collect();
    anyhow::ensure!(
        !lines.is_empty(),
        "the log has no line of the call {call}; --since says how far back it is read"
    );
    if is_json {
        return lines.iter().try_for_each(|line| printer.data(&line.fields().to_string()));
    }
    // Lines of one millisecond come in any order; those of an event stand behind what its script logged.
    lines.sort_by_key(|line| (line.at_ms, line.number("sequence")));
    let word = |name: &str| {
        let mut known = lines.iter().filter(|line| line.is_event());
        known.find_map(|line| line.text(name)).unwrap_or("-").to_owned()
    };
    printer.data(&format!("call {call}"))?;
    printer.data(&format!(
        "{} calls {}; script {}, release {}",
        word("from"),
        word("to"),
        word("script"),
        word("release")
    ))?;
    let began = lines.first().and_then(|line| line.at_ms);
    for line in &lines {
        let at = match (began, line.at_ms) {
            (Some(began), Some(at)) => {
                let tenths = at.saturating_sub(began) / 100;
                format!("{:>3}:{:02}.{}", tenths / 600, tenths / 10 % 60, tenths % 10)
            }
            _ => line.number("sequence").map(|number| format!("{number:>4}.")).unwrap_or_default(),
        };
        let hue = match () {
            () if line.is_error() => Hue::Failure,
            () if line.is_event() => Hue::Plain,
            () => Hue::Aside,
        };
        printer.coloured_data(&printable(&format!("{at:>8}  {}", line.told())), hue)?;
        for (name, what) in
            [("path", "the caller's way"), ("heard", "the caller heard"), ("trace", "called from")]
        {
            if let Some(text) = line.text(name) {
                printer.data(&printable(&format!("          {what}: {text}")))?;
            }
        }
    }
    let failed = lines.iter().filter(|line| line.is_fallback()).count();
    let events = lines.iter().filter(|line| line.is_event()).count();
    let journal = lines.iter().rev().find_map(|line| line.number("journal"));
    let journal = journal.map(|count| format!(", characters of the journal {count}"));
    printer
        .talk(&format!("events {events}, of them failed {failed}{}", journal.unwrap_or_default()));
    Ok(())
}
