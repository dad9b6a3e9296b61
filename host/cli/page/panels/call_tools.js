// What can be done with the call that is looked at: again, save, share, faults.

import { html } from "../html.js";
import { useState } from "../vendor/hooks.js";
import { repeatOf } from "../again.js";
import { act, dial, look, wavOf } from "../server.js";
import { dialedBody, remember } from "./dial.js";

export function CallTools({ state, call, tools }) {
  const serving = state.release?.Serving;
  const isOlder = call.release && serving && call.release !== serving;
  return html`
    <header class="call-tools">
      <h2>${call.isFile ? call.name : `Call ${call.number}`}: ${call.from || "nobody"} → ${call.to}</h2>
      <p class="aside">
        ${call.isFile ? "a transcript, read-only" : call.isOver ? "over" : "in progress"}${call.script ? `, script ${call.script}` : ""}
        ${call.release && html`, release <code>${call.release.slice(0, 8)}</code>`}
        ${isOlder && !call.isOver && html`<strong class="older"> It keeps this release; new calls have a newer one.</strong>`}
      </p>
      ${!call.isFile && html`
        <div class="buttons">
          <button type="button" onClick=${() => again(state, call, tools)}>Call again with the same keys</button>
          ${!call.isOver && html`<${Faults} setup=${state.setup} call=${call} tools=${tools} />`}
          ${call.isOver && html`<${SaveTest} call=${call} tools=${tools} />`}
          <button type="button" onClick=${() => share(call, tools)}>Share</button>
          <a class="button" href=${wavOf(call.id)} download=${`call-${call.number}.wav`}>WAV</a>
        </div>`}
    </header>`;
}

/// Everybody does again what they did, with the scripts of now.
async function again(state, call, tools) {
  const body = repeatOf(call, dialedBody(call.id));
  const made = await tools.run(() => dial(body));
  if (!made) return;
  remember(made.TransactionId, body);
  tools.dispatch([
    { kind: "repeats", data: { call: made.TransactionId, of: call.id } },
    { kind: "select", data: made.TransactionId },
  ]);
}

/// The transcript as a file, for `moonring replay` and for other people's pages.
async function share(call, tools) {
  await tools.run(async () => {
    const { Transcript: transcript } = await look(call.id);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([`${JSON.stringify(transcript, null, 2)}\n`], { type: "application/json" }));
    link.download = `call-${call.number}.json`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  });
}

function SaveTest({ call, tools }) {
  const [name, setName] = useState("");
  const save = (event) => {
    event.preventDefault();
    tools.run(() => act(call.id, "save-test", { Name: name }), (saved) => `Saved in ${saved.File}. Run it with: ${saved.Command}`);
  };
  return html`
    <details class="menu">
      <summary>Save as test</summary>
      <form onSubmit=${save}>
        <label>Name of the test <input required value=${name} onInput=${(event) => setName(event.target.value)} /></label>
        <button type="submit">Save</button>
      </form>
    </details>`;
}

/// Each fault leaves a mark in the transcript.
const FAULTS = [
  ["action_fails", "Fail the next action", "The next action of the script fails with SystemException."],
  ["late", "Be 6 s late", "The next answer comes 6 s late; the service waits for 5 s and asks again."],
  ["twice", "Deliver twice", "The next event is delivered a second time."],
  ["cold", "Cold process now", "The next event finds a process that knows nothing of the call."],
];

function Faults({ setup, call, tools }) {
  const [isGone, setGone] = useState(false);
  const fault = (name) => tools.run(() => act(call.id, "fault", { Fault: name }));
  const toggle = async () => {
    if (await fault(isGone ? "s3_back" : "s3_gone")) setGone(!isGone);
  };
  return html`
    <details class="menu faults">
      <summary>Faults</summary>
      <div>
        ${FAULTS.map(([name, label, title]) => html`<button type="button" title=${title} onClick=${() => fault(name)}>${label}</button>`)}
        ${setup?.CanLoseSource && html`
          <button type="button" aria-pressed=${isGone ? "true" : "false"} title="The place of the scripts is out of reach: the last good release answers." onClick=${toggle}>
            ${isGone ? "S3 is back" : "S3 gone"}
          </button>`}
      </div>
    </details>`;
}
