// The whole page: the bar, three columns, and what stands over them.

import { html } from "../html.js";
import { useCallback, useEffect, useMemo, useRef, useState } from "../vendor/hooks.js";
import { selectedCall } from "../state.js";
import { splitPlace } from "../words.js";
import { readTranscript } from "../transcript_file.js";
import { Bar } from "./bar.js";
import { Inspector, PANELS } from "./inspector.js";
import { Phones } from "./phones.js";
import { Problems } from "./problems.js";
import { Source, editorLink } from "./source.js";
import { Transcript } from "./transcript.js";
import { Guarded } from "./guarded.js";
import { useKeys } from "./keys.js";

export function App({ state, dispatch }) {
  const call = selectedCall(state);
  const [message, setMessage] = useState(null);
  const [opened, setOpened] = useState(null);
  const [hidden, setHidden] = useState(null);
  const [panel, setPanel] = useState(PANELS[0].name);
  const callNow = useRef(call);
  callNow.current = call;
  const setupNow = useRef(state.setup);
  setupNow.current = state.setup;

  const tools = useMemo(() => ({
    /// Does something that may fail; the page says why.
    run: async (work, done) => {
      try {
        const result = await work();
        // What went wrong before is over.
        setMessage(done ? { text: done(result), isBad: false } : null);
        return result;
      } catch (error) {
        setMessage({ text: error.message, isBad: true });
        return null;
      }
    },
    say: (text, isBad = false) => setMessage({ text, isBad }),
    select: (id) => dispatch([{ kind: "select", data: id }]),
    /// Shows a place of a script, from the release of the call that is looked at.
    open: (place, release) => setOpened({ ...splitPlace(place), release: release ?? callNow.current?.release ?? null }),
    dispatch,
    editorLink: (file, line) => editorLink(setupNow.current, file, line),
  }), [dispatch]);

  useKeys(call, tools);
  useDrop(tools);
  const problems = state.release?.Problems ?? [];
  const isShown = problems.length > 0 && hidden !== state.release;
  const close = useCallback(() => setOpened(null), []);

  return html`
    <${Bar} state=${state} tools=${tools} showProblems=${() => setHidden(null)} />
    <main class=${opened ? "columns has-source" : "columns"}>
      <${Phones} state=${state} tools=${tools} />
      <section class="middle" aria-label="Transcript and script">
        ${isShown && html`<${Problems} release=${state.release} setup=${state.setup} tools=${tools} hide=${() => setHidden(state.release)} />`}
        <${Guarded} key=${call?.id} what="transcript"><${Transcript} state=${state} call=${call} tools=${tools} /></${Guarded}>
        ${opened && html`<${Source} place=${opened} setup=${state.setup} close=${close} tools=${tools} />`}
      </section>
      <${Inspector} call=${call} calls=${state.order.map((id) => state.calls[id])} name=${panel} setName=${setPanel} tools=${tools} />
    </main>
    <div class="message-room" role="status">
      ${message && html`
        <p class=${message.isBad ? "message bad" : "message"}>
          <span>${message.text}</span>
          <button type="button" class="quiet" aria-label="Close the message" onClick=${() => setMessage(null)}>×</button>
        </p>`}
    </div>`;
}

/// A transcript that is dropped on the page is shown as a call.
function useDrop(tools) {
  useEffect(() => {
    const over = (event) => event.preventDefault();
    const drop = (event) => {
      event.preventDefault();
      for (const file of event.dataTransfer?.files ?? []) openTranscript(file, tools);
    };
    document.addEventListener("dragover", over);
    document.addEventListener("drop", drop);
    return () => {
      document.removeEventListener("dragover", over);
      document.removeEventListener("drop", drop);
    };
  }, [tools]);
}

/// Shows a file as a call, read-only.
export async function openTranscript(file, tools) {
  await tools.run(async () => {
    const { call, entries } = readTranscript(await file.text(), file.name);
    tools.dispatch([{ kind: "file", data: { call, entries } }]);
  });
}
