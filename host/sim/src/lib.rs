//! A virtual world around the exchange: people on the line, how long prompts and recordings take,
//! virtual time, faults; and calls as stories and transcripts.
//!
//! A [`PlayedCall`] turns the orders of the exchange into inputs. It is a machine without I/O: it
//! says which event the function gets next, takes the answer, and says when the next thing happens
//! by itself. [`play`] drives one in virtual time; in real time its driver sleeps instead.

mod behavior;
mod call;
mod callees;
mod carry_out;
mod compare;
mod differences;
mod event_queue;
mod fault;
mod on_the_spot;
mod people_of;
mod person;
mod play;
mod repeat;
mod scene;
mod speech;
mod story;
mod transcript;
mod undecided;
mod wav;
mod world;

pub use call::{InboundCall, Invocation, Next, OutboundCall, PlayedCall, Reply};
pub use callees::Callees;
pub use compare::{Differs, Replayed, compare, is_hosts_own, normal_request};
pub use differences::{DifferingPlace, differing_places};
pub use fault::{Faults, FaultyReply};
pub use people_of::{People, RecordedUpdate, people_of};
pub use person::{Behavior, BehaviorTrigger, Person, PersonAction, PersonError, Pickup, is_digits};
pub use play::{Target, play, step};
pub use scene::Scene;
pub use speech::spoken_for;
pub use story::{EndlessExchange, explain, tell, tell_requests, to_json};
pub use transcript::{Reaction, Step, Transcript, TranscriptError};
pub use undecided::Progress;
pub use wav::{silence, wav_length};
pub use world::{Audio, AudioFiles, Bot, SpeechLengths, World};
