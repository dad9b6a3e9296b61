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
      <p class="release" data-release=${release?.Release ?? ""}>${releaseWords(release, setup)}</p>
      ${release?.Problems?.length > 0 && html`
        <button type="button" class="chip wrong" onClick=${showProblems}>
          ${release.Problems.length === 1 ? "1 problem" : `${release.Problems.length} problems`}
        </button>`}
      <span class="spring"></span>
      ${state.isSourceGone && html`<span class="chip wrong">S3 is out of reach</span>`}
      ${setup?.Voice === false && html`
        <span class="chip" title="Install espeak-ng to hear prompts; until then they are silent, and as long as they would be.">no voice: prompts are silent</span>`}
      <button type="button" class="chip" aria-pressed=${isLoud ? "true" : "false"} onClick=${toggle}>${isLoud ? "Sound is on" : "Sound is off"}</button>
      <span class=${isConnected ? "chip good" : "chip wrong"} role="status">${isConnected ? "connected" : "not connected"}</span>
    </header>`;
}

function releaseWords(release, setup) {
  if (!release) return setup?.Folder ? "The scripts are being loaded." : "";
  const id = (text) => html`<code>${text?.slice(0, 8) ?? "none"}</code>`;
  const changed = release.Changed?.length > 0 ? ` Changed: ${release.Changed.join(", ")}.` : "";
  const when = release.At ? ` Loaded at ${new Date(release.At).toLocaleTimeString()}.` : "";
  if (!release.Accepted) {
    return html`<strong>Release ${id(release.Release)} is refused.</strong>${" "}
      ${release.Serving ? html`${id(release.Serving)} keeps answering.` : "Callers hear an apology."}${changed}${when}`;
  }
  return html`Release ${id(release.Release)} answers new calls.${changed}${when}`;
}
