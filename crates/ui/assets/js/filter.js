import { get, withQuery } from "./request.js";

async function addCondition(link) {
  const body = await get(link.href).catch(() => null);
  const row = body?.querySelector("[data-condition]");
  if (!row) return location.assign(link.href);
  const rows = link.closest("[data-group]").querySelector(".filter-rows");
  rows.append(document.adoptNode(row));
  window.htmx?.process(row);
  row.querySelector("select")?.focus();
}

function addGroup(button) {
  const form = button.closest("[data-filter]");
  const groups = form.querySelectorAll("[data-group]");
  const last = groups[groups.length - 1];
  const number = Number(last.dataset.group) + 1;
  const copy = last.cloneNode(true);
  copy.dataset.group = number;
  copy.querySelector(".filter-rows").replaceChildren();
  copy.querySelector(".join").name = `join.${number}`;
  const link = copy.querySelector("[data-add-condition]");
  link.href = withQuery(form.dataset.filter, { group: number });
  last.after(copy);
  form.querySelector("[data-join]").hidden = false;
  addCondition(link);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-add-condition]");
  if (link) {
    event.preventDefault();
    addCondition(link);
  }
  const button = event.target.closest("[data-add-group]");
  if (button) addGroup(button);
  event.target.closest("[data-remove-condition]")?.closest("[data-condition]").remove();
});
