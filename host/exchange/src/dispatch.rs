//! Gives the orders of a call: each its ticket, which is open until it ends, once.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::leg::LegNumber;
use crate::order::{Ending, Order};
use crate::ticket::Ticket;

/// Who waits for the end of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Owner {
    /// The action that runs.
    Action,
    /// Digits that are listened for in the background.
    Listener(LegNumber),
    /// A leg that is dialled, or that rings.
    Leg(LegNumber),
    /// A call recording; it ends with its leg.
    Recording(LegNumber),
    /// A new inbound call that nothing has answered (rule 11).
    Unanswered,
    /// The event that is with the function.
    Attempt,
    /// How long the function may be silent before it is invoked again (rule 29).
    Patience,
    /// How long it may be silent altogether (rule 30).
    Limit,
    /// How long a call may go on.
    Longest,
}

#[derive(Debug, Clone)]
struct Open {
    owner: Owner,
    ending: Ending,
}

/// The orders of a call.
#[derive(Debug, Default, Clone)]
pub(crate) struct Dispatch {
    /// How many orders were given.
    count: u64,
    open: BTreeMap<Ticket, Open>,
    /// Those that nobody has taken yet.
    orders: Vec<Order>,
}

impl Dispatch {
    /// Gives an order.
    pub(crate) fn give(&mut self, owner: Owner, order: impl FnOnce(Ticket) -> Order) -> Ticket {
        self.count += 1;
        let ticket = Ticket(self.count);
        let order = order(ticket);
        if let Some(ending) = order.ending() {
            self.open.insert(ticket, Open { owner, ending });
        }
        self.orders.push(order);
        ticket
    }

    /// Gives an order that is done when it is given.
    pub(crate) fn tell(&mut self, order: impl FnOnce(Ticket) -> Order) {
        self.give(Owner::Action, order);
    }

    pub(crate) fn set_timer(&mut self, owner: Owner, after: Duration) -> Ticket {
        self.give(owner, |ticket| Order::SetTimer { ticket, after })
    }

    /// Ends an order, if it is open still.
    pub(crate) fn stop(&mut self, ticket: Ticket) {
        if self.open.remove(&ticket).is_some() {
            self.orders.push(Order::Stop { ticket });
        }
    }

    /// Ends everything that is open.
    pub(crate) fn stop_all(&mut self) {
        let open = std::mem::take(&mut self.open);
        self.orders.extend(open.into_keys().map(|ticket| Order::Stop { ticket }));
    }

    /// An order has ended. Who waited for it; nobody where it is not open, or does not end like
    /// this.
    pub(crate) fn end(&mut self, ticket: Ticket, ending: Ending) -> Option<Owner> {
        self.open.get(&ticket).filter(|open| open.ending == ending)?;
        self.open.remove(&ticket).map(|open| open.owner)
    }

    /// An order has ended, as its owner knows.
    pub(crate) fn forget(&mut self, ticket: Ticket) {
        self.open.remove(&ticket);
    }

    /// What was ordered cannot be done.
    pub(crate) fn fail(&mut self, ticket: Ticket) -> Option<Owner> {
        let may_fail = |open: &&Open| open.ending != Ending::Timer;
        self.open.get(&ticket).filter(may_fail)?;
        self.open.remove(&ticket).map(|open| open.owner)
    }

    pub(crate) fn is_open(&self, ticket: Ticket) -> bool {
        self.open.contains_key(&ticket)
    }

    /// What of the ordered has not ended yet.
    pub(crate) fn open(&self) -> impl Iterator<Item = Ticket> + '_ {
        self.open.keys().copied()
    }

    /// The orders since the last time.
    pub(crate) fn take(&mut self) -> Vec<Order> {
        std::mem::take(&mut self.orders)
    }
}
