// The page: takes the event stream into the state, and draws it.

import { render } from "./vendor/preact.js";
import { html } from "./html.js";
import { initial, reduce } from "./state.js";
import { listen, setup } from "./server.js";
import { follow } from "./sound.js";
import { App } from "./panels/app.js";

let state = initial();
/// The leg that is listened to.
const LISTENS = "LEG-A";
const root = document.getElementById("app");

function dispatch(events) {
  const before = state;
  state = reduce(state, events);
  if (before.isConnected) hear(before, events);
  if (events.some((event) => event.kind === "release")) ask();
  draw();
}

function draw() {
  render(html`<${App} state=${state} dispatch=${dispatch} />`, root);
}

/// Plays what is new in the call that is looked at.
function hear(before, events) {
  const call = state.calls[state.selected];
  if (!call || call.isFile || call.isOver || !before.calls[call.id]) return;
  const entries = events.filter((event) => event.kind === "story" && event.data.TransactionId === call.id);
  follow(call, entries.map((event) => event.data), LISTENS);
}

/// Asks what the server is: at first, and whenever the line was broken.
async function ask() {
  try {
    dispatch([{ kind: "setup", data: await setup() }]);
  } catch {
    // The stream says when the server is back.
  }
}

root.replaceChildren();
draw();
listen(dispatch, async (isConnected) => {
  if (isConnected) await ask();
  dispatch([{ kind: "connected", data: isConnected }]);
});
