// A call that is made again: the request that repeats what people did in it, and where the new one first differs.

/// What to dial so that everybody does what they did in `call`. `dialed` is the request the call was made with, where it
/// is known.
export function repeatOf(call, dialed = null) {
  const body = { ...(dialed ?? { From: call.from, To: call.to }) };
  body.Keys = keysOf(call);
  const callees = calleesOf(call);
  if (callees.length > 0) body.Callee = callees;
  if (call.direction === "outbound") {
    body.Outbound = true;
    body.Pickup = pickupOf(call);
  }
  return body;
}

/// What the first party did, as the words of `Keys`. Digits that were typed one after the other for the same question
/// are one word.
export function keysOf(call) {
  const words = [];
  let digits = null;
  let last = 0;
  const push = () => {
    if (digits) words.push(digits.isHeard ? digits.text : `!${digits.text}`);
    digits = null;
  };
  for (const entry of call.entries) {
    if (entry.what === "invoked") push();
    if (entry.leg !== "LEG-A") continue;
    if (entry.what === "presses" && entry.digit !== "•") {
      if (digits && digits.isHeard !== entry.heard) push();
      if (!digits && !entry.heard && entry.at - last > 0.5) words.push(`wait ${round(entry.at - last)}`);
      digits = { text: (digits?.text ?? "") + entry.digit, isHeard: entry.heard };
      last = entry.at;
    } else if (entry.what === "talks") {
      push();
      words.push(entry.words ? `say ${entry.words.replaceAll(";", ",")};` : `talk ${round(entry.seconds)}`);
      last = entry.at + entry.seconds;
    } else if (entry.what === "ends") {
      push();
      // Nobody but the caller has ended what no action has.
      if (!isHungUpByScript(call, entry)) {
        if (entry.at - last > 0.1) words.push(`wait ${round(entry.at - last)}`);
        words.push("hangup");
      }
    }
  }
  push();
  return words.join(" ");
}

function isHungUpByScript(call, end) {
  const before = call.entries.slice(0, call.entries.indexOf(end));
  const answered = before.findLast((entry) => entry.what === "answered" && entry.counts);
  const actions = answered?.answer?.Actions ?? [];
  return actions.some((action) => action.Type === "Hangup") || before.some((entry) => entry.what === "not_answered");
}

/// A callee who is gone before so many seconds has declined: the service says 480 of a busy one too (rule 46).
const RINGS_OUT = 10;

/// What each callee did, in order.
function calleesOf(call) {
  return call.legs.filter((leg) => leg.tag === "LEG-B").map((leg) => {
    if (leg.status !== "no answer" && leg.status !== "busy") return "answer";
    return leg.until - leg.from < RINGS_OUT ? "busy" : "ignore";
  });
}

function pickupOf(call) {
  const status = call.legs[0].status;
  return status === "busy" ? "busy" : status === "no answer" ? "never" : "answer";
}

function round(number) {
  return Math.max(0, Math.round(number * 10) / 10);
}

/// What is compared: what people hear, and what happens to their legs; not when.
const COMPARED = ["hears", "does", "rings", "connects", "joins", "ends", "records", "fails"];

function comparable(call) {
  return call.entries.filter((entry) => COMPARED.includes(entry.what));
}

function essence(entry) {
  return JSON.stringify([entry.what, entry.leg, entry.text ?? entry.file, entry.action, entry.to, entry.code]);
}

/// Where a call first differs from the one it repeats: `{ entry, before }`, with what the earlier call has there; null as
/// long as they are the same. A call that is over and shorter differs behind its last entry.
export function firstDifference(call, earlier) {
  const [now, then] = [comparable(call), comparable(earlier)];
  // A recording has another name each time.
  const differs = (entry, index) => entry.what !== "records" && (!then[index] || essence(entry) !== essence(then[index]));
  const index = now.findIndex(differs);
  if (index >= 0) return { entry: now[index], before: then[index] ?? null };
  if (call.isOver && now.length < then.length) return { entry: now.at(-1) ?? null, before: then[now.length] };
  return null;
}
