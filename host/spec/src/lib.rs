//! Tests of scripts: their language, and what runs them.
//!
//! A spec is a Lua file beside the script that it is about. It plays calls on a clock of its own,
//! with the engine, the settings and the rules of everything else, and says what is heard in them.
//! There is no I/O here: the caller of a [`Suite`] has read everything before. Real time counts only
//! where a script never ends and is stopped.

mod acts;
mod bots;
mod clock;
mod coverage;
mod hosts;
mod language;
mod lua_text;
mod menus;
mod one_test;
mod outside;
mod report;
mod runner;
mod saved;
mod stage;
mod suite;
mod test_call;

pub use bots::{BOTS_WANTED, NoIntent, bot};
pub use clock::{ClockError, at_ms, written};
pub use coverage::{Branch, Coverage, CoveredFunction, FileCoverage, Untaken};
pub use language::{On, WORDS, Word, spec_markdown};
pub use menus::{Menu, MenuPlace};
pub use outside::{
    CannedReplies, CannedReply, RepliesError, RequestJudge, SimulatedServices, failed, play_storage,
};
pub use report::{CallStory, Failure, Report, RunError, TestReport, TestResult};
pub use runner::{Choice, Line, run};
pub use saved::{CallStart, saved_test};
pub use suite::{ProjectReplies, SpecFile, Suite};
pub use test_call::quoted;
