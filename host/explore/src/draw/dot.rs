//! A drawing for Graphviz.

use std::fmt::Write as _;

use super::wrap::wrapped;
use crate::graph::{Graph, NodeShape};

/// A drawing as Graphviz reads it.
pub fn dot(graph: &Graph) -> String {
    let graph = &graph.main_ways();
    let mut text = String::from("digraph call {\n  node [fontname=\"sans-serif\", fontsize=11];\n");
    for (number, node) in graph.nodes.iter().enumerate() {
        let shape = match node.shape {
            NodeShape::Start | NodeShape::Ends => "ellipse",
            NodeShape::Says => "box",
            NodeShape::Asks => "hexagon",
            NodeShape::Calls => "parallelogram",
            NodeShape::Records => "cds",
            NodeShape::Requests => "component",
            NodeShape::Fails => "octagon",
        };
        let colour = if node.findings.is_empty() { "" } else { ", color=red, penwidth=2" };
        let label = wrapped(&node.text, 28, 4).join("\n");
        let _ = writeln!(text, "  n{number} [shape={shape}{colour}, label={}];", quoted(&label));
    }
    for edge in &graph.edges {
        let label = quoted(&edge.label());
        let bold = if edge.is_gone { ", penwidth=3" } else { "" };
        let _ = writeln!(text, "  n{} -> n{} [label={label}{bold}];", edge.from, edge.to);
    }
    text.push_str("}\n");
    text
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}
