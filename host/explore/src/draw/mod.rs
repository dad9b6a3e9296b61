//! Drawings of a walk: for people, for other tools, and for programs.

mod dot;
mod html;
mod json;
mod layout;
mod mermaid;
mod svg;
mod wrap;

pub use dot::dot;
pub use html::html;
pub use json::json;
pub use mermaid::mermaid;
pub use svg::svg;
