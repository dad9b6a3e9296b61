//! A switch that only reports: it keeps the tickets, and holds each to ending once.

use std::collections::BTreeMap;

use super::*;
use moonring_exchange::Call;

/// A call on a switch.
pub(super) struct Switch {
    pub(super) call: Call,
    /// Every order so far.
    pub(super) given: Vec<Order>,
    /// The orders that came of each input; of the start first.
    pub(super) orders: Vec<Vec<Order>>,
    /// What was ordered and has not ended.
    open: BTreeMap<Ticket, Open>,
    pub(super) now: Duration,
}

/// An order that has not ended.
struct Open {
    order: Order,
    since: Duration,
}

/// An answer that keeps what runs.
pub(super) fn answers() -> Value {
    json!({"SchemaVersion": "1.0"})
}

/// How an inbound call begins.
pub(super) fn inbound_start() -> Start {
    let applications = vec![application(0), application(1)];
    start(Direction::Inbound { rule_id: Some("rule".to_owned()), applications })
}

/// How an outbound call begins.
pub(super) fn outbound_start() -> Start {
    start(Direction::Outbound { application: application(0), arguments: Map::new() })
}

fn start(direction: Direction) -> Start {
    Start {
        from: CALLER.to_owned(),
        to: CALLED.to_owned(),
        sip_headers: Map::new(),
        direction,
        at_ms: 1_718_036_405_907,
        seed: 1,
    }
}

impl Switch {
    pub(super) fn inbound() -> Self {
        Self::new(Service::default(), inbound_start())
    }

    pub(super) fn outbound() -> Self {
        Self::new(Service::default(), outbound_start())
    }

    pub(super) fn new(service: Service, start: Start) -> Self {
        let mut this = Self {
            call: Call::new(Arc::new(service), start),
            given: Vec::new(),
            orders: Vec::new(),
            open: BTreeMap::new(),
            now: Duration::ZERO,
        };
        this.take_orders();
        this
    }

    /// Reports something, and takes the orders that come of it.
    pub(super) fn feed(&mut self, input: Input) {
        self.expect(&input);
        self.call.take(self.now, input);
        self.take_orders();
    }

    /// What ends with an input.
    fn expect(&mut self, input: &Input) {
        match input {
            Input::Together(inputs) => inputs.iter().for_each(|input| self.expect(input)),
            // What becomes of a leg ends the order that dials it.
            Input::Answered { leg: of } | Input::Busy { leg: of } | Input::Left { leg: of } => {
                let dials = |order: &Order| matches!(order, Order::Dial { leg, .. } if leg == of);
                self.open.retain(|_, open| !dials(&open.order));
            }
            input => {
                let ended = ticket_of(input);
                self.open
                    .retain(|ticket, open| Some(*ticket) != ended || !ends(&open.order, input));
            }
        }
    }

    fn take_orders(&mut self) {
        let orders = self.call.take_orders();
        for order in &orders {
            match order {
                Order::Stop { ticket } => {
                    assert!(self.open.remove(ticket).is_some(), "{ticket:?} had ended already");
                }
                order if order.lasts() => {
                    let before = self
                        .open
                        .insert(order.ticket(), Open { order: order.clone(), since: self.now });
                    assert!(before.is_none(), "two orders with {:?}", order.ticket());
                }
                _ => {}
            }
        }
        let open: Vec<_> = self.call.open().collect();
        let expected: Vec<_> = self.open.keys().copied().collect();
        assert_eq!(open, expected, "after {:?}", self.call.inputs().last());
        if self.call.is_over() {
            assert_eq!(open, [], "a call that is over has something open");
        }
        self.given.extend(orders.iter().cloned());
        self.orders.push(orders);
    }

    /// The function answers the event that it has.
    pub(super) fn reply(&mut self, answer: Value) {
        self.come_back(Outcome::answer(answer));
    }

    /// The event that the function has comes to this.
    pub(super) fn come_back(&mut self, outcome: Outcome) {
        let is_invoke = |order: &&Order| matches!(order, Order::Invoke { .. });
        let Some(ticket) = self.orders_open().find(is_invoke).map(Order::ticket) else { return };
        self.feed(replied(ticket, outcome));
    }

    pub(super) fn finish(&mut self, ticket: Ticket) {
        self.feed(Input::Finished { ticket });
    }

    pub(super) fn press(&mut self, digit: char) {
        self.feed(Input::Digit { leg: LegNumber(0), digit });
    }

    /// What is played now.
    pub(super) fn playing(&self) -> Option<Ticket> {
        let is_play = |order: &&Order| matches!(order, Order::Play { .. });
        self.orders_open().find(is_play).map(Order::ticket)
    }

    /// The timer that runs for so many seconds.
    pub(super) fn timer(&self, seconds: u64) -> Option<Ticket> {
        let is_it = |order: &&Order| matches!(order, Order::SetTimer { after, .. } if after.as_secs() == seconds);
        self.orders_open().find(is_it).map(Order::ticket)
    }

    /// The event that the function has.
    pub(super) fn invoked(&self) -> Option<Value> {
        self.orders_open().find_map(|order| match order {
            Order::Invoke { event, .. } => Some(event.as_ref().clone()),
            _ => None,
        })
    }

    pub(super) fn was_stopped(&self, ticket: Ticket) -> bool {
        self.given.contains(&Order::Stop { ticket })
    }

    /// What was ordered and has not ended, in the order in which it was given.
    pub(super) fn open(&self) -> Vec<&Order> {
        self.orders_open().collect()
    }

    fn orders_open(&self) -> impl Iterator<Item = &Order> {
        self.open.values().map(|open| &open.order)
    }

    /// The timer that runs out next, and when; the one of the day is left out.
    pub(super) fn next_timer(&self) -> Option<(Duration, Ticket)> {
        let due = self.open.values().filter_map(|open| match open.order {
            Order::SetTimer { ticket, after } if ticket != self.call.longest() => {
                Some((open.since + after, ticket))
            }
            _ => None,
        });
        due.min()
    }
}

pub(super) fn replied(ticket: Ticket, outcome: Outcome) -> Input {
    Input::Replied {
        ticket,
        outcome,
        places: Vec::new(),
        api_calls: Vec::new(),
        asks_secret: false,
    }
}

/// The input that ends an order as it should; `None` for those that end with their leg.
pub(super) fn ending(order: &Order, outcome: Outcome) -> Option<Input> {
    let ticket = order.ticket();
    match order {
        Order::Dial { .. } => None,
        Order::Converse { .. } => Some(Input::Understood { ticket, intent: None }),
        Order::Invoke { .. } => Some(replied(ticket, outcome)),
        Order::SetTimer { .. } => Some(Input::Timer { ticket }),
        _ => Some(Input::Finished { ticket }),
    }
}

fn ticket_of(input: &Input) -> Option<Ticket> {
    match input {
        Input::Finished { ticket }
        | Input::Failed { ticket }
        | Input::Understood { ticket, .. }
        | Input::Replied { ticket, .. }
        | Input::Timer { ticket } => Some(*ticket),
        _ => None,
    }
}

fn ends(order: &Order, input: &Input) -> bool {
    match input {
        Input::Finished { .. } => matches!(
            order,
            Order::Play { .. }
                | Order::Record { .. }
                | Order::Join { .. }
                | Order::Mute { .. }
                | Order::SendDigits { .. }
        ),
        Input::Failed { .. } => !matches!(order, Order::SetTimer { .. }),
        Input::Understood { .. } => matches!(order, Order::Converse { .. }),
        Input::Replied { .. } => matches!(order, Order::Invoke { .. }),
        Input::Timer { .. } => matches!(order, Order::SetTimer { .. }),
        _ => false,
    }
}
