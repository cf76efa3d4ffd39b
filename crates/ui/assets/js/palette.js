import { get, openOverlay, withQuery } from "./request.js";

const dialog = document.getElementById("palette");
const input = dialog?.querySelector("input");
const hits = document.getElementById("palette-hits");
let pending;

/** Opens the command palette, listing what the server offers before anything is typed. */
export function open() {
  if (!dialog || dialog.open) return;
  document.querySelector("#sidebar:popover-open")?.hidePopover();
  dialog.showModal();
  input.select();
  search();
}

async function search() {
  pending?.abort();
  pending = new AbortController();
  const values = { q: input.value };
  const selected = [...document.querySelectorAll("[data-select]:checked")].map((box) => box.value);
  if (selected.length) values.selected = selected.join(",");
  try {
    const body = await get(withQuery(dialog.dataset.palette, values), pending.signal);
    hits.replaceChildren(...body.childNodes);
    choose(0);
  } catch (error) {
    if (error.name !== "AbortError") hits.replaceChildren();
  }
}

const list = () => [...hits.querySelectorAll("a[role=option]")];

function choose(index) {
  const all = list();
  all.forEach((hit, place) => hit.setAttribute("aria-selected", String(place === index)));
  const hit = all[index];
  if (!hit) return input.removeAttribute("aria-activedescendant");
  input.setAttribute("aria-activedescendant", hit.id);
  hit.scrollIntoView({ block: "nearest" });
}

function follow(hit) {
  if (!hit.dataset.overlayHref) return location.assign(hit.href);
  dialog.close();
  openOverlay(hit.dataset.overlayHref);
}

if (dialog) {
  input.addEventListener("input", search);
  dialog.addEventListener("click", (event) => {
    const hit = event.target.closest("a[role=option]");
    if (event.target === dialog) dialog.close();
    if (!hit || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    follow(hit);
  });
  dialog.addEventListener("keydown", (event) => {
    const all = list();
    const at = all.findIndex((hit) => hit.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown") choose((at + 1) % all.length);
    else if (event.key === "ArrowUp") choose((at - 1 + all.length) % all.length);
    else if (event.key === "Enter" && all[at]) follow(all[at]);
    else return;
    event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-palette-open]") || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    open();
  });
}
