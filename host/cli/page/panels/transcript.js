// The transcript of a call: a line for each thing that happens, with the line of the script behind it.

import { Component } from "../vendor/preact.js";
import { html } from "../html.js";
import { useEffect, useRef } from "../vendor/hooks.js";
import { firstDifference } from "../again.js";
import { playBack } from "../sound.js";
import { clock, linesOf, splitPlace } from "../words.js";
import { CallTools } from "./call_tools.js";

export function Transcript({ state, call, tools }) {
  const list = useRef(null);
  const isAtEnd = useRef(true);
  const count = call?.entries.length ?? 0;
  useEffect(() => { isAtEnd.current = true; }, [call?.id]);
  useEffect(() => {
    if (list.current && isAtEnd.current) list.current.scrollTop = list.current.scrollHeight;
  }, [count, call?.id]);
  if (!call) {
    return html`
      <section class="transcript empty" aria-label="Transcript">
        <h2>Make a call</h2>
        <p>Dial on the left. What the caller hears stands here, each line with the line of the script behind it.</p>
        <p>Save a script: the next call has the change. Drop a transcript on the page to look at it.</p>
      </section>`;
  }
  const earlier = state.calls[state.repeats[call.id]];
  const difference = earlier ? firstDifference(call, earlier) : null;
  const scrolled = ({ target }) => {
    isAtEnd.current = target.scrollHeight - target.scrollTop - target.clientHeight < 40;
  };
  return html`
    <section class="transcript" aria-label="Transcript">
      <${CallTools} state=${state} call=${call} tools=${tools} />
      <div class="lines" ref=${list} onScroll=${scrolled} role="log" aria-label="What happens in the call" tabindex="0"><ol>
        ${call.entries.map((entry, index) => html`
          <${Entry} key=${index} entry=${entry} call=${call.id} tools=${tools} before=${difference?.entry === entry ? difference.before : undefined} />`)}
        ${call.isOver && html`<li class="line plain over">${call.isFile ? "The transcript ends here." : call.why ?? "The call is over."}</li>`}
      </ol></div>
      ${earlier && html`<p class="compared">${comparison(call, earlier, difference)}</p>`}
    </section>`;
}

/// A place of a script: shown beside the transcript, or opened in the editor.
function Place({ place, tools }) {
  const { file, line } = splitPlace(place);
  const link = tools.editorLink(file, line);
  return html`
    <span class="where">
      <button type="button" class="place" onClick=${() => tools.open(place)}>${place}</button>
      ${link && html`<a class="edit" href=${link} title="Open in editor" aria-label=${`Open ${place} in editor`}>✎</a>`}
    </span>`;
}

function comparison(call, earlier, difference) {
  if (difference) return `The first difference from call ${earlier.number} is marked.`;
  return call.isOver ? `Everybody hears the same as in call ${earlier.number}.` : `So far the same as call ${earlier.number}.`;
}

/// An entry never changes: it is drawn again only where the mark of a difference comes to it.
class Entry extends Component {
  shouldComponentUpdate(next) {
    return next.entry !== this.props.entry || next.before !== this.props.before || next.call !== this.props.call;
  }

  render({ entry, call, tools, before }) {
    return linesOf(entry).map((line) => html`<${Line} line=${line} entry=${entry} call=${call} tools=${tools} before=${before} />`);
  }
}

function Line({ line, entry, call, tools, before }) {
  const isDifferent = before !== undefined;
  return html`
    <li class=${`line ${line.tone}${isDifferent ? " different" : ""}`}>
      <span class="at">${clock(entry.at ?? 0)}</span>
      <span class="who">${line.who}</span>
      <span class="what">
        ${line.text}
        ${line.extra === "fallback" && html`<em class="hint"> The caller hears the fallback.</em>`}
        ${line.extra === "play" && html` <button type="button" class="small" onClick=${() => playBack({ id: call }, entry)}>Play</button>`}
        ${line.detail && html`<details><summary>Request and reply</summary><pre>${JSON.stringify(line.detail, null, 2)}</pre></details>`}
        ${isDifferent && html`<em class="hint"> Before: ${before ? linesOf(before).map((one) => `${one.who} ${one.text}`).join("; ") : "nothing"}.</em>`}
      </span>
      ${line.place && html`<${Place} place=${line.place} tools=${tools} />`}
    </li>`;
}
