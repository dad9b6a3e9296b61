//! Recorded calls as files: transcripts, and folders of what a host has kept, one file an event.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use moonring_sim::Transcript;

use crate::printer::Printer;

/// A recorded call, and where it is from.
pub(super) struct RecordedCall {
    pub(super) path: PathBuf,
    pub(super) transcript: Transcript,
}

/// The calls at these places. A folder has transcripts, calls that a host has kept, or both.
///
/// # Errors
/// What cannot be read, and a folder without calls.
pub(super) fn read(places: &[PathBuf], printer: Printer) -> anyhow::Result<Vec<RecordedCall>> {
    let mut calls = Vec::new();
    for place in places {
        let before = calls.len();
        add(place, &mut calls, printer)?;
        anyhow::ensure!(calls.len() > before, "there are no recorded calls in {}", place.display());
    }
    Ok(calls)
}

fn add(place: &Path, calls: &mut Vec<RecordedCall>, printer: Printer) -> anyhow::Result<()> {
    if !place.is_dir() {
        calls.push(RecordedCall { path: place.to_owned(), transcript: parse(place)? });
        return Ok(());
    }
    let unread = || format!("cannot read {}", place.display());
    let entries = std::fs::read_dir(place).with_context(unread)?;
    let entries = entries.map(|entry| entry.map(|entry| entry.path()));
    let mut paths = entries.collect::<Result<Vec<_>, _>>().with_context(unread)?;
    paths.sort();
    let mut kept: Option<Transcript> = None;
    for path in paths {
        let is_json = path.extension().is_some_and(|ending| ending == "json");
        if path.is_dir() {
            add(&path, calls, printer)?;
        } else if is_json {
            let mut transcript = parse(&path)?;
            match &mut kept {
                _ if !transcript.is_masked => calls.push(RecordedCall { path, transcript }),
                // The names of a call's events are in their order.
                Some(kept) => kept.steps.append(&mut transcript.steps),
                None => kept = Some(transcript),
            }
        }
    }
    let Some(transcript) = kept else { return Ok(()) };
    match missing(&transcript) {
        None => calls.push(RecordedCall { path: place.to_owned(), transcript }),
        Some(number) => printer.talk(&format!(
            "{}: event {number} of the call is missing, so it is not replayed",
            place.display()
        )),
    }
    Ok(())
}

/// The first event of a call that is not there.
fn missing(transcript: &Transcript) -> Option<u64> {
    let numbers = transcript.steps.iter().map(|step| step.event["Sequence"].as_u64());
    (1..).zip(numbers).find(|(wanted, number)| *number != Some(*wanted)).map(|(wanted, _)| wanted)
}

fn parse(path: &Path) -> anyhow::Result<Transcript> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    Transcript::parse(&bytes).with_context(|| path.display().to_string())
}
