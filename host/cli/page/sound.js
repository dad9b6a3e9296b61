// What is heard: prompts and files of the call that is looked at, tones of keys, and recordings.

import { soundOf } from "./server.js";

/// The tones of the keys, in hertz (ITU-T Q.23).
const ROWS = { 1: 697, 2: 697, 3: 697, A: 697, 4: 770, 5: 770, 6: 770, B: 770, 7: 852, 8: 852, 9: 852, C: 852, "*": 941, 0: 941, "#": 941, D: 941 };
const COLUMNS = { 1: 1209, 4: 1209, 7: 1209, "*": 1209, 2: 1336, 5: 1336, 8: 1336, 0: 1336, 3: 1477, 6: 1477, 9: 1477, "#": 1477, A: 1633, B: 1633, C: 1633, D: 1633 };

let context = null;
let isOn = true;
/// What plays, by call and leg.
const playing = new Map();

/// The context, once somebody has touched the page: browsers allow no sound before.
function audio() {
  context ??= new AudioContext();
  if (context.state === "suspended") context.resume().catch(() => {});
  return context;
}

export function setSound(on) {
  isOn = on;
  if (!on) for (const key of [...playing.keys()]) stop(key);
}

/// The tone of a key from now until the returned function is called.
export function keyTone(digit) {
  if (!isOn || !ROWS[digit]) return () => {};
  const ctx = audio();
  const gain = ctx.createGain();
  gain.gain.value = 0.08;
  gain.connect(ctx.destination);
  const tones = [ROWS[digit], COLUMNS[digit]].map((hertz) => {
    const tone = ctx.createOscillator();
    tone.frequency.value = hertz;
    tone.connect(gain);
    tone.start();
    return tone;
  });
  const shortest = ctx.currentTime + 0.1;
  return () => tones.forEach((tone) => tone.stop(Math.max(shortest, ctx.currentTime)));
}

/// Plays what a call tells, as it goes: prompts to the leg that is listened to, until something cuts them short.
export function follow(call, entries, leg) {
  const key = `${call.id} ${leg}`;
  for (const entry of entries) {
    if (entry.leg !== leg) continue;
    if (entry.what === "hears") play(key, soundOf(call.id, entry.entry));
    if ((entry.what === "presses" && entry.heard) || entry.what === "ends") stop(key);
  }
}

/// Plays a recording.
export function playBack(call, entry) {
  return play(`${call.id} recording`, soundOf(call.id, entry.entry), true);
}

async function play(key, address, isAsked = false) {
  stop(key);
  if (!isOn && !isAsked) return;
  const mark = { stop() { this.isStopped = true; } };
  playing.set(key, mark);
  const response = await fetch(address).catch(() => null);
  // Without a voice there is the right silence.
  if (!response?.ok || mark.isStopped) return;
  const ctx = audio();
  const buffer = await ctx.decodeAudioData(await response.arrayBuffer()).catch(() => null);
  if (!buffer || mark.isStopped) return;
  const node = ctx.createBufferSource();
  node.buffer = buffer;
  node.connect(ctx.destination);
  node.start();
  mark.stop = () => node.stop();
}

function stop(key) {
  playing.get(key)?.stop();
  playing.delete(key);
}
