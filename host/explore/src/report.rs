//! What a walk came to.

use std::collections::BTreeMap;

use moonring_runtime::FunctionHits;

use crate::finding::Finding;
use crate::graph::Graph;

/// What a walk came to.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// What is wrong, each kind and line once.
    pub findings: Vec<Finding>,
    /// The ways that calls went to their ends.
    pub paths: Vec<WalkedPath>,
    /// The drawing.
    pub graph: Graph,
    /// How often the lines of the scripts have run, by file.
    pub hits: BTreeMap<String, Vec<FunctionHits>>,
    /// How many states there are.
    pub states: usize,
    /// How many times a script has answered.
    pub answers: usize,
    /// How many calls came to a state by a way of their own, where many had come before, and were left
    /// there.
    pub passed_over: usize,
    /// How many copies of calls were not walked to their ends, since the budget was used up.
    pub left: usize,
}

/// A way that a call went to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WalkedPath {
    /// What people did, in words.
    pub words: Vec<String>,
    /// The command that plays it.
    pub command: String,
    /// The script that answered first.
    pub script: Option<String>,
    /// The path as a test, where that is wanted.
    pub test: Option<String>,
    /// Numbers that rang.
    pub rings: Vec<String>,
    /// Lines whose actions were carried out, as `file:line`.
    pub places: Vec<String>,
}
