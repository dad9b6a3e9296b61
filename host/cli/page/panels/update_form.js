// An update of a call in progress, as UpdateSipMediaApplicationCall sends it.

import { html } from "../html.js";
import { useState } from "../vendor/hooks.js";
import { act } from "../server.js";
import { pairs } from "./dial.js";

export function UpdateForm({ call, tools }) {
  const [text, setText] = useState("");
  const update = (event) => {
    event.preventDefault();
    tools.run(() => act(call.id, "update", { Arguments: pairs(text) ?? {} }));
  };
  return html`
    <details class="update">
      <summary>Update the call</summary>
      <form onSubmit=${update}>
        <label>Arguments <textarea rows="2" placeholder="agent=+12065550101" value=${text} onInput=${(event) => setText(event.target.value)}></textarea></label>
        <button type="submit">Send the update</button>
      </form>
    </details>`;
}
