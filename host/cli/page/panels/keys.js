// The keyboard: keys of a telephone go to the call that is looked at.

import { useEffect, useRef } from "../vendor/hooks.js";
import { act } from "../server.js";
import { keyTone } from "../sound.js";

const DIGITS = "0123456789*#";
/// What was pressed before goes first.
let line = Promise.resolve();

/// Presses a digit of a leg; the tone sounds until the returned function is called.
export function press(call, leg, digit, tools) {
  const silence = keyTone(digit);
  const { id } = call;
  line = line.then(() => tools.run(() => act(id, "press", { Digits: digit, Leg: leg })));
  return silence;
}

/// Listens to the keyboard wherever nobody types.
export function useKeys(call, tools) {
  const now = useRef();
  now.current = { call, tools };
  useEffect(() => {
    const sounding = new Map();
    const down = (event) => {
      const { call: current, tools: with_ } = now.current;
      const isTyping = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
      if (isTyping || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
      if (!current || current.isOver || !DIGITS.includes(event.key) || event.key.length !== 1) return;
      event.preventDefault();
      sounding.get(event.code)?.();
      sounding.set(event.code, press(current, "LEG-A", event.key, with_));
    };
    // By its place on the keyboard: without Shift it is another letter.
    const up = (event) => {
      sounding.get(event.code)?.();
      sounding.delete(event.code);
    };
    const stop = () => {
      sounding.forEach((silence) => silence());
      sounding.clear();
    };
    document.addEventListener("keydown", down);
    document.addEventListener("keyup", up);
    addEventListener("blur", stop);
    return () => {
      stop();
      removeEventListener("blur", stop);
      document.removeEventListener("keydown", down);
      document.removeEventListener("keyup", up);
    };
  }, []);
}
