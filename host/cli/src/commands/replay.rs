//! `moonring replay`: a recorded call again, and what is different now.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use moonring_runtime::{Counting, FunctionHits, Settings, compared_answer, compared_request};
use moonring_sim::{
    DifferingPlace, Differs, Invocation, Reaction, Replayed, Step, Transcript, compare,
    differing_places, is_hosts_own, play,
};
use moonring_spec::{CallStart, Coverage};
use serde_json::{Value, json};

use super::recorded_call::Recorded;
use super::recorded_files::{self, RecordedCall};
use super::replayed_event::Left;
use super::test::show_coverage;
use super::{FAILED, location};
use crate::clock::ClockArguments;
use crate::judge::judge;
use crate::local_host::{Done, LocalHost};
use crate::printer::Printer;
use crate::project::{Project, ProjectArguments};
use crate::services::{Others, Outside};
use crate::{atomic_write, log, saved_test};

/// Replay recorded calls and show what differs.
#[derive(Args)]
#[command(
    about = "Replay recorded calls and show what differs",
    long_about = "Sends every recorded event to the scripts, and every recorded reply to their requests. Answers and requests are compared with the transcript; differences that the telephone service ignores do not count. The settings of a transcript (env) override the scripts' config. With --live, requests go to real services: use an account where they may be carried out a second time.",
    after_help = "\
Examples:
  moonring replay call.json                     with the scripts in ./scripts
  moonring replay calls/*.json --scripts ivr    many calls, another folder
  moonring replay call.json --script night      with another script
  moonring replay call.json --at '2026-12-25 09:00'  at another time
  moonring replay call.json --out now.json      save what the scripts do now
  moonring replay calls/*.json --accept         record anew what differs
  moonring replay call.json --live              send requests for real
  moonring replay records/8340b7837322d4d0      calls that a host has kept, copied from S3
  moonring replay calls --coverage              what of the scripts they reach
  moonring replay call.json --save-test 'a sale'  keep the call as a test of its script

Exit codes:
  0  no differences, or --accept has recorded them
  1  something differs
  2  the command line, a transcript or the scripts cannot be used"
)]
pub(crate) struct Replay {
    /// The recorded calls: files, or folders of what a host has kept
    #[arg(value_name = "TRANSCRIPT", required = true)]
    transcripts: Vec<PathBuf>,

    #[command(flatten)]
    project: ProjectArguments,

    /// The script that answers: its name, its file, or a folder of scripts [default: the
    /// transcript's, else as routes.lua says, else main]
    #[arg(long, value_name = "SCRIPT")]
    script: Option<String>,

    #[command(flatten)]
    clock: ClockArguments,

    /// Send requests to AWS, HTTP servers and storage for real, as the settings allow, and make
    /// real calls and meetings. The requests are still compared with the transcript
    #[arg(long)]
    live: bool,

    /// Write what the scripts do now as a transcript
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// Write what the scripts do now into every transcript that differs: it is what is recorded
    /// from now on
    #[arg(long, conflicts_with_all = ["out", "live"])]
    accept: bool,

    /// Add the call to the script's spec, as a test of this name: what people did in it is played
    /// with the scripts as they are now
    #[arg(long, value_name = "NAME", conflicts_with_all = ["out", "accept", "live", "json"])]
    save_test: Option<String>,

    /// Show which lines, branches and functions the calls do not reach
    #[arg(long, conflicts_with = "json")]
    coverage: bool,

    /// Print the result as one JSON object
    #[arg(long)]
    json: bool,
}

/// What became of one transcript.
struct Result {
    /// One for each answer that differs, and for each row of requests.
    differences: Vec<Value>,
    /// How many steps differ.
    differing: usize,
    steps: usize,
    free: usize,
    /// The first step whose answer is the fallback, and why.
    failed: Option<String>,
    now: Transcript,
    /// What of the scripts has run, where that is asked for.
    hits: BTreeMap<String, Vec<FunctionHits>>,
}

impl Replay {
    /// Runs the command.
    pub(crate) fn run(self, printer: Printer) -> anyhow::Result<ExitCode> {
        let project = Project::open(&self.project, self.script.as_deref(), printer)?;
        log::install(project.settings.log_level, printer)?;
        let at_ms = self.clock.at_ms(&project.table)?;
        self.out.as_deref().map_or(Ok(()), atomic_write::check)?;
        // Everything is read before anything is run.
        let calls = recorded_files::read(&self.transcripts, printer)?;
        if self.out.is_some() && calls.len() > 1 {
            anyhow::bail!("--out takes one transcript; got {} transcripts", calls.len());
        }
        if let Some(kept) = calls.iter().find(|call| self.accept && call.path.is_dir()) {
            anyhow::bail!(
                "--accept writes transcripts, and {} is a folder of a host's records; write a transcript of it with --out",
                kept.path.display()
            );
        }
        if let Some(name) = &self.save_test {
            return self.keep_test(name, &calls, project, printer);
        }
        let mut results = Vec::new();
        for RecordedCall { path, transcript } in &calls {
            let Some(result) = self.replay(path, transcript, &project, at_ms, printer)? else {
                return Err(location::not_loaded(&project.location));
            };
            results.push((path, result));
        }
        if let (Some(out), Some((_, result))) = (&self.out, results.first()) {
            atomic_write::write(out, result.now.to_text())?;
        }
        let is_same = results.iter().all(|(_, result)| result.differences.is_empty());
        let mut is_accepted = self.accept;
        for (path, result) in
            results.iter().filter(|(_, result)| self.accept && result.differing > 0)
        {
            // Nobody wants the apology of a host to be what is right.
            if let Some(failed) = &result.failed {
                is_accepted = false;
                printer.talk(&format!(
                    "{}: not recorded anew, because a script fails; {failed}",
                    path.display()
                ));
                continue;
            }
            atomic_write::write(path, result.now.to_text())?;
            printer.talk(&format!("{}: recorded anew", path.display()));
        }
        if self.coverage {
            let judged =
                judge(&project.location, &project.settings, project.script.as_deref(), None)?;
            let texts = judged.scripts.into_iter().map(|script| (script.file, script.text));
            let hits = results.iter().map(|(_, result)| &result.hits);
            show_coverage(&Coverage::of(texts.collect(), hits), "call", printer)?;
        }
        if self.json {
            let calls: Vec<_> = results
                .iter()
                .map(|(path, result)| {
                    json!({"transcript": path.display().to_string(), "steps": result.steps, "free": result.free, "differences": result.differences})
                })
                .collect();
            printer.answer(json!({"same": is_same, "calls": calls}).to_string().as_bytes())?;
        }
        Ok(if is_same || is_accepted { ExitCode::SUCCESS } else { FAILED.into() })
    }

    /// Plays what people did in a recorded call with the scripts of now, and keeps it as a test.
    fn keep_test(
        &self,
        name: &str,
        calls: &[RecordedCall],
        project: Project,
        printer: Printer,
    ) -> anyhow::Result<ExitCode> {
        let [RecordedCall { transcript, .. }] = calls else {
            anyhow::bail!("--save-test takes one transcript; got {} transcripts", calls.len());
        };
        let script = project.script.clone().or_else(|| transcript.script.clone());
        let project = Project { script, ..project };
        saved_test::check(name, &project)?;
        let source = location::open_blocking(&project.location)?;
        let (mut settings, outside) = (project.local_settings(), Outside::only(Others::Recorded));
        settings.config.extend(transcript.env.clone());
        let scripts =
            LocalHost::load(settings, source, project.script.as_deref(), outside, printer)?;
        let Some(scripts) = scripts else {
            return Err(location::not_loaded(&project.location));
        };
        let Recorded { mut call, start } = Recorded::begin(transcript)?;
        let mut steps = transcript.steps.iter();
        play(&mut call, &mut |invocation: &Invocation| {
            let recorded = steps.next().map_or(&[][..], |step| &step.api_calls);
            scripts.answer(&invocation.event, invocation.now_ms, recorded).into_reply()
        });
        let start = CallStart { failed_at: scripts.failed_at(), ..start };
        saved_test::keep(name, &call, &start, scripts.answered(), &project, printer)?;
        Ok(ExitCode::SUCCESS)
    }

    fn replay(
        &self,
        path: &Path,
        transcript: &Transcript,
        project: &Project,
        at_ms: Option<u64>,
        printer: Printer,
    ) -> anyhow::Result<Option<Result>> {
        // A replay is always as far behind or ahead: what came a second later comes a second later.
        let began = transcript.steps.first().map_or(0, |step| step.now_ms);
        let at = |now_ms: u64| match at_ms {
            Some(at_ms) => at_ms.saturating_add(now_ms.saturating_sub(began)),
            None => now_ms,
        };
        let settings = project.local_settings();
        let mut config = settings.config.clone();
        config.extend(transcript.env.clone());
        let counting = if self.coverage { Counting::Lines } else { Counting::Off };
        let settings = Settings { config, counting, ..settings };
        let source = location::open_blocking(&project.location)?;
        let script = project.script.as_deref().or(transcript.script.as_deref());
        let others = if self.live { Others::Real } else { Others::Recorded };
        let Some(scripts) =
            LocalHost::load(settings, source, script, Outside::only(others), printer)?
        else {
            return Ok(None);
        };
        let mut result = Result {
            differences: Vec::new(),
            differing: 0,
            steps: transcript.steps.len(),
            free: 0,
            failed: None,
            hits: BTreeMap::new(),
            now: Transcript { steps: Vec::new(), ..transcript.clone() },
        };
        let mut left = Left::default();
        for (number, step) in (1..).zip(&transcript.steps) {
            // Asked for real, nothing is answered from the record.
            let replies = if self.live { &[] } else { step.api_calls.as_slice() };
            let event = left.event(&step.event);
            let done = scripts.answer(&event, at(step.now_ms), replies);
            // What a host has kept has no digits, and so has not what it is compared with.
            let shown = |api_calls: &[Value], response: Value| match transcript.is_masked {
                true => Reaction {
                    api_calls: api_calls.iter().map(compared_request).collect(),
                    response: compared_answer(&response),
                },
                false => Reaction { api_calls: api_calls.to_vec(), response },
            };
            let Reaction { api_calls, response } = shown(&step.api_calls, step.response.clone());
            let recorded = &Step { api_calls, response, ..step.clone() };
            left.take_in(&step.response, &done.answer);
            let failed = done.error.as_ref().map(|why| format!("step {number}: {why}"));
            result.failed = result.failed.take().or(failed);
            let reaction =
                |answer: &Value| shown(&done.api_calls, without_kept(answer, &step.event));
            let mut now = reaction(&done.answer);
            // What was recorded may have left the caller in silence too.
            let unheard = done
                .unheard
                .as_ref()
                .map(reaction)
                .filter(|own| matches!(compare(recorded, own), Replayed::Same));
            if let Some(own) = unheard {
                printer.talk(&format!(
                    "{}: step {number}: the answer leaves the caller in silence, as recorded; a host would send the fallback instead",
                    path.display()
                ));
                now = own;
            }
            match compare(recorded, &now) {
                Replayed::Same => {}
                Replayed::Free => result.free += 1,
                Replayed::Differs(all) => {
                    for differs in all {
                        let told = Difference { path, number, event: &step.event, differs };
                        if !self.json {
                            printer.data(&told.to_text(&done))?;
                        }
                        result.differences.push(told.to_json(&done));
                    }
                    result.differing += 1;
                }
            }
            let mut step = step.clone();
            (step.api_calls, step.response, step.error, step.cold_start) =
                (now.api_calls, now.response, None, None);
            result.now.steps.push(step);
        }
        result.hits = scripts.hits();
        if !self.json {
            let free = if result.free > 0 {
                format!(", {} without a recorded answer to compare", result.free)
            } else {
                String::new()
            };
            let (steps, differ) = (result.steps, result.differing);
            printer.talk(&match differ {
                0 => format!("{}: {steps} events, no differences{free}", path.display()),
                _ => format!("{}: {steps} events, {differ} different{free}", path.display()),
            });
        }
        Ok(Some(result))
    }
}

/// A difference, to be told.
struct Difference<'a> {
    path: &'a Path,
    number: usize,
    event: &'a Value,
    differs: Differs,
}

impl Difference<'_> {
    fn places(&self) -> Vec<DifferingPlace> {
        differing_places(&self.differs.recorded, &self.differs.now)
    }

    fn to_text(&self, done: &Done) -> String {
        let Self { path, number, event, differs } = self;
        let what = differs.what;
        let kind = event["InvocationEventType"].as_str().unwrap_or("?");
        let action = event["ActionData"]["Type"]
            .as_str()
            .map(|action| format!(" {action}"))
            .unwrap_or_default();
        let error =
            done.error.as_ref().map(|error| format!("\n  error     {error}")).unwrap_or_default();
        let places: Vec<_> = done.places.iter().flatten().map(String::as_str).collect();
        let places = if places.is_empty() {
            String::new()
        } else {
            format!("\n  built at  {}", places.join(", "))
        };
        let verb = if what == "answer" { "differs" } else { "differ" };
        let mut text =
            format!("{}: step {number}, {kind}{action}: the {what} {verb}", path.display());
        for place in self.places() {
            let [recorded, now] = place.told();
            let path = &place.path;
            text.push_str(&format!("\n  {path}\n    recorded  {recorded}\n    now       {now}"));
        }
        text + &places + &error
    }

    fn to_json(&self, done: &Done) -> Value {
        json!({
            "step": self.number, "what": self.differs.what, "recorded": self.differs.recorded, "now": self.differs.now,
            "paths": self.places().iter().map(|place| &place.path).collect::<Vec<_>>(), "places": done.places,
            "error": done.error.as_ref().map(ToString::to_string),
        })
    }
}

/// The answer without what the host keeps, and without attributes where nothing else is in them
/// than the event brought.
fn without_kept(answer: &Value, event: &Value) -> Value {
    let mut answer = answer.clone();
    let brought = event.pointer("/CallDetails/TransactionAttributes").and_then(Value::as_object);
    let Some(fields) = answer.as_object_mut() else { return answer };
    if let Some(attributes) = fields.get_mut("TransactionAttributes").and_then(Value::as_object_mut)
    {
        let before = attributes.len();
        attributes.retain(|name, _| !is_hosts_own(name));
        if attributes.len() < before && *attributes == brought.cloned().unwrap_or_default() {
            fields.remove("TransactionAttributes");
        }
    }
    answer
}
