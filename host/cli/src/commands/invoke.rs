//! `moonring invoke`: one event in, one answer out, as the deployed host would give it.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::rc::Rc;
use std::time::{Duration, Instant, SystemTime};

use anyhow::Context as _;
use clap::Args;
use moonring_aws::SharedConfig;
use moonring_runtime::{Arrival, EmergencyReply, HardDeadline, Host, Settings, fallback};
use moonring_store::Location;
use moonring_wire::Event;
use serde_json::Value;

use super::{FAILED, location};
use crate::log;
use crate::overlay::Overlay;
use crate::printer::Printer;
use crate::services::{LocalServices, Others, ServiceMode};

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
  moonring invoke --scripts s3://acme-ivr/live event.json
  moonring invoke - < event.json | jq .Actions   read standard input

Exit codes:
  0  the script answered
  1  the script failed; the fallback is printed
  2  the command line, the event or the scripts cannot be used"
)]
pub(crate) struct Invoke {
    /// Where the scripts are: a folder, or s3://bucket/prefix [default: $MOONRING_SCRIPTS, else
    /// ./scripts]
    #[arg(long, value_name = "DIR|s3://…")]
    scripts: Option<String>,

    /// The script that answers, without its extension, e.g. support/night [default: as routes.lua
    /// says, else main]
    #[arg(long, value_name = "NAME")]
    script: Option<String>,

    /// The event: a JSON file, as the service sends it, or - for standard input
    #[arg(value_name = "EVENT.json|-")]
    event: PathBuf,
}

impl Invoke {
    /// Runs the command.
    pub(crate) fn run(self, printer: Printer) -> anyhow::Result<ExitCode> {
        let settings = Settings::from_env()?.with_local_key();
        // This terminal is the author's own: nothing is masked in it.
        let settings = Settings { log_digits: true, log_numbers: true, ..settings };
        log::install(settings.log_level)?;
        let event = read_event(&self.event)?;
        let location = location::find(self.scripts.as_deref(), &settings, "--scripts DIR")?;
        // The watchdog needs a thread of its own in any case; one more for the rest would gain
        // nothing.
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .context("cannot start the async runtime")?;
        runtime.block_on(self.answer(settings, &location, &event, printer))
    }

    async fn answer(
        &self,
        settings: Settings,
        location: &Location,
        event: &[u8],
        printer: Printer,
    ) -> anyhow::Result<ExitCode> {
        let source = location::open(location).await;
        let object_store = match &settings.journal {
            Some(journals) => moonring_aws::object_store(&SharedConfig::default(), journals).await,
            None => None,
        };
        let services =
            Box::new(LocalServices(Rc::new(ServiceMode::new(Others::Played, &settings, printer))));
        let host = Host::new(settings, source, self.script.as_deref(), services)
            .context("cannot start the watchdog")?
            .with_object_store(object_store.map(Overlay::above));
        let is_loaded = {
            let _progress = printer.progress(&format!("loading the scripts from {location}"));
            host.prepare(LOAD).await
        };
        if !is_loaded {
            // Why not has been said. In production every event would look again; here nobody is on
            // the line.
            printer.answer(&fallback(Event::parse(event).ok().as_ref()).to_bytes())?;
            printer.fallback_note();
            return Ok(FAILED.into());
        }
        let at = Instant::now();
        let arrival = Arrival {
            at,
            clock: SystemTime::now(),
            hard: HardDeadline::new(at, None, None),
            emergency_reply: Box::new(StuckScript(printer)),
        };
        let outcome = host.answer(event, arrival).await;
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

/// The bytes of the event, if they are a JSON object at all.
fn read_event(path: &Path) -> anyhow::Result<Vec<u8>> {
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
    match serde_json::from_slice::<Value>(&bytes) {
        Ok(Value::Object(_)) => Ok(bytes),
        Ok(_) => {
            anyhow::bail!(
                "{}: the event is not a JSON object; wanted an event as the service sends it",
                path.display()
            )
        }
        Err(error) => anyhow::bail!("{}: the event is not JSON: {error}", path.display()),
    }
}
