//! The drawing of a walk: what is said as nodes, and what people do as edges.

use std::collections::BTreeMap;

use moonring_flow::Place;

/// A drawing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Graph {
    /// The nodes; the first one is the start.
    pub nodes: Vec<Node>,
    /// The edges.
    pub edges: Vec<Edge>,
}

/// A node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// What is said there, or done.
    pub text: String,
    /// What it looks like.
    pub shape: NodeShape,
    /// The line behind it.
    pub place: Option<Place>,
    /// What leads there, in words, by the shortest way.
    pub path: Vec<String>,
    /// The numbers of the findings there, from 1.
    pub findings: Vec<usize>,
}

/// What a node looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NodeShape {
    /// Where calls begin.
    Start,
    /// Something is said.
    Says,
    /// Somebody is asked.
    Asks,
    /// Somebody is called.
    Calls,
    /// Something is recorded.
    Records,
    /// The call ends.
    Ends,
    /// The script has failed.
    Fails,
}

/// An edge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    /// The node it leaves.
    pub from: usize,
    /// The node it leads to.
    pub to: usize,
    /// What people do, each once.
    pub labels: Vec<String>,
    /// How many paths go there.
    pub times: u32,
}

/// A drawing that grows.
#[derive(Debug, Default)]
pub(crate) struct GraphBuilder {
    pub(crate) graph: Graph,
    by_key: BTreeMap<u64, usize>,
    edges: BTreeMap<(usize, usize), usize>,
}

impl GraphBuilder {
    /// The node of a state, made where it is new.
    pub(crate) fn node(&mut self, key: u64, make: impl FnOnce() -> Node) -> usize {
        let nodes = &mut self.graph.nodes;
        *self.by_key.entry(key).or_insert_with(|| {
            nodes.push(make());
            nodes.len() - 1
        })
    }

    /// A path goes from one node to another.
    pub(crate) fn edge(&mut self, from: usize, to: usize, label: &str) {
        let edges = &mut self.graph.edges;
        let number = *self.edges.entry((from, to)).or_insert_with(|| {
            edges.push(Edge { from, to, labels: Vec::new(), times: 0 });
            edges.len() - 1
        });
        let Some(edge) = edges.get_mut(number) else { return };
        edge.times = edge.times.saturating_add(1);
        if !label.is_empty() && !edge.labels.iter().any(|known| known == label) {
            edge.labels.push(label.to_owned());
        }
    }
}
