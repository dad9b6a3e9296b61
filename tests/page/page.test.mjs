// The page itself: safe, reachable for everybody, on every screen, and there again after a reload.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { statSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { HELLO, Workshop, call, dial, key, line, openBrowser, openPage, picture, project, seriousFaults, transcript } from "./workshop.mjs";

let browser;
let workshop;
before(async () => { browser = await openBrowser(); });
after(() => browser.close());
afterEach(() => workshop.stop());

test("a page that is loaded again has the calls it had", async () => {
  workshop = await Workshop.start();
  const page = await openPage(browser, workshop);
  await dial(page);
  await line(page, "“Press 1 or 2.”");
  await page.reload();
  await line(page, "“Press 1 or 2.”");
  assert.equal(await transcript(page).getByText("“Hello.”").count(), 1);
  await key(page, "1").click();
  await line(page, "“One.”");
  await page.context().close();
});

test("a server that starts again goes on with its calls", async () => {
  workshop = await Workshop.start(undefined, ["--state", "account.json"]);
  const page = await openPage(browser, workshop);
  await dial(page);
  await line(page, "“Press 1 or 2.”");
  const port = new URL(workshop.address).port;
  await workshop.kill("SIGTERM");
  await page.getByText("not connected").waitFor();
  await workshop.run(port);
  await page.getByText("connected", { exact: true }).waitFor();
  await key(page, "1").click();
  await line(page, "“One.”");
  assert.equal(await transcript(page).getByText("“Hello.”").count(), 1);
  await page.context().close();
});

test("a server that starts again without its calls says that they are over", async () => {
  workshop = await Workshop.start();
  const page = await openPage(browser, workshop);
  await dial(page);
  await line(page, "“Press 1 or 2.”");
  const port = new URL(workshop.address).port;
  await workshop.kill();
  await workshop.run(port);
  await line(page, "The server was started again.");
  await page.context().close();
});

test("many tabs share one line to the server", async () => {
  workshop = await Workshop.start();
  const context = await browser.newContext();
  const pages = [];
  for (let number = 0; number < 8; number += 1) {
    const page = await context.newPage();
    await page.goto(workshop.address);
    await page.getByText("connected", { exact: true }).waitFor();
    pages.push(page);
  }
  await call(pages[7]).click();
  await line(pages[0], "“Press 1 or 2.”");
  await context.close();
});

test("pages of other sites can do nothing", async () => {
  workshop = await Workshop.start();
  const dial = { From: "+12065550142", To: "+14255550117" };
  const refused = async (headers) => {
    const response = await fetch(`${workshop.address}/moonring/calls`, { method: "POST", headers, body: JSON.stringify(dial) });
    return response.status;
  };
  assert.equal(await refused({ origin: "http://evil.example" }), 403);
  assert.equal(await refused({ "sec-fetch-site": "cross-site" }), 403);
  // For real: a page of another server.
  const other = await Workshop.start();
  try {
    const page = await openPage(browser, other);
    const done = await page.evaluate(async ({ address, dial }) => {
      const request = { method: "POST", mode: "no-cors", body: JSON.stringify(dial) };
      return fetch(`${address}/moonring/calls`, request).then(() => "sent", (error) => error.message);
    }, { address: workshop.address.replace("127.0.0.1", "localhost"), dial });
    assert.match(done, /sent|Failed to fetch/);
    assert.deepEqual((await workshop.ask("GET", "/moonring/calls")).body.Calls, []);
    await page.context().close();
  } finally {
    await other.stop();
  }
});

test("nothing is loaded from elsewhere", async () => {
  workshop = await Workshop.start();
  const context = await browser.newContext();
  const page = await context.newPage();
  const asked = [];
  page.on("request", (request) => asked.push(new URL(request.url()).origin));
  await page.goto(workshop.address);
  await page.getByText("connected", { exact: true }).waitFor();
  assert.deepEqual([...new Set(asked)], [workshop.address]);
  const policy = (await fetch(workshop.address)).headers.get("content-security-policy");
  assert.match(policy, /default-src 'none'/);
  await context.close();
});

for (const colorScheme of ["light", "dark"]) {
  test(`everybody can use it, and it looks as its pictures do, ${colorScheme}`, async () => {
    workshop = await Workshop.start({
      "main.lua": HELLO.replace('call:say("Hello.")', 'call:say("Welcome to Acme.")').replace("Press 1 or 2.", "For our hours, press 1. For an agent, press 2."),
    });
    const page = await openPage(browser, workshop, { colorScheme });
    assert.deepEqual(await seriousFaults(page), []);
    await dial(page);
    await line(page, "“For our hours, press 1. For an agent, press 2.”");
    await key(page, "2").click();
    await page.getByRole("button", { name: "Answer" }).click();
    await transcript(page).getByText("is connected").nth(1).waitFor();
    await transcript(page).getByRole("button", { name: "main.lua:4" }).click();
    await page.locator("[aria-current=true]").waitFor();
    assert.deepEqual(await seriousFaults(page), []);
    await picture(page, `dev-${colorScheme}.png`);
    await picture(page.getByRole("region", { name: "Telephones" }), `dev-telephones-${colorScheme}.png`);
    await picture(page.getByRole("region", { name: "Transcript and script" }), `dev-transcript-${colorScheme}.png`);
    await picture(page.getByRole("region", { name: "Inspector" }), `dev-timeline-${colorScheme}.png`);
    await page.getByRole("tab", { name: "Log" }).click();
    await picture(page.getByRole("region", { name: "Inspector" }), `dev-log-${colorScheme}.png`);
    workshop.save("main.lua", HELLO.replace("call:menu {", "call:menu { ,"));
    await page.getByRole("alert", { name: "Problems" }).waitFor();
    assert.deepEqual(await seriousFaults(page), []);
    await picture(page.getByRole("region", { name: "Transcript and script" }), `dev-problems-${colorScheme}.png`);
    await page.context().close();
  });
}

test("the picture of the README is small", () => {
  workshop = { stop() {} };
  assert.ok(statSync(join(project, "docs/images/dev-light.png")).size < 200_000);
});

for (const width of [360, 768, 1440, 3840]) {
  test(`nothing sticks out at ${width} pixels`, async () => {
    workshop = await Workshop.start();
    const page = await openPage(browser, workshop, { viewport: { width, height: 900 } });
    await dial(page);
    await line(page, "“Press 1 or 2.”");
    await transcript(page).getByRole("button", { name: "main.lua:4" }).click();
    const out = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.equal(out, 0);
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  });
}

test("a thousand lines and twenty calls move nothing around", async () => {
  workshop = await Workshop.start();
  const page = await openPage(browser, workshop);
  await page.evaluate(() => {
    window.shifts = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifts.push(entry.value);
    }).observe({ type: "layout-shift", buffered: false });
  });
  const said = (number) => ({
    now_ms: number * 100,
    event: { InvocationEventType: number === 0 ? "NEW_INBOUND_CALL" : "ACTION_SUCCESSFUL", CallDetails: { TransactionId: "t", Participants: [{ From: "+12065550142", To: "+14255550117" }] } },
    response: { SchemaVersion: "1.0", Actions: [{ Type: "Speak", Parameters: { Text: `Line ${number}.` } }] },
  });
  const text = JSON.stringify({ handler: "main", steps: Array.from({ length: 1000 }, (_, number) => said(number)) });
  const data = await page.evaluateHandle((content) => {
    const data = new DataTransfer();
    data.items.add(new File([content], "long.json"));
    return data;
  }, text);
  await page.dispatchEvent("body", "drop", { dataTransfer: data });
  await line(page, "“Line 999.”");
  assert.equal(await transcript(page).getByRole("listitem").count(), 1001);
  for (let number = 0; number < 20; number += 1) {
    await workshop.ask("POST", "/moonring/calls", { From: "+12065550142", To: "+14255550117" });
  }
  await page.getByRole("button", { name: /^Call 20:/ }).waitFor();
  await page.getByRole("button", { name: /^Call 20:/ }).click();
  await line(page, "“Press 1 or 2.”");
  const shifted = await page.evaluate(() => window.shifts.reduce((sum, shift) => sum + shift, 0));
  assert.ok(shifted < 0.1, `lines move what is there: ${shifted}`);
  await page.context().close();
});

test("calls of other people's functions are shown, without lines", async () => {
  const answer = { SchemaVersion: "1.0", Actions: [{ Type: "Speak", Parameters: { Text: "Hello from elsewhere." } }, { Type: "Hangup", Parameters: { SipResponseCode: "0" } }] };
  const handler = createServer((request, response) => {
    request.resume().on("end", () => response.end(JSON.stringify(answer)));
  });
  await new Promise((done) => handler.listen(0, "127.0.0.1", done));
  const address = `http://127.0.0.1:${handler.address().port}/2015-03-31/functions/Main/invocations`;
  workshop = await Workshop.serve(["--function", `Main=${address}`]);
  const [number, arn] = ["+18445550123", "arn:aws:lambda:us-east-1:111122223333:function:Main"];
  await workshop.ask("POST", "/phone-number-orders", { ProductType: "SipMediaApplicationDialIn", E164PhoneNumbers: [number] });
  const made = await workshop.ask("POST", "/sip-media-applications", { AwsRegion: "us-east-1", Name: "Main", Endpoints: [{ LambdaArn: arn }] });
  const target = { SipMediaApplicationId: made.body.SipMediaApplication.SipMediaApplicationId, Priority: 1 };
  await workshop.ask("POST", "/sip-rules", { Name: "Rule", TriggerType: "ToPhoneNumber", TriggerValue: number, TargetApplications: [target] });
  const page = await openPage(browser, workshop);
  await dial(page);
  await line(page, "“Hello from elsewhere.”");
  await line(page, "The call is over.");
  assert.equal(await page.locator(".place").count(), 0);
  await page.getByRole("region", { name: "Event and answer" }).getByText("HANGUP").first().waitFor();
  assert.deepEqual(page.complaints, []);
  await page.context().close();
  handler.close();
  handler.closeAllConnections();
});
