// What is wrong with the scripts as they were saved last.

import { html } from "../html.js";
import { editorLink } from "./source.js";

export function Problems({ release, setup, tools, hide }) {
  const title = release.Accepted ? "Problems in the scripts" : "This release is refused";
  const after = release.Accepted
    ? "New calls use this release, and may run into them."
    : release.Serving ? "The last good release keeps answering." : "Callers hear an apology until it loads.";
  return html`
    <section class="problems" role="alert" aria-label="Problems">
      <header>
        <h2>${title}</h2>
        <button type="button" class="quiet" aria-label="Hide the problems" onClick=${hide}>×</button>
      </header>
      <p>${after}</p>
      <ol>
        ${release.Problems.map((problem) => html`
          <li>
            ${problem.Line && /\.luau?$/.test(problem.File)
              ? html`<button type="button" class="place" onClick=${() => tools.open(`${problem.File}:${problem.Line}`, release.Release)}>${problem.File}:${problem.Line}</button>`
              : html`<strong>${problem.File}${problem.Line ? `:${problem.Line}` : ""}</strong>`}
            ${" "}<a class="editor" href=${editorLink(setup, problem.File, problem.Line ?? 1)}>edit</a>
            <p>${problem.Message}${problem.Code && problem.Code !== "load" ? html` <code>${problem.Code}</code>` : ""}</p>
          </li>`)}
      </ol>
    </section>`;
}
