//! Ways that calls have gone, found again in a drawing by the lines that spoke and what they said.

use std::collections::VecDeque;

use moonring_exchange::SpokenLine;
use moonring_flow::Place;
use serde_json::Value;

use crate::answer::AnswerView;
use crate::graph::{Edge, Graph, Node, NodeShape, THE_END};

/// How many nodes that say nothing may stand between two that do.
const BETWEEN: usize = 2;

/// What the lines of a script say and do in their answer to an event.
pub fn spoken_in(event: &Value, answer: &Value, places: &[Option<Place>]) -> Vec<SpokenLine> {
    let is_answered = event["InvocationEventType"] == "ACTION_SUCCESSFUL"
        && event.pointer("/ActionData/Type").is_some_and(|kind| kind == "CallAndBridge");
    let talk = is_answered.then_some(SpokenLine::Talk);
    let actions = AnswerView::new(answer, places).actions.into_iter();
    let line = actions.filter_map(|action| {
        let number = || action.text("/Endpoints/0/Uri").map(str::to_owned);
        let text = action.said().or_else(number).unwrap_or_default();
        let text = text.trim_start_matches("♪ ").to_owned();
        Some(SpokenLine::Line { place: action.place.as_ref()?.to_string(), text })
    });
    talk.into_iter().chain(line).collect()
}

impl Graph {
    /// Marks the edges that a call has gone, as far as they are drawn.
    pub fn mark_gone(&mut self, call: &[SpokenLine]) {
        // Other actions of an answer stand in the node of the one that waits: what they said, it has too.
        let (mut at, mut before) = (0, Vec::new());
        for line in call {
            let says_it = |node: &Node| match (line, &node.place) {
                (SpokenLine::Line { place, text }, Some(there)) => {
                    there.to_string() == *place && node.text.contains(text)
                }
                (SpokenLine::Talk, None) => node.shape == NodeShape::Calls,
                _ => false,
            };
            let says_all = |node: &Node| {
                says_it(node) && before.iter().all(|text: &&str| node.text.contains(text))
            };
            let Some(way) = self.way(at, says_all).or_else(|| self.way(at, says_it)) else {
                before.extend(match line {
                    SpokenLine::Line { text, .. } => Some(text.as_str()),
                    SpokenLine::Talk => None,
                });
                continue;
            };
            at = self.mark(at, &way);
            before.clear();
        }
        // Nobody says how a call ended: the end itself is one.
        let is_end = |node: &Node| node.shape == NodeShape::Ends && node.text == THE_END;
        if let Some(way) = self.way_by(at, |_| true, is_end) {
            self.mark(at, &way);
        }
    }

    /// The numbers of the edges by which such a node is reached, over nodes that say nothing; by what
    /// people do rather than by what fails.
    fn way(&self, from: usize, is_it: impl Fn(&Node) -> bool) -> Option<Vec<usize>> {
        let is_done = |edge: &Edge| !edge.labels.is_empty();
        self.way_by(from, is_done, &is_it).or_else(|| self.way_by(from, |_| true, &is_it))
    }

    fn way_by(
        &self,
        from: usize,
        goes: impl Fn(&Edge) -> bool,
        is_it: impl Fn(&Node) -> bool,
    ) -> Option<Vec<usize>> {
        let mut ways = VecDeque::from([Way { at: from, edges: Vec::new() }]);
        while let Some(Way { at, edges: gone }) = ways.pop_front() {
            let edges = self.edges.iter().enumerate();
            let onward = edges.filter(|(_, edge)| edge.from == at && goes(edge));
            for (number, edge) in onward {
                let Some(node) = self.nodes.get(edge.to) else { continue };
                let edges: Vec<usize> = gone.iter().copied().chain([number]).collect();
                if is_it(node) {
                    return Some(edges);
                }
                let says_nothing = node.place.is_none() || node.shape == NodeShape::Requests;
                if says_nothing && edges.len() <= BETWEEN {
                    ways.push_back(Way { at: edge.to, edges });
                }
            }
        }
        None
    }

    /// Marks edges; where the last one leads.
    fn mark(&mut self, from: usize, way: &[usize]) -> usize {
        let mut at = from;
        for number in way {
            if let Some(edge) = self.edges.get_mut(*number) {
                edge.is_gone = true;
                at = edge.to;
            }
        }
        at
    }
}

/// A way from a node.
struct Way {
    at: usize,
    /// The numbers of its edges.
    edges: Vec<usize>,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// A drawing and calls through it: the page of the browser finds them alike.
    const CALLS: &str = include_str!("../../../tests/page/calls-gone.json");

    fn place(text: &Value) -> Option<Place> {
        let (file, line) = text.as_str()?.split_once(':').unwrap();
        Some(Place { file: file.to_owned(), line: line.parse().unwrap() })
    }

    fn node(node: &Value) -> Node {
        let shape = match node["shape"].as_str().unwrap() {
            "start" => NodeShape::Start,
            "asks" => NodeShape::Asks,
            "calls" => NodeShape::Calls,
            "requests" => NodeShape::Requests,
            "ends" => NodeShape::Ends,
            _ => NodeShape::Says,
        };
        let text = node["text"].as_str().unwrap().to_owned();
        Node { text, shape, place: place(&node["place"]), path: Vec::new(), findings: Vec::new() }
    }

    fn edge(edge: &Value) -> Edge {
        let number = |name: &str| edge[name].as_u64().and_then(|it| it.try_into().ok()).unwrap();
        let texts = |name: &str| serde_json::from_value(edge[name].clone()).unwrap();
        Edge {
            from: number("from"),
            to: number("to"),
            labels: texts("labels"),
            asides: texts("asides"),
            ..Edge::default()
        }
    }

    fn spoken(line: &Value) -> SpokenLine {
        match line["place"].as_str() {
            None => SpokenLine::Talk,
            Some(place) => SpokenLine::Line {
                place: place.to_owned(),
                text: line["text"].as_str().unwrap().to_owned(),
            },
        }
    }

    #[test]
    fn a_call_is_found_again_by_its_lines_and_words() {
        let calls: Value = serde_json::from_str(CALLS).unwrap();
        let list = |value: &Value| value.as_array().unwrap().clone();
        let graph = Graph {
            nodes: list(&calls["graph"]["nodes"]).iter().map(node).collect(),
            edges: list(&calls["graph"]["edges"]).iter().map(edge).collect(),
        };
        for call in list(&calls["calls"]) {
            let mut graph = graph.clone();
            let lines: Vec<SpokenLine> = list(&call["lines"]).iter().map(spoken).collect();
            graph.mark_gone(&lines);
            let edges = graph.edges.iter().enumerate();
            let gone: Vec<usize> =
                edges.filter(|(_, edge)| edge.is_gone).map(|(number, _)| number).collect();
            assert_eq!(json!(gone), call["gone"], "{}", call["lines"]);
        }
    }
}
