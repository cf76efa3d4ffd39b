// The customer's own page behind a signed link, and an erasure by somebody who answers rights requests; each in both languages.

import assert from "node:assert/strict";
import { after, before } from "node:test";

import { faultsOf, give, journeys, source, speak, start, toast } from "./world.js";

const people = {
  English: { id: "M1", first: "Maud", last: "Trévignon", email: "maud.trevignon@exemple-mail.fr", city: "Nantes", becomes: "Rezé" },
  Français: { id: "M2", first: "Lazare", last: "Quincampoix", email: "lazare.quincampoix@exemple-mail.fr", city: "Dijon", becomes: "Beaune" },
};

const words = {
  English: {
    locale: "en-GB", title: "Your data", link: "Make a link for", correct: "Correct", save: "Save", youSaid: "You said so", refuse: "I refuse", agree: "I agree",
    wish: "What you ask, in a few words", ask: "Ask for erasure", asked: "your request", leave: "Close this page", how: "This page opens with a link",
    goes: "What goes", stays: "What stays", type: "to confirm", run: "Erase for ever", sure: "erase", unsure: "erase", nothing: "Nothing",
  },
  Français: {
    locale: "fr-FR", title: "Vos données", link: "Faire un lien pour", correct: "Corriger", save: "Enregistrer", youSaid: "Vous l’avez dit", refuse: "Je refuse", agree: "J’accepte",
    wish: "Votre demande, en quelques mots", ask: "Demander l’effacement", asked: "votre demande", leave: "Fermer cette page", how: "Cette page s’ouvre par un lien",
    goes: "Ce qui disparaît", stays: "Ce qui reste", type: "pour confirmer", run: "Effacer pour toujours", sure: "effacer", unsure: "effacer", nothing: "Aucun",
  },
};

let world;
before(async () => {
  world = await start();
  const told = Object.values(people).flatMap(({ id, first, last, email, city }) => [
    { type: "identify", userId: id, traits: { firstName: first, lastName: last, email, address: { city } } },
    { type: "track", userId: id, event: "Order Completed", properties: { total: 42, currency: "EUR" } },
  ]);
  await give(world, await source(world, "Boutique du port"), told);
});
after(() => world?.stop());

const journey = journeys(() => world);

/** The address of the profile of a person, once there is one. */
const profileOf = async (page, { last }) => {
  const link = page.locator("tbody th.first a", { hasText: last });
  for (let tries = 0; tries < 200; tries++) {
    await page.goto(`/o/profile?q=${encodeURIComponent(last)}`);
    if ((await link.count()) === 1) return link.getAttribute("href");
  }
  throw new Error(`${last} has no profile`);
};

/** A page of somebody who is no user and came by a link, as a phone shows it. */
const visitor = async (link, locale) => {
  const context = await world.browser.newContext({ baseURL: world.url, locale, viewport: { width: 390, height: 844 } });
  const page = await context.newPage();
  await page.goto(link);
  return page;
};

for (const [language, person] of Object.entries(people)) {
  const said = words[language];

  journey(`somebody sees what is held, corrects it, refuses and asks for erasure (${language})`, async (page) => {
    const address = await profileOf(page, person);
    await speak(page, language);
    await page.goto(`${address}/links`);
    assert.deepEqual(await faultsOf(page), [], "links");
    await page.getByRole("button", { name: `${said.link} ${person.email}` }).click();
    const link = (await page.locator("pre code").textContent()).trim();

    const me = await visitor(link, said.locale);
    await me.getByRole("heading", { level: 1, name: said.title }).waitFor();
    assert.equal(new URL(me.url()).pathname, "/me");
    assert.equal(await me.evaluate("document.documentElement.scrollWidth <= innerWidth"), true, "the page fits a phone");
    assert.deepEqual(await faultsOf(me), [], "me");

    const city = me.locator("tr", { hasText: person.city }).first();
    await city.getByText(said.correct, { exact: true }).click();
    await city.locator("input[name=value]").fill(person.becomes);
    await city.getByRole("button", { name: said.save }).click();
    await me.locator("tr", { hasText: person.becomes }).getByText(said.youSaid).first().waitFor();

    const consents = me.locator("form[action='/me/consent']");
    const [no, yes] = [said.refuse, said.agree].map((name) => consents.getByRole("button", { name }));
    const before = [await no.count(), await yes.count()];
    await (before[0] > 0 ? no : yes).first().click();
    await me.getByRole("heading", { level: 1, name: said.title }).waitFor();
    const now = [await no.count(), await yes.count()];
    assert.deepEqual(now, before[0] > 0 ? [before[0] - 1, before[1] + 1] : [before[0] + 1, before[1] - 1]);

    const [download] = await Promise.all([me.waitForEvent("download"), me.getByRole("link", { name: "JSON" }).click()]);
    const kept = await (await download.createReadStream()).toArray();
    assert.ok(Buffer.concat(kept).toString().includes(person.becomes));

    await me.getByLabel(said.wish).fill("…");
    await me.getByRole("button", { name: said.ask }).click();
    await me.getByRole("heading", { level: 1, name: said.title }).waitFor();
    assert.deepEqual(await faultsOf(me), [], "me, having asked");
    await me.getByRole("button", { name: said.leave }).click();
    await me.getByText(said.how).waitFor();
    await me.context().close();
    await speak(page, "English");
  });

  journey(`a person is erased after a look at what goes (${language})`, async (page) => {
    const address = await profileOf(page, person);
    await speak(page, language);
    await page.goto(`${address}/erasure`);
    await page.getByRole("heading", { name: said.goes }).waitFor();
    await page.getByRole("heading", { name: said.stays }).waitFor();
    assert.deepEqual(await faultsOf(page), [], "erasure");
    await page.locator("input[name=sure]").fill("no");
    await page.getByRole("button", { name: said.run }).click();
    await page.getByText(said.unsure).first().waitFor();
    assert.equal((await page.request.get(address)).status(), 200, "nothing was erased");
    await page.goto(`${address}/erasure`);
    await page.locator("input[name=sure]").fill(said.sure);
    await page.getByRole("button", { name: said.run }).click();
    await page.waitForURL(/\/o\/rights_request/);
    let left = 1;
    for (let tries = 0; left > 0 && tries < 200; tries++) {
      await page.goto(`/search?q=${encodeURIComponent(person.last)}`);
      left = await page.locator("main a", { hasText: person.last }).count();
    }
    assert.equal(left, 0, "gone from the search");
    assert.equal((await page.request.get(address)).status(), 404, "gone");
    await speak(page, "English");
  });
}
