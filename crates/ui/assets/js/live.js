// Shows anew what a colleague changed, when it is in sight and nobody is editing it.
import { get } from "./request.js";

const changed = new Set();
let pending;

const busy = () => document.querySelector("[data-cell-edit], dialog[open]") || document.hidden;
const replace = (now, then) => now && then && now.replaceWith(document.adoptNode(then));

async function refresh() {
  if (busy()) return void (pending = setTimeout(refresh, 2000));
  const ids = [...changed];
  changed.clear();
  const record = ids.some((id) => location.pathname.includes(id));
  const rows = ids.filter((id) => document.querySelector(`[data-row="${CSS.escape(id)}"], [data-card="${CSS.escape(id)}"]`));
  if (!record && !rows.length) return;
  const body = await get(location.href).catch(() => null);
  if (!body || busy()) return;
  for (const id of rows) {
    const at = `[data-row="${CSS.escape(id)}"]`;
    const ticked = document.querySelector(`${at} [data-select]`)?.checked;
    replace(document.querySelector(at), body.querySelector(at));
    const box = document.querySelector(`${at} [data-select]`);
    if (box && ticked) box.checked = true;
  }
  const parts = record ? [".record-top", ".record-properties", ".record-aside"] : [];
  for (const part of parts) replace(document.querySelector(part), body.querySelector(part));
  window.htmx?.process(document.getElementById("main"));
}

document.addEventListener("record-changed", ({ detail }) => {
  changed.add(JSON.parse(detail.data).id);
  clearTimeout(pending);
  pending = setTimeout(refresh, 400);
});
