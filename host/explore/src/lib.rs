//! Every way through a call: walked, judged and drawn.
//!
//! Calls are played by the simulator and answered by the host, both in this process. Where people or
//! other services may do different things, the call is copied, and each copy goes its own way. There
//! is no I/O here, and no clock: the same walk twice is the same report.

mod answer;
mod choice;
mod choices;
mod command;
mod dead_air;
mod digits;
mod draw;
mod finding;
mod gone;
mod graph;
mod hosts;
mod judge;
mod limits;
mod loops;
mod outside;
mod path;
mod plan;
mod promises;
mod prompts;
mod report;
mod walk;

pub use choice::CalleeDoes;
pub use draw::{dot, html, json, mermaid, svg};
pub use finding::{Finding, FindingKind, KINDS};
pub use gone::spoken_in;
pub use graph::{Edge, Graph, Node, NodeShape};
pub use plan::{At, Budget, Direction, ExploreError, Plan, Start};
pub use report::{Report, WalkedPath};
pub use walk::explore;
