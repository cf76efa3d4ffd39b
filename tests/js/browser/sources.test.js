import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createServer } from "node:http";
import { after, before } from "node:test";

import { faultsOf, journeys, speak, start } from "./world.js";

let world;
before(async () => {
  world = await start();
});
after(() => world?.stop());

const journey = journeys(() => world);
const run = (...words) => execFileSync(process.env.CLIENTELE_TEST_BINARY, ["source", ...words, "--data", world.folder], { encoding: "utf8" }).trim();
const saved = (page) => page.locator("[data-toast]", { hasText: "Saved" }).waitFor();

journey("a webhook's members are mapped beside what came last", async (page) => {
  const source = run("create", "ERP", "--kind", "webhook");
  const key = run("key", "ERP");
  const body = JSON.stringify({ data: { customers: [{ no: "C-1042", contact: { what: "Vauquelin", to: "elodie@exemple-mail.fr" } }] } });
  const answer = await fetch(`${world.url}/v1/hook/${key}`, { method: "POST", body });
  assert.deepEqual([answer.status, (await answer.json()).rejected[0].code], [200, "hook-key-unset"]);
  await page.goto(`/settings/sources/${source}/mapping`);
  await page.getByLabel("List of records").selectOption("data.customers");
  await page.locator("form[action$='/places'] [data-submit]").click();
  await page.getByLabel("Key of the record").selectOption("no");
  await page.locator("form[action$='/places'] [data-submit]").click();
  await page.locator("tr", { hasText: "contact.what" }).getByRole("combobox").selectOption("last_name");
  await page.locator("form[action$='/mapping'] button").click();
  await page.getByRole("cell", { name: "Vauquelin" }).last().waitFor();
  assert.deepEqual(await faultsOf(page), []);
  await page.goto(`/o/source/${source}/edit`);
  await page.getByLabel("Trust rank").fill("7");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.waitForURL((url) => !url.pathname.endsWith("/edit"));
  await page.goto(`/settings/sources/${source}/rejects`);
  await page.getByRole("button", { name: "Try all again" }).click();
  await page.getByText("Nothing was rejected").waitFor();
});

journey("a form is made, shown in a frame, and sent without script or cookie", async (page) => {
  const source = run("create", "Contact", "--kind", "form");
  const site = createServer((request, answer) => {
    answer.setHeader("content-type", "text/html");
    answer.end(request.url === "/" ? `<!doctype html><title>Shop</title><iframe title="Contact" src="${world.url}/f/${source}?lang=fr" width="600" height="700"></iframe>` : "");
  });
  await new Promise((resolve) => site.listen(0, "127.0.0.1", resolve));
  const shop = `http://127.0.0.1:${site.address().port}`;
  try {
    await page.goto(`/settings/sources/${source}/form`);
    const set = (name, value) => page.locator(`[name="${name}"]`).fill(value);
    const choose = (name, value) => page.locator(`[name="${name}"]`).selectOption(value);
    await set("title_fr", "Écrivez-nous");
    await set("title_en", "Write to us");
    await set("origins", shop);
    await set("0.name", "email");
    await choose("0.takes", "email");
    await set("0.label_fr", "Votre e-mail");
    await set("0.label_en", "Your e-mail");
    await set("1.name", "letter");
    await choose("1.takes", "consent");
    await set("1.label_fr", "Je veux la lettre d’information");
    await set("1.label_en", "I want the newsletter");
    await choose("1.purpose", "newsletter");
    await choose("1.channel", "email");
    await page.locator("form[action$='/form'] [data-submit]").click();
    await saved(page);
    assert.deepEqual(await faultsOf(page), []);
    await page.goto(`/f/${source}?lang=en`);
    await page.getByRole("heading", { name: "Write to us" }).waitFor();
    assert.deepEqual(await faultsOf(page), []);

    const context = await world.browser.newContext({ javaScriptEnabled: false });
    const visitor = await context.newPage();
    await visitor.goto(shop);
    const form = visitor.frameLocator("iframe");
    assert.equal(await form.getByLabel("Je veux la lettre").isChecked(), false);
    // As people type: a form that comes back at once is a program's.
    await form.getByLabel("Votre e-mail").pressSequentially("elodie.vauquelin@exemple-mail.fr", { delay: 80 });
    await form.getByLabel("Je veux la lettre").check();
    await form.getByRole("button", { name: "Envoyer" }).click();
    await form.getByRole("heading", { name: "Merci, c’est bien reçu." }).waitFor();
    assert.deepEqual(await context.cookies(), []);
    await context.close();

    await page.goto("/settings/consents?q=elodie.vauquelin%40exemple-mail.fr");
    await page.getByText("Je veux la lettre d’information").waitFor();
    await page.getByText("proven").first().waitFor();
    await speak(page, "Français");
    await page.goto(`/settings/sources/${source}/form`);
    assert.deepEqual(await faultsOf(page), []);
    await speak(page, "English");
  } finally {
    site.close();
  }
});
