// The log: what the script logs, what the service logs, and what goes wrong.

import { html } from "../html.js";
import { clock, linesOf } from "../words.js";

const LOGGED = ["script_logs", "logs", "warns", "fails", "not_answered"];

export function Log({ call, tools }) {
  const entries = call.entries.filter((entry) => LOGGED.includes(entry.what));
  if (entries.length === 0) return html`<p class="aside">Nothing is logged yet. Scripts write here with <code>log.info("…")</code>.</p>`;
  return html`
    <ol class="lines" tabindex="0" aria-label="Log">
      ${entries.flatMap((entry) => linesOf(entry).map((line) => html`
        <li class=${`line ${line.tone}`}>
          <span class="at">${clock(entry.at)}</span>
          <span class="what">${line.text}</span>
          ${line.place && html`<button type="button" class="place" onClick=${() => tools.open(line.place)}>${line.place}</button>`}
        </li>`))}
    </ol>`;
}
