// One invocation: the event and the answer side by side, and what travels with the call, in words.

import { html } from "../html.js";
import { useEffect, useState } from "../vendor/hooks.js";
import { kept } from "../server.js";
import { actionNames, clock, eventName } from "../words.js";

export function Exchange({ call, entry, all, choose }) {
  if (!entry) return html`<p class="aside">The function has not been invoked yet.</p>`;
  const index = call.entries.indexOf(entry);
  const answer = call.entries.slice(index + 1).find((next) => next.what === "answered" || next.what === "not_answered");
  const at = all.indexOf(entry);
  return html`
    <section class="exchange" aria-label="Event and answer">
      <header>
        <button type="button" class="small" disabled=${at <= 0} onClick=${() => choose(all[at - 1])} aria-label="Earlier event">←</button>
        <h3>${clock(entry.at)} ${eventName(entry.event)}${entry.attempt > 1 ? `, attempt ${entry.attempt}` : ""}</h3>
        <button type="button" class="small" disabled=${at >= all.length - 1} onClick=${() => choose(all[at + 1])} aria-label="Later event">→</button>
      </header>
      <div class="pair">
        <figure><figcaption>Event</figcaption><${Json} value=${entry.event} /></figure>
        <figure>
          <figcaption>Answer${answer ? `: ${answerName(answer)}` : ""}</figcaption>
          ${answer ? html`<${Json} value=${answer.answer ?? answer.why} />` : html`<p class="aside">not yet</p>`}
        </figure>
      </div>
      ${!call.isFile && answer && html`<${Kept} call=${call.id} entry=${answer.entry} />`}
    </section>`;
}

function answerName(answer) {
  if (answer.what === "not_answered") return "none";
  return actionNames(answer.answer).join(", ") || "no actions";
}

function Json({ value }) {
  return html`<pre tabindex="0">${typeof value === "string" ? value : JSON.stringify(value, null, 2)}</pre>`;
}

/// What the next cold process would replay.
function Kept({ call, entry }) {
  const [told, setTold] = useState(null);
  useEffect(() => {
    let isGone = false;
    kept(call, entry).then((found) => { if (!isGone) setTold(found); }, () => { if (!isGone) setTold(null); });
    return () => { isGone = true; };
  }, [call, entry]);
  if (!told?.Release && !told?.Journal) return null;
  const { Journal: journal } = told;
  return html`
    <section class="kept" aria-label="What travels with the call">
      <h3>What travels with the call</h3>
      <p>Release <code>${told.Release?.slice(0, 8) ?? "?"}</code>${told.Alias ? ` of ${told.Alias}` : ""}${told.Script ? `, script ${told.Script}` : ""}.</p>
      ${journal && (journal.Elsewhere
        ? html`<p>Its journal of steps is stored in the bucket of MOONRING_STATE.</p>`
        : html`
          <p>${journal.Steps.length === 0 ? "No step has ended yet." : "A process that starts now replays these steps, without doing anything twice:"}</p>
          <ol>${journal.Steps.map((step) => html`<li><code>${step.Step}</code> → ${step.Result}</li>`)}</ol>
          <p>${waits(journal)} The journal has ${journal.Characters} characters.</p>`)}
    </section>`;
}

function waits({ Failed: hasFailed, WaitsAt: at }) {
  if (hasFailed) return "The flow has failed.";
  if (!at) return "";
  return at.startsWith("call:") ? html`Then it waits in <code>${at}</code>.` : `Then it waits at ${at}.`;
}
