//! Where the nodes of a drawing stand: in rows, each below what leads there.

use std::collections::VecDeque;

use crate::graph::Graph;

/// The most nodes that stand in one row before it is too wide to read.
const WIDEST: usize = 9;

/// Where a node stands: its row from the top, and its place in the row.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Spot {
    pub(super) row: usize,
    pub(super) column: usize,
}

/// Where all nodes stand.
#[derive(Debug, Default)]
pub(super) struct Layout {
    pub(super) spots: Vec<Spot>,
    /// How many nodes stand in each row.
    pub(super) rows: Vec<usize>,
}

/// Rows by the shortest way to each node; within a row, nodes stand near those that lead to them.
pub(super) fn layout(graph: &Graph) -> Layout {
    let count = graph.nodes.len();
    let mut depth: Vec<Option<usize>> = vec![None; count];
    let mut queue = VecDeque::from([(0, 0)]);
    while let Some((node, row)) = queue.pop_front() {
        let Some(known) = depth.get_mut(node).filter(|known| known.is_none()) else { continue };
        *known = Some(row);
        let next = graph.edges.iter().filter(|edge| edge.from == node);
        queue.extend(next.map(|edge| (edge.to, row + 1)));
    }
    let deepest = depth.iter().flatten().copied().max().unwrap_or(0);
    let mut rows: Vec<Vec<usize>> = vec![Vec::new(); deepest + 1];
    for (node, row) in depth.iter().enumerate() {
        if let Some(row) = rows.get_mut(row.unwrap_or(deepest)) {
            row.push(node);
        }
    }
    let mut layout = Layout { spots: vec![Spot::default(); count], rows: Vec::new() };
    let mut position: Vec<f64> = vec![0.0; count];
    for mut row in rows {
        row.sort_by(|one, other| {
            let near = |node: usize| nearness(graph, &position, node);
            near(*one).total_cmp(&near(*other)).then(one.cmp(other))
        });
        // A row that is too wide goes on in the next one.
        for part in row.chunks(WIDEST) {
            let number = layout.rows.len();
            for (column, node) in part.iter().enumerate() {
                let middle = (count_of(column) + 0.5) / count_of(part.len());
                if let Some(at) = position.get_mut(*node) {
                    *at = middle;
                }
                if let Some(spot) = layout.spots.get_mut(*node) {
                    *spot = Spot { row: number, column };
                }
            }
            layout.rows.push(part.len());
        }
    }
    layout
}

/// The middle of the nodes above that lead to a node.
fn nearness(graph: &Graph, position: &[f64], node: usize) -> f64 {
    let above = graph.edges.iter().filter(|edge| edge.to == node && edge.from < node);
    let above: Vec<f64> = above.filter_map(|edge| position.get(edge.from).copied()).collect();
    if above.is_empty() { 0.5 } else { above.iter().sum::<f64>() / count_of(above.len()) }
}

fn count_of(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::{Edge, Node, NodeShape};

    #[test]
    fn nodes_stand_below_what_leads_to_them_and_loops_change_nothing() {
        let node = || Node {
            text: String::new(),
            shape: NodeShape::Says,
            place: None,
            path: Vec::new(),
            findings: Vec::new(),
        };
        let edge = |from, to| Edge { from, to, labels: Vec::new(), times: 1 };
        let graph = Graph {
            nodes: (0..4).map(|_| node()).collect(),
            edges: vec![edge(0, 1), edge(1, 2), edge(1, 3), edge(3, 1), edge(2, 2)],
        };
        let layout = layout(&graph);
        let rows: Vec<usize> = layout.spots.iter().map(|spot| spot.row).collect();
        assert_eq!(rows, [0, 1, 2, 2]);
        assert_eq!(layout.rows, [1, 1, 2]);
    }
}
