//! A drawing as one page that stands alone: zoom, search, and a node's line and keys at a click.

use serde_json::json;

use super::svg::svg;
use crate::finding::Finding;
use crate::graph::Graph;

/// The page around the picture.
const PAGE: &str = include_str!("page.html");

/// A drawing, with what was found, as HTML.
pub fn html(graph: &Graph, findings: &[Finding]) -> String {
    let graph = &graph.main_ways();
    let findings = findings.iter().map(|finding| {
        let place = finding.place.as_ref().map(ToString::to_string);
        json!({"kind": finding.kind.name, "place": place, "message": finding.message})
    });
    let data = json!({"graph": super::json(graph), "findings": findings.collect::<Vec<_>>()});
    // Nothing in it may end the script that it stands in.
    let data = data.to_string().replace("</", "<\\/").replace("<!--", "<\\!--");
    let (before, rest) = PAGE.split_once("SVG").unwrap_or((PAGE, ""));
    let (middle, after) = rest.split_once("DATA").unwrap_or((rest, ""));
    format!("{before}{}{middle}{data}{after}", svg(graph))
}
