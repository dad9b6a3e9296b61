// Scripts beside the telephone: a change is heard, a mistake is shown, a line is opened, a call is made again.

import assert from "node:assert/strict";
import { renameSync, rmSync } from "node:fs";
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

async function open(scripts, args) {
  workshop = await Workshop.start(scripts, args);
  page = await openPage(browser, workshop);
}

/// Plays a call in which one key is pressed.
async function play(digit) {
  await dial(page);
  await line(page, "“Press 1 or 2.”");
  await key(page, digit).click();
  await line(page, "The call is over.");
}

for (const args of [[], ["--poll"]]) {
  test(`what is saved is heard in the next call ${args.join(" ")}`, async (t) => {
    await open(undefined, args);
    await page.getByText("answers new calls").waitFor();
    const before = await page.locator("[data-release]").getAttribute("data-release");
    const began = performance.now();
    workshop.save("main.lua", HELLO.replace("Hello.", "Good day."));
    await page.getByText("Changed: main.lua.").waitFor();
    await dial(page);
    await line(page, "“Good day.”");
    const took = performance.now() - began;
    t.diagnostic(`from save to the first line of the next call ${args.join(" ")}: ${Math.round(took)} ms`);
    assert.notEqual(await page.locator("[data-release]").getAttribute("data-release"), before);
  });
}

test("a call in progress keeps its release, and says so", async () => {
  await open();
  await dial(page);
  await line(page, "“Press 1 or 2.”");
  workshop.save("main.lua", HELLO.replace("One.", "The first."));
  await page.getByText("It began with this release; new calls have a newer one.").waitFor();
  await key(page, "1").click();
  await line(page, "“One.”");
});

test("while S3 is gone the last good release answers", async () => {
  await open();
  await dial(page);
  await line(page, "“Press 1 or 2.”");
  await page.getByText("Faults").click();
  await page.getByRole("button", { name: "Take S3 away" }).click();
  await line(page, "fault: the place of the scripts is out of reach");
  await key(page, "1").click();
  await line(page, "The call is over.");
  workshop.save("main.lua", HELLO.replace("Hello.", "Good day."));
  await dial(page);
  await line(page, "“Hello.”");
  await page.getByText("S3 is out of reach").waitFor();
  await page.getByText("Faults").click();
  await page.getByRole("button", { name: "Bring S3 back" }).click();
  await page.getByText("Changed: main.lua.").waitFor();
});

test("a folder that is replaced is watched on", async () => {
  await open();
  await page.getByText("answers new calls").waitFor();
  renameSync(workshop.folder, `${workshop.folder}-old`);
  workshop.save("main.lua", HELLO.replace("Hello.", "Good day."));
  await page.getByText("Changed: main.lua.").waitFor();
  workshop.save("main.lua", HELLO.replace("Hello.", "Good night."));
  await dial(page);
  await line(page, "“Good");
  rmSync(`${workshop.folder}-old`, { recursive: true });
});

test("a broken script is shown with its place, and the last good release answers on", async () => {
  await open();
  await page.getByText("answers new calls").waitFor();
  workshop.save("main.lua", HELLO.replace("call:menu {", "call:menu { ,"));
  const problems = page.getByRole("alert", { name: "Problems" });
  await problems.getByText("The last good release keeps answering.").waitFor();
  await problems.getByRole("button", { name: /^main\.lua:4/ }).click();
  await page.getByRole("region", { name: "Text of main.lua" }).getByText("menu").first().waitFor();
  await dial(page);
  await line(page, "“Hello.”");
  workshop.save("main.lua", HELLO);
  await problems.waitFor({ state: "detached" });
});

test("a mistake that only a check finds is shown, and the release answers", async () => {
  await open({ "main.lua": HELLO.replace("tries = 1", "tires = 1") });
  const problems = page.getByRole("alert", { name: "Problems" });
  await problems.getByText("tries").first().waitFor();
});

test("a line of the transcript opens the script at its line", async () => {
  await open();
  await dial(page);
  await line(page, "“Press 1 or 2.”");
  await transcript(page).getByRole("button", { name: "main.lua:4" }).click();
  const current = page.locator("[aria-current=true]");
  await current.getByText("menu").waitFor();
  assert.match(await current.textContent(), /^4 {2}local choice = call:menu/);
  const link = await page.getByRole("link", { name: "Open in editor" }).getAttribute("href");
  assert.match(link, /^vscode:\/\/file\/.*main\.lua:4$/);
});

test("errors and what the script logs stand in the transcript", async () => {
  await open({ "main.lua": 'return function(call)\n  log.info("begins", { room = "blue" })\n  call:say("Hello.")\n  call:flush()\n  error("broken")\nend\n' });
  await dial(page);
  await line(page, 'info: begins {"room":"blue"}');
  await transcript(page).getByText(/main\.lua:5: broken/).first().waitFor();
  await line(page, "The caller hears the fallback.");
  await page.getByRole("tab", { name: "Log" }).click();
  await page.getByRole("tabpanel").getByText("begins").waitFor();
});

test("a request stands with its reply and its line", async () => {
  await open({ "main.lua": 'return function(call)\n  storage.put("k", { seen = 1 })\n  local kept = storage.get("k")\n  call:say(if kept then `Kept {kept.seen}.` else "Lost.")\nend\n' });
  await dial(page);
  await line(page, "asks storage to put k");
  await transcript(page).getByText("Request and reply").first().click();
  await transcript(page).getByText('"seen": 1').first().waitFor();
});

test("a call is made again with the same keys, and the first difference is marked", async () => {
  await open();
  await play("1");
  await page.getByRole("button", { name: "Call again with the same keys" }).click();
  await page.getByText("Everybody hears the same as in call 1.").waitFor();
  workshop.save("main.lua", HELLO.replace("One.", "The first."));
  await page.getByText("Changed: main.lua.").waitFor();
  await page.getByRole("button", { name: "Call again with the same keys" }).click();
  await page.getByText("The first difference from call 2 is marked.").waitFor();
  const marked = page.locator(".different");
  assert.match(await marked.first().textContent(), /“The first\.”.*Before: LEG-A “One\.”/s);
});

test("a call becomes a test that holds", async () => {
  await open();
  await play("1");
  await page.getByText("Save as test").click();
  await page.getByLabel("Name of the test").fill("one is chosen");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("Saved in").waitFor();
  assert.match(workshop.read("main.spec.lua"), /test\("one is chosen"/);
  workshop.moonring("test", workshop.folder);
});

test("the timeline shows what passed, and what a cold process replays", async () => {
  await open();
  await play("1");
  const exchange = page.getByRole("region", { name: "Event and answer" });
  await exchange.getByText("HANGUP").first().waitFor();
  await exchange.getByRole("button", { name: "Earlier event" }).click();
  await exchange.getByRole("heading", { name: /SpeakAndGetDigits 1/ }).waitFor();
  await exchange.getByText("call:menu").first().waitFor();
  await exchange.getByText("→ digits 1").waitFor();
});

test("a transcript that is shared and dropped on the page is shown as a call", async () => {
  await open();
  await play("1");
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Share" }).click();
  const stream = await (await download).createReadStream();
  const text = Buffer.concat(await stream.toArray()).toString();
  const drop = async (name, content) => {
    const data = await page.evaluateHandle(({ name, content }) => {
      const data = new DataTransfer();
      data.items.add(new File([content], name, { type: "application/json" }));
      return data;
    }, { name, content });
    await page.dispatchEvent("body", "drop", { dataTransfer: data });
  };
  await drop("shared.json", text);
  await page.getByText("a transcript, read-only").waitFor();
  await line(page, "“One.”");
  await line(page, "The transcript ends here.");
  await drop("notes.txt", "hello");
  await page.getByText("notes.txt is not JSON").waitFor();
});

test("the ways through the script are drawn, marked where the call is, and lead to their lines", async () => {
  await open();
  await page.getByRole("tab", { name: "Ways" }).click();
  const ways = page.getByRole("region", { name: "Ways through the call" });
  await ways.getByText("states.").waitFor();
  // Nobody has called yet: nothing is marked.
  assert.equal(await ways.locator(".node.live").count(), 0);
  const asks = ways.locator(".node").filter({ hasText: "Press 1 or 2." });
  await asks.first().click();
  await ways.getByText("Keys: none").waitFor();
  await dial(page);
  await line(page, "“Press 1 or 2.”");
  // The panel stays, and is that of the new call.
  await ways.locator(".node.live").filter({ hasText: "Press 1 or 2." }).first().waitFor();
  await key(page, "1").click();
  await line(page, "The call is over.");
  await ways.locator(".node.gone").filter({ hasText: "One." }).first().waitFor();
  // What another call goes is marked beside it.
  const gone = await ways.locator("path.edge.gone").count();
  await dial(page);
  await line(page, "“Press 1 or 2.”");
  await ways.locator(".node.live").filter({ hasText: "Press 1 or 2." }).first().waitFor();
  await key(page, "2").click();
  await line(page, "rings at +12065550101");
  await ways.locator(".node.live").filter({ hasText: "+12065550101" }).first().waitFor();
  assert.ok(await ways.locator(".node.gone").filter({ hasText: "One." }).count() > 0);
  assert.ok(await ways.locator("path.edge.gone").count() > gone);
  // What is saved is walked when it is asked for, and a finding leads to its line.
  workshop.save("main.lua", HELLO.replace("One.", "One.\" .. nobody.name .. \""));
  await page.getByText("Changed: main.lua.").waitFor();
  await ways.getByRole("button", { name: "Walk again" }).click();
  const found = ways.getByRole("list", { name: "Findings" });
  await found.getByText("script-fails").first().waitFor();
  await found.getByRole("button").first().click();
  await page.getByRole("heading", { name: /^main\.lua:\d+$/ }).waitFor();
});
