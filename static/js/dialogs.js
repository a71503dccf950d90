// Native dialogs and popovers do the work; this opens and closes them by data attribute, moves in menus by
// arrow keys, and places menus where the browser cannot yet do so itself.

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  const dialog = opener && document.getElementById(opener.dataset.opens);
  if (dialog) {
    event.preventDefault(); // the opener may be a link to the same form as a page
    opener.closest("[popover]")?.hidePopover();
    dialog.showModal();
  }
  event.target.closest("[data-closes]")?.closest("dialog")?.close();
  // Older browsers know no closedby="any": a press beside the dialog closes it
  if (event.target.matches?.("dialog[closedby='any']") && outside(event)) event.target.close();
});

function outside({ target, clientX, clientY }) {
  const box = target.getBoundingClientRect();
  return clientX < box.left || clientX > box.right || clientY < box.top || clientY > box.bottom;
}

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.(".menu");
  if (!menu || !["ArrowDown", "ArrowUp", "Home", "End"].includes(event.key)) return;
  event.preventDefault();
  const items = [...menu.querySelectorAll("a, button")];
  const here = items.indexOf(document.activeElement);
  const to = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: -1 }[event.key];
  items.at(to % items.length).focus();
});

const placed = CSS.supports("position-area", "block-end");
document.addEventListener(
  "toggle",
  ({ target, newState }) => {
    if (!target.matches?.(".menu") || newState !== "open") return;
    if (!placed) placeBeside(target, document.querySelector(`[popovertarget="${target.id}"]`));
    target.querySelector("a, button, input")?.focus({ preventScroll: true });
  },
  true,
);

function placeBeside(menu, opener) {
  if (!opener) return;
  const box = opener.getBoundingClientRect();
  const below = innerHeight - box.bottom > menu.offsetHeight + 8;
  menu.style.top = `${below ? box.bottom : Math.max(4, box.top - menu.offsetHeight - 8)}px`;
  menu.style.left = `${Math.max(4, Math.min(box.left, innerWidth - menu.offsetWidth - 8))}px`;
}
