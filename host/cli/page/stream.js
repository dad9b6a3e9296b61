// The event stream of the server, as it comes.

/// The kinds of events.
const KINDS = ["call", "story", "over", "release", "source"];

/// Reads the stream for as long as the page or the worker is there; `add` gets lists of `{ kind, id, data }`. The browser
/// comes back by itself when the line breaks.
export function readStream(add, connected) {
  const stream = new EventSource("/moonring/events");
  for (const kind of KINDS) {
    stream.addEventListener(kind, (event) => add([{ kind, id: Number(event.lastEventId), data: JSON.parse(event.data) }]));
  }
  stream.onopen = () => connected(true);
  stream.onerror = () => connected(false);
}
