// Putting prepared words where the caret is: <button data-inserts="id of the words" data-into="id of the field">.
// What stands in the template named by data-takes comes along, into the element named by data-place. A / at the start of
// a line of <textarea data-slash="id"> presses that button, and is gone once something is inserted there.
// And naming the files that were chosen: <input type="file" data-names="id of the place">.

const SLASH = /(^|\n)\/$/;

function insert(words, field) {
  let before = field.value.slice(0, field.selectionStart);
  if (field.dataset.slash && SLASH.test(before)) {
    field.setRangeText("", field.selectionStart - 1, field.selectionStart, "end");
    before = before.slice(0, -1);
  }
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
  const more = document.getElementById(button.dataset.takes);
  if (more) document.getElementById(button.dataset.place)?.replaceChildren(more.content.cloneNode(true));
  if (field && words) insert(words.textContent, field);
});

document.addEventListener("input", ({ target, data }) => {
  if (data === "/" && target.dataset.slash && SLASH.test(target.value.slice(0, target.selectionStart)))
    document.getElementById(target.dataset.slash)?.click();
});

document.addEventListener("change", ({ target }) => {
  const place = target.dataset?.names && document.getElementById(target.dataset.names);
  if (place) place.textContent = [...target.files].map((file) => file.name).join(", ");
});
