// Choosing and ordering columns in the chooser; resizing them in the list, remembered per table.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-columns] [data-move]");
  if (!button) return;
  const item = button.closest("li");
  if (button.dataset.move === "up") item.previousElementSibling?.before(item);
  else item.nextElementSibling?.after(item);
  button.focus();
});

let dragged = null;
document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.(".column-list li") ?? null;
  dragged?.classList.add("dragged");
});
document.addEventListener("dragover", (event) => {
  const over = dragged && event.target.closest?.(".column-list li");
  if (!over || over === dragged) return;
  event.preventDefault();
  const { top, height } = over.getBoundingClientRect();
  over[event.clientY < top + height / 2 ? "before" : "after"](dragged);
});
document.addEventListener("dragend", () => {
  dragged?.classList.remove("dragged");
  dragged = null;
});

const storage = (table) => `widths:${table.id}`;
const widths = (table) => JSON.parse(localStorage.getItem(storage(table)) ?? "{}");
const set = (header, width) => Object.assign(header.style, { width, minWidth: width, maxWidth: width });

function restore() {
  for (const table of document.querySelectorAll("[data-list]"))
    for (const [key, width] of Object.entries(widths(table))) {
      const header = table.querySelector(`[data-column="${CSS.escape(key)}"]`);
      if (header) set(header, width);
    }
}
restore();
document.addEventListener("htmx:after:swap", restore);

document.addEventListener("pointerdown", (event) => {
  const handle = event.target.closest("[data-resize]");
  if (!handle) return;
  event.preventDefault();
  const header = handle.closest("th");
  const table = header.closest("table");
  const start = header.offsetWidth - event.clientX;
  handle.setPointerCapture(event.pointerId);
  handle.onpointermove = (move) => set(header, `${Math.max(80, start + move.clientX)}px`);
  handle.onpointerup = () => {
    handle.onpointermove = handle.onpointerup = null;
    localStorage.setItem(storage(table), JSON.stringify({ ...widths(table), [header.dataset.column]: header.style.width }));
  };
});
