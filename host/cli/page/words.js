// What is told of a call, in words: one or more lines of the transcript for an entry of its story.

/// The lines of an entry: `{ tone, who, text, place, detail, extra }`. Tones say what a line is about: `heard`, `done`,
/// `asked`, `wrong`, `logged` and `plain`. None for what only the timeline shows.
export function linesOf(entry) {
  const line = (tone, text, more = {}) => [{ tone, who: entry.leg ?? "", text, place: entry.place ?? null, ...more }];
  switch (entry.what) {
    case "hears":
      // The service plays a pause where there is nothing to say.
      return entry.file || entry.text ? line("heard", entry.file ? `plays ${entry.file}` : `“${entry.text}”`) : [];
    case "invoked":
      return invokedLines(entry, line);
    case "presses":
      return line("done", entry.heard ? `presses ${entry.digit}` : `presses ${entry.digit}, but nothing is listening`);
    case "talks":
      return line("done", `talks for ${seconds(entry.seconds)}${entry.words ? `: “${entry.words}”` : ""}`);
    case "rings":
      return line("plain", `rings at ${entry.to}`);
    case "connects":
      return line("plain", "is connected");
    case "joins":
      return line("plain", "joins the meeting");
    case "ends":
      return line(entry.code ? "wrong" : "plain", { 480: "did not answer, or declined (480)", 486: "is busy (486)" }[entry.code] ?? "ends");
    case "does":
      return line("plain", entry.line ? afterWho(entry) : entry.action);
    case "records":
      return line("plain", `is recorded for ${seconds(entry.seconds)} in s3://${entry.file}`, { extra: "play" });
    case "sip":
      return line("plain", `SIP ${entry.message}`);
    case "answered": {
      const requests = Array.isArray(entry.requests) ? entry.requests.filter(isRequest).map(requestLine) : [];
      const ignored = entry.counts === false ? line("aside", "this answer is ignored: an earlier one counts") : [];
      return [...requests, ...ignored];
    }
    case "not_answered":
      return line("wrong", `no answer: ${entry.why}`);
    case "fails":
      return line("wrong", entry.text, { place: placeOf(entry.text), extra: "fallback" });
    case "script_logs": {
      const fields = entry.fields ? ` ${JSON.stringify(entry.fields)}` : "";
      const tone = entry.level === "error" ? "wrong" : "logged";
      return line(tone, `${entry.level}: ${entry.text}${fields}`, { place: placeOf(entry.text) });
    }
    case "logs":
      return line("wrong", `the service logs: ${entry.text}`);
    case "warns":
      return line(entry.text?.startsWith("fault:") ? "fault" : "wrong", entry.text, { place: placeOf(entry.text) });
    default:
      return [];
  }
}

/// What a line of the terminal says behind the leg, without the place, which is shown as a link.
function afterWho(entry) {
  const text = entry.line.slice(entry.line.indexOf(entry.leg) + entry.leg.length).trim();
  return entry.place ? text.replace(`(${entry.place})`, "").trim() : text;
}

/// What an event says that is worth a line: that an action failed, and that the event comes again.
function invokedLines({ event, attempt }, line) {
  const data = event?.ActionData ?? {};
  const lines = [];
  if (event?.InvocationEventType === "ACTION_FAILED") {
    const why = [data.ErrorType, data.ErrorMessage].filter(Boolean).join(": ");
    lines.push(...line("wrong", `${data.Type ?? "an action"} fails${why ? `: ${why}` : ""}`));
  }
  if (attempt > 1) lines.push(...line("aside", `the service sends the event again (attempt ${attempt})`));
  return lines;
}

function isRequest(request) {
  return typeof request?.operation === "string";
}

/// A request and its reply.
function requestLine(request) {
  const [service, what] = request.operation.split(/:(.*)/s);
  const asked =
    service === "http" ? `${what} ${request.input?.url ?? ""}`
    : service === "storage" ? `storage to ${what} ${request.input?.key ?? ""}`
    : request.operation;
  const error = request.error && [request.error.code, request.error.message].filter(Boolean).join(": ");
  const done = service === "http" ? `${request.output?.status ?? "done"}` : "done";
  const took = request.took_ms >= 50 ? ` in ${(request.took_ms / 1000).toFixed(1)} s` : "";
  return {
    tone: request.error ? "wrong" : "asked", who: "", text: `asks ${shorten(asked)} → ${shorten(error ?? done)}${took}`,
    place: request.place ?? null, detail: { Input: request.input, Output: request.output ?? request.error },
  };
}

const LONGEST = 160;

function shorten(text) {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/// The first place in an error: `main.lua:12`.
export function placeOf(text) {
  return text?.match(/(?:^|[\s(`])((?:@?[\w-]+\/)*[\w-]+\.luau?:\d+)/)?.[1] ?? null;
}

/// A place as its file and line.
export function splitPlace(place) {
  const at = place.lastIndexOf(":");
  return { file: place.slice(0, at), line: Number(place.slice(at + 1)) };
}

/// A moment of a call: `1:02.5`.
export function clock(at) {
  const tenths = Math.floor(at * 10 + 1e-6);
  const part = Math.floor(tenths / 10) % 60;
  return `${Math.floor(tenths / 600)}:${String(part).padStart(2, "0")}.${tenths % 10}`;
}

export function seconds(lasts) {
  return `${lasts.toFixed(1)} s`;
}

/// What an event of the service is, in a few words.
export function eventName(event) {
  const data = event?.ActionData ?? {};
  return [event?.InvocationEventType, data.Type, data.ReceivedDigits, data.ErrorType].filter(Boolean).join(" ");
}

/// The types of the actions of an answer.
export function actionNames(answer) {
  const actions = Array.isArray(answer?.Actions) ? answer.Actions : [];
  return actions.map((action) => action?.Type ?? "no action");
}
