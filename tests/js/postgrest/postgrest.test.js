import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { PostgrestClient } from "@supabase/postgrest-js";

import { start } from "./server.js";

let server;
let db;
let round = 0;

before(async () => {
  server = await start();
  db = new PostgrestClient(`${server.url}/api/v1`, { headers: { Authorization: `Bearer ${server.token}`, "Accept-Language": "en" } });
});

after(() => server?.stop());

// Each test has its own industry, so that none sees another's records.
let industry;
beforeEach(async () => {
  industry = `branch ${++round}`;
  const accounts = await db
    .from("account")
    .insert([
      { name: `Aciers ${round}`, industry, size: 40, annual_revenue: { amount: 1200.5, currency: "EUR" }, tags: ["gold", "north"], address: { city: "Lille" } },
      { name: `Bois ${round}`, industry, size: 12, annual_revenue: { amount: 800, currency: "EUR" }, tags: ["gold"] },
      { name: `Café ${round}`, industry, size: 3, tags: [], founded: 1998 },
    ])
    .select();
  assert.equal(accounts.error, null);
  const [steel, wood] = accounts.data;
  const contacts = await db.from("contact").insert([
    { name: { first: "Anne", last: "Petit" }, account: steel.id, emails: [`anne${round}@a.example`], job_title: "Buyer" },
    { name: { first: "Bruno", last: "Noir" }, account: steel.id, emails: [`bruno${round}@a.example`] },
    { name: { first: "Chloé", last: "Roux" }, account: wood.id, emails: [`chloe${round}@b.example`] },
  ]);
  assert.equal(contacts.error, null);
  assert.equal(contacts.data, null);
});

const accounts = (...select) => db.from("account").select(...select).eq("industry", industry);

const good = async (query) => {
  const answer = await query;
  assert.equal(answer.error, null);
  return answer.data;
};

const names = (rows) => rows.map((row) => row.name.split(" ")[0]);

test("select, order, limit", async () => {
  const rows = await good(accounts("name, size").order("size", { ascending: false }).limit(2));
  assert.deepEqual(rows, [
    { name: `Aciers ${round}`, size: 40 },
    { name: `Bois ${round}`, size: 12 },
  ]);
});

test("aliases, casts and paths into values", async () => {
  const rows = await good(accounts("company:name, size::text, annual_revenue->amount, annual_revenue->>currency, address->>city").eq("size", 40));
  assert.deepEqual(rows, [{ company: `Aciers ${round}`, size: "40", amount: 1200.5, currency: "EUR", city: "Lille" }]);
});

const FILTERS = [
  ["eq", (q) => q.eq("size", 12), ["Bois"]],
  ["neq", (q) => q.neq("size", 12), ["Aciers", "Café"]],
  ["gt", (q) => q.gt("size", 12), ["Aciers"]],
  ["gte", (q) => q.gte("size", 12), ["Aciers", "Bois"]],
  ["lt", (q) => q.lt("size", 12), ["Café"]],
  ["lte", (q) => q.lte("size", 12), ["Bois", "Café"]],
  ["like", (q) => q.like("name", "B%"), ["Bois"]],
  ["likeAnyOf", (q) => q.likeAnyOf("name", ["B%", "A%"]), ["Aciers", "Bois"]],
  ["ilike", (q) => q.ilike("name", "%OIS%"), ["Bois"]],
  ["ilikeAllOf", (q) => q.ilikeAllOf("name", ["%O%", "%S%"]), ["Bois"]],
  ["is null", (q) => q.is("annual_revenue", null), ["Café"]],
  ["not is null", (q) => q.not("annual_revenue", "is", null), ["Aciers", "Bois"]],
  ["in", (q) => q.in("size", [3, 40]), ["Aciers", "Café"]],
  ["contains", (q) => q.contains("tags", ["gold", "north"]), ["Aciers"]],
  ["containedBy", (q) => q.containedBy("tags", ["gold"]).not("tags", "is", null), ["Bois"]],
  ["overlaps", (q) => q.overlaps("tags", ["north", "south"]), ["Aciers"]],
  ["textSearch", (q) => q.textSearch("name", "cafe", { type: "websearch" }), ["Café"]],
  ["match", (q) => q.match({ size: 3, founded: 1998 }), ["Café"]],
  ["or", (q) => q.or("size.eq.3,and(size.gt.20,tags.cs.{north})"), ["Aciers", "Café"]],
  ["filter", (q) => q.filter("annual_revenue->amount", "gte", "1000"), ["Aciers"]],
  ["regex", (q) => q.filter("name", "match", "^[BC]"), ["Bois", "Café"]],
];

for (const [what, narrow, expected] of FILTERS) {
  test(`filter: ${what}`, async () => {
    assert.deepEqual(names(await good(narrow(accounts("name")).order("name"))), expected);
  });
}

test("embeds to one, to many, inner, spread, with their own filters and order", async () => {
  const people = await good(db.from("contact").select("name->>last, account!inner(name, industry)").eq("account.industry", industry).order("name->>last"));
  assert.deepEqual(people.map((row) => [row.last, row.account.name]), [
    ["Noir", `Aciers ${round}`],
    ["Petit", `Aciers ${round}`],
    ["Roux", `Bois ${round}`],
  ]);
  const firms = await good(
    accounts("name, contact(last:name->>last)").order("name").order("name->>last", { referencedTable: "contact", ascending: false }).limit(1, { referencedTable: "contact" }),
  );
  assert.deepEqual(firms.map((row) => row.contact.map((c) => c.last)), [["Petit"], ["Roux"], []]);
  const counted = await good(accounts("name, contact(count)").order("name"));
  assert.deepEqual(counted.map((row) => row.contact[0].count), [2, 1, 0]);
  const spread = await good(db.from("contact").select("last:name->>last, ...account!inner(company:name)").eq("account.industry", industry).eq("name->>last", "Roux"));
  assert.deepEqual(spread, [{ last: "Roux", company: `Bois ${round}` }]);
  const without = await good(accounts("name, contact()").is("contact", null));
  assert.deepEqual(names(without), ["Café"]);
});

test("counts, with rows and without", async () => {
  const all = await accounts("name", { count: "exact" }).range(0, 1);
  assert.deepEqual([all.status, all.count, all.data.length], [206, 3, 2]);
  const head = await db.from("account").select("*", { count: "exact", head: true }).eq("industry", industry);
  assert.deepEqual([head.count, head.data], [3, null]);
  const estimated = await accounts("name", { count: "estimated" });
  assert.equal(estimated.count, 3);
});

test("ranges, and beyond the end", async () => {
  assert.deepEqual(names(await good(accounts("name").order("name").range(1, 2))), ["Bois", "Café"]);
  const beyond = await accounts("name", { count: "exact" }).range(10, 20);
  assert.deepEqual([beyond.status, beyond.error.code], [416, "PGRST103"]);
});

test("one row, at most one row, and too many", async () => {
  assert.equal((await good(accounts("size").eq("size", 3).single())).size, 3);
  assert.equal(await good(accounts("size").eq("size", 4).maybeSingle()), null);
  const many = await accounts("size").single();
  assert.deepEqual([many.status, many.error.code], [406, "PGRST116"]);
});

test("CSV", async () => {
  const text = await good(accounts("name, size").order("name").limit(2).csv());
  assert.equal(text, `name,size\nAciers ${round},40\nBois ${round},12\n`);
});

test("aggregates", async () => {
  assert.deepEqual(await good(accounts("size.sum(), total:annual_revenue.sum(), count()")), [{ sum: 55, total: 2000.5, count: 3 }]);
});

test("nulls stripped", async () => {
  assert.deepEqual(await good(accounts("name, annual_revenue").eq("size", 3).stripNulls()), [{ name: `Café ${round}` }]);
});

test("insert answers what was asked for", async () => {
  const silent = await db.from("account").insert({ name: "Silent", industry });
  assert.deepEqual([silent.status, silent.data, silent.error], [201, null, null]);
  const counted = await db.from("account").insert([{ name: "One", industry }, { name: "Two", industry }], { count: "exact" });
  assert.equal(counted.count, 2);
  const shown = await good(db.from("account").insert({ name: "Shown", industry }).select("name, lifecycle").single());
  assert.deepEqual(shown, { name: "Shown", lifecycle: "suspect" });
});

test("errors say which field", async () => {
  const refused = await db.from("account").insert({ name: "", size: "many", nonsense: 1 });
  assert.equal(refused.status, 422);
  assert.match(refused.error.message, /size: .*whole number/);
  const unknown = await db.from("nothing").select();
  assert.equal(unknown.status, 404);
});

test("upsert merges or ignores", async () => {
  const external_id = `x-${round}`;
  const row = (name) => ({ external_id, name, industry });
  await good(db.from("account").upsert(row("First"), { onConflict: "external_id" }));
  const merged = await good(db.from("account").upsert(row("Second"), { onConflict: "external_id" }).select("name"));
  assert.deepEqual(merged, [{ name: "Second" }]);
  const ignored = await good(db.from("account").upsert(row("Third"), { onConflict: "external_id", ignoreDuplicates: true }).select("name"));
  assert.deepEqual(ignored, []);
  assert.deepEqual(await good(accounts("name").eq("external_id", external_id)), [{ name: "Second" }]);
});

test("update and delete what the filters name", async () => {
  const changed = await good(db.from("account").update({ size: 5 }).eq("industry", industry).gt("size", 10).select("size"));
  assert.deepEqual(changed, [{ size: 5 }, { size: 5 }]);
  const counted = await db.from("account").update({ size: 6 }, { count: "exact" }).eq("industry", industry).eq("size", 5);
  assert.deepEqual([counted.status, counted.count], [204, 2]);
  const tooMany = await db.from("account").update({ size: 7 }).eq("industry", industry).maxAffected(1);
  assert.equal(tooMany.error.code, "PGRST124");
  const gone = await good(db.from("account").delete().eq("industry", industry).eq("size", 6).select("name"));
  assert.equal(gone.length, 2);
  assert.deepEqual(names(await good(accounts("name"))), ["Café"]);
});

test("a change of everything is refused", async () => {
  const refused = await db.from("account").delete();
  assert.equal(refused.status, 400);
});

test("a dry run changes nothing", async () => {
  const shown = await good(db.from("account").insert({ name: "Dry", industry }).select("name").rollback());
  assert.deepEqual(shown, [{ name: "Dry" }]);
  assert.equal((await good(accounts("name"))).length, 3);
});

test("without a token nothing is answered", async () => {
  const stranger = await new PostgrestClient(`${server.url}/api/v1`).from("account").select();
  assert.equal(stranger.status, 401);
});
