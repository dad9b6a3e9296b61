//! `moonring call`: a telephone in the terminal.

mod calling;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use moonring_sim::{Person, PersonAction, Transcript};
use moonring_spec::CallStart;
use serde_json::{Map, Value};

use self::calling::{Begun, Calling};
use super::{FAILED, LEFT_OVER, location};
use crate::callee::{CalleeRule, PickupWord};
use crate::clock::ClockArguments;
use crate::judge::warn_of_problems;
use crate::keyboard::Keyboard;
use crate::local_host::LocalHost;
use crate::phone_number::party;
use crate::printer::Printer;
use crate::project::{Project, ProjectArguments};
use crate::services::{Others, Outside, OutsideArguments};
use crate::show::{Show, ShowForm};
use crate::sound::{Speaker, Voice};
use crate::terminal_call::Phone;
use crate::update::Update;
use crate::{atomic_write, log, saved_test};

/// Call your scripts.
#[derive(Args)]
#[command(
    about = "Call your scripts",
    long_about = "You are the caller, and moonring plays the telephone service. Each line shows what happens in the call, and the script line behind it. In the terminal, type digits (1234#), hangup, wait 5, talk 3, say WORDS, update NAME=VALUE or callee answer|busy|ignore|hangup|DIGITS. Scripts that you save take effect at the next call. With --keys the whole call is played at once, in virtual time.",
    after_help = "\
Examples:
  moonring call greeter                           call scripts/greeter.lua
  moonring call --keys '1234# wait 5 hangup'      press digits when asked
  moonring call --at '2026-12-25 09:00' --zone America/Los_Angeles
  moonring call --callee busy --callee answer     two bridges, one after the other
  moonring call --outbound --argument room=blue   the script calls you
  moonring call --fail Speak=SystemException      make every Speak fail
  moonring call --keys 1 --trace call.json        save it for moonring replay
  moonring call --keys 1 --wav call.wav           save it as sound
  moonring call --keys 1 --save-test 'the hours'  save it as a test of the script

Exit codes:
  0  the call was played, and no script failed
  1  a script failed during the call, or the service cut the call off
  2  the command line or the scripts cannot be used
  3  the call ended before all of --keys was pressed or said"
)]
pub(crate) struct Call {
    /// The script that answers: its name, its file, or a folder of scripts [default: as routes.lua
    /// says, else main]
    #[arg(value_name = "SCRIPT")]
    script: Option<String>,

    #[command(flatten)]
    project: ProjectArguments,

    /// Who calls: a number, or what the network says without one, such as anonymous, 1001 or
    /// sip:ann@example.com [default: +12065550142]
    #[arg(long, value_name = "+1…|WORD", value_parser = party)]
    from: Option<String>,

    /// Who is called: a number, or the user part of a SIP address, such as sales [default:
    /// +14255550117]
    #[arg(long, value_name = "+1…|WORD", value_parser = party)]
    to: Option<String>,

    #[command(flatten)]
    clock: ClockArguments,

    /// A SIP header of the call
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair)]
    sip_header: Vec<(String, String)>,

    /// The script calls you, instead of you calling it
    #[arg(long)]
    outbound: bool,

    /// An argument of an outbound call
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair, requires = "outbound")]
    argument: Vec<(String, String)>,

    /// What a callee does: answer, busy, ignore, or what to do after answering, written as in
    /// --keys; with a number in front for that number alone, e.g. '+12065550101=answer 1 wait 5
    /// hangup'. Given more than once, the first bridge reaches the first callee, the next bridge
    /// the next [default: answer]
    #[arg(long, value_name = "[+1…=]WHAT")]
    callee: Vec<CalleeRule>,

    /// What the person does whom an outbound call dials: answer, busy or never [default: what
    /// --callee says first, else answer]
    #[arg(long, value_name = "WHAT", requires = "outbound")]
    pickup: Option<PickupWord>,

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

    /// What the caller does: DTMF digits when asked, !DIGITS unasked, wait SECONDS, talk SECONDS,
    /// say WORDS;, hangup
    #[arg(long, value_name = "WORDS")]
    keys: Option<String>,

    /// Where the audio files are, as BUCKET/KEY or KEY; a file that is missing or not WAV fails to
    /// play
    #[arg(long, value_name = "DIR")]
    audio: Option<PathBuf>,

    /// A JSON file with the intents that Amazon Lex bots find in what the caller says
    #[arg(long, value_name = "FILE")]
    bots: Option<PathBuf>,

    #[command(flatten)]
    outside: OutsideArguments,

    /// Show events and answers too
    #[arg(long)]
    events: bool,

    /// Print each line as a JSON object
    #[arg(long, requires = "keys")]
    json: bool,

    /// Say prompts aloud, with espeak-ng where it is installed
    #[arg(long)]
    speak: bool,

    /// Write the call as sound: left what the caller hears, right what they press and say; of
    /// several calls, the last one
    #[arg(long, value_name = "FILE")]
    wav: Option<PathBuf>,

    /// Write the call as a transcript for moonring replay; of several calls, the last one
    #[arg(long, value_name = "FILE")]
    trace: Option<PathBuf>,

    /// Add the call to the script's spec, as a test of this name; of several calls, the last one
    #[arg(long, value_name = "NAME")]
    save_test: Option<String>,
}

impl Call {
    /// Runs the command.
    pub(crate) fn run(self, printer: Printer) -> anyhow::Result<ExitCode> {
        let person = self.keys.as_deref().map(str::parse::<Person>).transpose()?;
        let (keyboard, printer) = match person {
            Some(_) => (None, printer),
            None => {
                let (keyboard, printer) = Keyboard::open(printer)?;
                (Some(keyboard), printer)
            }
        };
        let project = Project::open(&self.project, self.script.as_deref(), printer)?;
        let settings = project.local_settings();
        log::install(settings.log_level, printer)?;
        if let Some(folder) = self.audio.as_ref().filter(|folder| !folder.is_dir()) {
            anyhow::bail!("--audio {}: there is no such folder", folder.display());
        }
        self.trace.as_deref().map_or(Ok(()), atomic_write::check)?;
        self.wav.as_deref().map_or(Ok(()), atomic_write::check)?;
        let voice =
            if self.speak || self.wav.is_some() { Voice::find().map(Arc::new) } else { None };
        if (self.speak || self.wav.is_some()) && voice.is_none() {
            printer.warning("espeak-ng is not installed, so prompts are not said; install it with your package manager, e.g. `apt install espeak-ng`");
        }
        if let Some(name) = &self.save_test {
            saved_test::check(name, &project)?;
        }
        let calling = Calling::new(&self, &project, voice)?;
        let canned = self.outside.canned(&project.table)?;
        let others = if self.outside.live { Others::Live } else { Others::Played };
        warn_of_problems(&project, printer);
        let source = location::open_blocking(&project.location)?;
        let outside = Outside { others, canned };
        let Some(scripts) =
            LocalHost::load(settings, source, project.script.as_deref(), outside, printer)?
        else {
            return Err(location::not_loaded(&project.location));
        };
        let show = Show::new(printer, ShowForm::of(self.json, self.events));
        let show = if self.speak && calling.has_voice() {
            show.with_speaker(Speaker::new(self.keys.is_some()))
        } else {
            show
        };
        match keyboard {
            None => self.play(&calling, person.unwrap_or_default(), &scripts, &show, &project),
            Some(keyboard) => {
                let mut was_cut_off = false;
                let phone = Phone::new(printer, show, keyboard);
                let last = loop {
                    let mut begun = calling.begin(Person::quiet());
                    phone.announce(&calling.from, &calling.to, self.outbound)?;
                    phone.talk(&mut begun.call, &scripts)?;
                    was_cut_off |= begun.call.exchange().was_cut_off();
                    self.keep(&begun, &calling, printer)?;
                    if !phone.again()? {
                        break begun;
                    }
                };
                self.keep_test(&last, &calling, &scripts, &project)?;
                let has_failed = scripts.has_failed() || was_cut_off;
                Ok(if has_failed { FAILED.into() } else { ExitCode::SUCCESS })
            }
        }
    }

    /// Plays a whole call in virtual time.
    fn play(
        &self,
        calling: &Calling,
        person: Person,
        scripts: &LocalHost,
        show: &Show,
        project: &Project,
    ) -> anyhow::Result<ExitCode> {
        let printer = show.printer();
        let mut begun = calling.begin(person);
        show.play(&mut begun.call, scripts, &self.update)?;
        self.keep(&begun, calling, printer)?;
        self.keep_test(&begun, calling, scripts, project)?;
        // Replies of the project are for all its calls.
        if self.outside.replies.is_some() {
            for name in scripts.unused_replies() {
                printer.warning(&format!("nothing asked for the reply `{name}`"));
            }
        }
        let left = begun.call.left_over();
        if let Some(first) = left.first() {
            let more = match left.len() {
                1 => String::new(),
                count => format!(" and {} more", count - 1),
            };
            printer.warning(&format!(
                "the call ended before the caller could {}{more}; the script never asked for it",
                words(first)
            ));
        }
        Ok(match () {
            () if scripts.has_failed() || begun.call.exchange().was_cut_off() => FAILED.into(),
            () if !left.is_empty() => LEFT_OVER.into(),
            () => ExitCode::SUCCESS,
        })
    }

    fn keep(&self, begun: &Begun, calling: &Calling, printer: Printer) -> anyhow::Result<()> {
        let Begun { call, at_ms } = begun;
        if let Some(path) = &self.wav {
            calling.sound().write(call.trace(), path, printer)?;
        }
        let Some(path) = &self.trace else { return Ok(()) };
        // The name, whatever way led to the script.
        let script = calling.script.clone();
        let transcript = Transcript {
            script: script.clone(),
            ..Transcript::of(call.trace(), script.as_deref().unwrap_or("main"), *at_ms)
        };
        atomic_write::write(path, transcript.to_text())
    }
}

impl Call {
    fn keep_test(
        &self,
        begun: &Begun,
        calling: &Calling,
        scripts: &LocalHost,
        project: &Project,
    ) -> anyhow::Result<()> {
        let printer = scripts.printer();
        let Some(name) = &self.save_test else { return Ok(()) };
        let pairs = |pairs: &[(String, String)]| {
            pairs.iter().map(|(name, text)| (name.clone(), Value::from(text.as_str()))).collect()
        };
        let start = CallStart {
            from: calling.from.clone(),
            to: calling.to.clone(),
            at_ms: begun.at_ms,
            sip_headers: pairs(&self.sip_header),
            arguments: self.outbound.then(|| pairs(&self.argument)),
            failures: self.fail.clone(),
            failed_at: scripts.failed_at(),
            config: Map::new(),
        };
        saved_test::keep(name, &begun.call, &start, scripts.answered(), project, printer)
    }
}

/// What somebody would have done.
fn words(action: &PersonAction) -> String {
    match action {
        PersonAction::Press(digits) => format!("press {digits}"),
        PersonAction::Talk(_) => "talk".to_owned(),
        PersonAction::Say(words) => format!("say “{words}”"),
        PersonAction::HangUp => "hang up".to_owned(),
        PersonAction::Nothing => "wait".to_owned(),
    }
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("wanted NAME=VALUE")?;
    if name.is_empty() {
        Err("wanted NAME=VALUE".to_owned())
    } else {
        Ok((name.to_owned(), value.to_owned()))
    }
}
