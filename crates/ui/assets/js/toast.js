const region = () => document.getElementById("toasts");

/** Moves the toasts of a fragment into the page; tells how many there were. */
export function adopt(fragment) {
  const toasts = fragment.querySelectorAll("[data-toast]");
  for (const toast of toasts) {
    region()?.append(document.adoptNode(toast));
    window.htmx?.process(toast);
  }
  return toasts.length;
}

/** Says that a request failed, when the answer did not say so itself. */
export function fail() {
  const toast = document.getElementById("failure")?.content.cloneNode(true);
  if (toast) region()?.append(toast);
}

document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => {
  const explained = ctx.response.status === 409 || ctx.response.status === 422 || ctx.text?.includes("data-toast");
  if (!explained) fail();
});
document.addEventListener("htmx:error", ({ detail: { ctx } }) => ctx?.request && !ctx.response && fail());

const lifetimes = new WeakMap();

function start(toast) {
  const seconds = toast.querySelector("[data-toast-undo]") || toast.dataset.tone === "error" ? 12 : 5;
  lifetimes.set(toast, setTimeout(() => toast.remove(), seconds * 1000));
}

const host = region();
if (host) {
  const carried = [...document.querySelectorAll(".toast-carrier")];
  new MutationObserver((changes) => {
    for (const change of changes)
      for (const node of change.addedNodes) if (node.matches?.("[data-toast]")) start(node);
  }).observe(host, { childList: true });
  carried.forEach((carrier) => {
    adopt(carrier);
    carrier.remove();
  });
  for (const kind of ["pointerenter", "focusin"])
    host.addEventListener(kind, () => host.childNodes.forEach((toast) => clearTimeout(lifetimes.get(toast))), true);
  for (const kind of ["pointerleave", "focusout"])
    host.addEventListener(kind, () => host.querySelectorAll("[data-toast]").forEach((toast) => {
      clearTimeout(lifetimes.get(toast));
      start(toast);
    }));
  host.addEventListener("click", (event) => event.target.closest("[data-toast-close]")?.closest("[data-toast]").remove());
  host.addEventListener("submit", (event) => {
    const toast = event.target.closest("[data-toast]");
    queueMicrotask(() => toast?.setAttribute("hidden", ""));
  });
}
