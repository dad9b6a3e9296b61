//! A drawing as a picture: rows of boxes, readable in light and dark.

use std::fmt::Write as _;

use super::layout::{Layout, Spot, layout};
use super::wrap::wrapped;
use crate::graph::{Edge, Graph, Node, NodeShape};

/// How wide and high a box is, and how far apart boxes stand.
const WIDTH: i64 = 200;
const HEIGHT: i64 = 76;
const BESIDE: i64 = 44;
const BELOW: i64 = 84;
const MARGIN: i64 = 30;

/// The colors, for light and dark.
const STYLE: &str = "text{font:12px system-ui,sans-serif;fill:#222}.place{font-size:10px;fill:#667}.label{font-size:11px;fill:#345;paint-order:stroke;stroke:#fff;stroke-width:3px}rect,path.shape{fill:#f4f6f8;stroke:#789}path.edge{fill:none;stroke:#9ab}path.gone{stroke:#357;stroke-width:3}.calls{fill:#e8f3e8!important}.asks{fill:#eaf0fb!important}.records{fill:#fbf3e2!important}.requests{fill:#f4eefa!important;stroke-dasharray:5 3}.fails,.found{stroke:#c22!important;stroke-width:2.5}.number{fill:#c22;font-weight:bold}@media(prefers-color-scheme:dark){svg{background:#14181c}text{fill:#dde3e8}.place{fill:#99a}.label{fill:#bcd;stroke:#14181c}rect,path.shape{fill:#22282e;stroke:#678}path.edge{stroke:#567}path.gone{stroke:#9cf}.calls{fill:#1f3324!important}.asks{fill:#1f2b40!important}.records{fill:#3a3020!important}.requests{fill:#2f2540!important}}";

/// A drawing as SVG.
pub fn svg(graph: &Graph) -> String {
    let graph = &graph.main_ways();
    let layout = layout(graph);
    let widest = layout.rows.iter().copied().max().unwrap_or(1);
    let width = MARGIN * 2 + pixels(widest) * (WIDTH + BESIDE);
    let height = MARGIN * 2 + pixels(layout.rows.len()) * (HEIGHT + BELOW);
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\"><title>The ways through a call</title><style>{STYLE}</style><defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerUnits=\"userSpaceOnUse\" markerWidth=\"9\" markerHeight=\"9\" orient=\"auto\"><path d=\"M0 0L8 4L0 8z\" fill=\"#89a\"/></marker></defs>\n"
    );
    let mut labels = String::new();
    for edge in graph.edges.iter().filter(|edge| edge.from != edge.to || !edge.label().is_empty()) {
        draw_edge(&mut text, &mut labels, edge, &layout, width);
    }
    for (number, node) in graph.nodes.iter().enumerate() {
        let spot = layout.spots.get(number).copied().unwrap_or_default();
        draw_node(&mut text, number, node, corner(spot, &layout, width));
    }
    // Labels last: nothing hides them.
    text.push_str(&labels);
    text.push_str("</svg>\n");
    text
}

/// A point of the picture.
#[derive(Clone, Copy)]
struct Point {
    x: i64,
    y: i64,
}

/// The upper left corner of a box; rows stand in the middle.
fn corner(spot: Spot, layout: &Layout, width: i64) -> Point {
    let count = layout.rows.get(spot.row).copied().unwrap_or(1);
    let row = pixels(count) * (WIDTH + BESIDE) - BESIDE;
    let x = (width - row) / 2 + pixels(spot.column) * (WIDTH + BESIDE);
    Point { x, y: MARGIN + pixels(spot.row) * (HEIGHT + BELOW) }
}

fn draw_node(text: &mut String, number: usize, node: &Node, at: Point) {
    let Point { x, y } = at;
    let round = match node.shape {
        NodeShape::Start | NodeShape::Ends => HEIGHT / 2,
        NodeShape::Calls => 18,
        NodeShape::Requests => 0,
        _ => 6,
    };
    let class = super::json::word(node.shape);
    let found = if node.findings.is_empty() { "" } else { " found" };
    let _ = write!(
        text,
        "<g class=\"node\" data-node=\"{number}\"><rect class=\"{class}{found}\" x=\"{x}\" y=\"{y}\" width=\"{WIDTH}\" height=\"{HEIGHT}\" rx=\"{round}\"/>"
    );
    let lines = wrapped(&node.text, 30, 3);
    let first =
        y + HEIGHT / 2 - pixels(lines.len()) * 8 + if node.place.is_some() { 6 } else { 12 };
    for (line, said) in (0..).zip(&lines) {
        let (middle, at) = (x + WIDTH / 2, first + line * 15);
        let said = escaped(said);
        let _ =
            write!(text, "<text x=\"{middle}\" y=\"{at}\" text-anchor=\"middle\">{said}</text>");
    }
    if let Some(place) = &node.place {
        let (middle, at) = (x + WIDTH / 2, y + HEIGHT - 6);
        let place = escaped(&place.to_string());
        let _ = write!(
            text,
            "<text class=\"place\" x=\"{middle}\" y=\"{at}\" text-anchor=\"middle\">{place}</text>"
        );
    }
    if !node.findings.is_empty() {
        let all: Vec<String> = node.findings.iter().map(ToString::to_string).collect();
        let (x, y) = (x + 8, y + 16);
        let _ =
            write!(text, "<text class=\"number\" x=\"{x}\" y=\"{y}\">{}</text>", all.join(", "));
    }
    text.push_str("</g>\n");
}

fn draw_edge(text: &mut String, labels: &mut String, edge: &Edge, layout: &Layout, width: i64) {
    let spot = |node: usize| layout.spots.get(node).copied().unwrap_or_default();
    let (from, to) = (spot(edge.from), spot(edge.to));
    let (start, end) = (corner(from, layout, width), corner(to, layout, width));
    let half = WIDTH / 2;
    let (line, label) = if to.row > from.row {
        let (x1, y1, x2, y2) = (start.x + half, start.y + HEIGHT, end.x + half, end.y - 2);
        let bend = (y2 - y1) / 2;
        let line = format!("M{x1} {y1}C{x1} {} {x2} {} {x2} {y2}", y1 + bend, y2 - bend);
        // Near the end, where lines that part have parted; of a long line near its start.
        let label = match to.row - from.row {
            1 => Point { x: (x1 + 2 * x2) / 3, y: y2 - 22 },
            _ => Point { x: (5 * x1 + x2) / 6, y: y1 + 24 },
        };
        (line, label)
    } else if edge.from == edge.to {
        let (x, y) = (start.x + WIDTH, start.y + 20);
        let line = format!("M{x} {y}C{} {} {} {} {x} {}", x + 34, y - 10, x + 34, y + 40, y + 30);
        (line, Point { x: x + 26, y: y + 46 })
    } else if to.row == from.row {
        let (x1, x2, y) = (start.x + half + 20, end.x + half - 20, start.y + HEIGHT);
        let line = format!("M{x1} {y}C{x1} {} {x2} {} {x2} {}", y + 40, y + 40, y + 2);
        (line, Point { x: i64::midpoint(x1, x2), y: y + 44 })
    } else {
        let (x1, y1) = (start.x + WIDTH, start.y + HEIGHT / 2);
        let (x2, y2) = (end.x + WIDTH, end.y + HEIGHT / 2 + 8);
        let out = x1.max(x2) + 40;
        let line = format!("M{x1} {y1}C{out} {y1} {out} {y2} {x2} {y2}");
        (line, Point { x: x1 + 24, y: y1 - 6 })
    };
    let gone = if edge.is_gone { " gone" } else { "" };
    let _ = writeln!(
        text,
        "<path class=\"edge{gone}\" data-from=\"{}\" data-to=\"{}\" d=\"{line}\" marker-end=\"url(#tip)\"/>",
        edge.from, edge.to
    );
    for (number, part) in (0..).zip(wrapped(&edge.label(), 26, 2)) {
        let (x, y) = (label.x, label.y + number * 13);
        let part = escaped(&part);
        let _ = writeln!(
            labels,
            "<text class=\"label\" x=\"{x}\" y=\"{y}\" text-anchor=\"middle\">{part}</text>"
        );
    }
}

fn pixels(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A text as XML has it.
pub(super) fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    text.replace('"', "&quot;")
}
