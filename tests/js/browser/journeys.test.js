import assert from "node:assert/strict";
import { after, before } from "node:test";

import { faultsOf, journeys, signedIn, speak, start, toast } from "./world.js";

let world;
before(async () => (world = await start()));
after(() => world?.stop());

const journey = journeys(() => world);

journey("a list is sorted, filtered and searched", async (page) => {
  await page.goto("/o/account");
  await page.getByRole("link", { name: "Name", exact: true }).click();
  await page.locator("th[aria-sort=ascending]").waitFor();
  const first = await page.locator("tbody th.first a").first().textContent();
  await page.getByRole("link", { name: "Filter" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.locator("select[name=field]").selectOption("name");
  await dialog.locator("input[name=value]").fill(first.slice(0, 6));
  await dialog.getByRole("button", { name: "Apply" }).click();
  await page.locator(".chip", { hasText: "contains" }).waitFor();
  assert.ok((await page.locator("tbody tr[data-row]").count()) >= 1);
  await page.locator(".chip-remove").click();
  await page.locator(".chip").waitFor({ state: "detached" });
});

journey("a record is made, and a refusal keeps what was entered", async (page) => {
  await page.goto("/o/account");
  await page.locator("[data-key=c]").click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Create", exact: true }).click();
  await dialog.locator(".problems").waitFor();
  await dialog.locator("#f-name").fill("Atelier des Journeys");
  await dialog.getByRole("button", { name: "Create", exact: true }).click();
  await page.waitForURL(/\/o\/account\/acc_/);
  await page.getByRole("heading", { level: 1, name: "Atelier des Journeys" }).waitFor();
  await toast(page, "Created").waitFor();
});

journey("a value is edited where it stands and taken back", async (page) => {
  await page.goto("/o/account?sort=name&columns=name,industry");
  const cell = page.locator("tbody td[data-edit$='/industry']").first();
  const before = (await cell.textContent()).trim();
  await cell.click();
  const input = cell.locator("input[name=industry]");
  await input.fill("Journey trade");
  await input.press("Enter");
  await cell.getByText("Journey trade").waitFor();
  await toast(page, "Saved").getByRole("button", { name: "Undo" }).click();
  await page.locator("tbody td[data-edit$='/industry']").first().getByText(before, { exact: true }).waitFor();
});

journey("a card moves with the keyboard and comes back", async (page) => {
  await page.goto("/o/opportunity?layout=board");
  const lanes = page.locator("[data-lane]");
  const card = lanes.first().locator("[data-card]").first();
  const id = await card.getAttribute("data-card");
  await card.locator(".card-title").focus();
  await page.keyboard.press("Shift+ArrowRight");
  await toast(page, "Moved").waitFor();
  await lanes.nth(1).locator(`[data-card="${id}"]`).waitFor();
  await toast(page, "Moved").getByRole("button", { name: "Undo" }).click();
  await lanes.first().locator(`[data-card="${id}"]`).waitFor();
});

journey("the palette finds a record as one types", async (page) => {
  await page.goto("/o/account?sort=name");
  const name = (await page.locator("tbody th.first a").first().textContent()).trim();
  await page.keyboard.press("Control+k");
  await page.locator("#palette input").fill(name.slice(0, 8));
  await page.locator("#palette-hits [role=option]", { hasText: name }).first().click();
  await page.waitForURL(/\/o\/account\/acc_/);
});

journey("a file that cannot be read is refused in the reader's language", async (page) => {
  await speak(page, "Français");
  const files = [
    [Buffer.alloc(0), "Le fichier est vide."],
    [Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13]), "Ce contenu n’est ni du texte, ni un classeur, ni un fichier Parquet."],
  ];
  for (const [buffer, why] of files) {
    await page.goto("/o/account/import");
    await page.locator("input[type=file]").setInputFiles({ name: "comptes.csv", mimeType: "text/csv", buffer });
    await page.getByRole("button", { name: "Suivant" }).click();
    await page.getByText(why).first().waitFor();
  }
  await speak(page, "English");
});

journey("a file becomes records, and the import is undone", async (page) => {
  await page.goto("/o/account/import");
  const file = "Nom;Secteur\nJourney Un;Négoce\nJourney Deux;Industrie\n;Vide\n";
  await page.locator("input[type=file]").setInputFiles({ name: "comptes.csv", mimeType: "text/csv", buffer: Buffer.from(file) });
  await page.getByRole("button", { name: "Next" }).click();
  await page.locator("table.mapping").waitFor();
  await page.getByRole("button", { name: "Preview" }).click();
  await page.getByText("rejected", { exact: true }).first().waitFor();
  await page.getByRole("button", { name: "Start the import" }).click();
  await page.getByRole("button", { name: "Undo the import" }).waitFor();
  await page.getByRole("link", { name: "Rejected rows" }).waitFor();
  const result = page.url();
  await page.goto("/o/account?q=journey");
  assert.equal(await page.locator("tbody tr[data-row]", { hasText: /Journey (Un|Deux)/ }).count(), 2);
  await page.goto(result);
  await page.getByRole("button", { name: "Undo the import" }).click();
  await page.locator(".banner", { hasText: "Undone" }).waitFor();
});

journey("the language is the user's", async (page) => {
  await speak(page, "Français");
  await page.getByRole("link", { name: "Accueil" }).first().waitFor();
  await page.goto("/o/account");
  await page.getByRole("heading", { level: 1, name: "Comptes" }).waitFor();
  await speak(page, "English");
  await page.getByRole("link", { name: "Home" }).first().waitFor();
});

journey("what a colleague changes appears by itself", async (page) => {
  const path = "/o/account?sort=-name&columns=name,industry";
  await page.goto(path);
  const colleague = await signedIn(world);
  await colleague.goto(path);
  const cell = (where) => where.locator("tbody td[data-edit$='/industry']").first();
  await cell(colleague).click();
  await cell(colleague).locator("input[name=industry]").fill("Seen by all");
  await cell(colleague).locator("input[name=industry]").press("Enter");
  await cell(page).getByText("Seen by all").waitFor();
  await colleague.context().close();
});

for (const scheme of ["light", "dark"]) {
  journey(
    `nothing on the main pages is out of reach, ${scheme}`,
    async (page) => {
      await page.goto("/o/account?sort=name");
      const record = await page.locator("tbody th.first a").first().getAttribute("href");
      const paths = ["/", "/o/account", "/o/opportunity?layout=board", record, `${record}/history`, `${record}/edit`, "/search?q=a", "/settings", "/settings/roles", "/settings/objects/account", "/profile"];
      for (const path of paths) {
        await page.goto(path);
        assert.deepEqual(await faultsOf(page), [], path);
      }
    },
    { colorScheme: scheme },
  );
}
