// What can be done with the call that is looked at: again, save, share, faults.

import { html } from "../html.js";
import { useState } from "../vendor/hooks.js";
import { act, again, look, wavOf } from "../server.js";
import { Menu } from "./menu.js";

export function CallTools({ state, call, tools }) {
  const serving = state.release?.Serving;
  const isOlder = call.release && serving && call.release !== serving;
  return html`
    <header class="call-tools">
      <h2>${call.isFile ? call.name : `Call ${call.number}`}: ${call.from || "nobody"} → ${call.to}</h2>
      <p class="aside">
        ${call.isFile ? "a transcript, read-only" : call.isOver ? "over" : "in progress"}${call.script ? `, script ${call.script}` : ""}
        ${call.release && html`, release <code>${call.release.slice(0, 8)}</code>`}
        ${isOlder && !call.isOver && html`<strong class="older"> It began with this release; new calls have a newer one.</strong>`}
      </p>
      ${!call.isFile && html`
        <div class="buttons">
          <button type="button" onClick=${() => makeAgain(call, tools)}>Call again with the same keys</button>
          ${!call.isOver && html`<${Faults} state=${state} call=${call} tools=${tools} />`}
          ${call.isOver && html`<${SaveTest} call=${call} tools=${tools} />`}
          <button type="button" onClick=${() => share(call, tools)}>Share</button>
          <a class="button" href=${wavOf(call.id)} download=${`call-${call.number}.wav`}>WAV</a>
        </div>`}
    </header>`;
}

/// Everybody does again what they did, with the scripts of now.
async function makeAgain(call, tools) {
  const made = await tools.run(() => again(call.id));
  if (!made) return;
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
  const hasSecret = call.entries.some((entry) => entry.what === "presses" && entry.digit === "•");
  const save = (event) => {
    event.preventDefault();
    tools.run(() => act(call.id, "save-test", { Name: name }), (saved) => `Saved in ${saved.File}. Run it with: ${saved.Command}`);
    event.target.closest("details").open = false;
  };
  return html`
    <${Menu} label="Save as test">
      <form onSubmit=${save}>
        <label>Name of the test <input required maxlength="120" value=${name} onInput=${(event) => setName(event.target.value)} /></label>
        ${hasSecret && html`<p class="hint">The test will have the digits that were typed in confidence, in plain text.</p>`}
        <button type="submit">Save</button>
      </form>
    </${Menu}>`;
}

/// Each fault leaves a mark in the transcript.
const FAULTS = [
  ["action_fails", "Fail the next action", "The next action of the script fails with SystemException."],
  ["late", "Delay the next answer by 6 s", "The service waits for 5 s, and sends the event again."],
  ["twice", "Deliver the next event twice", "The service does so now and then."],
  ["cold", "Use a new process", "The next event finds a process that knows nothing of the call."],
];

function Faults({ state, call, tools }) {
  const fault = (name) => tools.run(() => act(call.id, "fault", { Fault: name }));
  const isGone = state.isSourceGone;
  const canBeGone = typeof state.setup?.SourceGone === "boolean";
  return html`
    <${Menu} label="Faults">
      <div>
        ${FAULTS.map(([name, label, title]) => html`<button type="button" title=${title} onClick=${() => fault(name)}>${label}</button>`)}
        ${canBeGone && html`
          <button type="button" title="The place of the scripts is out of reach: the last good release answers." onClick=${() => fault(isGone ? "s3_back" : "s3_gone")}>
            ${isGone ? "Bring S3 back" : "Take S3 away"}
          </button>`}
      </div>
    </${Menu}>`;
}
