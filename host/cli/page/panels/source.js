// The script beside the transcript, at a line, as it was in the release of the call.

import { html } from "../html.js";
import { useEffect, useRef, useState } from "../vendor/hooks.js";
import { highlight } from "../highlight.js";
import { source } from "../server.js";

/// The link that opens a line in the author's editor.
export function editorLink(setup, file, line) {
  if (!setup?.Editor || !setup.Folder) return null;
  const path = `${setup.Folder}/${file}`.split("/").map(encodeURIComponent).join("/");
  return setup.Editor.replace("{path}", path.replace(/^\//, "")).replace("{line}", line);
}

export function Source({ place, setup, close, tools }) {
  const { file, line, release } = place;
  const [shown, setShown] = useState(null);
  const current = useRef(null);
  useEffect(() => {
    let isGone = false;
    tools.run(() => source(file, release)).then((found) => {
      if (!isGone) setShown(found ? { ...found, lines: highlight(found.Text) } : null);
    });
    return () => { isGone = true; };
  }, [file, release]);
  useEffect(() => { current.current?.scrollIntoView({ block: "center" }); }, [shown, line]);
  const isNewer = shown && release && shown.Release !== release;
  return html`
    <section class="source" aria-label="Script">
      <header>
        <h2>${file}:${line}</h2>
        ${shown && html`<span class="aside">release <code>${shown.Release.slice(0, 8)}</code>${isNewer ? ", newer than the call" : ""}</span>`}
        <span class="spring"></span>
        <a class="editor" href=${editorLink(setup, file, line)}>Open in editor</a>
        <button type="button" class="quiet" aria-label="Close the script" onClick=${close}>×</button>
      </header>
      <div class="code" tabindex="0" role="region" aria-label=${`Text of ${file}`}>
        <pre>${shown?.lines.map((tokens, index) => html`
          <div key=${index} class=${index + 1 === line ? "current" : ""} ref=${index + 1 === line ? current : null} aria-current=${index + 1 === line ? "true" : null}><span class="line-number">${index + 1}</span>${tokens.map(({ kind, text }) => html`<span class=${`lua-${kind}`}>${text}</span>`)}</div>`)}</pre>
      </div>
    </section>`;
}
