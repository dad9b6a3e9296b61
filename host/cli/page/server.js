// What the page asks of the server. Every failure is an error with the server's own words.

import { readStream } from "./stream.js";

async function ask(method, path, body) {
  const init = { method };
  if (body !== undefined) init.body = JSON.stringify(body);
  let response;
  try {
    response = await fetch(path, init);
  } catch {
    throw new Error("the server cannot be reached; is moonring still running?");
  }
  const text = await response.text();
  let told = {};
  try {
    told = text ? JSON.parse(text) : {};
  } catch {
    // Not JSON: an address that this server does not have.
  }
  if (!response.ok) throw new Error(told.Message ?? `the server says ${response.status}`);
  return told;
}

const call = (id, verb) => `/moonring/calls/${encodeURIComponent(id)}/${verb}`;

/// What the server is, with the calls in progress.
export async function setup() {
  const [told, calls] = await Promise.all([ask("GET", "/moonring/setup"), ask("GET", "/moonring/calls?over=false")]);
  return { ...told, calls: calls.Calls.map((one) => one.TransactionId) };
}

export const dial = (body) => ask("POST", "/moonring/calls", body);
export const act = (id, verb, body) => ask("POST", call(id, verb), body);
export const again = (id) => ask("POST", call(id, "again"));
export const look = (id) => ask("GET", `/moonring/calls/${encodeURIComponent(id)}`);
export const kept = (id, entry) => ask("GET", `${call(id, "kept")}?entry=${entry}`);
export const soundOf = (id, entry) => `${call(id, "sound")}?entry=${entry}`;
export const wavOf = (id) => call(id, "wav");

export function source(file, release) {
  const wanted = new URLSearchParams({ file });
  if (release) wanted.set("release", release);
  return ask("GET", `/moonring/source?${wanted}`);
}

/// Every way through a script, or through what the routes say.
export function ways(script) {
  return ask("GET", script ? `/moonring/ways?${new URLSearchParams({ script })}` : "/moonring/ways");
}

/// Sends a piece of what somebody says.
export async function speak(id, leg, wav) {
  const response = await fetch(`${call(id, "voice")}?leg=${leg}`, { method: "POST", body: wav });
  if (!response.ok) throw new Error((await response.json().catch(() => ({}))).Message ?? "nobody hears it");
}

/// Events are taken in together: a hidden tab draws no frames, but its timers run.
const BATCH_MS = 40;

/// Listens to the stream; `take` gets lists of `{ kind, id, data }`. Whatever reads the stream comes back by itself when
/// the line breaks, and says behind which event.
export function listen(take, connected) {
  let batch = [];
  let timer = null;
  const deliver = () => {
    timer = null;
    const events = batch;
    batch = [];
    take(events);
  };
  const add = (events) => {
    batch.push(...events);
    timer ??= setTimeout(deliver, BATCH_MS);
  };
  // A browser opens few connections to a server: all tabs share one.
  if (typeof SharedWorker === "function") {
    const worker = new SharedWorker("/page/stream_worker.js", { type: "module", name: location.origin });
    worker.port.onmessage = ({ data }) => {
      if (data.events) add(data.events);
      if (data.isConnected !== undefined) connected(data.isConnected);
    };
    worker.port.start();
    addEventListener("pagehide", () => worker.port.postMessage("bye"));
  } else {
    readStream(add, connected);
  }
}
