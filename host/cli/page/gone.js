// The way that a call has gone, found again in a drawing by the lines that spoke and what they said. It knows no browser.

/// How many nodes that say nothing may stand between two that do.
const BETWEEN = 2;

/// Where a call has gone: the numbers of its edges as a set, and the node where it is.
export function wayGone(graph, call) {
  const edges = new Set();
  // Other actions of an answer stand in the node of the one that waits: what they said, it has too.
  let at = 0, before = [];
  const go = (isIt, find = wayTo) => {
    const saysAll = (node) => isIt(node) && before.every((text) => node.text.includes(text));
    const way = find(graph, at, saysAll) ?? find(graph, at, isIt);
    if (way) before = [];
    for (const number of way ?? []) {
      edges.add(number);
      at = graph.edges[number].to;
    }
    return Boolean(way);
  };
  for (const entry of call?.entries ?? []) {
    if (entry.what === "connects" && entry.leg === "LEG-B") {
      go((node) => !node.place && node.shape === "calls");
    } else if (entry.place && ["hears", "rings", "does"].includes(entry.what)) {
      const text = textOf(entry);
      if (!go((node) => node.place === entry.place && node.text.includes(text))) before.push(text);
    }
  }
  // Nobody says how a call ended: the end itself is one.
  if (call?.isOver) go((node) => node.shape === "ends" && node.text === "the end", (...more) => wayBy(...more, () => true));
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
  return wayBy(graph, from, isIt, (edge) => edge.labels.length > 0) ?? wayBy(graph, from, isIt, () => true);
}

function wayBy(graph, from, isIt, goes) {
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
