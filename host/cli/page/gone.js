// The way that a call has gone, found again in a drawing by the lines that spoke and what they said. It knows no browser.

/// How many nodes that say nothing may stand between two that do.
const BETWEEN = 2;

/// Where a call has gone: the numbers of its edges as a set, and the node where it is.
export function wayGone(graph, call) {
  const edges = new Set();
  let at = 0;
  const go = (isIt) => {
    const way = wayTo(graph, at, isIt);
    for (const number of way ?? []) {
      edges.add(number);
      at = graph.edges[number].to;
    }
  };
  for (const entry of call?.entries ?? []) {
    if (entry.what === "connects" && entry.leg === "LEG-B") {
      go((node) => !node.place && node.shape === "calls");
    } else if (entry.place && ["hears", "rings", "does"].includes(entry.what)) {
      const text = textOf(entry);
      // Other actions of an answer stand in the node of the one that waits.
      go((node) => node.place === entry.place && node.text.includes(text));
    }
  }
  if (call?.isOver) go((node) => node.shape === "ends");
  return { edges, at };
}

function textOf(entry) {
  // s3://bucket/key: a drawing has the key.
  if (entry.file) return /\/\d{4}\/\d\d\/\d\d\/[^/]+$/.test(entry.file) ? "a recording" : entry.file.replace(/^s3:\/\/[^/]*\//, "");
  return entry.text ?? entry.to ?? "";
}

/// The numbers of the edges by which such a node is reached, over nodes that say nothing; by what people do rather than
/// by what fails.
function wayTo(graph, from, isIt) {
  return wayBy(graph, from, (edge) => edge.labels.length > 0, isIt) ?? wayBy(graph, from, () => true, isIt);
}

function wayBy(graph, from, goes, isIt) {
  const ways = [{ at: from, edges: [] }];
  while (ways.length > 0) {
    const way = ways.shift();
    for (const [number, edge] of graph.edges.entries()) {
      if (edge.from !== way.at || !goes(edge)) continue;
      const edges = [...way.edges, number];
      const node = graph.nodes[edge.to];
      if (isIt(node)) return edges;
      const saysNothing = !node.place || node.shape === "requests";
      if (saysNothing && edges.length <= BETWEEN) ways.push({ at: edge.to, edges });
    }
  }
  return null;
}
