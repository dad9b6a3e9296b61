// Every way through the script, walked before a caller does: where the call is, where it has been, and what was found.

import { html } from "../html.js";
import { useEffect, useRef, useState } from "../vendor/hooks.js";
import { wayGone } from "../gone.js";
import { ways } from "../server.js";

export function Ways({ call, calls, count, tools }) {
  const [walk, setWalk] = useState(0);
  const [shown, setShown] = useState(null);
  const [chosen, setChosen] = useState(null);
  const picture = useRef(null);
  const script = call?.script ?? null;
  useEffect(() => {
    let isGone = false;
    tools.run(() => ways(script)).then((found) => {
      if (isGone) return;
      setShown(found);
      setChosen(null);
    });
    return () => { isGone = true; };
  }, [script, call?.release, walk]);
  useEffect(() => { if (shown) mark(picture.current, shown.Graph, call, calls); }, [shown, count, call?.isOver, calls.length]);
  if (!shown) return html`<p class="aside">Walking every way through the script …</p>`;
  const click = (event) => {
    const node = event.target.closest?.(".node");
    if (node) setChosen(shown.Graph.nodes[node.dataset.node]);
  };
  return html`
    <section class="ways" aria-label="Ways through the call">
      <p>
        <span>${shown.Calls} calls, ${shown.States} states${shown.Left > 0 ? `; ${shown.Left} not walked to the end` : ""}.</span>
        ${" "}<button type="button" class="small" onClick=${() => setWalk(walk + 1)}>Walk again</button>
      </p>
      ${shown.Findings.filter((finding) => finding.IsError).length > 0 && html`<${Findings} findings=${shown.Findings} tools=${tools} />`}
      ${chosen && html`<${Chosen} node=${chosen} tools=${tools} />`}
      <div class="picture" ref=${picture} onClick=${click} dangerouslySetInnerHTML=${{ __html: shown.Picture }}></div>
    </section>`;
}

function Findings({ findings, tools }) {
  return html`
    <ol class="found" aria-label="Findings">
      ${findings.filter((finding) => finding.IsError).map((finding) => html`
        <li>
          ${finding.Place && html`<button type="button" class="place" onClick=${() => tools.open(finding.Place)}>${finding.Place}</button>`}
          ${" "}${finding.Message} <code>${finding.Kind}</code>
          <span class="aside"> ${finding.Path.join(" › ") || "at once"}</span>
        </li>`)}
    </ol>`;
}

/// The box that was clicked: its line, and what leads there.
function Chosen({ node, tools }) {
  return html`
    <p class="chosen">
      ${node.place && html`<button type="button" class="place" onClick=${() => tools.open(node.place)}>${node.place}</button>`}
      ${" "}${node.text} <span class="aside">Keys: ${node.path.join(" › ") || "none"}</span>
    </p>`;
}

/// Marks the ways of all calls of the page, and the box where the call is that is looked at.
export function mark(picture, graph, call, calls) {
  if (!picture) return;
  const gone = new Set(calls.flatMap((one) => [...wayGone(graph, one).edges]));
  const visited = new Set([...gone].map((number) => graph.edges[number].to));
  const { at } = wayGone(graph, call);
  for (const node of picture.querySelectorAll(".node")) {
    const number = Number(node.dataset.node);
    node.classList.toggle("gone", visited.has(number));
    node.classList.toggle("live", number > 0 && number === at);
  }
  for (const edge of picture.querySelectorAll("path.edge")) {
    const isIt = (number) => graph.edges[number].from === Number(edge.dataset.from) && graph.edges[number].to === Number(edge.dataset.to);
    edge.classList.toggle("gone", [...gone].some(isIt));
  }
}
