//! The ways that tests and recorded calls go, in bold in the drawing.

use std::path::PathBuf;
use std::sync::Arc;

use moonring_exchange::SpokenLine;
use moonring_explore::{Graph, spoken_in};
use moonring_flow::Place;
use moonring_runtime::Settings;
use moonring_spec::{Choice, run};

use crate::commands::location;
use crate::commands::recorded_files::{self, RecordedCall};
use crate::commands::replayed_event::Left;
use crate::commands::test::Specs;
use crate::local_host::LocalHost;
use crate::printer::Printer;
use crate::project::Project;
use crate::services::{Others, Outside};

/// Marks the ways of the calls that the specs of a project play.
///
/// # Errors
/// When there are no specs, or they cannot be run.
pub(super) fn mark_tested(
    graph: &mut Graph,
    project: &Project,
    printer: Printer,
) -> anyhow::Result<()> {
    let suite = Specs::of_project(project.clone())?.suite(printer)?;
    let _progress = printer.progress("running the specs");
    let jobs = std::thread::available_parallelism().map_or(1, usize::from);
    let choice = Choice { filter: None, lines: Vec::new(), seed: None, jobs };
    let report = run(&Arc::new(suite), &choice, &|_, _| {})?;
    let calls = report.tests.iter().flat_map(|test| &test.spoken);
    calls.for_each(|call| graph.mark_gone(call));
    Ok(())
}

/// Marks the ways of recorded calls, as the scripts of now answer them.
///
/// # Errors
/// When a call cannot be read, or the scripts cannot be loaded.
pub(super) fn mark_recorded(
    graph: &mut Graph,
    places: &[PathBuf],
    project: &Project,
    printer: Printer,
) -> anyhow::Result<()> {
    let calls = recorded_files::read(places, printer)?;
    let _progress = printer.progress("replaying the calls");
    for call in &calls {
        graph.mark_gone(&replayed(call, project, printer)?);
    }
    Ok(())
}

/// What the scripts say and do in a recorded call.
fn replayed(
    RecordedCall { transcript, .. }: &RecordedCall,
    project: &Project,
    printer: Printer,
) -> anyhow::Result<Vec<SpokenLine>> {
    let settings = project.local_settings();
    let mut config = settings.config.clone();
    config.extend(transcript.env.clone());
    let source = location::open_blocking(&project.location)?;
    let script = project.script.as_deref().or(transcript.script.as_deref());
    let (settings, outside) = (Settings { config, ..settings }, Outside::only(Others::Recorded));
    let Some(scripts) = LocalHost::load(settings, source, script, outside, printer)? else {
        return Err(location::not_loaded(&project.location));
    };
    let (mut left, mut spoken) = (Left::default(), Vec::new());
    for step in &transcript.steps {
        let event = left.event(&step.event);
        let done = scripts.answer(&event, step.now_ms, &step.api_calls);
        left.take_in(&step.response, &done.answer);
        let place = |place: &Option<String>| Place::parse(place.as_deref()?);
        let places: Vec<Option<Place>> = done.places.iter().map(place).collect();
        spoken.extend(spoken_in(&event, &done.answer, &places));
    }
    Ok(spoken)
}
