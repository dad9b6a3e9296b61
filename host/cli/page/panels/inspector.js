// The right column: panels about the call that is looked at, one at a time. A new panel is one more row of the list.

import { html } from "../html.js";
import { useState } from "../vendor/hooks.js";
import { Log } from "./log.js";
import { Timeline } from "./timeline.js";
import { Ways } from "./ways.js";

const PANELS = [
  { name: "timeline", label: "Timeline", Panel: Timeline },
  { name: "log", label: "Log", Panel: Log },
  // It is about the script: there need be no call.
  { name: "ways", label: "Ways", Panel: Ways, needsNoCall: true },
];

export function Inspector({ call, tools }) {
  const [name, setName] = useState(PANELS[0].name);
  const { Panel, needsNoCall } = PANELS.find((panel) => panel.name === name);
  const move = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const index = PANELS.findIndex((panel) => panel.name === name);
    const next = PANELS[(index + step + PANELS.length) % PANELS.length];
    setName(next.name);
    event.currentTarget.querySelector(`#tab-${next.name}`)?.focus();
  };
  return html`
    <section class="inspector" aria-label="Inspector">
      <div class="tabs" role="tablist" aria-label="Inspector" onKeyDown=${move}>
        ${PANELS.map((panel) => html`
          <button type="button" role="tab" id=${`tab-${panel.name}`} aria-controls=${`panel-${panel.name}`} aria-selected=${panel.name === name ? "true" : "false"}
            tabindex=${panel.name === name ? 0 : -1} onClick=${() => setName(panel.name)}>${panel.label}</button>`)}
      </div>
      <div class="panel" role="tabpanel" id=${`panel-${name}`} aria-labelledby=${`tab-${name}`}>
        ${call || needsNoCall
          ? html`<${Panel} key=${call?.id} call=${call} count=${call?.entries.length ?? 0} tools=${tools} />`
          : html`<p class="aside">No call yet.</p>`}
      </div>
    </section>`;
}
