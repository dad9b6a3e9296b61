//! The run of a script for one event: the release is selected, the engine is driven, requests are
//! carried out, the call state is kept.

use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant, SystemTime};

use moonring_engine::{Error as ScriptError, Input, Program, Step};
use moonring_flow::RequestKeys;
use moonring_wire::{Answer, Event, EventType};

use crate::durability::call_state::CallState;
use crate::durability::idempotency::{Batch, RequestDeduper};
use crate::event::fallback::legs_up;
use crate::event::record;
use crate::event::silence::is_silent;
use crate::event::watchdog::Watch;
use crate::turn::Turn;
use crate::{Error, HardDeadline, Host, ReplyBytes};

/// The largest answer, in bytes. Lambda takes 6 MB; ten actions with every text as long as the
/// service allows have a tenth of this.
const ANSWER_BYTES: usize = 256 * 1024;
/// From this invocation of a call on the fallback ends the call in words: the service ends it
/// without any at the 1,000th (rule 32).
const LAST_INVOCATIONS: u64 = 995;

/// What the run of one event has.
#[derive(Clone, Copy)]
pub(crate) struct Run<'a> {
    pub(crate) host: &'a Host,
    pub(crate) event: &'a Arc<Event>,
    /// When the event came.
    pub(crate) clock: SystemTime,
    pub(crate) hard: HardDeadline,
    pub(crate) watch: &'a Watch<'a>,
    /// Gets the script's name, so that one that is stuck can be named.
    pub(crate) script: &'a OnceLock<String>,
}

/// One try of a script: what it came to, and whether it has made requests.
struct Attempt {
    result: Result<Answer, Error>,
    has_requested: bool,
}

impl Run<'_> {
    /// The script's answer to the event; whatever else becomes known goes into `turn`.
    ///
    /// # Errors
    /// Why there is none: the caller then hears the fallback.
    pub(crate) async fn answer(self, turn: &mut Turn) -> Result<Answer, Error> {
        let Self { host, event, hard, .. } = self;
        if let Some(why) = host.settings.stranger(event) {
            return Err(Error::Stranger(why));
        }
        // While there is somebody to be told. What was given to `on_hangup` still runs.
        let sequence = event.sequence().filter(|sequence| *sequence >= LAST_INVOCATIONS);
        let is_ending = sequence
            .filter(|_| event.event_type() != EventType::Hangup && legs_up(event).len() == 1);
        host.load_journal(event, &mut turn.came, hard).await?;
        let selection = host.router.pick(event, &turn.came, hard).await.ok_or(Error::NoRelease)?;
        let selection = &*turn.selection.insert(selection);
        if let Some(sequence) = is_ending {
            turn.is_flow = turn.came.journal.is_some();
            return Err(Error::Invocations { sequence });
        }
        drop(self.script.set(selection.chosen.script.clone()));
        let (channel, loaded) = (selection.channel.clone(), selection.loaded.clone());
        let shortened = host.shortened_arguments(&turn.came, selection);
        let mut left = host.settings.script_deadline;
        loop {
            let program = channel.program(&loaded)?;
            let is_fresh = program.events() == 0;
            let Attempt { result, has_requested } =
                self.attempt(&program, turn, shortened.as_ref(), &mut left).await;
            turn.has_requested |= has_requested;
            if program.is_spent() {
                channel.discard(&loaded);
            }
            match result {
                // The memory may have been used up by what earlier events left behind: a second
                // time, alone, in a fresh VM, unless the script has already made requests.
                Err(Error::Script(ScriptError::Memory { .. })) if !is_fresh && !has_requested => {
                    turn.log.clear()
                }
                result => return self.finish(turn, result?).await,
            }
        }
    }

    /// Has the call state kept with the script's answer.
    async fn finish(self, turn: &mut Turn, answer: Answer) -> Result<Answer, Error> {
        let Self { host, event, hard, .. } = self;
        let mut answer = answer;
        if turn.journal.is_none() && is_silent(event, &turn.came.list, &answer) {
            turn.unheard = Some(answer);
            return Err(Error::Script(silence(event)));
        }
        let wire_journal = match turn.journal.take() {
            Some(journal) => Some(host.store_journal(event, journal, hard).await?),
            None => None,
        };
        host.keep(event, turn, wire_journal, &mut answer);
        within_size(answer)
    }

    /// Runs the script until it answers, carrying out what it requests. `left` is the time the
    /// script may still use.
    async fn attempt(
        self,
        program: &Program,
        turn: &mut Turn,
        shortened: Option<&CallState>,
        left: &mut Duration,
    ) -> Attempt {
        let Self { host, event, clock, hard, watch, .. } = self;
        let now = clock.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |age| age.as_secs());
        let now_seconds = i64::try_from(now).unwrap_or(i64::MAX);
        let mut keys = RequestKeys::new(event, now_seconds);
        let bytes = ReplyBytes::default();
        let mut has_requested = false;
        let mut started = Instant::now();
        watch.script_until(hard.script(started, *left));
        turn.requests.clear();
        let came = &turn.came;
        let Some(selection) = &turn.selection else {
            return Attempt { result: Err(Error::NoRelease), has_requested };
        };
        let mut outcome = program.start(Input {
            number: host.events.get(),
            event,
            script: &selection.chosen.script,
            release: selection.release.as_str(),
            arguments: Some(&came.arguments),
            kept_arguments: shortened.map(|shortened| &shortened.arguments),
            now_seconds,
            journal: came.journal.as_ref(),
            buckets: &host.settings.buckets,
            secrets: &host.settings.secrets,
        });
        loop {
            turn.take_in(&mut outcome);
            *left = left.saturating_sub(started.elapsed());
            watch.script_rests();
            match outcome.result {
                Ok(Step::Answer(answer)) => return Attempt { result: Ok(answer), has_requested },
                Err(error) => return Attempt { result: Err(error.into()), has_requested },
                Ok(Step::Requests(suspended)) => {
                    has_requested = true;
                    let object_store = host.journal_store.object_store();
                    let deduper = RequestDeduper {
                        services: host.services.as_ref(),
                        object_store,
                        hard,
                        bytes: &bytes,
                    };
                    keys.set_over(suspended.is_over());
                    let batch = Batch {
                        requests: suspended.requests(),
                        place: suspended.place(),
                        may_be_written: suspended.may_be_written(),
                    };
                    let replies = deduper.carry_out_once(&mut keys, batch).await;
                    for (asked, reply) in batch.requests.iter().zip(&replies) {
                        turn.tell_request(asked, reply);
                    }
                    if turn.is_recorded {
                        let made = batch.requests.iter().zip(&replies);
                        turn.requests.extend(made.map(|(asked, reply)| {
                            record::request(asked, reply, batch.may_be_written)
                        }));
                    }
                    started = Instant::now();
                    watch.script_until(hard.script(started, *left));
                    outcome = suspended.resume(replies);
                }
            }
        }
    }
}

/// What a handler did wrong that leaves a caller alone in silence.
fn silence(event: &Event) -> ScriptError {
    let message = format!(
        "the handler of {} returned no action, nothing else is running and nobody else is on the line: \
         the caller would hear nothing; return an action",
        event.event_type().lua_name()
    );
    ScriptError::Answer { place: None, message }
}

/// An answer that is too large to be sent is no answer.
fn within_size(answer: Answer) -> Result<Answer, Error> {
    if answer.most_bytes() <= ANSWER_BYTES {
        return Ok(answer);
    }
    match answer.to_bytes().len() {
        bytes if bytes > ANSWER_BYTES => {
            let message = format!("the answer has {bytes} bytes; the limit is {ANSWER_BYTES}");
            Err(Error::Script(ScriptError::Answer { place: None, message }))
        }
        _ => Ok(answer),
    }
}
