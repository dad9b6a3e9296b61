// Dialing: somebody calls the scripts, or the scripts call somebody.

import { html } from "../html.js";
import { useState } from "../vendor/hooks.js";
import { dial } from "../server.js";

/// Lines such as `name=value` as an object; null where there are none.
export function pairs(text) {
  const lines = text.split("\n").map((line) => line.trim()).filter(Boolean);
  for (const line of lines) if (!line.includes("=")) throw new Error(`${line}: wanted NAME=VALUE`);
  const found = lines.map((line) => [line.slice(0, line.indexOf("=")).trim(), line.slice(line.indexOf("=") + 1).trim()]);
  return found.length > 0 ? Object.fromEntries(found) : null;
}

async function make(body, tools) {
  const made = await tools.run(() => dial(body));
  if (!made) return;
  tools.select(made.TransactionId);
}

export function Dial({ setup, tools }) {
  const [from, setFrom] = useState(null);
  const [to, setTo] = useState(null);
  const [script, setScript] = useState("");
  const [callee, setCallee] = useState("ignore");
  const [more, setMore] = useState({ headers: "", at: "", zone: "", host: "", keys: "" });
  const change = (name) => (event) => setMore({ ...more, [name]: event.target.value });
  const call = async (event) => {
    event.preventDefault();
    await tools.run(async () => {
      const body = { From: from ?? setup.From, To: to ?? setup.Numbers[0] ?? "", Callee: callee };
      if (script) body.Script = script;
      const headers = pairs(more.headers);
      if (headers) body.SipHeaders = headers;
      if (more.at) body.At = more.at;
      if (more.zone) body.Zone = more.zone;
      if (more.host) body.Host = more.host;
      if (more.keys) body.Keys = more.keys;
      await make(body, tools);
    });
  };
  return html`
    <form class="dial" onSubmit=${call} aria-label="Dial">
      <label>From <input name="from" autocomplete="off" value=${from ?? setup?.From ?? ""} onInput=${(event) => setFrom(event.target.value)} /></label>
      <label>To
        <input name="to" list="numbers" autocomplete="off" value=${to ?? setup?.Numbers[0] ?? ""} onInput=${(event) => setTo(event.target.value)} />
        <datalist id="numbers">${setup?.Numbers.map((number) => html`<option value=${number} />`)}</datalist>
      </label>
      <button type="submit" class="primary" disabled=${!setup}>Call</button>
      <details>
        <summary>More</summary>
        ${setup?.Scripts.length > 0 && html`
          <label>Script
            <select value=${script} onChange=${(event) => setScript(event.target.value)}>
              <option value="">as the routes say</option>
              ${setup.Scripts.map((name) => html`<option value=${name}>${name}</option>`)}
            </select>
          </label>`}
        <label>Callees
          <select value=${callee} onChange=${(event) => setCallee(event.target.value)}>
            <option value="ignore">ring until you answer here</option>
            <option value="answer">answer after 3 s</option>
            <option value="busy">are busy</option>
          </select>
        </label>
        <label>Clock <input placeholder="2026-12-25 09:00" value=${more.at} onInput=${change("at")} /></label>
        <label>Time zone <input placeholder="America/Los_Angeles" value=${more.zone} onInput=${change("zone")} /></label>
        <label>SIP headers <textarea rows="2" placeholder="X-Account=17" value=${more.headers} onInput=${change("headers")}></textarea></label>
        <label>Voice Connector host <input value=${more.host} onInput=${change("host")} /></label>
        <label>Keys to press <input placeholder="1234# wait 5 hangup" value=${more.keys} onInput=${change("keys")} /></label>
      </details>
    </form>`;
}

/// The scripts call somebody, as CreateSipMediaApplicationCall does.
export function Outbound({ setup, tools }) {
  const [to, setTo] = useState("+12065550142");
  const [from, setFrom] = useState("");
  const [given, setGiven] = useState("");
  const call = (event) => {
    event.preventDefault();
    tools.run(async () => {
      const body = { From: from || setup.Numbers[0], To: to, Outbound: true, Pickup: "never", Callee: "ignore" };
      const named = pairs(given);
      if (named) body.Arguments = named;
      await make(body, tools);
    });
  };
  return html`
    <details class="outbound">
      <summary>Have the scripts call somebody</summary>
      <form onSubmit=${call} aria-label="Outbound call">
        <label>To <input value=${to} onInput=${(event) => setTo(event.target.value)} /></label>
        <label>From
          <select value=${from} onChange=${(event) => setFrom(event.target.value)}>${setup?.Numbers.map((number) => html`<option value=${number}>${number}</option>`)}</select>
        </label>
        <label>Arguments <textarea rows="2" placeholder="room=blue" value=${given} onInput=${(event) => setGiven(event.target.value)}></textarea></label>
        <button type="submit" disabled=${!setup}>Make the call</button>
      </form>
    </details>`;
}
