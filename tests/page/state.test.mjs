// The state of the page without a browser: events in, state out.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { firstDifference } from "../../host/cli/page/again.js";
import { wayGone } from "../../host/cli/page/gone.js";
import { highlight } from "../../host/cli/page/highlight.js";
import { atRate, wavOf } from "../../host/cli/page/microphone.js";
import { inProgress, initial, reduce, selectedCall } from "../../host/cli/page/state.js";
import { picture } from "../../host/cli/page/timeline.js";
import { readTranscript } from "../../host/cli/page/transcript_file.js";
import { clock, linesOf, placeOf, splitPlace } from "../../host/cli/page/words.js";

let next = 1;
const begins = (call, more = {}) => ({
  kind: "call", id: next++, data: { TransactionId: call, From: "+1", To: "+2", At: 0, Direction: "inbound", Number: 1, ...more },
});
const story = (call, data) => ({ kind: "story", id: next++, data: { TransactionId: call, ...data } });
const over = (call) => ({ kind: "over", id: next++, data: { TransactionId: call } });
const after = (...events) => reduce(initial(), events);
const hears = (text, at = 0) => ({ what: "hears", leg: "LEG-A", text, at });

test("a call begins, is told and ends", () => {
  const state = after(begins("a"), story("a", { what: "connects", leg: "LEG-A", at: 0 }), story("a", hears("Hi")), over("a"));
  assert.equal(selectedCall(state).id, "a");
  assert.deepEqual(selectedCall(state).entries.map((entry) => entry.what), ["connects", "hears"]);
  assert.deepEqual(inProgress(state), []);
  assert.equal(state.calls.a.legs[0].until, 0);
});

test("what has not changed stays the same object", () => {
  const one = after(begins("a"), begins("b"));
  const two = reduce(one, [story("b", hears("Hi"))]);
  assert.equal(two.calls.a, one.calls.a);
  assert.notEqual(two.calls.b, one.calls.b);
});

test("a stream that says a thing twice changes nothing twice", () => {
  const events = [begins("a"), story("a", { ...hears("Hi"), entry: 0 })];
  const state = reduce(reduce(initial(), events), events);
  assert.equal(state.calls.a.entries.length, 1);
  // A server that has started again tells the same with new ids.
  const told = reduce(state, [begins("a"), story("a", { ...hears("Hi"), entry: 0 }), story("a", { ...hears("Ho"), entry: 1 })]);
  assert.deepEqual(told.calls.a.entries.map((entry) => entry.text), ["Hi", "Ho"]);
});

test("a callee rings, is connected and leaves; the next one is another telephone", () => {
  const state = after(
    begins("a"), story("a", { what: "rings", leg: "LEG-B", to: "+3", at: 1 }), story("a", { what: "ends", leg: "LEG-B", code: 486, at: 2 }),
    story("a", { what: "rings", leg: "LEG-B", to: "+4", at: 3 }), story("a", { what: "connects", leg: "LEG-B", at: 4 }),
  );
  assert.deepEqual(state.calls.a.legs.map((leg) => [leg.number, leg.status]), [["+1", "waiting"], ["+3", "busy"], ["+4", "connected"]]);
});

test("a call says which release it has", () => {
  const answer = { TransactionAttributes: { _mr: '{"script":"office","release":"0123"}' } };
  const state = after(begins("a"), story("a", { what: "answered", answer, counts: true, requests: [], at: 0 }));
  assert.deepEqual([state.calls.a.release, state.calls.a.script], ["0123", "office"]);
  const odd = after(begins("a"), story("a", { what: "answered", answer: { TransactionAttributes: { _mr: "{" } }, at: 0 }));
  assert.equal(odd.calls.a.release, null);
});

test("who looks at a call in progress goes on looking at it", () => {
  const state = after(begins("a"), begins("b"));
  assert.equal(state.selected, "a");
  assert.equal(reduce(state, [over("a"), begins("c")]).selected, "c");
});

test("a server that has started anew has none of the calls of before but those it lists", () => {
  const setup = (started, calls) => ({ kind: "setup", data: { Started: started, calls } });
  const state = reduce(after(begins("a"), begins("b")), [setup(1, ["a", "b"]), setup(2, ["b"])]);
  assert.deepEqual([state.calls.a.isOver, state.calls.a.why, state.calls.b.isOver], [true, "The server was started again.", false]);
});

test("lines say who does what, and where", () => {
  const told = (entry) => linesOf(entry).map((line) => `${line.tone} ${line.who} ${line.text} ${line.place ?? ""}`.trim());
  assert.deepEqual(told({ ...hears("Hi"), place: "main.lua:3" }), ["heard LEG-A “Hi” main.lua:3"]);
  assert.deepEqual(told({ what: "presses", leg: "LEG-A", digit: "1", heard: false }), ["done LEG-A presses 1, but nothing is listening"]);
  assert.deepEqual(told({ what: "fails", text: "main.lua:5: broken" }), ["wrong  main.lua:5: broken main.lua:5"]);
  const request = { operation: "http:GET", input: { url: "https://x" }, output: { status: 200 }, took_ms: 120, place: "main.lua:9" };
  assert.deepEqual(told({ what: "answered", requests: [request] }), ["asked  asks GET https://x → 200 in 0.1 s main.lua:9"]);
  assert.deepEqual(told({ what: "invoked", event: {} }), []);
  const failed = { InvocationEventType: "ACTION_FAILED", ActionData: { Type: "Speak", ErrorType: "SystemException", ErrorMessage: "x" } };
  assert.deepEqual(told({ what: "invoked", event: failed, attempt: 2 }), ["wrong  Speak fails: SystemException: x", "aside  the service sends the event again (attempt 2)"]);
  assert.deepEqual(told({ what: "answered", counts: false, requests: [{}, null, 5] }), ["aside  this answer is ignored: an earlier one counts"]);
  assert.equal(clock(62.57), "1:02.5");
  assert.equal(placeOf("the error (support/night.lua:12: x)"), "support/night.lua:12");
  assert.deepEqual(splitPlace("a/b.lua:7"), { file: "a/b.lua", line: 7 });
});

test("the first difference between two calls is found, and times are none", () => {
  let pace = 0;
  const call = (...texts) => {
    pace += 1;
    const begun = begins("a");
    const events = texts.map((text, index) => story("a", hears(text, index * pace)));
    return after(begun, ...events, over("a")).calls.a;
  };
  assert.equal(firstDifference(call("a", "b"), call("a", "b")), null);
  const found = firstDifference(call("a", "c"), call("a", "b"));
  assert.deepEqual([found.entry.text, found.before.text], ["c", "b"]);
  assert.equal(firstDifference(call("a"), call("a", "b")).before.text, "b");
  assert.equal(firstDifference(call("a", "b"), call("a")).before, null);
});

test("idle gaps of a timeline are short, and bars lie in their lanes", () => {
  const state = after(
    begins("a"), story("a", { what: "invoked", event: { InvocationEventType: "NEW_INBOUND_CALL" }, at: 0 }),
    story("a", { what: "answered", answer: { Actions: [{ Type: "SpeakAndGetDigits" }] }, requests: [], at: 0.01 }), story("a", hears("Hi", 0.01)),
    story("a", { what: "ends", leg: "LEG-A", code: 0, at: 600 }), over("a"),
  );
  const shown = picture(state.calls.a);
  // Ten minutes in as little room as a short call has.
  assert.ok(shown.width < 400, `${shown.width}`);
  assert.deepEqual(shown.lanes, ["LEG-A", "listens", "function"]);
  assert.equal(shown.gaps.length, 1);
  assert.ok(shown.bars.every((bar) => bar.to > bar.from));
});

test("pieces of speech are one line, and what another function answers breaks nothing", () => {
  const talks = (at) => story("a", { what: "talks", leg: "LEG-A", at, seconds: 0.5 });
  const begun = begins("a");
  const { calls } = after(begun, talks(1), talks(1.5), talks(2.05), talks(4));
  assert.deepEqual(calls.a.entries.map((entry) => entry.seconds.toFixed(2)), ["1.55", "0.50"]);
  const odd = { Actions: [null, { Type: 5 }], TransactionAttributes: { _mr: '{"release":5}' } };
  const strange = begins("b");
  const state = after(strange, story("b", { what: "invoked", event: null, at: 0 }), story("b", { what: "answered", answer: odd, requests: [{}], at: 0 }));
  assert.equal(state.calls.b.release, null);
  assert.ok(picture(state.calls.b).bars.length > 0);
});

test("a transcript is read as a call, and what is none is refused", () => {
  const steps = [{ now_ms: 1000, event: { InvocationEventType: "NEW_INBOUND_CALL", CallDetails: { TransactionId: "t", Participants: [{ From: "+1", To: "+2" }] } }, response: { Actions: [{ Type: "Speak", Parameters: { Text: "Hi" } }] } }];
  const { call, entries } = readTranscript(JSON.stringify({ steps }), "x.json");
  const state = reduce(initial(), [{ kind: "file", data: { call, entries } }]);
  assert.deepEqual(selectedCall(state).entries.map((entry) => entry.what), ["invoked", "answered", "hears"]);
  assert.ok(selectedCall(state).isOver && selectedCall(state).isFile);
  for (const wrong of ["hello", "{}", "[]", '{"steps":[{}]}', "null", '{"steps":[{"event":{}},5]}']) assert.throws(() => readTranscript(wrong, "x.json"), /^Error: x\.json is not/);
});

test("a script has colours, and no text is lost", () => {
  const text = 'local a = "x\\"y" -- end\n--[[ two\nlines ]] return call:say { 0x1F, `t{1}`, [==[ long ]==] }';
  const lines = highlight(text);
  assert.equal(lines.map((tokens) => tokens.map((token) => token.text).join("")).join("\n"), text);
  const kinds = (line) => lines[line].filter((token) => token.kind !== "plain").map((token) => `${token.kind} ${token.text}`);
  assert.deepEqual(kinds(0), ["word local", 'string "x\\"y"', "comment -- end"]);
  assert.deepEqual(kinds(2), ["comment lines ]]", "word return", "call say", "number 0x1F", "string `t{1}`", "string [==[ long ]==]"]);
});

test("sound of a microphone becomes WAV as on a telephone", () => {
  const samples = atRate([new Float32Array(48_000).fill(0.5)], 48_000);
  assert.equal(samples.length, 8000);
  const wav = wavOf(samples);
  assert.equal(wav.length, 44 + 16_000);
  assert.equal(new DataView(wav.buffer).getInt16(44, true), 16_383);
});

test("a call is found again in the drawing of all ways, by its lines and words", () => {
  // The same calls as in the test of `moonring explore --tests`.
  const { graph, calls } = JSON.parse(readFileSync(new URL("calls-gone.json", import.meta.url), "utf8"));
  for (const { lines, gone } of calls) {
    const entries = lines.map((line) => (line === "talk" ? { what: "connects", leg: "LEG-B" } : { what: "hears", leg: "LEG-A", ...line }));
    const over = wayGone(graph, { entries, isOver: true });
    assert.deepEqual([...over.edges].sort((a, b) => a - b), gone);
    // While the call lasts, it has not come to the end.
    const going = wayGone(graph, { entries, isOver: false });
    assert.ok(going.at !== 4 && going.edges.size === Math.max(gone.length - 1, 0));
    assert.equal(over.at, gone.length > 0 ? 4 : 0);
  }
  assert.deepEqual(wayGone(graph, null), { edges: new Set(), at: 0 });
});
