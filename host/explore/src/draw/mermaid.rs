//! A drawing for Mermaid, which code hosts show in Markdown.

use std::fmt::Write as _;

use super::wrap::wrapped;
use crate::graph::{Graph, NodeShape};

/// A drawing as Mermaid reads it.
pub fn mermaid(graph: &Graph) -> String {
    let graph = &graph.main_ways();
    let mut text = String::from("flowchart TD\n");
    for (number, node) in graph.nodes.iter().enumerate() {
        let (open, close) = match node.shape {
            NodeShape::Start | NodeShape::Ends => ("([", "])"),
            NodeShape::Says => ("[", "]"),
            NodeShape::Asks => ("{{", "}}"),
            NodeShape::Calls => ("[/", "/]"),
            NodeShape::Records => ("[(", ")]"),
            NodeShape::Requests => ("[/", "\\]"),
            NodeShape::Fails => ("[[", "]]"),
        };
        let label = escaped(&wrapped(&node.text, 28, 4).join("\n"));
        let _ = writeln!(text, "  n{number}{open}\"{label}\"{close}");
        if !node.findings.is_empty() {
            let _ = writeln!(text, "  style n{number} stroke:#c00,stroke-width:3px");
        }
    }
    for edge in &graph.edges {
        let label = escaped(&edge.label());
        let line = if edge.is_gone { "==>" } else { "-->" };
        let arrow = if label.is_empty() { line.to_owned() } else { format!("{line}|\"{label}\"|") };
        let _ = writeln!(text, "  n{} {arrow} n{}", edge.from, edge.to);
    }
    text
}

fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('"', "#quot;");
    text.replace('<', "&lt;")
        .replace('#', "#35;")
        .replace("#35;quot;", "#quot;")
        .replace('\n', "<br>")
}
