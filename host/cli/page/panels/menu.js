// A button that opens a few controls below it; Escape closes them.

import { html } from "../html.js";

export function Menu({ label, children }) {
  const close = (event) => {
    if (event.key !== "Escape") return;
    event.currentTarget.open = false;
    event.currentTarget.querySelector("summary").focus();
  };
  return html`<details class="menu" onKeyDown=${close}><summary>${label}</summary>${children}</details>`;
}
