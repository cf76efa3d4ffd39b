import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";

import { source, start } from "./world.js";

let world, key, site;
before(async () => {
  world = await start();
  key = source(world, "Site");
  // A site of its own under a strict policy: scripts and calls only from and to the product.
  site = createServer((request, answer) => {
    if (request.url.startsWith("/favicon")) return answer.writeHead(404).end();
    answer.setHeader("content-security-policy", `default-src 'none'; script-src ${world.url}; connect-src ${world.url}`);
    answer.setHeader("content-type", "text/html; charset=utf-8");
    answer.end(`<!doctype html><title>Shop</title><script async src="${world.url}/v1/clientele.js" data-key="${key}"></script>`);
  });
  await new Promise((resolve) => site.listen(0, "127.0.0.1", resolve));
});
after(async () => {
  site?.close();
  await world?.stop();
});

/** A visitor: a page, and the events that the product acknowledged. */
const visitor = async (setup) => {
  const context = await world.browser.newContext();
  if (setup) await context.addInitScript(setup);
  const page = await context.newPage();
  const faults = [];
  page.on("console", (message) => message.type() === "error" && !message.location().url.includes("favicon") && faults.push(message.text()));
  page.on("pageerror", (error) => faults.push(String(error)));
  const open = (path) => page.goto(`http://127.0.0.1:${site.address().port}${path}`);
  /** Does something and answers the events that follow. */
  const events = async (act) => {
    const [answer] = await Promise.all([page.waitForResponse(`${world.url}/v1/batch`), act()]);
    assert.equal((await answer.json()).accepted, answer.request().postDataJSON().batch.length);
    return answer.request().postDataJSON().batch;
  };
  const stored = () => page.evaluate(async () => [document.cookie, localStorage.length, sessionStorage.length, (await indexedDB.databases()).length]);
  return { context, page, faults, open, events, stored };
};

test("before consent events arrive, nothing is kept, and no identifier lasts", async () => {
  const { context, page, faults, open, events, stored } = await visitor();
  const [first] = await events(() => open("/lamps?utm_source=letter&utm_campaign=spring&email=ana@x.example"));
  assert.equal(first.type, "page");
  assert.equal(first.context.page.path, "/lamps");
  assert.deepEqual(first.context.campaign, { source: "letter", name: "spring" });
  assert.ok(!JSON.stringify(first).includes("ana@x.example"));
  const [tracked] = await events(() => page.evaluate(() => clientele("track", "Lamp Seen", { price: 12 })));
  assert.deepEqual([tracked.event, tracked.properties, tracked.anonymousId], ["Lamp Seen", { price: 12 }, first.anonymousId]);
  const [told] = await events(() => page.evaluate(() => clientele("identify", "U1", { email: "ana@x.example" })));
  assert.deepEqual([told.userId, told.anonymousId, told.context], ["U1", undefined, undefined]);
  const [later] = await events(() => open("/chairs"));
  assert.notEqual(later.anonymousId, first.anonymousId);
  assert.deepEqual(await stored(), ["", 0, 0, 0]);
  assert.deepEqual(faults, []);
  await context.close();
});

test("consent keeps an identifier for thirteen months, and its withdrawal removes it", async () => {
  const { context, page, faults, open, events, stored } = await visitor();
  await events(() => open("/"));
  const [said] = await events(() => page.evaluate(() => clientele("consent", { analytics: true, ads: false })));
  assert.deepEqual(said.context.consent.categoryPreferences, { analytics: true, ads: false });
  const [cookie] = await context.cookies();
  assert.ok(Math.abs(cookie.expires - Date.now() / 1000 - 395 * 86_400) < 600);
  const [next] = await events(() => open("/next"));
  assert.equal(next.anonymousId, said.anonymousId);
  // What is said again is no news; the event after it comes alone.
  const again = await events(() => page.evaluate(() => (clientele("consent", { analytics: true }), clientele("track", "Seen"))));
  assert.deepEqual(again.map((event) => event.event), ["Seen"]);
  assert.equal((await context.cookies())[0].expires, cookie.expires);
  const [gone] = await events(() => page.evaluate(() => clientele("consent", { analytics: false })));
  assert.deepEqual([gone.anonymousId, gone.context.consent.categoryPreferences.analytics], [said.anonymousId, false]);
  assert.deepEqual(await stored(), ["", 0, 0, 0]);
  const [stranger] = await events(() => open("/again"));
  assert.notEqual(stranger.anonymousId, said.anonymousId);
  assert.deepEqual(faults, []);
  await context.close();
});

test("events wait while there is no network", async () => {
  const { context, page, open, events } = await visitor();
  await events(() => open("/"));
  await context.setOffline(true);
  await page.evaluate(() => clientele("track", "Away"));
  const [kept] = await events(() => context.setOffline(false));
  assert.equal(kept.event, "Away");
  await context.close();
});

for (const [name, setup] of [
  ["Global Privacy Control", () => Object.defineProperty(navigator, "globalPrivacyControl", { value: true })],
  ["Do Not Track", () => Object.defineProperty(navigator, "doNotTrack", { value: "1" })],
]) {
  test(`${name} refuses`, async () => {
    const { context, page, open, stored } = await visitor(setup);
    const sent = [];
    page.on("request", (request) => request.method() === "POST" && sent.push(request.url()));
    await open("/");
    await page.waitForFunction(() => typeof clientele === "function");
    await page.evaluate(() => (clientele("consent", { analytics: true }), clientele("track", "Seen")));
    await page.reload();
    assert.deepEqual([sent, await stored()], [[], ["", 0, 0, 0]]);
    await context.close();
  });
}
