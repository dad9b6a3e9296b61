//! The releases of a host: where they come from, how they are judged, and which of them answers a
//! call.

pub(crate) mod budget;
pub(crate) mod channel;
pub(crate) mod check;
pub(crate) mod judge;
pub(crate) mod route;
pub(crate) mod router;
