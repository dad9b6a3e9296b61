//! A call that is made again: everybody does what they did, with the scripts of now.

use moonring_exchange::{Direction, Start};
use moonring_sim::{InboundCall, OutboundCall, People, PlayedCall};

use super::own_calls::{Refusal, no_call};
use super::said::Said;
use super::{InAccount, Switchboard};
use crate::clock::now_ms;

impl Switchboard {
    /// Makes a call again; the id of the new one.
    pub(super) fn again(&mut self, id: &str, body: &[u8]) -> Result<String, Refusal> {
        let is_clock_set = self.calls.is_clock_set(id);
        let earlier = self.calls.played(id).ok_or_else(|| no_call(id))?;
        Said::read(body, "again")?;
        let People { caller, callees, updates } = earlier.people();
        let Start { from, to, sip_headers, direction, at_ms, .. } =
            earlier.exchange().start().clone();
        self.calls.in_account = InAccount::of(&self.account);
        let at_ms = if is_clock_set { at_ms } else { now_ms() };
        let world = self.calls.world(&match &direction {
            Direction::Inbound { applications, .. } => {
                applications.first().map(|first| first.id.clone()).unwrap_or_default()
            }
            Direction::Outbound { application, .. } => application.id.clone(),
        });
        let seed = self.calls.next_seed();
        let mut call = match direction {
            Direction::Inbound { rule_id, applications } => {
                let call = InboundCall {
                    from,
                    to,
                    sip_headers,
                    rule_id,
                    applications,
                    caller,
                    callees,
                    at_ms,
                    seed,
                };
                PlayedCall::inbound(world, call)
            }
            Direction::Outbound { application, arguments } => {
                let called = caller;
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
                PlayedCall::outbound(world, call)
            }
        };
        for update in updates {
            call.update_at(update.after, update.arguments);
        }
        let made = self.calls.add(call, at_ms, is_clock_set);
        if let Some(scripts) = self.functions.scripts()
            && let Some(script) = scripts.chosen(id)
        {
            scripts.choose(&made, script);
        }
        Ok(made)
    }
}
