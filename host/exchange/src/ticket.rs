//! Tickets: what an order is known by, from the moment it is given until it ends.

use serde::{Deserialize, Serialize};

/// The number of an order within its call. An order that lasts (see [`Order::lasts`]) is open until
/// it ends, once: by an input that has its ticket (of `Dial`, that names its leg), or by
/// [`Order::Stop`].
///
/// [`Order::lasts`]: crate::Order::lasts
/// [`Order::Stop`]: crate::Order::Stop
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub struct Ticket(pub u64);
