import { fold } from "./shell.js";
import { open as openPalette } from "./palette.js";

const typing = (target) => target.matches?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
const blocked = () => document.querySelector("dialog[open], :popover-open");
let going = 0;

function rows() {
  return [...document.querySelectorAll("[data-row], [data-card]")];
}

function current() {
  return document.activeElement?.closest("[data-row], [data-card]") ?? document.querySelector(".at");
}

function move(step) {
  const list = rows();
  if (!list.length) return;
  const old = current();
  const next = list[Math.max(0, Math.min(list.length - 1, list.indexOf(old) + step))];
  old?.classList.remove("at");
  next.classList.add("at");
  next.querySelector("a[href]")?.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

/** A page that goes from one thing to the next has links for it; a list goes from row to row. */
function step(key, by) {
  const link = document.querySelector(`[data-key="${key}"]`);
  if (link) link.click();
  else move(by);
}

const plain = {
  "?": () => document.getElementById("shortcuts")?.showModal(),
  "/": () => openPalette(),
  "[": fold,
  j: () => step("j", 1),
  k: () => step("k", -1),
  x: () => current()?.querySelector("[data-select]")?.click(),
  e: () => (current()?.querySelector("[data-edit]") ?? document.querySelector("[data-key=e]"))?.click(),
};

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.defaultPrevented) return;
  const control = event.ctrlKey || event.metaKey;
  if (control && event.key.toLowerCase() === "k") {
    event.preventDefault();
    openPalette();
    return;
  }
  if (control && event.key === "Enter") {
    const form = event.target.closest?.("form");
    const button = form?.querySelector("[data-submit]");
    if (form) form.requestSubmit(button ?? undefined);
    return;
  }
  if (control || event.altKey || typing(event.target)) return;
  if (event.key === "Escape" && !blocked()) return back();
  if (blocked()) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (Date.now() - going < 1200) {
    going = 0;
    document.querySelector(`[data-goto="${CSS.escape(key)}"]`)?.click();
    return;
  }
  if (key === "g") {
    going = Date.now();
    return;
  }
  const act = plain[key] ?? (/^[a-z]$/.test(key) && document.querySelector(`[data-key="${key}"]`)
    ? () => document.querySelector(`[data-key="${key}"]`).click()
    : null);
  if (!act) return;
  event.preventDefault();
  act();
});

function back() {
  const selected = document.querySelector("[data-select]:checked");
  if (selected) document.querySelector("[data-selection-clear]")?.click();
  else document.querySelector(".breadcrumb li:last-child a")?.click();
}
