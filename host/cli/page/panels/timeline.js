// The timeline: legs as lanes, prompts, listening, invocations and requests; a click shows what passed.

import { html } from "../html.js";
import { useEffect, useRef, useState } from "../vendor/hooks.js";
import { picture } from "../timeline.js";
import { clock } from "../words.js";
import { Exchange } from "./exchange.js";

const LANE = 34;
const TOP = 18;
const BOTTOM = 14;
const NAMES = { listens: "listens", function: "function", requests: "requests" };

export function Timeline({ call, tools }) {
  const [shown, setShown] = useState(null);
  const scroller = useRef(null);
  const { lanes, bars, gaps, ticks, width } = picture(call);
  const height = TOP + lanes.length * LANE + BOTTOM;
  useEffect(() => {
    if (scroller.current && !call.isOver) scroller.current.scrollLeft = scroller.current.scrollWidth;
  }, [width]);
  const top = (lane) => TOP + lanes.indexOf(lane) * LANE;
  const exchanges = call.entries.filter((entry) => entry.what === "invoked");
  const current = shown ?? exchanges.at(-1);
  const show = (entry) => {
    if (entry?.what === "invoked") setShown(entry);
    else if (entry?.place) tools.open(entry.place);
  };
  /// What leads somewhere is reached by keyboard too.
  const button = (bar) => {
    if (bar.entry?.what !== "invoked") return { onClick: () => show(bar.entry) };
    const keyed = (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      show(bar.entry);
    };
    return { role: "button", tabindex: 0, "aria-label": `${clock(bar.entry.at)} ${bar.label}`, onClick: () => show(bar.entry), onKeyDown: keyed };
  };
  return html`
    <div class="timeline">
      <ul class="lane-names" aria-hidden="true">${lanes.map((lane) => html`<li style=${{ top: `${top(lane)}px` }}>${NAMES[lane] ?? lane}</li>`)}</ul>
      <div class="scroller" ref=${scroller} tabindex="0" role="region" aria-label="Timeline of the call">
        <svg width=${Math.max(width, 200)} height=${height} role="group" aria-label="Lanes">
          ${ticks.map(({ at, px }) => html`<g class="tick"><line x1=${px} x2=${px} y1=${TOP - 4} y2=${height} /><text x=${px + 2} y="11">${clock(at)}</text></g>`)}
          ${gaps.map((gap) => html`<g class="gap"><line x1=${gap.px} x2=${gap.px} y1=${TOP} y2=${height} /><text x=${gap.px} y=${height - 3}>${gap.seconds.toFixed(0)} s</text></g>`)}
          ${bars.map((bar) => html`
            <g class=${`item ${bar.kind}${bar.entry && bar.entry === current ? " current" : ""}`} ...${button(bar)}>
              <rect x=${bar.from} y=${top(bar.lane) + (bar.kind === "leg" ? 12 : 5)} width=${bar.to - bar.from} height=${bar.kind === "leg" ? 10 : 24} rx="2" />
              ${bar.to - bar.from > 40 && bar.kind !== "leg" && html`<text x=${bar.from + 4} y=${top(bar.lane) + 21}>${fitting(bar.label, bar.to - bar.from)}</text>`}
              ${bar.kind === "key" && html`<text class="digit" x=${bar.from + 5} y=${top(bar.lane) + 21}>${bar.label}</text>`}
              <title>${bar.label}</title>
            </g>`)}
        </svg>
      </div>
      <${Exchange} call=${call} entry=${current} all=${exchanges} choose=${setShown} />
    </div>`;
}

/// As much of a label as a bar has room for.
function fitting(text, width) {
  const letters = Math.floor((width - 8) / 6.2);
  return text.length > letters ? `${text.slice(0, Math.max(letters - 1, 0))}…` : text;
}
