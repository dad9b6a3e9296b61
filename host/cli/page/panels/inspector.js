// The right column: panels about the call that is looked at, one at a time. A new panel is one more row of the list.

import { html } from "../html.js";
import { Guarded } from "./guarded.js";
import { Log } from "./log.js";
import { Timeline } from "./timeline.js";
import { Ways } from "./ways.js";

export const PANELS = [
  { name: "timeline", label: "Timeline", Panel: Timeline },
  { name: "log", label: "Log", Panel: Log },
  // It is about the script: there need be no call, and it stays as it is where another call is looked at.
  { name: "ways", label: "Ways", Panel: Ways, isOfScript: true },
];

/// The panel of this name is shown; it stays that one when another call is looked at.
export function Inspector({ call, calls, name, setName, tools }) {
  const { Panel, isOfScript } = PANELS.find((panel) => panel.name === name);
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
        ${call || isOfScript
          ? html`
            <${Guarded} key=${isOfScript ? name : `${name} ${call.id}`} what="inspector">
              <${Panel} call=${call} calls=${calls} count=${call?.entries.length ?? 0} tools=${tools} />
            </${Guarded}>`
          : html`<p class="aside">No call yet.</p>`}
      </div>
    </section>`;
}
