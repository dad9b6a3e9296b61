// The bar: which release answers calls, what has changed, and how the page is doing.

import { html } from "../html.js";
import { useState } from "../vendor/hooks.js";
import { setSound } from "../sound.js";

export function Bar({ state, showProblems }) {
  const { release, setup, isConnected } = state;
  const [isLoud, setLoud] = useState(true);
  const toggle = () => {
    setSound(!isLoud);
    setLoud(!isLoud);
  };
  return html`
    <header class="bar">
      <h1><img src="/page/icon.svg" alt="" width="20" height="20" /> Moonring</h1>
      <p class="release" data-release=${release?.Release ?? ""}>${releaseWords(release)}</p>
      ${release?.Problems?.length > 0 && html`
        <button type="button" class="chip wrong" onClick=${showProblems}>
          ${release.Problems.length === 1 ? "1 problem" : `${release.Problems.length} problems`}
        </button>`}
      <span class="spring"></span>
      ${setup && !setup.Voice && html`
        <span class="chip" title="Install espeak-ng to hear prompts; until then they are silent, and as long as they would be.">no voice: prompts are silent</span>`}
      <button type="button" class="chip" aria-pressed=${isLoud ? "true" : "false"} onClick=${toggle}>${isLoud ? "Sound is on" : "Sound is off"}</button>
      <span class=${isConnected ? "chip good" : "chip wrong"} role="status">${isConnected ? "connected" : "not connected"}</span>
    </header>`;
}

function releaseWords(release) {
  if (!release) return "no release yet";
  const id = (text) => html`<code>${text?.slice(0, 8) ?? "none"}</code>`;
  const changed = release.Changed?.length > 0 ? ` Changed: ${release.Changed.join(", ")}.` : "";
  const when = release.At ? ` Taken at ${new Date(release.At).toLocaleTimeString()}.` : "";
  if (!release.Accepted) {
    return html`<strong>Release ${id(release.Release)} is refused.</strong>${" "}
      ${release.Serving ? html`${id(release.Serving)} answers on.` : "Calls hear an apology."}${changed}${when}`;
  }
  return html`Release ${id(release.Release)} answers new calls.${changed}${when}`;
}
