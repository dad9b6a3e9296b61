//! Where the nodes of a drawing stand: in rows, each below what leads there.

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

/// Rows by the longest way to each node that goes in no circle; within a row, nodes stand near those
/// that lead to them.
pub(super) fn layout(graph: &Graph) -> Layout {
    let count = graph.nodes.len();
    let depth = depths(graph);
    let deepest = depth.iter().copied().max().unwrap_or(0);
    let mut rows: Vec<Vec<usize>> = vec![Vec::new(); deepest + 1];
    for (node, row) in depth.iter().enumerate() {
        if let Some(row) = rows.get_mut(*row) {
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

/// How deep each node stands. Edges that go back count for nothing.
fn depths(graph: &Graph) -> Vec<usize> {
    let count = graph.nodes.len();
    let mut onward: Vec<Vec<usize>> = vec![Vec::new(); count];
    for edge in &graph.edges {
        if let Some(all) = onward.get_mut(edge.from) {
            all.push(edge.to);
        }
    }
    let mut search = Search { onward, states: vec![State::New; count], done: Vec::new() };
    for node in 0..count {
        search.visit(node);
    }
    // Behind one another as the search has left them, the last one first: what leads to a node
    // stands before it.
    let mut depth = vec![0; count];
    for node in search.done.iter().rev() {
        let own = depth.get(*node).copied().unwrap_or(0);
        let place = |node: &usize| search.done.iter().position(|done| done == node);
        for next in search.onward.get(*node).into_iter().flatten() {
            let goes_on = place(next) < place(node);
            if let Some(known) = depth.get_mut(*next).filter(|_| goes_on) {
                *known = (*known).max(own + 1);
            }
        }
    }
    depth
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    Met,
}

/// A search that goes deep first.
struct Search {
    onward: Vec<Vec<usize>>,
    states: Vec<State>,
    /// Nodes in the order in which everything behind them was met.
    done: Vec<usize>,
}

impl Search {
    fn visit(&mut self, from: usize) {
        let mut stack = vec![(from, 0)];
        while let Some((node, next)) = stack.pop() {
            if next == 0 {
                match self.states.get_mut(node) {
                    Some(state) if *state == State::New => *state = State::Met,
                    _ => continue,
                }
            }
            match self.onward.get(node).and_then(|all| all.get(next)) {
                Some(onward) => {
                    stack.push((node, next + 1));
                    stack.push((*onward, 0));
                }
                None => self.done.push(node),
            }
        }
    }
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
        let edge = |from, to| Edge { from, to, times: 1, ..Edge::default() };
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
