import { post } from "./request.js";

const root = document.documentElement;

export function fold() {
  const folded = root.dataset.sidebar !== "folded";
  if (folded) root.dataset.sidebar = "folded";
  else delete root.dataset.sidebar;
  localStorage.setItem("sidebar", folded ? "folded" : "open");
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-collapse]")) fold();
  if (event.target.closest("[data-shortcuts]")) {
    document.getElementById("user-menu")?.hidePopover();
    document.getElementById("shortcuts")?.showModal();
  }
  if (event.target.closest("[data-close-menu]")) event.target.closest("[popover]")?.hidePopover();
  const cancel = event.target.closest("dialog [data-cancel]");
  if (cancel) {
    event.preventDefault();
    cancel.closest("dialog").close();
  }
  const copy = event.target.closest("[data-copy]");
  if (copy) navigator.clipboard?.writeText(copy.parentElement.querySelector("code").textContent);
});

document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-preferences]");
  const button = event.submitter;
  if (!form || button?.name !== "theme") return;
  event.preventDefault();
  root.dataset.theme = button.value;
  const meta = document.querySelector("meta[name=color-scheme]");
  if (meta) meta.content = button.value === "system" ? "light dark" : button.value;
  for (const each of form.elements.theme) each.setAttribute("aria-pressed", String(each === button));
  post(form.action, { theme: button.value });
});

// A fragment that carries a dialog opens it; what it leaves behind goes with it.
const overlay = document.getElementById("overlay");
if (overlay) {
  new MutationObserver(() => {
    const dialog = overlay.querySelector("dialog[data-open]:not([open])");
    if (!dialog) return;
    dialog.removeAttribute("data-open");
    dialog.addEventListener("close", () => dialog.remove());
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    dialog.showModal();
  }).observe(overlay, { childList: true });
}

// Browsers without anchor positioning get menus placed by measure.
if (!CSS.supports("position-area: bottom")) {
  document.addEventListener("toggle", (event) => {
    const menu = event.target;
    if (event.newState !== "open" || !menu.matches?.(".menu")) return;
    const opener = document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`).getBoundingClientRect();
    const { width, height } = menu.getBoundingClientRect();
    const below = opener.bottom + height < innerHeight;
    menu.style.left = `${Math.max(8, Math.min(opener.left, innerWidth - width - 8))}px`;
    menu.style.top = `${below ? opener.bottom : Math.max(8, opener.top - height - 8)}px`;
  }, true);
}

document.addEventListener("close-overlay", () => overlay?.querySelector("dialog[open]")?.close());

document.addEventListener("htmx:after:request", (event) => {
  const { ctx } = event.detail;
  if (ctx.response?.status < 400) ctx.sourceElement.closest("[data-reset-after]")?.reset();
});
document.addEventListener("htmx:after:swap", () => document.querySelector(".conflict, .problems")?.focus({ preventScroll: false }));

// On a phone the properties of a record fold, so that its timeline is in reach.
if (matchMedia("(width <= 767px)").matches)
  document.querySelectorAll("details.properties ~ details.properties").forEach((group) => (group.open = false));
