//! The simulator as a server: its API on a socket, calls in real time, functions behind targets.

mod audio;
mod dial;
mod event_stream;
mod feed;
mod functions;
mod gone_source;
mod guard;
mod http;
mod instance;
mod kept;
mod lambda;
mod page;
mod program;
mod records;
mod release_watch;
mod releases;
mod saved_calls;
mod server;
mod setup;
mod sounds;
mod source_switch;
mod state;
mod switchboard;
mod watch;
mod ways;

pub(crate) use audio::AudioFiles;
pub(crate) use feed::Feed;
pub(crate) use functions::{Function, Functions};
pub(crate) use guard::Guard;
pub(crate) use http::{Ask, HttpAsk, Web, listen};
pub(crate) use records::Records;
pub(crate) use server::{EDITOR, Plan, Workshop, run};
pub(crate) use setup::Setup;
pub(crate) use sounds::Sounds;
pub(crate) use state::State;
pub(crate) use switchboard::{Surroundings, Switchboard};
