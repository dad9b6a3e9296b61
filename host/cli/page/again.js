// Where a call that is made again first differs from the one it repeats.

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
