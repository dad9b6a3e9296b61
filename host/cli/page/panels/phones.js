// Telephones: a card for each party of the calls in progress, the calls that are over, and dialing.

import { html } from "../html.js";
import { inProgress } from "../state.js";
import { Dial, Outbound } from "./dial.js";
import { Phone } from "./phone.js";
import { UpdateForm } from "./update_form.js";

export function Phones({ state, tools }) {
  const calls = inProgress(state);
  const over = state.order.map((id) => state.calls[id]).filter((call) => call.isOver).reverse();
  return html`
    <section class="phones" aria-label="Telephones">
      <${Dial} setup=${state.setup} tools=${tools} />
      <${Outbound} setup=${state.setup} tools=${tools} />
      <div class="calls">${calls.map((call) => html`
        <section key=${call.id} class=${call.id === state.selected ? "call selected" : "call"} aria-label=${`Call ${call.number}`}>
          <button type="button" class="call-name" aria-pressed=${call.id === state.selected ? "true" : "false"} onClick=${() => tools.select(call.id)}>
            Call ${call.number}: ${call.from || "nobody"} → ${call.to}
          </button>
          ${call.legs.map((leg, index) => html`<${Phone} key=${index} call=${call} leg=${leg} tools=${tools} />`)}
          ${call.id === state.selected && html`<${UpdateForm} call=${call} tools=${tools} />`}
        </section>`)}</div>
      ${over.length > 0 && html`
        <section class="over-calls" aria-label="Finished calls">
          <h2>Finished calls</h2>
          <ul>
            ${over.map((call) => html`
              <li key=${call.id}>
                <button type="button" class="call-name" aria-pressed=${call.id === state.selected ? "true" : "false"} onClick=${() => tools.select(call.id)}>
                  ${call.isFile ? call.name : `Call ${call.number}: ${call.from || "nobody"} → ${call.to}`}
                </button>
              </li>`)}
          </ul>
        </section>`}
    </section>`;
}
