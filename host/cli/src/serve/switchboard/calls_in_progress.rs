//! The calls in progress, and how the API of the service places and updates them.

use std::sync::Arc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use moonring_exchange::api::{CallOrder, Calls};
use moonring_exchange::{Direction, Readings, Trace, plain};
use moonring_sim::{OutboundCall, PlayedCall, World};
use serde_json::{Map, Value, json};

use super::{CallsInProgress, EndedCall, InAccount, Line, OVER, Replied, describe};
use crate::clock::now_ms;
use crate::phone_number::phone_number;
use crate::printer::printable;
use crate::serve::records::Left;
use crate::serve::saved_calls::Kept;
use crate::show::Show;

impl Calls for CallsInProgress {
    fn place(&mut self, order: CallOrder) -> String {
        let (at_ms, seed) = (now_ms(), self.next_seed());
        let application =
            self.in_account.applications.get(&order.application).cloned().unwrap_or_default();
        let order_application = order.application.clone();
        let CallOrder { from, to, sip_headers, arguments, .. } = order;
        let application = Arc::new(application);
        let mut callees = self.callees.clone();
        let called = callees.next(&to);
        let call = OutboundCall {
            from,
            to,
            sip_headers,
            arguments,
            application,
            called,
            callees,
            at_ms,
            seed,
        };
        let call = PlayedCall::outbound(self.world(&order_application), call);
        self.add(call, at_ms, false)
    }

    fn update(&mut self, application: &str, call: &str, arguments: Map<String, Value>) -> bool {
        let line =
            self.lines.get_mut(call).filter(|line| line.call.application().id == application);
        line.is_some_and(|line| {
            line.due = Some(Instant::now());
            line.call.update(arguments)
        })
    }

    fn check_number(&self, number: &str) -> Result<(), String> {
        phone_number(number).map(drop)
    }
}

impl CallsInProgress {
    pub(super) fn next_seed(&mut self) -> u64 {
        self.count += 1;
        let nanos = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_nanos());
        u64::try_from(nanos & u128::from(u64::MAX)).unwrap_or(0).wrapping_add(self.count as u64)
    }

    /// What a call of this application finds around it.
    pub(super) fn world(&self, application: &str) -> Arc<World> {
        let InAccount { meetings, numbers, .. } = &self.in_account;
        let (meetings, numbers) = (meetings.clone(), numbers.clone());
        let files = Arc::clone(&self.audio);
        let audio: Option<moonring_sim::AudioFiles> =
            Some(Box::new(move |bucket, key| files.look(bucket, key)));
        let voice = self.voice.clone();
        let speech = voice.map(|voice| -> moonring_sim::SpeechLengths {
            Box::new(move |text| voice.length(text, &plain(text)))
        });
        Arc::new(World {
            speech,
            readings: Readings::default(),
            account: self.account.clone(),
            meetings,
            numbers,
            audio,
            logs_sip: self.in_account.logging.contains(application),
            ..World::default()
        })
    }

    pub(super) fn add(&mut self, call: PlayedCall, at_ms: u64, is_clock_set: bool) -> String {
        let (id, now) = (call.id().to_owned(), Instant::now());
        let show = Show::of_call(self.printer, self.form, self.count, call.id());
        let saved = self.saved.as_ref().and_then(|saved| match saved.save(&call) {
            Ok(saved) => Some(saved),
            Err(error) => {
                self.printer.error_text(&printable(&format!("{error:#}")));
                None
            }
        });
        let start = call.exchange().start();
        let way = way(&call);
        let (from, to) = (printable(&start.from), printable(&start.to));
        self.printer.talk(&format!("{:>4} {way} call {id} from {from} to {to}", self.count));
        self.tell_of(&call, self.count);
        let due = Some(now);
        let line = Line { call, began: now, at_ms, is_clock_set, show, due, saved, published: 0 };
        self.lines.insert(id.clone(), line);
        id
    }

    /// Tells those who listen that there is a call.
    fn tell_of(&self, call: &PlayedCall, number: usize) {
        let start = call.exchange().start();
        let begun = json!({"From": start.from, "To": start.to, "At": start.at_ms, "Direction": way(call), "Number": number, "Release": self.releases.serving()});
        self.feed.add("call", call.id(), begun);
    }

    /// Goes on with the calls that were in progress when the last server ended. The time in
    /// between does not count: their timers have as much left as they had.
    pub(super) fn go_on_with_kept(&mut self) -> anyhow::Result<()> {
        let Some(saved) = &self.saved else { return Ok(()) };
        for kept in saved.kept()? {
            let Kept { service, start, inputs, scene, saved } = match kept {
                Ok(kept) => kept,
                Err(error) => {
                    self.printer.error_text(&printable(&format!("{error:#}")));
                    continue;
                }
            };
            self.count += 1;
            let (at_ms, now) = (start.at_ms, Instant::now());
            let call = PlayedCall::restore(self.world(""), service, start, inputs, scene);
            let show = Show::of_call(self.printer, self.form, self.count, call.id());
            show.skip(&call);
            self.printer.talk(&format!("call {} goes on, with number {}", call.id(), self.count));
            let began = now.checked_sub(call.now()).unwrap_or(now);
            let (id, due, saved) = (call.id().to_owned(), Some(now), Some(saved));
            self.tell_of(&call, self.count);
            // Readers of this server hear of it from its beginning.
            let published = 0;
            let is_clock_set = false;
            let line = Line { call, began, at_ms, is_clock_set, show, due, saved, published };
            self.lines.insert(id, line);
        }
        Ok(())
    }

    /// The end of the server is the end of every call that is not kept: what there is of it is
    /// left, too.
    pub(super) async fn close(&mut self) {
        let mut kept = 0;
        for line in self.lines.values_mut() {
            if let Some(saved) = &mut line.saved {
                line.call.wait(line.began.elapsed());
                match saved.update(&line.call) {
                    Ok(()) => kept += 1,
                    Err(error) => {
                        self.printer.error_text(&printable(&format!("{error:#}")));
                        // It ends with the server, as if it had never been kept.
                        if let Some(saved) = line.saved.take() {
                            saved.forget();
                        }
                    }
                }
            }
        }
        if kept > 0 {
            let calls = if kept == 1 { "1 call is" } else { &format!("{kept} calls are") };
            self.printer.talk(&format!("{calls} kept; start the server again to go on"));
        }
        self.lines.retain(|_, line| line.saved.is_none());
        let ids: Vec<_> = self.lines.keys().cloned().collect();
        for id in ids {
            if let Some(line) = self.lines.get_mut(&id) {
                line.call.advance(line.began.elapsed());
            }
            self.finish(&id);
        }
        while !self.leaving.is_empty() {
            let _progress = self.printer.progress("writing call detail records and recordings");
            while self.leaving.join_next().await.is_some() {}
        }
    }

    pub(super) fn finish(&mut self, id: &str) {
        if let Some(mut line) = self.lines.remove(id) {
            line.publish(id, &self.feed);
            self.feed.add("over", id, json!({}));
            let saved = line.saved.take();
            if let Some(records) = self.records.clone() {
                let left = Left::of(&line.call, &self.clips.of(id));
                let printer = self.printer;
                self.leaving.spawn(async move {
                    if let Err(error) = records.leave(left).await {
                        printer.error_text(&printable(&format!("{error:#}")));
                    }
                    // Only now: a server that is killed before leaves them when it starts again.
                    if let Some(saved) = saved {
                        saved.forget();
                    }
                });
            } else if let Some(saved) = saved {
                saved.forget();
            }
            while self.leaving.try_join_next().is_some() {}
            let Line { call, at_ms, is_clock_set, .. } = line;
            self.over.push_back(EndedCall { call, at_ms, is_clock_set });
            self.over.drain(..self.over.len().saturating_sub(OVER));
        }
    }

    /// The function has answered an attempt of a call, or failed to.
    pub(super) fn take_reply(&mut self, replied: Replied) {
        let Replied { call, attempt, invoked } = replied;
        let Some(line) = self.lines.get_mut(&call) else { return };
        let at = line.call.now().as_secs_f64();
        for mut told in invoked.told {
            told["at"] = json!((at * 1000.0).round() / 1000.0);
            self.feed.add("story", &call, told);
        }
        line.call.reply(attempt, invoked.reply);
        line.due = Some(Instant::now());
    }

    /// All calls, the oldest first, without what happened in them.
    pub(super) fn list(&self, only_in_progress: bool) -> Value {
        let over = self.over.iter().filter(|_| !only_in_progress);
        let over = over.map(|ended| describe(&ended.call, ended.at_ms, true));
        let up = self.lines.values().map(|line| line.describe(false));
        let mut calls: Vec<Value> = over.chain(up).collect();
        calls.sort_by_key(|call| call["At"].as_u64());
        for call in &mut calls {
            if let Some(fields) = call.as_object_mut() {
                fields.retain(|name, _| !matches!(name.as_str(), "Story" | "Transcript"));
            }
        }
        json!({"Calls": calls})
    }

    /// What there is to say of a call.
    pub(super) fn look(&self, id: &str) -> Option<Value> {
        let over = || self.ended(id).map(|ended| describe(&ended.call, ended.at_ms, true));
        self.lines.get(id).map(|line| line.describe(false)).or_else(over)
    }

    /// A call, in progress or over.
    pub(super) fn played(&self, id: &str) -> Option<&PlayedCall> {
        let over = || self.ended(id).map(|ended| &ended.call);
        self.lines.get(id).map(|line| &line.call).or_else(over)
    }

    /// What has happened in a call.
    pub(super) fn trace(&self, id: &str) -> Option<Trace> {
        self.played(id).map(|call| call.trace().clone())
    }

    /// Whether who dialed has set the clock of a call.
    pub(super) fn is_clock_set(&self, id: &str) -> bool {
        let over = || self.ended(id).map(|ended| ended.is_clock_set);
        self.lines.get(id).map(|line| line.is_clock_set).or_else(over).unwrap_or(false)
    }

    pub(super) fn ended(&self, id: &str) -> Option<&EndedCall> {
        self.over.iter().find(|ended| ended.call.id() == id)
    }
}

fn way(call: &PlayedCall) -> &'static str {
    match call.exchange().start().direction {
        Direction::Outbound { .. } => "outbound",
        Direction::Inbound { .. } => "inbound",
    }
}
