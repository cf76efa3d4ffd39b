const boxes = () => [...document.querySelectorAll("[data-select]")];
let last = null;

function refresh() {
  const all = boxes();
  const chosen = all.filter((box) => box.checked);
  for (const count of document.querySelectorAll("[data-selection-count]")) count.value = chosen.length;
  const head = document.querySelector("[data-select-all]");
  if (head) {
    head.checked = chosen.length > 0 && chosen.length === all.length;
    head.indeterminate = chosen.length > 0 && chosen.length < all.length;
  }
  const matching = document.querySelector("[data-select-matching]");
  if (matching && !(chosen.length === all.length)) matching.checked = false;
}

document.addEventListener("click", (event) => {
  const box = event.target.closest("[data-select]");
  if (box) {
    const all = boxes();
    if (event.shiftKey && last) {
      const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
      if (from >= 0) all.slice(from, to + 1).forEach((each) => (each.checked = box.checked));
    }
    last = box;
    refresh();
  }
  if (event.target.closest("[data-selection-clear]")) {
    event.preventDefault();
    boxes().forEach((each) => (each.checked = false));
    refresh();
  }
});

document.addEventListener("change", (event) => {
  const head = event.target.closest("[data-select-all], [data-select-matching]");
  if (!head) return;
  if (head.matches("[data-select-all]") || head.checked) boxes().forEach((each) => (each.checked = head.checked));
  refresh();
});

document.addEventListener("htmx:after:swap", refresh);

// Searching within the list waits for a pause, then submits like Enter.
let pause;
document.addEventListener("input", (event) => {
  const search = event.target.closest("[data-list-search]");
  if (!search) return;
  clearTimeout(pause);
  pause = setTimeout(() => search.form.requestSubmit(), 400);
});
const search = document.querySelector("[data-list-search]");
if (search?.value) {
  search.focus({ preventScroll: true });
  search.setSelectionRange(search.value.length, search.value.length);
}
