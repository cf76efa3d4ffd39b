import assert from "node:assert/strict";
import { after, before } from "node:test";

import { faultsOf, give, journeys, source, speak, start, toast } from "./world.js";

let world;
before(async () => {
  world = await start();
  const address = (city, postalCode) => ({ city, postalCode });
  await give(world, await source(world, "Atelier en ligne"), [
    { type: "identify", userId: "S1", traits: { firstName: "Élodie", lastName: "Vauquelin", email: "elodie.vauquelin@exemple-mail.fr", phone: "06 39 98 12 34", address: address("Lyon", "69003") } },
    { type: "identify", userId: "S2", traits: { firstName: "Anna", lastName: "Bertrandier", birthday: "1963-02-13", email: "anna.bertrandier86@exemple-mail.fr", address: address("Bordeaux", "33000") } },
    { type: "track", userId: "S1", event: "Order Completed", properties: { total: 189.9, currency: "EUR", products: [{ name: "Lampe Orion" }] } },
  ]);
  await give(world, await source(world, "Service après-vente"), [
    { type: "identify", userId: "D1", traits: { firstName: "Elodie", lastName: "VAUQUELIN", email: "elodie.vauquelin@exemple-mail.fr", phone: "+33639981234", address: address("Villeurbanne", "69100") } },
    { type: "identify", userId: "D2", traits: { firstName: "Anna", lastName: "Bertrandier", birthday: "1963-12-23", email: "anna.bertrandier33@exemple-mail.fr", address: address("Lyon", "69003") } },
  ]);
});
after(() => world?.stop());

const journey = journeys(() => world);

/** Opens the profile of a name once the records have become one. */
const open = async (page, name) => {
  const link = page.locator("tbody th.first a", { hasText: name });
  for (let tries = 0; ; tries++) {
    await page.goto(`/o/profile?q=${encodeURIComponent(name)}`);
    if ((await link.count()) === 1 || tries === 100) break;
  }
  await link.click();
  await page.getByRole("heading", { level: 2, name }).waitFor();
};

journey("a profile tells why in both languages, within everybody's reach", async (page) => {
  await open(page, "Élodie Vauquelin");
  const address = page.url();
  await page.locator(".golden summary", { hasText: "City" }).click();
  await page.locator(".golden details[open]").getByText("Other values, not chosen").waitFor();
  await page.getByText("order placed").waitFor();
  assert.deepEqual(await faultsOf(page), [], "profile");
  for (const below of ["/records", "/join"]) {
    await page.goto(address + below);
    assert.deepEqual(await faultsOf(page), [], below);
  }
  await speak(page, "Français");
  await page.goto(address);
  await page.getByText("Certitude").waitFor();
  await page.getByText("commande passée").waitFor();
  assert.deepEqual(await faultsOf(page), [], "profil");
  await speak(page, "English");
});

journey("records are separated after a look at what follows, and brought back", async (page) => {
  await open(page, "Élodie Vauquelin");
  await page.getByRole("link", { name: "Source records 2" }).first().click();
  await page.locator("input[name=record]").last().check();
  await page.getByRole("button", { name: "These are not the same" }).click();
  await page.getByText("1 profile becomes 2 profiles.").waitFor();
  assert.deepEqual(await faultsOf(page), []);
  await page.getByRole("button", { name: "Separate" }).click();
  await toast(page, "Separated").getByRole("button", { name: "Undo" }).click();
  await toast(page, "Undone").waitFor();
  await page.getByRole("link", { name: "Source records 2" }).first().waitFor();
});

journey("pairs are answered from the keyboard", async (page) => {
  await page.goto("/review");
  assert.deepEqual(await faultsOf(page), []);
  const first = await page.locator(".review-queue a[aria-current]").textContent();
  await page.keyboard.press("n");
  await toast(page, "Different").waitFor();
  assert.equal(await page.locator(".review-queue a", { hasText: first }).count(), 0);
  await page.keyboard.press("u");
  await toast(page, "Undone").waitFor();
  await page.locator(".review-queue a[aria-current]", { hasText: first }).waitFor();
  await page.goto("/review/quality");
  assert.deepEqual(await faultsOf(page), []);
});
