import { get } from "./request.js";

const former = new WeakMap();

async function edit(cell) {
  if (former.has(cell)) return;
  const body = await get(cell.dataset.edit).catch(() => null);
  const form = body?.querySelector("[data-cell-edit]");
  if (!form) return;
  former.set(cell, [...cell.childNodes]);
  cell.replaceChildren(document.adoptNode(form));
  window.htmx?.process(cell);
  const control = form.querySelector("input:not([type=hidden]), select, textarea");
  control?.focus();
  control?.select?.();
}

function restore(cell) {
  cell.replaceChildren(...former.get(cell));
  former.delete(cell);
  cell.focus();
}

function next(cell, step) {
  const row = cell.closest("tr, .record-properties") ?? document;
  const cells = [...row.querySelectorAll("[data-edit]")];
  return cells[cells.indexOf(cell) + step];
}

document.addEventListener("click", (event) => {
  if (event.target.closest("a, [data-cell-edit]")) return;
  const cell = event.target.closest("[data-edit]");
  if (cell) edit(cell);
});

document.addEventListener("keydown", (event) => {
  const cell = event.target.closest?.("[data-edit]");
  if (!cell || event.isComposing) return;
  const form = event.target.closest("[data-cell-edit]");
  if (!form) {
    if (event.key === "Enter" && event.target === cell) {
      event.preventDefault();
      edit(cell);
    }
    return;
  }
  if (event.key === "Escape") {
    event.preventDefault();
    event.stopPropagation();
    restore(cell);
  } else if (event.key === "Tab") {
    event.preventDefault();
    const after = next(cell, event.shiftKey ? -1 : 1);
    form.requestSubmit();
    if (after) edit(after);
  } else if (event.key === "Enter" && event.target.matches("input") && !event.defaultPrevented) {
    event.preventDefault();
    form.requestSubmit();
  }
});

document.addEventListener("focusout", (event) => {
  const form = event.target.closest?.("[data-cell-edit]");
  const cell = form?.closest("[data-edit]");
  if (!cell || form.contains(event.relatedTarget)) return;
  setTimeout(() => {
    if (form.isConnected && !form.contains(document.activeElement) && !form.matches(".htmx-request")) form.requestSubmit();
  });
});

document.addEventListener("htmx:after:swap", (event) => {
  const cell = event.target.closest?.("[data-edit]");
  if (!cell) return;
  if (!cell.querySelector("[data-cell-edit]")) former.delete(cell);
  else cell.querySelector("input:not([type=hidden]), select, textarea")?.focus();
});
