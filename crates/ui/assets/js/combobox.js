import { get, openOverlay, withQuery } from "./request.js";

const parts = (input) => {
  const box = input.closest("[data-combobox]");
  return { box, list: document.getElementById(input.getAttribute("aria-controls")), hidden: box.querySelector("[data-combobox-value]") };
};
const offers = (list) => [...list.querySelectorAll("[role=option]:not([aria-disabled])")];
let pending;

async function search(input, all) {
  const { box, list } = parts(input);
  pending?.abort();
  pending = new AbortController();
  try {
    const body = await get(withQuery(box.dataset.combobox, { q: all ? "" : input.value }), pending.signal);
    list.replaceChildren(...body.childNodes);
    list.querySelectorAll("[role=option]").forEach((option, place) => (option.id = `${list.id}-${place}`));
    unfold(input, list);
    choose(input, list, box.closest("[data-free]") ? -1 : 0);
  } catch (error) {
    if (error.name !== "AbortError") fold(input, list);
  }
}

function unfold(input, list) {
  if (!list.matches(":popover-open")) list.showPopover();
  const place = input.getBoundingClientRect();
  list.style.width = `${place.width}px`;
  list.style.left = `${place.left}px`;
  const room = innerHeight - place.bottom;
  const above = room < 200 && place.top > room;
  list.style.top = above ? "auto" : `${place.bottom + 4}px`;
  list.style.bottom = above ? `${innerHeight - place.top + 4}px` : "auto";
  input.setAttribute("aria-expanded", "true");
}

function fold(input, list) {
  pending?.abort();
  if (list.matches(":popover-open")) list.hidePopover();
  input.setAttribute("aria-expanded", "false");
  input.removeAttribute("aria-activedescendant");
}

function choose(input, list, index) {
  const all = offers(list);
  all.forEach((option, place) => option.setAttribute("aria-selected", String(place === index)));
  if (!all[index]) return input.removeAttribute("aria-activedescendant");
  input.setAttribute("aria-activedescendant", all[index].id);
  all[index].scrollIntoView({ block: "nearest" });
}

function pick(box, value, label) {
  const list = box.querySelector("[data-picked]");
  if ([...list.querySelectorAll("input")].some((each) => each.value === value)) return;
  const item = Object.assign(document.createElement("li"), { className: "chip" });
  const text = Object.assign(document.createElement("span"), { textContent: label });
  const hidden = Object.assign(document.createElement("input"), { type: "hidden", name: box.dataset.name, value });
  const remove = Object.assign(document.createElement("button"), { type: "button", className: "chip-remove", textContent: "×" });
  remove.dataset.unpick = "";
  remove.setAttribute("aria-label", `${box.dataset.remove}: ${label}`);
  item.append(text, hidden, remove);
  list.append(item);
}

function take(input, option) {
  const { box, list, hidden } = parts(input);
  fold(input, list);
  if (option.dataset.overlayHref) {
    // A form that is being filled in stays: the new record is made beside it.
    if (box.closest("form")) window.open(option.dataset.overlayHref, "_blank", "noopener");
    else openOverlay(option.dataset.overlayHref);
    return;
  }
  const { value, label } = option.dataset;
  if (box.hasAttribute("data-many")) {
    pick(box, value, label);
    input.value = "";
  } else {
    hidden.value = value;
    input.value = label;
    input.dataset.label = label;
  }
  box.dispatchEvent(new Event("change", { bubbles: true }));
}

const comboboxOf = (target) => target.closest?.("[data-combobox] [role=combobox]");

document.addEventListener("input", (event) => {
  const input = comboboxOf(event.target);
  if (input) search(input);
});

document.addEventListener("click", (event) => {
  const input = comboboxOf(event.target);
  if (input && input.getAttribute("aria-expanded") !== "true") search(input, true);
  const option = event.target.closest("[data-combobox] [role=option]:not([aria-disabled])");
  if (option) take(option.closest("[data-combobox]").querySelector("[role=combobox]"), option);
  event.target.closest("[data-unpick]")?.closest("li").remove();
});

document.addEventListener("pointerdown", (event) => {
  if (event.target.closest("[data-combobox] .options")) event.preventDefault();
});

document.addEventListener("keydown", (event) => {
  const input = comboboxOf(event.target);
  if (!input) return;
  const { box, list } = parts(input);
  const opened = list.matches(":popover-open");
  const all = offers(list);
  const at = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
  const free = box.closest("[data-free]");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    if (!opened) search(input);
    else choose(input, list, (at + (event.key === "ArrowDown" ? 1 : -1) + all.length) % all.length);
  } else if (event.key === "Enter" && opened && all[at]) take(input, all[at]);
  else if (free && (event.key === "Enter" || event.key === ",") && input.value.trim()) {
    pick(box, input.value.trim(), input.value.trim());
    input.value = "";
    fold(input, list);
  } else if (event.key === "Escape" && opened) fold(input, list);
  else if (event.key === "Backspace" && !input.value) return box.querySelector("[data-picked] li:last-child")?.remove();
  else return;
  event.preventDefault();
  event.stopPropagation();
}, true);

document.addEventListener("focusout", (event) => {
  const input = comboboxOf(event.target);
  if (!input) return;
  const { list, hidden } = parts(input);
  fold(input, list);
  if (!hidden) return;
  if (!input.value.trim()) hidden.value = "";
  else if (hidden.value) input.value = input.dataset.label ?? input.defaultValue;
});

document.addEventListener("change", (event) => {
  const kind = event.target.closest("[data-polymorphic] > select");
  if (!kind) return;
  const box = kind.parentElement.querySelector("[data-combobox]");
  box.dataset.combobox = kind.selectedOptions[0].dataset.url;
  box.querySelector("[data-combobox-value]").value = "";
  box.querySelector("[role=combobox]").value = "";
});
