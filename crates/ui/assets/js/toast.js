const region = () => document.getElementById("toasts");

/** Moves the toasts of a fetched fragment into the page. */
export function adopt(fragment) {
  for (const toast of fragment.querySelectorAll("[data-toast]")) {
    region()?.append(document.adoptNode(toast));
    window.htmx?.process(toast);
  }
}

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
