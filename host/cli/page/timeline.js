// A call as a picture: lanes and bars, with idle gaps collapsed. It knows no browser.

import { eventName } from "./words.js";

/// How wide a second is, in pixels: at least, and at most where a call is short. And the shortest bar.
const SECOND = { least: 36, most: 120 };
const SHORTEST = 3;
/// How wide a short call is drawn, in pixels.
const WIDE = 340;
/// A gap in which nothing happens is at most so many seconds wide.
const GAP = 2;
/// What a letter takes to say, in seconds, as the simulator reckons: a bar of a prompt is no longer.
const LETTER = 0.065;

/// Actions that wait for the caller.
const LISTENS = /GetDigits$|^ReceiveDigits$|^RecordAudio$|^StartBotConversation$/;

/// The picture of a call: `{ lanes, bars, marks, gaps, width }`. Bars have `lane`, `from` and `to` in pixels, `kind`,
/// `label`, and the entry they stand for.
export function picture(call) {
  const scale = scaleOf(call);
  const lanes = [...new Set(call.legs.map((leg) => leg.tag))].concat(["listens", "function", "requests"]);
  const bars = [];
  const add = (lane, kind, from, to, label, entry) => {
    const [start, end] = [scale.at(from), scale.at(to)];
    bars.push({ lane, kind, from: start, to: Math.max(end, start + SHORTEST), label, entry });
  };
  const ends = call.entries.at(-1)?.at ?? 0;
  for (const leg of call.legs) add(leg.tag, "leg", leg.from, leg.until ?? ends, `${leg.tag} ${leg.number}`, null);
  call.entries.forEach((entry, index) => {
    const rest = call.entries.slice(index + 1);
    if (entry.what === "hears") {
      const until = rest.find((next) => cuts(next, entry.leg))?.at ?? ends;
      const most = entry.file ? 3 : 0.3 + (entry.text?.length ?? 0) * LETTER;
      add(entry.leg, "prompt", entry.at, Math.min(until, entry.at + most), entry.file ?? entry.text, entry);
    } else if (entry.what === "presses") {
      add(entry.leg, "key", entry.at, entry.at, entry.digit, entry);
    } else if (entry.what === "talks") {
      add(entry.leg, "talk", entry.at, entry.at + entry.seconds, "talks", entry);
    } else if (entry.what === "invoked") {
      const answer = rest.find((next) => next.what === "answered" || next.what === "not_answered");
      const kind = answer?.what === "answered" ? "invocation" : "failed";
      add("function", kind, entry.at, answer?.at ?? ends, eventName(entry.event) || "event", entry);
      for (const request of Array.isArray(answer?.requests) ? answer.requests : []) {
        if (typeof request?.operation !== "string") continue;
        const lasts = (request.took_ms ?? 0) / 1000;
        add("requests", request.error ? "failed" : "request", entry.at, entry.at + lasts, request.operation, entry);
      }
      const actions = answer?.answer?.Actions;
      if (Array.isArray(actions) && actions.some((action) => LISTENS.test(action?.Type))) {
        const until = call.entries.find((next) => next.what === "invoked" && next.at > answer.at)?.at ?? ends;
        add("listens", "listens", answer.at, until, "waits for the caller", answer);
      }
    } else if (["warns", "fails", "logs"].includes(entry.what)) {
      add("function", entry.text?.startsWith("fault:") ? "fault" : "failed", entry.at, entry.at, entry.text, entry);
    }
  });
  const used = lanes.filter((lane) => bars.some((bar) => bar.lane === lane));
  return { lanes: used, bars, gaps: scale.gaps, width: scale.at(ends) + SECOND.least, ticks: ticks(call, scale) };
}

function cuts(entry, leg) {
  return entry.leg === leg && (entry.what === "hears" || entry.what === "ends" || (entry.what === "presses" && entry.heard));
}

/// Where moments are, with long gaps drawn short: `{ at, gaps }`.
function scaleOf(call) {
  const moments = [...new Set(call.entries.map((entry) => entry.at))].sort((one, other) => one - other);
  const gapsShort = moments.map((at, index) => Math.min(at - (moments[index - 1] ?? 0), GAP));
  const total = gapsShort.reduce((sum, gap) => sum + gap, 0);
  const second = Math.min(Math.max(WIDE / total, SECOND.least), SECOND.most);
  const stops = [{ at: 0, px: 0 }];
  const gaps = [];
  for (const at of moments) {
    const last = stops.at(-1);
    const passed = at - last.at;
    const wide = Math.min(passed, GAP) * second;
    if (passed > GAP) gaps.push({ px: last.px + wide / 2, seconds: passed });
    stops.push({ at, px: last.px + wide });
  }
  const place = (at) => {
    const index = stops.findLastIndex((stop) => stop.at <= at);
    const [before, behind] = [stops[Math.max(index, 0)], stops[index + 1]];
    if (!behind) return before.px + Math.min(at - before.at, GAP) * second;
    const part = (at - before.at) / (behind.at - before.at);
    return before.px + part * (behind.px - before.px);
  };
  return { at: place, gaps };
}

/// The moments that are written along the picture, not nearer to one another than a label is wide.
function ticks(call, scale) {
  const shown = [];
  for (const { at } of call.entries) {
    const px = scale.at(at);
    if (shown.length === 0 || px - shown.at(-1).px >= 56) shown.push({ at, px });
  }
  return shown;
}
