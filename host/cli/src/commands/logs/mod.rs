//! The log of the function, read: as it comes, of one call, and in sum.

mod event_line;
mod otlp;
mod source;
mod story;
mod summary;
mod tail;

pub(crate) use source::LogArguments;
pub(crate) use story::{is_call_id, show_call};
pub(crate) use tail::Tail;
