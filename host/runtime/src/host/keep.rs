//! What is kept with a call: with the service, as attributes of the answer, or outside where it is too long for them.

use std::time::Instant;

use moonring_engine::journal_mark;
use moonring_wire::{Answer, Event, EventType};

use super::{Host, JOURNAL};
use crate::kept::Kept;
use crate::lines::Picked;
use crate::silence::list_after;
use crate::spill::Spill;
use crate::{Error, HardDeadline};

impl Host {
    /// Has the service keep what later events need: with the fallback too, for the call may go on.
    pub(super) fn keep(
        &self,
        (event, came): (&Event, &Kept),
        picked: Option<&Picked>,
        journal: Option<String>,
        answer: &mut Answer,
    ) {
        let journal = journal.or_else(|| came.travelled.clone());
        let kept = self.kept_after(came, picked, journal.is_some());
        let list = if journal.is_some() { None } else { list_after(event, came.list.clone(), answer) };
        let kept = Kept { journal, list, ..kept };
        let lost = kept.fitting(self.settings.attribute_chars).lost.filter(|_| kept.lost.is_none());
        if let Some(lost) = lost {
            tracing::warn!(
                call = event.call_id(),
                "the arguments of the call have more than the {} characters that can be kept with it: the longest ({lost}) are left out of \
                 call.arguments in later events, and in a flow; pass an id, and look the rest up",
                self.settings.attribute_chars
            );
        }
        kept.store(event, answer, (self.settings.attributes, self.settings.attribute_chars));
    }

    /// Has the whole journal of the call, where a part of it is elsewhere.
    pub(super) async fn unfold(&self, event: &Event, kept: &mut Kept, hard: HardDeadline) -> Result<(), Error> {
        let Some(journal) = kept.journal.as_deref().filter(|journal| Spill::is_pointer(journal)) else { return Ok(()) };
        // Of a flow that has failed there is nothing more to be known until its call ends.
        if journal_mark(journal).0.is_empty() || event.event_type() == EventType::Hangup {
            let most = hard.wait(Instant::now(), JOURNAL);
            kept.journal = Some(self.spill.whole(event.call_id().unwrap_or_default(), journal, most).await?);
        }
        Ok(())
    }

    /// What travels with the call of a journal.
    pub(super) async fn fold(&self, event: &Event, journal: String, hard: HardDeadline) -> Result<String, Error> {
        let most = hard.wait(Instant::now(), JOURNAL);
        let chars = self.settings.travelling_chars();
        self.spill.fold(event.call_id().unwrap_or_default(), journal, chars, most).await
    }

    /// The same for the journal of a flow that has failed. Where it cannot be put elsewhere, what came stays, with the mark of the failure.
    pub(super) async fn fold_broken(
        &self,
        (event, kept): (&Event, &Kept),
        journal: Option<String>,
        hard: HardDeadline,
    ) -> Option<String> {
        let journal = journal?;
        let mark = journal_mark(&journal).0.to_owned();
        match self.fold(event, journal, hard).await {
            Ok(folded) => Some(folded),
            Err(_) => kept.travelled.as_deref().map(|came| format!("{mark}{}", journal_mark(came).1)),
        }
    }

    /// What is kept with the call from now on, but for the journal.
    pub(super) fn kept_after(&self, came: &Kept, picked: Option<&Picked>, is_flow: bool) -> Kept {
        let (arguments, lost) = (came.arguments.clone(), came.lost);
        match picked {
            // Whoever forces a script forces it for every event.
            Some(_) if self.lines.is_forced() => Kept { arguments, lost, ..Kept::default() },
            Some(picked) if picked.strays_from.is_some() => picked.strays_from.clone().unwrap_or_default(),
            Some(picked) => Kept {
                script: Some(picked.chosen.script.clone()),
                release: Some(picked.release.to_string()),
                listed_at: picked.loaded.listed_at().filter(|_| is_flow),
                alias: picked.chosen.alias.clone(),
                arguments,
                lost,
                ..Kept::default()
            },
            None => came.clone(),
        }
    }
}
