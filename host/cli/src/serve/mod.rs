//! The simulator as a server: its API on a socket, calls in real time, functions behind targets.

mod audio;
mod dial;
mod event_stream;
mod feed;
mod functions;
mod guard;
mod http;
mod instance;
mod lambda;
mod program;
mod records;
mod saved_calls;
mod state;
mod switchboard;
mod watch;

pub(crate) use audio::AudioFiles;
pub(crate) use feed::Feed;
pub(crate) use functions::{Function, Functions};
pub(crate) use guard::Guard;
pub(crate) use http::{Ask, listen};
pub(crate) use records::Records;
pub(crate) use state::State;
pub(crate) use switchboard::{Surroundings, Switchboard};
