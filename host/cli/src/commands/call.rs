//! `moonring call`: a telephone in the terminal.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::Context as _;
use clap::Args;
use moonring_exchange::{
    ActionError, Application, Intent, error_types, failure_message, is_action,
};
use moonring_runtime::Settings;
use moonring_sim::{Bot, InboundCall, OutboundCall, Person, PlayedCall, Transcript, World};
use moonring_store::Location;
use serde_json::{Map, Value};

use super::{FAILED, location};
use crate::audio::AudioFolders;
use crate::callee::Callee;
use crate::local_host::LocalHost;
use crate::phone_number::party;
use crate::printer::Printer;
use crate::services::Others;
use crate::terminal_call::{Phone, Show};
use crate::update::Update;
use crate::{atomic_write, log};

/// Call your scripts.
#[derive(Args)]
#[command(
    about = "Call your scripts",
    long_about = "You are the caller, and moonring plays the telephone service. Each line shows what happens in the call, and the script line behind it. In the terminal, type digits (1234#), hangup, wait 5, talk 3, say WORDS, update NAME=VALUE or callee answer|busy|ignore|hangup|DIGITS. Scripts that you save take effect at the next call. With --keys the whole call is played at once, in virtual time.",
    after_help = "\
Examples:
  moonring call greeter                           call scripts/greeter.lua
  moonring call --keys '1234# wait 5 hangup'      press digits when asked
  moonring call --outbound --argument room=blue   the script calls you
  moonring call --fail Speak=SystemException      make every Speak fail
  moonring call --keys 1 --trace call.json        save it for moonring replay

Exit codes:
  0  the call was played, and no script failed
  1  a script failed during the call, or the service cut the call off
  2  the command line or the scripts cannot be used"
)]
pub(crate) struct Call {
    /// The script that answers, without its extension [default: as routes.lua says, else main]
    #[arg(value_name = "SCRIPT")]
    script: Option<String>,

    /// Where the scripts are: a folder, or s3://bucket/prefix [default: $MOONRING_SCRIPTS, else
    /// ./scripts]
    #[arg(long, value_name = "DIR|s3://…")]
    scripts: Option<String>,

    /// Who calls: a number, or what the network says without one, such as anonymous, 1001 or
    /// sip:ann@example.com
    #[arg(long, value_name = "+1…|WORD", default_value = "+12065550142", value_parser = party)]
    from: String,

    /// Who is called: a number, or the user part of a SIP address, such as sales
    #[arg(long, value_name = "+1…|WORD", default_value = "+14255550117", value_parser = party)]
    to: String,

    /// A SIP header of the call
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair)]
    sip_header: Vec<(String, String)>,

    /// The script calls you, instead of you calling it
    #[arg(long)]
    outbound: bool,

    /// An argument of an outbound call
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair, requires = "outbound")]
    argument: Vec<(String, String)>,

    /// What the callee of a bridge, or of an outbound call, does: answer, busy, ignore, or what to
    /// do after answering, written as in --keys; of an outbound call --keys says that
    #[arg(long, value_name = "WHAT", default_value = "answer")]
    callee: Callee,

    /// Send an update into the call after this many seconds, as UpdateSipMediaApplicationCall does,
    /// e.g. '8 agent=+12065550101'
    #[arg(
        long,
        value_name = "SECONDS NAME=VALUE …",
        requires = "keys",
        allow_hyphen_values = true
    )]
    update: Vec<Update>,

    /// Make every action of this type fail, e.g. Speak=SystemException
    #[arg(long, value_name = "ACTION=ERROR", value_parser = pair)]
    fail: Vec<(String, String)>,

    /// What the caller does: DTMF digits, wait SECONDS, talk SECONDS, say WORDS;, hangup
    #[arg(long, value_name = "WORDS")]
    keys: Option<String>,

    /// Where the audio files are, as BUCKET/KEY or KEY; a file that is missing or not WAV fails to
    /// play
    #[arg(long, value_name = "DIR")]
    audio: Option<PathBuf>,

    /// A JSON file with the intents that Amazon Lex bots find in what the caller says
    #[arg(long, value_name = "FILE")]
    bots: Option<PathBuf>,

    /// Send requests to AWS, HTTP servers and storage for real, as the settings allow. Without it,
    /// requests fail, except that storage is simulated. Calls and meetings are always simulated
    #[arg(long)]
    live: bool,

    /// Show events and answers too
    #[arg(long)]
    events: bool,

    /// Write the call as a transcript for moonring replay; of several calls, the last one
    #[arg(long, value_name = "FILE")]
    trace: Option<PathBuf>,
}

impl Call {
    /// Runs the command.
    pub(crate) fn run(self, printer: Printer) -> anyhow::Result<ExitCode> {
        let settings = Settings::from_env()?.with_local_key();
        // New calls look at the folder each time: what was saved a moment ago is what the author
        // means.
        let settings =
            Settings { log_digits: true, log_numbers: true, refresh: Duration::ZERO, ..settings };
        log::install(settings.log_level)?;
        self.trace.as_deref().map_or(Ok(()), atomic_write::check)?;
        let person = self.keys.as_deref().map(str::parse::<Person>).transpose()?;
        let mut world = World::default();
        for (action, error) in &self.fail {
            anyhow::ensure!(
                is_action(action),
                "--fail {action}={error}: the service has no action `{action}`"
            );
            let message = failure_message(action, error).ok_or_else(|| {
                let known = error_types().collect::<Vec<_>>().join(", ");
                anyhow::anyhow!("--fail {action}={error}: actions have no error type `{error}`; wanted one of {known}")
            })?;
            let (error_type, message) = (error.clone(), message.to_owned());
            world.faults.actions.insert(action.clone(), ActionError { error_type, message });
        }
        let location = location::find(self.scripts.as_deref(), &settings, "--scripts DIR")?;
        let scripts =
            if let Location::Folder(folder) = &location { Some(folder.clone()) } else { None };
        let folders = AudioFolders { scripts, all: self.audio.clone() };
        world.audio = Some(Box::new(move |bucket, key| folders.look(bucket, key)));
        if let Some(path) = &self.bots {
            world.bots = bots(path)?;
        }
        let source = location::open_blocking(&location)?;
        let others = if self.live { Others::Live } else { Others::Played };
        let Some(scripts) =
            LocalHost::load(settings, source, self.script.as_deref(), others, printer)?
        else {
            anyhow::bail!(
                "the scripts in {location} cannot be loaded; run `moonring check` for details"
            );
        };
        let world = Arc::new(world);
        let show = Show::new(printer, self.events);
        let mut was_cut_off = false;
        match person {
            Some(person) => {
                let (mut call, at_ms) = self.begin(&world, person);
                show.play(&mut call, &scripts, &self.update)?;
                was_cut_off |= call.exchange().was_cut_off();
                self.keep(&call, at_ms)?;
            }
            None => {
                let phone = Phone::new(printer, show);
                loop {
                    let (mut call, at_ms) = self.begin(&world, Person::quiet());
                    phone.announce(&self.from, &self.to, self.outbound)?;
                    phone.talk(&mut call, &scripts)?;
                    was_cut_off |= call.exchange().was_cut_off();
                    self.keep(&call, at_ms)?;
                    if !phone.again()? {
                        break;
                    }
                }
            }
        }
        Ok(if scripts.has_failed() || was_cut_off { FAILED.into() } else { ExitCode::SUCCESS })
    }

    fn begin(&self, world: &Arc<World>, person: Person) -> (PlayedCall, u64) {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let at_ms = u64::try_from(now.as_millis()).unwrap_or(u64::MAX);
        let seed = u64::try_from(now.as_nanos() & u128::from(u64::MAX)).unwrap_or(0);
        let (from, to, callee) = (self.from.clone(), self.to.clone(), self.callee.clone().person());
        let sip_headers = map(&self.sip_header);
        let application = Arc::new(Application {
            id: "00000000-0000-4000-8000-000000000001".to_owned(),
            region: "us-east-1".to_owned(),
            lambda_arn: String::new(),
        });
        let world = Arc::clone(world);
        let call = if self.outbound {
            let arguments = map(&self.argument);
            let pickup = self.callee.clone().person().pickup;
            let called = Person { pickup, ..person };
            PlayedCall::outbound(
                world,
                OutboundCall {
                    from,
                    to,
                    sip_headers,
                    arguments,
                    application,
                    called,
                    callee,
                    at_ms,
                    seed,
                },
            )
        } else {
            let (applications, rule_id) =
                (vec![application], Some("00000000-0000-4000-8000-000000000002".to_owned()));
            let caller = person;
            PlayedCall::inbound(
                world,
                InboundCall {
                    from,
                    to,
                    sip_headers,
                    rule_id,
                    applications,
                    caller,
                    callee,
                    at_ms,
                    seed,
                },
            )
        };
        (call, at_ms)
    }

    fn keep(&self, call: &PlayedCall, at_ms: u64) -> anyhow::Result<()> {
        let Some(path) = &self.trace else { return Ok(()) };
        let handler = self.script.as_deref().unwrap_or("main");
        let transcript = Transcript {
            script: self.script.clone(),
            ..Transcript::of(call.trace(), handler, at_ms)
        };
        atomic_write::write(path, transcript.to_text())
    }
}

/// Bots from a file: by the ARN of the alias, by what the caller says, what the bot makes of it.
fn bots(path: &Path) -> anyhow::Result<BTreeMap<String, Bot>> {
    const WANTED: &str = "wanted {\"ARN\": {\"what the caller says\": {\"intent\": …, \"slots\": {…}, \"state\": \"ReadyForFulfillment\"}}}";
    let text = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let all: BTreeMap<String, BTreeMap<String, Value>> =
        serde_json::from_slice(&text).with_context(|| format!("{}: {WANTED}", path.display()))?;
    let bot = |phrases: BTreeMap<String, Value>| {
        let intents = phrases.into_iter().map(|(words, made)| {
            let text = |name: &str| made[name].as_str().map(str::to_owned);
            let name = text("intent").with_context(|| {
                format!("{}: `{words}` has no intent; {WANTED}", path.display())
            })?;
            let slots = made["slots"].as_object().cloned().unwrap_or_default();
            let state = text("state").unwrap_or_else(|| "ReadyForFulfillment".to_owned());
            Ok((words.to_lowercase(), Intent { name, slots, state }))
        });
        Ok::<_, anyhow::Error>(Bot { intents: intents.collect::<anyhow::Result<_>>()? })
    };
    all.into_iter().map(|(arn, phrases)| Ok((arn, bot(phrases)?))).collect()
}

fn map(pairs: &[(String, String)]) -> Map<String, Value> {
    pairs.iter().map(|(name, text)| (name.clone(), Value::from(text.as_str()))).collect()
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("wanted NAME=VALUE")?;
    if name.is_empty() {
        Err("wanted NAME=VALUE".to_owned())
    } else {
        Ok((name.to_owned(), value.to_owned()))
    }
}
