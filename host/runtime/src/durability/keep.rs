//! What the host keeps with a call, event by event: with the service, as attributes of the answer,
//! or in the object store.

use std::time::Instant;

use moonring_flow::{SavedJournal, failed_journal};
use moonring_wire::{Answer, Event, EventType};

use crate::durability::call_state::{AttributeLimits, CallState};
use crate::event::silence::list_after;
use crate::host::JOURNAL;
use crate::release::router::Selection;
use crate::turn::Turn;
use crate::{Error, HardDeadline, Host};

impl Host {
    /// Has the service keep what later events need: with the fallback too, for the call may go on.
    pub(crate) fn keep(
        &self,
        event: &Event,
        turn: &Turn,
        wire_journal: Option<SavedJournal>,
        answer: &mut Answer,
    ) {
        let came = &turn.came;
        let wire_journal = wire_journal.or_else(|| came.wire_journal.clone());
        let is_flow = wire_journal.is_some();
        let list = if is_flow { None } else { list_after(event, came.list.clone(), answer) };
        let state = self.state_after(came, turn.selection.as_ref(), is_flow);
        let state = CallState { wire_journal, list, ..state };
        let limits = AttributeLimits {
            count: self.settings.attributes,
            chars: self.settings.attribute_chars,
        };
        let dropped = state.write(event, came.wire_journal.as_ref(), answer, limits);
        if let Some(dropped) = dropped.filter(|_| state.dropped_arguments.is_none()) {
            tracing::warn!(
                call = event.call_id(),
                "the arguments of the call have more than the {} characters that can be kept with it; the {dropped} longest are missing from \
                 call.arguments in flows and in later events; pass an id and look up the rest",
                self.settings.attribute_chars
            );
        }
    }

    /// The same where the script has failed: whatever it was, its flow is not gone on with.
    pub(crate) async fn keep_failed(
        &self,
        event: &Event,
        turn: &mut Turn,
        answer: &mut Answer,
        hard: HardDeadline,
    ) {
        let failed =
            || turn.came.journal.as_ref().map(|journal| failed_journal(Some(journal), event, None));
        let journal = turn.journal.take().or_else(failed);
        let wire_journal = match journal {
            None => None,
            Some(journal) => match self.store_journal(event, journal.clone(), hard).await {
                Ok(stored) => Some(stored),
                // Where it cannot be stored, what came stays, with the mark of the failure.
                Err(_) => turn.came.wire_journal.as_ref().map(|came| came.failed_like(&journal)),
            },
        };
        self.keep(event, turn, wire_journal, answer);
    }

    /// Has the whole journal of the call, where a part of it is stored elsewhere.
    pub(crate) async fn load_journal(
        &self,
        event: &Event,
        came: &mut CallState,
        hard: HardDeadline,
    ) -> Result<(), Error> {
        let Some(journal) = came.journal.as_ref().filter(|journal| journal.is_pointer()) else {
            return Ok(());
        };
        // Of a flow that has failed there is nothing more to be known until its call ends.
        if journal.failed().is_none() || event.event_type() == EventType::Hangup {
            let most = hard.wait(Instant::now(), JOURNAL);
            came.journal = Some(
                self.journal_store.load(event.call_id().unwrap_or_default(), journal, most).await?,
            );
        }
        Ok(())
    }

    /// What travels with the call of a journal; the rest is stored when this returns.
    pub(crate) async fn store_journal(
        &self,
        event: &Event,
        journal: SavedJournal,
        hard: HardDeadline,
    ) -> Result<SavedJournal, Error> {
        let most = hard.wait(Instant::now(), JOURNAL);
        let chars = self.settings.travelling_chars();
        self.journal_store.save(event.call_id().unwrap_or_default(), journal, chars, most).await
    }

    /// The arguments that later events will have, where not all of them can be kept: a flow must
    /// not see others.
    pub(crate) fn shortened_arguments(
        &self,
        came: &CallState,
        selection: &Selection,
    ) -> Option<CallState> {
        if came.arguments.is_empty() && came.dropped_arguments.is_none() {
            return None;
        }
        let state = self.state_after(came, Some(selection), true);
        Some(state.fitting(self.settings.attribute_chars).state)
            .filter(|state| state.dropped_arguments.is_some())
    }

    /// What is kept with the call from this event on, but for the journal.
    fn state_after(
        &self,
        came: &CallState,
        selection: Option<&Selection>,
        is_flow: bool,
    ) -> CallState {
        let (arguments, dropped_arguments) = (came.arguments.clone(), came.dropped_arguments);
        match selection {
            // Who forces a script forces it for every event.
            Some(_) if self.router.is_forced() => {
                CallState { arguments, dropped_arguments, ..CallState::default() }
            }
            Some(Selection { pinned_state: Some(pinned), .. }) => pinned.clone(),
            Some(selection) => CallState {
                script: Some(selection.chosen.script.clone()),
                release: Some(selection.release.to_string()),
                listed_at: selection.loaded.listed_at().filter(|_| is_flow),
                alias: selection.chosen.alias.clone(),
                arguments,
                dropped_arguments,
                ..CallState::default()
            },
            None => came.clone(),
        }
    }
}
