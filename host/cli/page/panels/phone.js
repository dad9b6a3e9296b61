// One telephone: who has it, what it does, its keys.

import { html } from "../html.js";
import { useEffect, useRef, useState } from "../vendor/hooks.js";
import { act } from "../server.js";
import { speakInto } from "../microphone.js";
import { Menu } from "./menu.js";
import { press } from "./keys.js";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];
const LETTERS = ["A", "B", "C", "D"];
/// Names that screen readers say.
const SPOKEN = { "*": "star", "#": "pound" };

export function Phone({ call, leg, tools }) {
  const [isIgnored, setIgnored] = useState(false);
  const verb = (name, body = {}) => () => tools.run(() => act(call.id, name, body));
  // Those who have left stay in the transcript.
  if (leg.until !== null) return null;
  const isRinging = leg.status === "ringing" || leg.status === "dialled";
  return html`
    <article class=${`phone ${leg.status}`} aria-label=${`${leg.role} ${leg.number}`}>
      <h3>${leg.role} <span class="number">${leg.number || "without a number"}</span></h3>
      <p class="status" role="status">${isIgnored && isRinging ? "keeps ringing" : leg.status}</p>
      ${isRinging
        ? html`
          <div class="buttons">
            <button type="button" class="primary" onClick=${verb("answer")}>Answer</button>
            <button type="button" onClick=${verb("decline")}>Busy</button>
            <button type="button" onClick=${() => setIgnored(true)} disabled=${isIgnored}>Ignore</button>
          </div>`
        : html`
          <${Keypad} call=${call} leg=${leg} tools=${tools} />
          <div class="buttons">
            <${Talk} call=${call} leg=${leg} tools=${tools} />
            <button type="button" class="danger" onClick=${verb("hang-up", { Leg: leg.tag })}>Hang up</button>
          </div>`}
    </article>`;
}

function Keypad({ call, leg, tools }) {
  const silence = useRef(() => {});
  const down = (key) => (event) => {
    if (event.button) return;
    silence.current();
    silence.current = press(call, leg.tag, key, tools);
  };
  const up = () => {
    silence.current();
    silence.current = () => {};
  };
  // Enter and space click a button without touching it.
  const click = (key) => (event) => {
    if (event.detail === 0) press(call, leg.tag, key, tools)();
  };
  // A key that is held is pressed once.
  const once = (event) => {
    if (event.repeat) event.preventDefault();
  };
  const key = (name) => html`
    <button type="button" class="key" aria-label=${`Key ${SPOKEN[name] ?? name}`} onPointerDown=${down(name)} onPointerUp=${up} onPointerLeave=${up} onKeyDown=${once} onClick=${click(name)}>${name}</button>`;
  return html`
    <div class="keypad" role="group" aria-label="Keys">${KEYS.map(key)}</div>
    <details class="letters"><summary>A to D</summary><div class="keypad" role="group" aria-label="Keys A to D">${LETTERS.map(key)}</div></details>`;
}

/// Talks: into the microphone while the button is held, for some seconds, or in words to a bot.
function Talk({ call, leg, tools }) {
  const [isOn, setOn] = useState(false);
  const [words, setWords] = useState("");
  const running = useRef(null);
  const end = () => {
    running.current?.();
    running.current = null;
    setOn(false);
  };
  // Who leaves the line, speaks no more.
  useEffect(() => () => running.current?.(), []);
  const failed = (error) => {
    end();
    tools.say(error.message, true);
  };
  const speak = async () => {
    if (running.current) return end();
    running.current = await tools.run(() => speakInto(call.id, leg.tag, failed));
    setOn(Boolean(running.current));
  };
  const say = (event) => {
    event.preventDefault();
    tools.run(() => act(call.id, "say", { Leg: leg.tag, Words: words }));
    setWords("");
  };
  return html`
    <button type="button" onClick=${() => tools.run(() => act(call.id, "talk", { Leg: leg.tag, Seconds: 3 }))}>Talk for 3 s</button>
    <button type="button" aria-pressed=${isOn ? "true" : "false"} onClick=${speak}>${isOn ? "Stop microphone" : "Microphone"}</button>
    <${Menu} label="Say">
      <form onSubmit=${say}>
        <label>Words, for a bot <input required value=${words} onInput=${(event) => setWords(event.target.value)} /></label>
        <button type="submit">Say</button>
      </form>
    </${Menu}>`;
}
