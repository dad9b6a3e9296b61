// A microphone for a leg: what somebody says goes to the server in short pieces of WAV, as long as they speak.

import { speak } from "./server.js";

/// How long a piece is, in seconds: shorter than the silence that ends a recording.
const PIECE = 0.5;
/// A shorter rest is not sent.
const SHORTEST = 0.05;
/// Samples a second, as on a telephone.
const RATE = 8000;

/// Begins to speak; the returned function ends it. An error says why it cannot be.
export async function speakInto(call, leg, failed) {
  if (!navigator.mediaDevices?.getUserMedia) throw new Error("this browser gives the page no microphone");
  const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, echoCancellation: true } });
  const context = new AudioContext();
  await context.audioWorklet.addModule("/page/microphone_worklet.js");
  const source = context.createMediaStreamSource(stream);
  const worklet = new AudioWorkletNode(context, "microphone");
  let samples = [];
  let length = 0;
  // One piece after the other, as they were said.
  let line = Promise.resolve();
  const send = () => {
    if (length < SHORTEST * context.sampleRate) return;
    const wav = wavOf(atRate(samples, context.sampleRate));
    samples = [];
    length = 0;
    line = line.then(() => speak(call, leg, wav)).catch(failed);
  };
  worklet.port.onmessage = ({ data }) => {
    samples.push(data);
    length += data.length;
    if (length >= PIECE * context.sampleRate) send();
  };
  source.connect(worklet);
  return () => {
    send();
    stream.getTracks().forEach((track) => track.stop());
    context.close();
  };
}

/// Samples at the rate of a telephone: each is the mean of those it stands for.
export function atRate(pieces, rate) {
  const all = pieces.flatMap((piece) => Array.from(piece));
  const step = rate / RATE;
  const count = Math.floor(all.length / step);
  return Float32Array.from({ length: count }, (_, index) => {
    const part = all.slice(Math.floor(index * step), Math.max(Math.floor((index + 1) * step), Math.floor(index * step) + 1));
    return part.reduce((sum, sample) => sum + sample, 0) / part.length;
  });
}

/// The bytes of a WAV file: one channel, 16 bits.
export function wavOf(samples) {
  const bytes = new DataView(new ArrayBuffer(44 + samples.length * 2));
  const text = (at, letters) => [...letters].forEach((letter, index) => bytes.setUint8(at + index, letter.charCodeAt(0)));
  text(0, "RIFF");
  bytes.setUint32(4, 36 + samples.length * 2, true);
  text(8, "WAVEfmt ");
  bytes.setUint32(16, 16, true);
  bytes.setUint16(20, 1, true);
  bytes.setUint16(22, 1, true);
  bytes.setUint32(24, RATE, true);
  bytes.setUint32(28, RATE * 2, true);
  bytes.setUint16(32, 2, true);
  bytes.setUint16(34, 16, true);
  text(36, "data");
  bytes.setUint32(40, samples.length * 2, true);
  samples.forEach((sample, index) => {
    bytes.setInt16(44 + index * 2, Math.max(-1, Math.min(1, sample)) * 32767, true);
  });
  return new Uint8Array(bytes.buffer);
}
