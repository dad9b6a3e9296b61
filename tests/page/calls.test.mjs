// Calls from the page: one, two, with a callee, outbound, with a microphone.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { HELLO, Workshop, dial, key, line, openBrowser, openPage, transcript } from "./workshop.mjs";

let browser;
let workshop;
let page;
before(async () => { browser = await openBrowser(); });
after(() => browser.close());
afterEach(async () => {
  assert.deepEqual(page.complaints, []);
  await page.context().close();
  await workshop.stop();
});

async function open(scripts) {
  workshop = await Workshop.start(scripts);
  page = await openPage(browser, workshop);
}

test("somebody dials, presses a key, hears the answer and hangs up", async () => {
  await open();
  await dial(page);
  await line(page, "“Press 1 or 2.”");
  await key(page, "1").click();
  await line(page, "presses 1");
  await line(page, "“One.”");
  await page.getByRole("button", { name: "Hang up" }).click();
  await line(page, "The call is over.");
  assert.match(workshop.shown, /hears “One\.”/, "the terminal goes on");
});

test("keys of the keyboard are keys of the telephone", async () => {
  await open();
  await dial(page);
  await line(page, "“Press 1 or 2.”");
  await page.getByRole("heading", { level: 2, name: /^Call 1/ }).click();
  await page.keyboard.press("1");
  await line(page, "“One.”");
  // Where somebody types, they type.
  await page.getByRole("textbox", { name: "From" }).fill("+12065550143");
  assert.equal(await transcript(page).getByText("presses").count(), 1);
});

test("two calls go on at once, each with its own telephone", async () => {
  await open();
  await dial(page);
  await line(page, "“Press 1 or 2.”");
  await page.getByRole("textbox", { name: "From" }).fill("+12065550143");
  await dial(page);
  await page.getByRole("heading", { name: /^Call 2: \+12065550143/ }).waitFor();
  await line(page, "“Press 1 or 2.”");
  await page.getByRole("region", { name: "Call 2", exact: true }).getByRole("button", { name: "Key 1" }).click();
  await line(page, "“One.”");
  await page.getByRole("button", { name: /^Call 1:/ }).click();
  await line(page, "“Hello.”");
  assert.equal(await transcript(page).getByText("“One.”").count(), 0);
});

test("a callee answers, or is busy", async () => {
  await open();
  for (const [button, told] of [["Answer", "is connected"], ["Busy", "did not answer, or declined (480)"]]) {
    await dial(page);
    await line(page, "“Press 1 or 2.”");
    await key(page, "2").click();
    const callee = page.getByRole("article", { name: "Callee +12065550101" });
    await callee.getByRole("button", { name: button }).click();
    await transcript(page).getByText(told).last().waitFor();
    if (button === "Answer") await callee.getByRole("button", { name: "Hang up" }).click();
    await line(page, "“Bye.”");
    await line(page, "The call is over.");
  }
});

test("the scripts call somebody, who answers", async () => {
  await open({ "main.lua": 'return function(call) call:wait_for_answer() call:say("Room " .. call.arguments.room .. ".") end\n' });
  await page.getByText("Have the scripts call somebody").click();
  const form = page.getByRole("form", { name: "Outbound call" });
  await form.getByLabel("Arguments").fill("room=blue");
  await form.getByRole("button", { name: "Make the call" }).click();
  await page.getByRole("article", { name: "Person called +12065550142" }).getByRole("button", { name: "Answer" }).click();
  await line(page, "“Room blue.”");
});

test("an update reaches the call", async () => {
  await open({ "main.lua": 'return function(call) call:say("Hold.") local what, update = call:wait() call:say("Hello " .. update.name .. ".") end\n' });
  await dial(page);
  await line(page, "“Hold.”");
  await page.getByText("Update the call").click();
  await page.getByLabel("Arguments").last().fill("name=Ann");
  await page.getByRole("button", { name: "Send the update" }).click();
  await line(page, "“Hello Ann.”");
});

test("what is said into the microphone is what the recording keeps", async () => {
  await open({ "main.lua": 'return function(call) call:say("Speak.") call:record { bucket = "mail", prefix = "in/", max = 30, silence = 5 } call:say("Thanks.") end\n' });
  await dial(page);
  await line(page, "“Speak.”");
  await page.getByRole("button", { name: "Microphone" }).click();
  await transcript(page).getByText(/talks for [2-9]/).waitFor();
  await page.getByRole("button", { name: "Stop microphone" }).click();
  await key(page, "pound").click();
  await line(page, "is recorded for");
  const played = page.waitForResponse((response) => response.url().includes("/sound?"));
  await transcript(page).getByRole("button", { name: "Play" }).click();
  const samples = new Int16Array((await (await played).body()).buffer.slice(44));
  assert.ok(samples.some((sample) => Math.abs(sample) > 500), "the recording is not silent");
});

test("prompts and the whole call can be heard", async () => {
  await open();
  await dial(page);
  await line(page, "“Press 1 or 2.”");
  await key(page, "1").click();
  await line(page, "The call is over.");
  const address = await page.getByRole("link", { name: "WAV" }).getAttribute("href");
  const wav = Buffer.from(await (await fetch(workshop.address + address)).arrayBuffer());
  assert.equal(wav.subarray(0, 4).toString(), "RIFF");
  const samples = new Int16Array(wav.buffer.slice(wav.byteOffset + 44));
  const loud = (channel) => samples.filter((sample, index) => index % 2 === channel && Math.abs(sample) > 500).length;
  assert.ok(loud(0) > 1000 && loud(1) > 100, "both the prompts and the key are heard");
});

test("a call is made again, with what the callee did and what was typed in confidence", async () => {
  await open({
    "main.lua": `return function(call)
  local pin = call:ask { say = "PIN?", min = 4, max = 4, secret = true }
  call:say(if pin == "8697" then "Right." else "Wrong.")
  local leg = call:bridge { to = "+12065550101" }
  local key = leg and call:menu { leg = leg, say = "Press 1.", options = { "taken" } }
  call:say(key or "Nobody.")
  call:hangup()
end
`,
  });
  await dial(page);
  await line(page, "“PIN?”");
  for (const digit of ["8", "6", "9", "7"]) await key(page, digit).click();
  const callee = page.getByRole("article", { name: "Callee +12065550101" });
  await callee.getByRole("button", { name: "Answer" }).click();
  await line(page, "“Press 1.”");
  await callee.getByRole("button", { name: "Key 1" }).click();
  await line(page, "“taken”");
  await line(page, "The call is over.");
  assert.equal(await page.getByText("8697").count(), 0);
  await page.getByRole("button", { name: "Call again with the same keys" }).click();
  await page.getByText("Everybody hears the same as in call 1.").waitFor();
});

test("each fault leaves a mark", async () => {
  await open({ "main.lua": HELLO.replace("tries = 1", "tries = 9") });
  await dial(page);
  await line(page, "“Press 1 or 2.”");
  await page.getByText("Faults").click();
  for (const [button, mark] of [
    ["Use a new process", "fault: the next event finds a process"],
    ["Deliver the next event twice", "fault: the next event is delivered twice"],
    ["Delay the next answer by 6 s", "fault: the next answer comes 6 s late"],
    ["Fail the next action", "fault: the next action fails with SystemException"],
    ["Take S3 away", "fault: the place of the scripts is out of reach"],
    ["Bring S3 back", "the place of the scripts can be reached again"],
  ]) {
    await page.getByRole("button", { name: button }).click();
    await line(page, mark);
  }
});
