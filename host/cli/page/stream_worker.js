// One event stream for all tabs of the page: a tab that opens gets what came before.

import { readStream } from "./stream.js";

/// As many events as the server itself keeps.
const KEPT = 20_000;

const ports = new Set();
let events = [];
let isConnected = false;

const tell = (message) => ports.forEach((port) => port.postMessage(message));

readStream(
  (more) => {
    events.push(...more);
    if (events.length > 2 * KEPT) events = events.slice(-KEPT);
    tell({ events: more });
  },
  (now) => {
    isConnected = now;
    tell({ isConnected });
  },
);

self.onconnect = ({ ports: [port] }) => {
  ports.add(port);
  port.onmessage = ({ data }) => {
    if (data === "bye") ports.delete(port);
  };
  port.postMessage({ events, isConnected });
  port.start();
};
