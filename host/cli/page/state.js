// The state of the page: one reducer over the event stream of the server. It knows no browser.

/// The state before anything has happened.
export function initial() {
  return {
    /// What the server is: numbers, scripts, voice.
    setup: null,
    /// Calls by TransactionId, and their ids, the oldest first.
    calls: {},
    order: [],
    selected: null,
    /// What was told last of the scripts, and when.
    release: null,
    /// The last event that was taken in: a stream that comes back goes on behind it.
    lastEvent: 0,
    isConnected: false,
    /// Which call repeats which: a call in which everybody does what they did in another one.
    repeats: {},
    /// Whether the place of the scripts is taken for out of reach.
    isSourceGone: false,
  };
}

/// The state after these events, each `{ kind, id, data }`. What has not changed stays the same
/// object, so that only what has changed is drawn.
export function reduce(state, events) {
  const next = { ...state, calls: { ...state.calls } };
  const touched = new Set();
  const touch = (id) => {
    if (!touched.has(id) && next.calls[id]) next.calls[id] = { ...next.calls[id] };
    touched.add(id);
    return next.calls[id];
  };
  for (const event of events) take(next, touch, event);
  return next;
}

function take(state, touch, { kind, id, data }) {
  if (id) {
    // A stream that was taken up again may say a thing twice.
    if (id <= state.lastEvent) return;
    state.lastEvent = id;
  }
  switch (kind) {
    case "setup":
      return takeSetup(state, touch, data);
    case "connected":
      state.isConnected = data;
      return;
    case "select":
      state.selected = data;
      return;
    case "repeats":
      state.repeats = { ...state.repeats, [data.call]: data.of };
      return;
    case "release":
      state.release = data;
      if (state.setup) state.setup = { ...state.setup, Release: data };
      return;
    case "source":
      state.isSourceGone = Boolean(data.Gone);
      return;
    case "call":
      return begin(state, data);
    case "file":
      return begin(state, data.call, data.entries);
    case "story": {
      const call = touch(data.TransactionId);
      if (call) tell(call, data);
      return;
    }
    case "over": {
      const call = touch(data.TransactionId);
      if (call) end(call);
      return;
    }
  }
}

function takeSetup(state, touch, setup) {
  // A server that has started anew has none of the calls of before, but for those it lists.
  const isNew = state.setup && state.setup.Started !== setup.Started;
  if (isNew) {
    for (const id of state.order) {
      const isGone = !state.calls[id].isFile && !(setup.calls ?? []).includes(id);
      if (isGone) end(touch(id), "The server was started again.");
    }
  }
  state.setup = setup;
  state.isSourceGone = Boolean(setup.SourceGone);
  if (setup.Release && !state.release) state.release = setup.Release;
}

function begin(state, data, entries) {
  const id = data.TransactionId;
  // A server that goes on with a call tells of it again.
  if (state.calls[id] && !entries) return;
  const isOutbound = data.Direction === "outbound";
  const first = {
    tag: "LEG-A", number: isOutbound ? data.To : data.From, role: isOutbound ? "Person called" : "Caller",
    status: isOutbound ? "dialled" : "waiting", from: 0, until: null,
  };
  const call = {
    id, from: data.From, to: data.To, at: data.At, direction: data.Direction, number: data.Number,
    isOver: false, why: null, isFile: Boolean(entries), name: data.Name ?? null, legs: [first], entries: [],
    lastEntry: -1, release: textOr(data.Release), script: null, faults: [],
  };
  state.calls[id] = call;
  if (!state.order.includes(id)) state.order = [...state.order, id];
  for (const entry of entries ?? []) tell(call, entry);
  if (entries) end(call);
  // Who looks at a call in progress goes on looking at it.
  const looked = state.calls[state.selected];
  if (!looked || looked.isOver || looked.isFile || entries) state.selected = id;
}

function end(call, why = null) {
  call.isOver = true;
  call.why = why;
  const last = call.entries.at(-1)?.at ?? 0;
  call.legs = call.legs.map((leg) => (leg.until === null ? { ...leg, status: "ended", until: last } : leg));
}

function tell(call, entry) {
  // A server that goes on with a call tells from its beginning.
  if (entry.entry !== undefined && entry.entry <= call.lastEntry) return;
  call.lastEntry = entry.entry ?? call.lastEntry;
  const last = call.entries.at(-1);
  if (goesOn(last, entry)) {
    // A microphone sends what somebody says in pieces.
    call.entries[call.entries.length - 1] = { ...last, seconds: entry.at + entry.seconds - last.at };
    return;
  }
  // Entries only ever come behind the others: the list itself may stay the same object.
  call.entries.push(entry);
  switch (entry.what) {
    case "connects":
    case "joins":
      return change(call, entry.leg, { status: "connected" });
    case "rings":
      if (entry.leg === "LEG-A") return change(call, "LEG-A", { status: "ringing" });
      call.legs = [
        ...call.legs,
        { tag: entry.leg, number: entry.to, role: "Callee", status: "ringing", from: entry.at, until: null },
      ];
      return;
    case "ends": {
      const status = entry.code === 486 ? "busy" : entry.code === 480 ? "no answer" : "ended";
      return change(call, entry.leg, { status, until: entry.at });
    }
    case "answered":
      return keep(call, entry.answer?.TransactionAttributes);
    case "warns":
      if (entry.text?.startsWith("fault:")) call.faults = [...call.faults, entry.text];
      return;
  }
}

/// Two pieces of speech with a longer gap are two, in seconds.
const PAUSE = 0.4;

function goesOn(last, entry) {
  const areSpeech = last?.what === "talks" && entry.what === "talks" && !last.words && !entry.words;
  return areSpeech && last.leg === entry.leg && entry.at <= last.at + last.seconds + PAUSE;
}

function textOr(value, otherwise = null) {
  return typeof value === "string" ? value : otherwise;
}

/// Changes the leg that has this tag now: the last one.
function change(call, tag, what) {
  const index = call.legs.findLastIndex((leg) => leg.tag === tag);
  if (index < 0) return;
  call.legs = call.legs.map((leg, at) => (at === index ? { ...leg, ...what } : leg));
}

/// What the host keeps with the call says which release it has.
function keep(call, attributes) {
  if (typeof attributes?._mr !== "string") return;
  try {
    const kept = JSON.parse(attributes._mr);
    call.release = textOr(kept?.release, call.release);
    call.script = textOr(kept?.script, call.script);
  } catch {
    // Other people's functions may use the name for something else.
  }
}

/// The calls in progress, the oldest first.
export function inProgress(state) {
  return state.order.map((id) => state.calls[id]).filter((call) => !call.isOver);
}

/// The call that is looked at.
export function selectedCall(state) {
  return state.calls[state.selected] ?? null;
}
