// Putting prepared words where the caret is: <button data-inserts="id of the words" data-into="id of the field">.
// And naming the files that were chosen: <input type="file" data-names="id of the place">.

function insert(words, field) {
  const before = field.value.slice(0, field.selectionStart);
  const text = before && !before.endsWith("\n") ? `\n${words}` : words;
  field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true })); // so that the draft is kept
  field.focus();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-inserts]");
  if (!button) return;
  const field = document.getElementById(button.dataset.into);
  const words = document.getElementById(button.dataset.inserts);
  button.closest("dialog")?.close();
  if (field && words) insert(words.textContent, field);
});

document.addEventListener("change", ({ target }) => {
  const place = target.dataset?.names && document.getElementById(target.dataset.names);
  if (place) place.textContent = [...target.files].map((file) => file.name).join(", ");
});
