//! What is kept of some calls, to be replayed: each event with its answer, without digits.
//!
//! Keys and numbers are replaced, not cut: a script that reads them goes the same way. A choice of a
//! menu stays, since it says what a caller wanted, and not who they are.

mod stand_in;
#[cfg(test)]
mod tests;

use std::time::{SystemTime, UNIX_EPOCH};

use moonring_flow::{Reply, Request, Secrets, TypedDigits, stable_hash};
use moonring_wire::{Answer, Event};
use serde_json::{Value, json};

use self::stand_in::{Numbers, StandIns, compared};
use crate::HardDeadline;
use crate::durability::call_state::CallState;
use crate::durability::journal_store::folder;

/// An event as it is written to the object store.
#[derive(Debug)]
pub(crate) struct KeptEvent {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
    /// Until when it may be written.
    pub(crate) hard: HardDeadline,
}

/// An event, and what became of it.
pub(crate) struct RecordedEvent<'a> {
    pub(crate) event: &'a Event,
    pub(crate) came: &'a CallState,
    pub(crate) secrets: &'a Secrets,
    pub(crate) answer: &'a Answer,
    /// What the script asked of other services, in the form of transcripts.
    pub(crate) requests: &'a [Value],
    pub(crate) script: &'a str,
    pub(crate) release: &'a str,
    /// Why the answer is the fallback, in one word.
    pub(crate) failed: Option<&'static str>,
    pub(crate) now: SystemTime,
    pub(crate) hard: HardDeadline,
}

/// Whether a call is one of those that are kept: the same in every process.
pub(crate) fn is_chosen(call: &str, percent: u64) -> bool {
    percent > 0 && stable_hash([b"record".as_slice(), call.as_bytes()]) % 100 < percent
}

/// A request and its reply in the form of transcripts. A reply that is nobody else's business is
/// left out: a replay gets an error instead.
pub(crate) fn request(request: &Request, reply: &Reply, may_be_written: bool) -> Value {
    let mut made = request.recorded();
    match reply {
        Reply::Done(output) if may_be_written && !request.has_secret_reply() => {
            made["output"] = output.clone();
        }
        Reply::Done(_) => {
            made["error"] = json!({"code": "masked", "message": "the reply is not in the record"});
        }
        Reply::Failed { error_type, message, code } => {
            made["error"] =
                json!({"code": code.as_ref().unwrap_or(error_type), "message": message});
        }
    }
    made
}

impl RecordedEvent<'_> {
    /// The event as it is kept: a transcript of one step. `None` where the call has no id.
    pub(crate) fn kept(&self) -> Option<KeptEvent> {
        let call = self.event.call_id()?;
        let journal = self.came.journal.as_ref();
        let is_secret = journal
            .map(|journal| TypedDigits::of(journal.journal(), call, self.secrets))
            .is_some_and(|typed| typed.awaits_secret);
        let masks = StandIns::of(self.event, is_secret);
        let now = self.now.duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
        let now_ms = u64::try_from(now).unwrap_or(0);
        let answer = serde_json::to_value(self.answer).unwrap_or_default();
        let requests: Vec<Value> =
            self.requests.iter().map(|request| masks.request(request)).collect();
        let mut step = json!({
            "event": masks.event(),
            "now_ms": now_ms,
            "api_calls": requests,
            "response": masks.answer(&answer),
        });
        if let Some(failed) = self.failed {
            step["error"] = json!({"code": failed});
        }
        let record = json!({
            "handler": self.script, "script": self.script, "source": self.release, "masked": true,
            "steps": [step],
        });
        let number = self.event.sequence().unwrap_or(now_ms);
        let name = format!("records/{}/{}{number:06}.json", self.release, folder(call));
        Some(KeptEvent { name, bytes: record.to_string().into_bytes(), hard: self.hard })
    }
}

/// An answer as a replay of a record compares it: no digit of it counts, and nothing that opens
/// something.
pub fn compared_answer(answer: &Value) -> Value {
    compared(answer, Numbers::Stay)
}

/// The same of a request with its reply.
pub fn compared_request(request: &Value) -> Value {
    compared(request, Numbers::Go)
}
