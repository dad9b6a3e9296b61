//! The drawing of a walk: what is said as nodes, and what people do as edges.

use std::collections::{BTreeMap, BTreeSet};

use moonring_flow::Place;

/// What the node of all ends says.
pub(crate) const THE_END: &str = "the end";

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
    /// Another service is asked.
    Requests,
    /// The call ends.
    Ends,
    /// The script has failed.
    Fails,
}

/// An edge.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Edge {
    /// The node it leaves.
    pub from: usize,
    /// The node it leads to.
    pub to: usize,
    /// What people do, each once.
    pub labels: Vec<String>,
    /// What may happen anywhere: the caller hangs up, or something fails.
    pub asides: Vec<String>,
    /// How many paths go there.
    pub times: u32,
    /// Whether a call has gone there that somebody has made, in a test or for real.
    pub is_gone: bool,
}

impl Graph {
    /// What people look at first: without hang-ups and failures, unless they lead to a finding, or
    /// somebody has gone there.
    pub fn main_ways(&self) -> Graph {
        let has_finding =
            |node: usize| self.nodes.get(node).is_some_and(|node| !node.findings.is_empty());
        let is_main =
            |edge: &&Edge| !edge.labels.is_empty() || edge.is_gone || has_finding(edge.to);
        let edges: Vec<&Edge> = self.edges.iter().filter(is_main).collect();
        let mut met = BTreeSet::from([0]);
        let mut next = vec![0];
        while let Some(node) = next.pop() {
            let onward = edges.iter().filter(|edge| edge.from == node).map(|edge| edge.to);
            next.extend(onward.filter(|node| met.insert(*node)));
        }
        // Nodes keep their order, and get new numbers.
        let number = |node: usize| met.iter().position(|known| *known == node);
        let kept = edges.iter().filter_map(|edge| {
            let (from, to) = (number(edge.from)?, number(edge.to)?);
            Some(Edge { from, to, ..(*edge).clone() })
        });
        let nodes = met.iter().filter_map(|node| self.nodes.get(*node).cloned());
        Graph { nodes: nodes.collect(), edges: kept.collect() }
    }
}

impl Edge {
    /// What stands beside it: what people do, or else what may happen anywhere.
    pub fn label(&self) -> String {
        let labels: Vec<&str> =
            self.labels.iter().map(String::as_str).filter(|label| !label.is_empty()).collect();
        if labels.is_empty() && self.labels.is_empty() {
            return self.asides.join(", ");
        }
        labels.join(", ")
    }
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
    pub(crate) fn edge(&mut self, from: usize, to: usize, label: &str, is_aside: bool) {
        let is_end = self.graph.nodes.get(to).is_some_and(|node| node.shape == NodeShape::Ends);
        if from == to && is_end {
            return;
        }
        let edges = &mut self.graph.edges;
        let number = *self.edges.entry((from, to)).or_insert_with(|| {
            edges.push(Edge { from, to, ..Edge::default() });
            edges.len() - 1
        });
        let Some(edge) = edges.get_mut(number) else { return };
        edge.times = edge.times.saturating_add(1);
        let labels = if is_aside { &mut edge.asides } else { &mut edge.labels };
        if !labels.iter().any(|known| known == label) {
            labels.push(label.to_owned());
        }
    }
}
