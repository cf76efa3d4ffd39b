// Lists of e-mails, phones and links grow and shrink; a drop zone takes files.
document.addEventListener("click", (event) => {
  const add = event.target.closest("[data-add-entry]");
  if (add) {
    const list = add.closest("[data-entries]");
    const row = list.querySelector("template").content.cloneNode(true);
    const input = row.querySelector("input");
    add.before(row);
    input.focus();
  }
  const remove = event.target.closest("[data-remove-entry]");
  if (remove) {
    const list = remove.closest("[data-entries]");
    const row = remove.closest("[data-entry]");
    if (list.querySelectorAll("[data-entry]").length > 1) row.remove();
    else row.querySelector("input").value = "";
    (list.querySelector("[data-entry] input") ?? list).focus();
  }
});

for (const kind of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    const zone = event.target.closest?.("[data-drop]");
    if (!zone) return;
    event.preventDefault();
    zone.classList.toggle("over", kind === "dragover");
    if (kind !== "drop") return;
    const input = zone.querySelector("input[type=file]");
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
