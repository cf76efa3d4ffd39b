// The product with its sample company on a free port, and a browser before it.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";

import { chromium } from "playwright-core";

const binary = process.env.CLIENTELE_TEST_BINARY;
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Starts the product; gives its address, an administrator's sign-in, and how to stop it. */
export const start = async () => {
  if (!binary) throw new Error("CLIENTELE_TEST_BINARY must name the product's binary");
  const folder = await mkdtemp(join(tmpdir(), "clientele-browser-"));
  const words = ["demo", "--data", folder, "--port", "0", "--no-open", "--contacts", "300"];
  const server = spawn(binary, words, { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((resolve) => server.once("exit", resolve));
  const told = {};
  await new Promise((resolve, reject) => {
    ended.then((code) => reject(new Error(`the server ended with ${code}`)));
    createInterface({ input: server.stdout }).on("line", (line) => {
      const [, name, value] = line.match(/^\s+(Address|Sign in as|Password|Data)\s+(\S+)/) ?? [];
      if (name) told[name] = value;
      if (name === "Data") resolve();
    });
  });
  const browser = await chromium.launch({ executablePath: process.env.CLIENTELE_TEST_CHROMIUM, args: ["--no-sandbox"] });
  const stop = async () => {
    await browser.close();
    server.kill("SIGTERM");
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  return { url: told.Address.replace(/\/$/, ""), email: told["Sign in as"], password: told.Password, folder, browser, stop };
};

/** Makes a source of events; gives a write key. */
export const source = (world, name) => {
  const run = (...words) => execFileSync(binary, ["source", ...words, "--data", world.folder], { encoding: "utf8" });
  run("create", name);
  return run("key", name).match(/clw_\w+/)[0];
};

/** Sends events of the Segment specification with a write key. */
export const give = async (world, key, batch) => {
  const headers = { "content-type": "application/json", authorization: `Basic ${btoa(`${key}:`)}` };
  const answer = await fetch(`${world.url}/v1/batch`, { method: "POST", headers, body: JSON.stringify({ batch }) });
  if (!answer.ok) throw new Error(await answer.text());
};

/** A signed-in page in English. Errors of scripts and of the policy fail the test. */
export const signedIn = async (world, options = {}) => {
  const context = await world.browser.newContext({ baseURL: world.url, locale: "en-GB", viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  page.faults = [];
  page.on("pageerror", (error) => page.faults.push(String(error)));
  // The browser reports every refused form as an error of its own.
  const expected = /status of (409|422)/;
  page.on("console", (message) => message.type() === "error" && !expected.test(message.text()) && page.faults.push(message.text()));
  page.on("dialog", (dialog) => dialog.accept());
  await page.goto("/sign-in");
  await page.getByLabel("E-mail").fill(world.email);
  await page.getByLabel("Password").fill(world.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(`${world.url}/`);
  if ((await page.locator("html").getAttribute("lang")) !== "en") await speak(page, "English");
  return page;
};

/** Declares tests that walk through pages of a world; an error of a script or of the policy fails them. */
export const journeys = (world) => (name, act, options) =>
  test(name, async () => {
    const page = await signedIn(world(), options);
    try {
      await act(page);
      assert.deepEqual(page.faults, []);
    } finally {
      await page.context().close();
    }
  });

export const toast = (page, text) => page.locator("[data-toast]", { hasText: text });

/** Chooses the language in the user's menu. */
export const speak = async (page, language) => {
  await page.locator("[popovertarget=user-menu]").click();
  await Promise.all([page.waitForEvent("load"), page.getByRole("button", { name: language, exact: true }).click()]);
};

/** What is wrong with a page for people who use it with a keyboard or a screen reader. */
export const faultsOf = async (page) => {
  const result = await page.evaluate(`${axe}; axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"] })`);
  return result.violations.map((each) => `${each.id}: ${each.nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`);
};
