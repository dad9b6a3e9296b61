//! `moonring invoke`: one event in, one answer out, as the deployed host would give it.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::rc::Rc;
use std::time::{Duration, Instant, UNIX_EPOCH};

use anyhow::Context as _;
use clap::Args;
use moonring_aws::SharedConfig;
use moonring_runtime::{Arrival, EmergencyReply, HardDeadline, Host, fallback};
use moonring_wire::{Event, EventType, nearest};
use serde_json::Value;

use super::{FAILED, location};
use crate::clock::{ClockArguments, now_ms};
use crate::overlay::Overlay;
use crate::printer::Printer;
use crate::project::{Project, ProjectArguments};
use crate::services::{LocalServices, Others, Outside, ServiceMode};
use crate::{log, replies};

/// How long the scripts may take to load. Nobody is on the line.
const LOAD: Duration = Duration::from_secs(30);

/// Answer one event with a script.
#[derive(Args)]
#[command(
    about = "Answer one event with a script",
    long_about = "Runs a script for one event, with the limits, settings and fallback of the Lambda function. The answer goes to standard output as JSON. Everything else, including what the script logs, goes to standard error.",
    after_help = "\
Examples:
  moonring invoke event.json                     with the scripts in ./scripts
  moonring invoke --script greeter event.json    with another script
  moonring invoke --at '2026-12-25 09:00' event.json
  moonring invoke --scripts s3://acme-ivr/live event.json
  moonring invoke - < event.json | jq .Actions   read standard input

Exit codes:
  0  the script answered
  1  the script failed; the fallback is printed
  2  the command line, the event or the scripts cannot be used"
)]
pub(crate) struct Invoke {
    #[command(flatten)]
    project: ProjectArguments,

    /// The script that answers: its name, e.g. support/night, its file, or a folder of scripts
    /// [default: as routes.lua says, else main]
    #[arg(long, value_name = "SCRIPT")]
    script: Option<String>,

    #[command(flatten)]
    clock: ClockArguments,

    /// A JSON file with the replies to requests, by operation
    #[arg(long, value_name = "FILE")]
    replies: Option<PathBuf>,

    /// The event: a JSON file, as the service sends it, or - for standard input
    #[arg(value_name = "EVENT.json|-")]
    event: PathBuf,
}

impl Invoke {
    /// Runs the command.
    pub(crate) fn run(self, printer: Printer) -> anyhow::Result<ExitCode> {
        let project = Project::open(&self.project, self.script.as_deref(), printer)?;
        log::install(project.settings.log_level, printer)?;
        let event = read_event(&self.event)?;
        // The watchdog needs a thread of its own in any case; one more for the rest would gain
        // nothing.
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .context("cannot start the async runtime")?;
        runtime.block_on(self.answer(&project, &event, printer))
    }

    async fn answer(
        &self,
        project: &Project,
        event: &ReadEvent,
        printer: Printer,
    ) -> anyhow::Result<ExitCode> {
        let settings = project.local_settings();
        let location = &project.location;
        let source = location::open(location).await;
        let clock = self.clock.at_ms(&project.table)?.or(event.at_ms).unwrap_or_else(now_ms);
        let clock = UNIX_EPOCH + Duration::from_millis(clock);
        let canned = replies::open(self.replies.as_ref(), project.table.replies.as_ref())?;
        let outside = Outside { others: Others::Played, canned };
        let object_store = match &settings.journal {
            Some(journals) => moonring_aws::object_store(&SharedConfig::default(), journals).await,
            None => None,
        };
        let services =
            Box::new(LocalServices(Rc::new(ServiceMode::new(outside, &settings, printer))));
        let host = Host::new(settings, source, project.script.as_deref(), services)
            .context("cannot start the watchdog")?
            .with_object_store(object_store.map(Overlay::above));
        let is_loaded = {
            let _progress = printer.progress(&format!("loading the scripts from {location}"));
            host.prepare(LOAD).await
        };
        if !is_loaded {
            // Why not has been said. In production every event would look again; here nobody is on
            // the line.
            printer.answer(&fallback(Event::parse(&event.bytes).ok().as_ref()).to_bytes())?;
            printer.fallback_note();
            return Ok(FAILED.into());
        }
        let at = Instant::now();
        let arrival = Arrival {
            at,
            clock,
            hard: HardDeadline::new(at, None, None),
            emergency_reply: Box::new(StuckScript(printer)),
        };
        let outcome = host.answer(&event.bytes, arrival).await;
        printer.answer(&outcome.answer.to_bytes())?;
        Ok(match outcome.error {
            None => ExitCode::SUCCESS,
            Some(error) => {
                printer.script_error(&error, outcome.error_text.as_deref().unwrap_or_default());
                FAILED.into()
            }
        })
    }
}

/// What is printed when the script is stuck.
struct StuckScript(Printer);

impl EmergencyReply for StuckScript {
    fn speak(&mut self, answer: &[u8]) -> Result<(), String> {
        let printed = self.0.answer(answer).map_err(|error| error.to_string());
        self.0.error_text(
            "the script was inside a single call of a library function at the hard deadline and could not be stopped",
        );
        self.0.fallback_note();
        printed
    }

    fn end(self: Box<Self>) {
        std::process::exit(i32::from(FAILED));
    }
}

/// An event.
struct ReadEvent {
    bytes: Vec<u8>,
    /// When its call's latest leg began, in milliseconds since 1970, where the event says so.
    at_ms: Option<u64>,
}

/// The event of a file, if it is one at all.
fn read_event(path: &Path) -> anyhow::Result<ReadEvent> {
    let mut bytes = Vec::new();
    if path == Path::new("-") {
        std::io::stdin()
            .read_to_end(&mut bytes)
            .context("cannot read the event from standard input")?;
    } else {
        bytes = std::fs::read(path)
            .with_context(|| format!("cannot read the event from {}", path.display()))?;
    }
    // Some editors begin a file with a mark that says "UTF-8".
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").map(<[u8]>::to_vec).unwrap_or(bytes);
    let wanted = "wanted an event as the service sends it, such as {\"SchemaVersion\": \"1.0\", \"InvocationEventType\": \"NEW_INBOUND_CALL\", \"CallDetails\": {…}}";
    let event: Value = serde_json::from_slice(&bytes)
        .with_context(|| format!("{}: the event is not JSON", path.display()))?;
    let Some(fields) = event.as_object() else {
        anyhow::bail!("{}: the event is not a JSON object; {wanted}", path.display());
    };
    anyhow::ensure!(
        fields.get("InvocationEventType").is_some_and(Value::is_string),
        "{}: the event has no InvocationEventType; {wanted}",
        path.display()
    );
    anyhow::ensure!(
        fields.get("CallDetails").is_some_and(Value::is_object),
        "{}: the event has no CallDetails; {wanted}",
        path.display()
    );
    let kind = event["InvocationEventType"].as_str().unwrap_or_default();
    let is_known = EventType::names().any(|known| known == kind);
    if !is_known && let Some(near) = nearest(kind, EventType::names()) {
        anyhow::bail!("{}: there is no event `{kind}`; did you mean `{near}`?", path.display());
    }
    let legs = event.pointer("/CallDetails/Participants").and_then(Value::as_array);
    anyhow::ensure!(
        !is_known || legs.is_some(),
        "{}: the event has no CallDetails.Participants; {wanted}",
        path.display()
    );
    let began = |leg: &Value| match leg.get("StartTimeInMilliseconds")? {
        Value::String(text) => text.parse().ok(),
        other => other.as_u64(),
    };
    let at_ms = legs.into_iter().flatten().filter_map(began).max();
    Ok(ReadEvent { bytes, at_ms })
}
