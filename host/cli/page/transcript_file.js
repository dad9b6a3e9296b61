// A transcript from a file as a call: what its events and answers say of what was heard and pressed.

/// Reads the text of a file. `{ call, entries }` as the state takes them; an error says what is wrong with it.
export function readTranscript(text, name) {
  let transcript;
  try {
    transcript = JSON.parse(text);
  } catch {
    throw new Error(`${name} is not JSON`);
  }
  const steps = transcript?.steps;
  if (!Array.isArray(steps) || steps.length === 0 || !steps[0]?.event) {
    throw new Error(`${name} is not a transcript; make one with Share, or with moonring call --trace`);
  }
  const details = steps[0].event.CallDetails ?? {};
  const leg = details.Participants?.[0] ?? {};
  const began = steps[0].now_ms ?? 0;
  const isOutbound = steps[0].event.InvocationEventType === "NEW_OUTBOUND_CALL";
  const call = {
    TransactionId: `file:${name}:${details.TransactionId ?? ""}`, From: leg.From ?? "", To: leg.To ?? "", At: began,
    Direction: isOutbound ? "outbound" : "inbound", Name: name,
  };
  const isStep = (step) => step?.event && typeof step.event === "object";
  if (!steps.every(isStep)) throw new Error(`${name} is not a transcript: a step has no event`);
  return { call, entries: steps.flatMap((step) => entriesOf(step, began)) };
}

function entriesOf(step, began) {
  const at = Math.max(0, ((step.now_ms ?? began) - began) / 1000);
  const { event, response } = step;
  const data = event.ActionData ?? {};
  const leg = data.Parameters?.ParticipantTag ?? "LEG-A";
  const entries = [];
  for (const digit of typeof data.ReceivedDigits === "string" ? data.ReceivedDigits : "") entries.push({ at, what: "presses", leg, digit, heard: true });
  if (event.InvocationEventType === "HANGUP") {
    entries.push({ at, what: "ends", leg, code: Number(data.Parameters?.SipResponseCode) || 0 });
  }
  if (event.InvocationEventType === "CALL_ANSWERED") entries.push({ at, what: "connects", leg: "LEG-A" });
  entries.push({ at, what: "invoked", event, attempt: 1 });
  if (step.error) {
    entries.push({ at, what: "not_answered", why: typeof step.error === "string" ? step.error : JSON.stringify(step.error) });
    return entries;
  }
  entries.push({ at, what: "answered", answer: response, requests: Array.isArray(step.api_calls) ? step.api_calls : [], counts: true });
  const actions = Array.isArray(response?.Actions) ? response.Actions.filter((action) => typeof action?.Type === "string") : [];
  return entries.concat(actions.map((action) => entryOf(action, at)).filter(Boolean));
}

/// What an action comes to for who is on the line.
function entryOf({ Type: type, Parameters: said }, at) {
  const parameters = said && typeof said === "object" ? said : {};
  const leg = parameters.ParticipantTag ?? "LEG-A";
  const speech = parameters.SpeechParameters ?? parameters;
  const source = parameters.AudioSource ?? parameters;
  if (/^Speak/.test(type)) return { at, what: "hears", leg, text: speech.Text ?? "" };
  if (/^PlayAudio/.test(type)) return { at, what: "hears", leg, file: `s3://${source.BucketName}/${source.Key}` };
  if (type === "CallAndBridge") return { at, what: "rings", leg: "LEG-B", to: parameters.Endpoints?.[0]?.Uri ?? "" };
  return { at, what: "does", leg, action: type };
}
