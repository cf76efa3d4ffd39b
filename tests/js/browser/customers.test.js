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

const words = {
  English: { records: "Source records 2", separate: "These are not the same", follows: "1 profile becomes 2 profiles.", confirm: "Separate", separated: "Separated", undo: "Undo", undone: "Undone", different: "Different" },
  Français: { records: "Fiches sources 2", separate: "Ces fiches ne décrivent pas la même personne", follows: "1 profil devient 2 profils.", confirm: "Séparer", separated: "Fiches séparées", undo: "Annuler", undone: "Annulé", different: "Personnes différentes" },
};

for (const [language, said] of Object.entries(words)) {
  journey(`records are separated after a look at what follows, and brought back (${language})`, async (page) => {
    await open(page, "Élodie Vauquelin");
    const address = page.url();
    await speak(page, language);
    await page.goto(address);
    await page.getByRole("link", { name: said.records }).first().click();
    await page.locator("input[name=record]").last().check();
    await page.getByRole("button", { name: said.separate }).click();
    await page.getByText(said.follows).waitFor();
    assert.deepEqual(await faultsOf(page), []);
    await page.getByRole("button", { name: said.confirm }).click();
    await toast(page, said.separated).getByRole("button", { name: said.undo }).click();
    await toast(page, said.undone).waitFor();
    await page.getByRole("link", { name: said.records }).first().waitFor();
    await speak(page, "English");
  });

  journey(`pairs are answered from the keyboard (${language})`, async (page) => {
    await speak(page, language);
    await page.goto("/review");
    assert.deepEqual(await faultsOf(page), []);
    const first = await page.locator(".review-queue a[aria-current]").textContent();
    await page.keyboard.press("n");
    await toast(page, said.different).waitFor();
    assert.equal(await page.locator(".review-queue a", { hasText: first }).count(), 0);
    await page.keyboard.press("u");
    await toast(page, said.undone).waitFor();
    await page.locator(".review-queue a[aria-current]", { hasText: first }).waitFor();
    await page.goto("/review/quality");
    assert.deepEqual(await faultsOf(page), []);
    await speak(page, "English");
  });
}

const settings = {
  English: { models: "Models", weights: "What it learnt", rules: "Which value is believed", stages: "Where stages begin", preview: "Preview", keep: "Keep these rules", known: "This may be known already" },
  Français: { models: "Modèles", weights: "Ce qu’il a appris", rules: "Quelle valeur retenir", stages: "Où commencent les étapes", preview: "Aperçu", keep: "Retenir ces règles", known: "Cette fiche est peut-être déjà connue" },
};

for (const [language, said] of Object.entries(settings)) {
  journey(`models, rules and stages are looked at, and a duplicate is said while typing (${language})`, async (page) => {
    await open(page, "Élodie Vauquelin");
    await speak(page, language);
    await page.goto("/settings/identity");
    await page.getByRole("heading", { level: 2, name: said.models }).waitFor();
    assert.deepEqual(await faultsOf(page), [], "models");
    await page.locator("a[href='/settings/identity/models/starting-person']").click();
    await page.getByRole("heading", { name: said.weights }).waitFor();
    assert.deepEqual(await faultsOf(page), [], "weights");
    await page.goto("/settings/identity/golden");
    await page.getByRole("heading", { name: said.rules }).waitFor();
    assert.deepEqual(await faultsOf(page), [], "rules");
    await page.goto("/settings/identity/stages");
    await page.getByRole("heading", { name: said.stages }).waitFor();
    await page.locator("input[name=loyal_orders]").fill("2");
    await page.getByRole("button", { name: said.preview }).click();
    await page.getByRole("button", { name: said.keep }).waitFor();
    assert.deepEqual(await faultsOf(page), [], "stages");

    await page.goto("/o/contact/new");
    await page.locator("[name='name.first']").fill("Élodie");
    await page.locator("[name='name.last']").fill("Vauquelin");
    await page.locator("[name='emails.value']").first().fill("elodie.vauquelin@exemple-mail.fr");
    await page.getByText(said.known).waitFor();
    await page.locator("[name=apart]").first().waitFor();
    assert.deepEqual(await faultsOf(page), [], "duplicates");
    await speak(page, "English");
  });
}
