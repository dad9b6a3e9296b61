//! A drawing for programs.

use serde_json::{Value, json as value};

use crate::graph::{Graph, NodeShape};

/// A drawing as an object: `nodes` and `edges`, which name nodes by their number from 0.
pub fn json(graph: &Graph) -> Value {
    let nodes = graph.nodes.iter().map(|node| {
        value!({
            "text": node.text, "shape": word(node.shape), "path": node.path,
            "place": node.place.as_ref().map(ToString::to_string), "findings": node.findings,
        })
    });
    let edges = graph.edges.iter().map(|edge| {
        value!({"from": edge.from, "to": edge.to, "labels": edge.labels, "asides": edge.asides, "times": edge.times, "gone": edge.is_gone})
    });
    value!({"nodes": nodes.collect::<Vec<_>>(), "edges": edges.collect::<Vec<_>>()})
}

/// The word of a shape.
pub(super) fn word(shape: NodeShape) -> &'static str {
    match shape {
        NodeShape::Start => "start",
        NodeShape::Says => "says",
        NodeShape::Asks => "asks",
        NodeShape::Calls => "calls",
        NodeShape::Records => "records",
        NodeShape::Requests => "requests",
        NodeShape::Ends => "ends",
        NodeShape::Fails => "fails",
    }
}
