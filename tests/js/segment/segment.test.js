import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";

import { Analytics } from "@segment/analytics-node";

import { start } from "./server.js";

let server;

before(async () => {
  server = await start();
});

after(() => server?.stop());

const library = (options = {}) =>
  new Analytics({ writeKey: server.key, host: server.url, maxEventsInBatch: 20, flushInterval: 1000, maxRetries: 0, ...options });

const today = async () => (await server.api("/health")).days.at(-1);

const failures = (analytics) => {
  const seen = [];
  analytics.on("error", (error) => seen.push(error));
  return seen;
};

test("every kind of call arrives", async () => {
  const earlier = await today();
  const analytics = library();
  const errors = failures(analytics);
  const sent = [];
  analytics.on("http_request", (request) => sent.push(request));
  analytics.identify({ userId: "u-1", traits: { email: "ada@a.example", plan: "gold" } });
  analytics.track({ userId: "u-1", event: "Order Completed", properties: { total: 12.5, products: [{ sku: "a" }] } });
  analytics.page({ anonymousId: "a-1", name: "Home", properties: { path: "/" } });
  analytics.screen({ userId: "u-1", name: "Basket" });
  analytics.group({ userId: "u-1", groupId: "g-1", traits: { name: "Aciers" } });
  analytics.alias({ userId: "u-1", previousId: "a-1" });
  await analytics.closeAndFlush();
  assert.deepEqual(errors, []);
  assert.ok(sent.every((request) => request.url === `${server.url}/v1/batch`));
  const now = await today();
  assert.equal(now.accepted - earlier.accepted, 6);
  assert.equal(now.rejected, earlier.rejected);
});

test("hundreds of events in batches, each once", async () => {
  const earlier = await today();
  const analytics = library();
  const errors = failures(analytics);
  for (let n = 0; n < 300; n += 1) analytics.track({ userId: `u-${n % 7}`, event: "Clicked", properties: { n }, messageId: `clicked-${n}` });
  await analytics.closeAndFlush();
  const again = library();
  for (let n = 0; n < 30; n += 1) again.track({ userId: "u-1", event: "Clicked", messageId: `clicked-${n}` });
  await again.closeAndFlush();
  assert.deepEqual(errors, []);
  const now = await today();
  assert.equal(now.accepted - earlier.accepted, 300);
  assert.equal(now.duplicates - earlier.duplicates, 30);
});

test("a wrong key is an error of the library, not a loss in silence", async () => {
  const analytics = library({ writeKey: "clw_wrong" });
  const errors = failures(analytics);
  analytics.track({ userId: "u-1", event: "Lost" });
  await analytics.closeAndFlush();
  assert.equal(errors.length, 1);
});

const post = (path, body, headers = {}) =>
  fetch(`${server.url}/v1/${path}`, {
    method: "POST",
    headers: { Authorization: `Basic ${Buffer.from(`${server.key}:`).toString("base64")}`, "Accept-Language": "en", ...headers },
    body: typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body),
  });

test("an answer names what was rejected, and the library takes it", async () => {
  const good = { type: "track", userId: "u", event: "Good", messageId: "mixed-1" };
  const bad = { type: "track", userId: "u", messageId: "mixed-2" };
  const answer = await post("batch", { batch: [good, bad] });
  assert.equal(answer.status, 200);
  assert.deepEqual(await answer.json(), {
    success: false,
    accepted: 1,
    duplicates: 0,
    rejected: [{ index: 1, messageId: "mixed-2", code: "event-name-missing", field: "event", reason: "The event has no name: give it in the member “event”." }],
  });
  const waiting = await server.api("/rejects");
  assert.equal(waiting[0].event.messageId, "mixed-2");
  const analytics = library();
  const errors = failures(analytics);
  analytics.track({ userId: "u", event: "x".repeat(201) });
  await analytics.closeAndFlush();
  assert.deepEqual(errors, []);
  assert.equal((await server.api("/rejects"))[0].code, "event-name-too-long");
});

test("one call with one event", async () => {
  const good = await post("track", { userId: "u", event: "Single" });
  assert.deepEqual([good.status, await good.json()], [200, { success: true, accepted: 1, duplicates: 0, rejected: [] }]);
  const bad = await post("track", { userId: "u" });
  assert.deepEqual([bad.status, (await bad.json()).rejected[0].code], [400, "event-name-missing"]);
  const none = await fetch(`${server.url}/v1/track`, { method: "POST", body: JSON.stringify({ userId: "u", event: "x" }) });
  assert.equal(none.status, 401);
  assert.equal((await post("sing", {})).status, 404);
  const french = await post("t", { userId: "u" }, { "Accept-Language": "fr" });
  assert.match((await french.json()).rejected[0].reason, /pas de nom/);
});

test("packed bodies, and bodies too large", async () => {
  const packed = gzipSync(JSON.stringify({ batch: [{ type: "page", anonymousId: "z" }] }));
  const answer = await post("batch", packed, { "Content-Encoding": "gzip" });
  assert.deepEqual([answer.status, (await answer.json()).accepted], [200, 1]);
  const bomb = gzipSync(Buffer.alloc(50_000_000, 32));
  const refused = await post("batch", bomb, { "Content-Encoding": "gzip" });
  assert.deepEqual([refused.status, (await refused.json()).code], [400, "events-too-large"]);
  const large = await post("batch", " ".repeat(600 * 1024));
  assert.deepEqual([large.status, (await large.json()).code], [400, "events-too-large"]);
  const broken = await post("batch", "{");
  assert.deepEqual([broken.status, (await broken.json()).code], [400, "body-not-json"]);
});

test("pages of other sites may send, with the key in the body", async () => {
  const asked = await fetch(`${server.url}/v1/p`, { method: "OPTIONS", headers: { Origin: "https://shop.example", "Access-Control-Request-Method": "POST" } });
  assert.deepEqual([asked.status, asked.headers.get("access-control-allow-origin")], [204, "*"]);
  const sent = await fetch(`${server.url}/v1/p`, {
    method: "POST",
    headers: { "Content-Type": "text/plain", Origin: "https://shop.example" },
    body: JSON.stringify({ anonymousId: "b", name: "Home", writeKey: server.key }),
  });
  assert.deepEqual([sent.status, sent.headers.get("access-control-allow-origin")], [200, "*"]);
});

test("keys are made and taken back over the API", async () => {
  const made = await server.api("/keys", { method: "POST", body: JSON.stringify({ name: "shop" }) });
  assert.match(made.key, /^clw_/);
  const listed = await server.api("/keys");
  assert.ok(listed.length >= 2 && listed.every((key) => !("key" in key)));
  const send = () => post("track", { userId: "u", event: "By key" }, { Authorization: `Basic ${btoa(`${made.key}:`)}` });
  assert.equal((await send()).status, 200);
  await server.api(`/keys/${made.id}`, { method: "DELETE" });
  assert.equal((await send()).status, 401);
});
