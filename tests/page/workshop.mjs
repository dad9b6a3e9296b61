// The workshop of the page's tests: the real `moonring dev` over a folder of its own, and a real browser at it.

import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
export const project = join(here, "../..");
const packages = createRequire(join(process.env.MOONRING_TEST_PACKAGES ?? "", "package.json"));

/// A script that answers at once and says little: calls here take real time.
export const HELLO = `-- Answers every call.
return function(call)
  call:say("Hello.")
  local choice = call:menu { say = "Press 1 or 2.", options = { "one", "two" }, tries = 1 }
  log.info("chosen", { choice = choice })
  if choice == "one" then call:say("One.") end
  if choice == "two" then call:bridge { to = "+12065550101" } end
  call:say("Bye.")
end
`;

/// The path of a Chromium: the one that is named, else the first that is installed.
function chromiumPath() {
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
  const folders = (process.env.PATH ?? "").split(delimiter);
  const found = names.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
  const path = process.env.CHROMIUM ?? found;
  if (!path) throw new Error("the tests of the page need Chromium; install it, e.g. with `apt-get install chromium`, or name one in CHROMIUM");
  return path;
}

/// A browser for all tests of a file.
export async function openBrowser() {
  const { chromium } = packages("playwright-core");
  return chromium.launch({
    executablePath: chromiumPath(),
    args: [
      "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync", "--autoplay-policy=no-user-gesture-required",
      "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
    ],
  });
}

/// A running `moonring dev`, and the folder of its scripts.
export class Workshop {
  static async start(scripts = { "main.lua": HELLO }, args = []) {
    const workshop = new Workshop();
    workshop.folder = mkdtempSync(join(tmpdir(), "moonring-page-"));
    for (const [file, text] of Object.entries(scripts)) workshop.save(file, text);
    workshop.args = args;
    await workshop.run("0");
    return workshop;
  }

  /// `moonring serve`, without any scripts.
  static async serve(args) {
    const workshop = new Workshop();
    workshop.folder = mkdtempSync(join(tmpdir(), "moonring-page-"));
    workshop.command = ["serve"];
    workshop.args = args;
    await workshop.run("0");
    return workshop;
  }

  async run(port) {
    const command = this.command ?? ["dev", this.folder];
    this.child = spawn(process.env.MOONRING, [...command, "--port", port, ...this.args], {
      cwd: this.folder, env: { PATH: process.env.PATH }, stdio: ["ignore", "pipe", "pipe"],
    });
    this.shown = "";
    const lines = createInterface({ input: this.child.stdout });
    const errors = createInterface({ input: this.child.stderr });
    errors.on("line", (line) => { this.shown += `${line}\n`; });
    this.address = await new Promise((done, failed) => {
      lines.on("line", (line) => {
        this.shown += `${line}\n`;
        const found = line.match(/http:\/\/[\d.:]+/);
        if (found) done(found[0]);
      });
      this.child.on("exit", () => failed(new Error(`moonring dev has ended: ${this.shown}`)));
    });
  }

  save(file, text) {
    const path = join(this.folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  read(file) {
    return readFileSync(join(this.folder, file), "utf8");
  }

  /// Asks the server itself.
  async ask(method, path, body) {
    const response = await fetch(this.address + path, { method, body: body === undefined ? undefined : JSON.stringify(body) });
    const text = await response.text();
    return { status: response.status, body: text ? JSON.parse(text) : null };
  }

  moonring(...args) {
    return execFileSync(process.env.MOONRING, args, { cwd: this.folder, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  }

  async kill(signal = "SIGKILL") {
    const ended = new Promise((done) => this.child.once("exit", done));
    this.child.kill(signal);
    await ended;
  }

  async stop() {
    if (this.child.exitCode === null && this.child.signalCode === null) await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/// A page of the workshop. What its console complains of fails the test that looks at it.
export async function openPage(browser, workshop, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  page.complaints = [];
  page.on("pageerror", (error) => page.complaints.push(error.message));
  page.on("console", (message) => {
    // That a prompt has no sound without a voice is told as a 404, and is no fault.
    const isSilence = message.location().url.includes("/sound?");
    if (message.type() === "error" && !isSilence) page.complaints.push(`${message.text()} ${message.location().url}`);
  });
  await page.goto(workshop.address);
  await page.getByText("connected", { exact: true }).waitFor();
  return page;
}

export const call = (page) => page.getByRole("button", { name: "Call", exact: true });

/// Makes the page's next call, and looks at it.
export async function dial(page) {
  page.dialed = (page.dialed ?? 0) + 1;
  await call(page).click();
  await page.getByRole("heading", { name: new RegExp(`^Call ${page.dialed}:`) }).waitFor();
}

export const key = (page, name) => page.getByRole("button", { name: `Key ${name}`, exact: true }).first();
export const transcript = (page) => page.getByRole("log");

/// Waits for a line of the transcript.
export const line = (page, text) => transcript(page).getByText(text).first().waitFor();

/// What axe finds that is serious.
export async function seriousFaults(page) {
  await page.evaluate(packages("node:fs").readFileSync(packages.resolve("axe-core"), "utf8"));
  const { violations } = await page.evaluate(() => window.axe.run(document));
  const serious = violations.filter((found) => ["serious", "critical"].includes(found.impact));
  return serious.map((found) => `${found.id}: ${found.help}: ${found.nodes.map((node) => node.html).join(" | ")}`);
}

/// Keeps a picture: beside the docs where they are made anew, else where nobody looks.
export async function picture(page, name, options = {}) {
  const isKept = Boolean(process.env.UPDATE_EXPECT);
  const folder = isKept ? join(project, "docs/images") : mkdtempSync(join(tmpdir(), "moonring-pictures-"));
  mkdirSync(folder, { recursive: true });
  const bytes = await page.screenshot({ path: join(folder, name), ...options });
  if (!isKept) rmSync(folder, { recursive: true, force: true });
  return bytes;
}

