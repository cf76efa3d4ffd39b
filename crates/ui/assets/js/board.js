import { post } from "./request.js";

const boardOf = (card) => card.closest("[data-board]");
const laneOf = (card) => card.closest("[data-lane]");

/** Moves a card above `before`, or to the end of a lane's cards, and tells the server; it returns when refused. */
async function place(card, cards, before) {
  const board = boardOf(card);
  const [home, neighbour] = [card.parentElement, card.nextElementSibling];
  if (home === cards && (before ?? null) === neighbour) return;
  cards.insertBefore(card, before ?? cards.querySelector(".more-rows"));
  const lane = laneOf(card);
  const status = board.querySelector("[data-board-status]");
  status.textContent = `${card.querySelector(".card-title").textContent} → ${lane.getAttribute("aria-label")}`;
  const next = card.nextElementSibling?.dataset.card ?? "";
  if (await post(board.dataset.board, { card: card.dataset.card, lane: lane.dataset.lane, before: next })) {
    if (home !== cards) recount(home, -1), recount(cards, 1);
  } else {
    home.insertBefore(card, neighbour);
    status.textContent = "";
  }
}

function recount(cards, change) {
  const count = cards.closest("[data-lane]").querySelector("[data-lane-count]");
  if (/^\d+$/.test(count.textContent)) count.textContent = Number(count.textContent) + change;
}

function target(x, y, dragged) {
  const under = document.elementFromPoint(x, y);
  const cards = under?.closest("[data-lane]")?.querySelector("[data-lane-cards]");
  if (!cards) return null;
  const before = [...cards.querySelectorAll("[data-card]")].find((card) => {
    const { top, height } = card.getBoundingClientRect();
    return card !== dragged && y < top + height / 2;
  });
  return { cards, before };
}

let drag = null;

document.addEventListener("pointerdown", (event) => {
  const card = event.target.closest("[data-card]");
  if (!card || !boardOf(card) || event.button !== 0 || event.target.closest("button, input")) return;
  drag = { card, x: event.clientX, y: event.clientY, id: event.pointerId, touch: event.pointerType === "touch", ghost: null };
  // A finger scrolls unless it rests on the card first.
  if (drag.touch) drag.timer = setTimeout(() => drag && lift(), 300);
});

function lift() {
  const { card } = drag;
  const { left, top, width } = card.getBoundingClientRect();
  drag.ghost = card.cloneNode(true);
  drag.ghost.classList.add("card-ghost");
  drag.ghost.removeAttribute("data-card");
  drag.ghost.setAttribute("aria-hidden", "true");
  drag.offset = [drag.x - left, drag.y - top];
  Object.assign(drag.ghost.style, { left: `${left}px`, top: `${top}px`, width: `${width}px` });
  document.body.append(drag.ghost);
  card.classList.add("dragged");
  drag.stop = (event) => event.preventDefault();
  document.addEventListener("touchmove", drag.stop, { passive: false });
}

document.addEventListener("pointermove", (event) => {
  if (!drag || event.pointerId !== drag.id) return;
  const far = Math.hypot(event.clientX - drag.x, event.clientY - drag.y) > 5;
  if (!drag.ghost && drag.touch && far) return drop();
  if (!drag.ghost && far) lift();
  if (!drag.ghost) return;
  drag.ghost.style.left = `${event.clientX - drag.offset[0]}px`;
  drag.ghost.style.top = `${event.clientY - drag.offset[1]}px`;
  const spot = target(event.clientX, event.clientY, drag.card);
  for (const cards of document.querySelectorAll("[data-lane-cards]")) cards.classList.toggle("over", cards === spot?.cards);
});

function drop(event) {
  if (!drag) return;
  const { card, ghost, stop, timer } = drag;
  clearTimeout(timer);
  document.removeEventListener("touchmove", stop);
  document.querySelectorAll("[data-lane-cards].over").forEach((cards) => cards.classList.remove("over"));
  drag = null;
  if (!ghost) return;
  ghost.remove();
  card.classList.remove("dragged");
  const spot = event && target(event.clientX, event.clientY, card);
  if (!spot) return;
  // The click that ends a drag must not follow the card's link.
  document.addEventListener("click", (click) => click.preventDefault(), { once: true, capture: true });
  setTimeout(() => place(card, spot.cards, spot.before));
}

document.addEventListener("pointerup", drop);
document.addEventListener("pointercancel", () => drop());

document.addEventListener("keydown", (event) => {
  const card = event.target.closest?.("[data-card]");
  if (!card || !boardOf(card) || !event.shiftKey || !event.key.startsWith("Arrow")) return;
  event.preventDefault();
  const cards = card.parentElement;
  if (event.key === "ArrowUp" && card.previousElementSibling) place(card, cards, card.previousElementSibling);
  else if (event.key === "ArrowDown" && card.nextElementSibling) place(card, cards, card.nextElementSibling.nextElementSibling);
  else {
    const step = event.key === "ArrowLeft" ? "previousElementSibling" : "nextElementSibling";
    const lane = laneOf(card)[step]?.closest("[data-lane]");
    if (lane) place(card, lane.querySelector("[data-lane-cards]"), lane.querySelector("[data-card]"));
  }
  card.querySelector(".card-title").focus();
});
