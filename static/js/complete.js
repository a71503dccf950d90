// What could come next, below a field while one types in it: <input data-completes="address">.
// The address answers `?q=` and `at=` (where the caret is) with <li role="option" data-fill="the whole text" data-at="caret">.
// With data-after="@" it is asked only for the word that begins so, on a textarea too, and that word alone is replaced.
// Arrows choose, Enter or Tab takes, Escape closes; without a choice Enter sends the form as ever.
// `data-completes-first`: asked as soon as it has the focus, and the first answer is chosen. An option with `data-href`
// leads there; whoever hears `completing` may add others with a `press` of their own.

const PAUSE = 120; // ms without a key before it is asked

let asked;
let list;

// A field of several lines is no combobox
const expand = (field, open) => field.type === "textarea" || field.setAttribute("aria-expanded", open);

function close(field) {
  clearTimeout(asked);
  list?.remove();
  list = undefined;
  expand(field, false);
  field.removeAttribute("aria-activedescendant");
}

// What was typed after the sign; undefined where no word begins so
function begun(field) {
  const before = field.value.slice(0, field.selectionStart);
  const start = before.lastIndexOf(field.dataset.after);
  const typed = before.slice(start + 1);
  return start < 0 || /[\p{L}\d.]/u.test(before[start - 1] ?? "") || /\n|\s\S*\s/.test(typed) ? undefined : typed;
}

async function ask(field) {
  const typed = field.dataset.after ? begun(field) : field.value;
  if (typed === undefined) return close(field);
  const query = new URLSearchParams({ q: typed, at: field.selectionStart });
  const before = field.value;
  const answer = await fetch(`${field.dataset.completes}?${query}`).catch(() => undefined); // away: nothing is offered
  if (!answer?.ok || field.value !== before || document.activeElement !== field) return;
  close(field);
  const found = document.createElement("ul");
  found.id = `${field.id}-list`;
  found.className = "completions";
  found.setAttribute("role", "listbox");
  found.setAttribute("aria-label", field.labels[0]?.textContent ?? "");
  found.innerHTML = await answer.text();
  field.dispatchEvent(new CustomEvent("completing", { bubbles: true, detail: found }));
  if (!found.querySelector("[role=option]")) return;
  list = found;
  [...list.children].forEach((option, place) => (option.id = `${list.id}-${place}`));
  field.after(list);
  expand(field, true);
  if (first(field)) choose(field, 1);
}

const first = (field) => field.dataset.completesFirst !== undefined;
const chosen = () => list?.querySelector("[aria-selected=true]");

function choose(field, step) {
  const options = [...list.children];
  const here = options.indexOf(chosen());
  chosen()?.setAttribute("aria-selected", "false");
  const next = options[(here + step + options.length + (here < 0 && step < 0 ? 1 : 0)) % options.length];
  next.setAttribute("aria-selected", "true");
  next.scrollIntoView({ block: "nearest" });
  field.setAttribute("aria-activedescendant", next.id);
}

function take(field, option) {
  if (option.dataset.href) return location.assign(option.dataset.href);
  if (option.press) return option.press();
  if (field.dataset.after) {
    const caret = field.selectionStart;
    field.setRangeText(`${option.dataset.fill} `, caret - begun(field).length, caret, "end");
    field.dispatchEvent(new Event("input", { bubbles: true })); // so that the draft is kept
    return close(field);
  }
  field.value = option.dataset.fill;
  field.setSelectionRange(Number(option.dataset.at), Number(option.dataset.at));
  close(field);
  field.focus();
  later(field); // after a key comes its value
}

function later(field) {
  clearTimeout(asked);
  asked = setTimeout(() => ask(field), PAUSE);
}

document.addEventListener("focusin", ({ target }) => {
  if (!target.dataset?.completes) return;
  if (first(target)) ask(target);
  if (target.role === "combobox") return;
  target.setAttribute("aria-autocomplete", "list");
  if (target.type !== "textarea") target.setAttribute("role", "combobox");
  expand(target, false);
  target.setAttribute("aria-controls", `${target.id}-list`);
});

document.addEventListener("input", ({ target }) => {
  if (target.dataset?.completes) later(target);
});

document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (!field.dataset?.completes || !list || event.isComposing) return;
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  if (steps[event.key]) choose(field, steps[event.key]);
  else if (event.key === "Escape" && !first(field)) close(field);
  else if (["Enter", "Tab"].includes(event.key) && chosen()) take(field, chosen());
  else return;
  event.preventDefault();
});

document.addEventListener("pointerdown", (event) => {
  const option = event.target.closest?.(".completions [role=option]");
  if (!option) return;
  event.preventDefault(); // the field keeps the focus
  take(option.parentElement.previousElementSibling, option);
});

document.addEventListener("focusout", ({ target }) => {
  if (target.dataset?.completes) close(target);
});
