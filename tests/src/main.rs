//! Black-box tests: the built programs, driven over the protocols they meet in production.

mod harness;

mod deadlines;
mod events;
mod invoke;
mod logging;
mod outages;
mod releases;
mod starting;
