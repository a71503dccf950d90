// Saying things to people: in the corner for eyes, in the live region for screen readers.

const region = (urgent) => document.getElementById(urgent ? "alert" : "live");

/** Say `text` to a screen reader without moving the focus. */
export function announce(text, { urgent = false } = {}) {
  const node = region(urgent);
  if (!node) return;
  node.textContent = "";
  requestAnimationFrame(() => (node.textContent = text));
}

/**
 * Show a toast. `undo` is a URL that is posted to when the button is pressed; `seconds` is how long it stays
 * (0: until dismissed). A toast that offers something stays as long as the pointer or the focus is on it.
 */
export function toast(text, { tone = "", undo = "", undoLabel = document.body.dataset.undo, seconds = 6 } = {}) {
  const node = document.getElementById("toast-template").content.firstElementChild.cloneNode(true);
  if (tone) node.classList.add(`toast-${tone}`);
  node.firstElementChild.textContent = text;
  if (undo) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn";
    button.textContent = undoLabel;
    button.dataset.key = "z";
    button.addEventListener("click", () => {
      window.htmx.ajax("POST", undo, { swap: "none" });
      node.remove();
    });
    node.firstElementChild.after(button);
  }
  document.getElementById("toasts").append(node);
  if (tone === "bad") announce(text, { urgent: true }); // the others are read as they appear: #toasts is a status
  if (seconds) fade(node, seconds * 1000);
  return node;
}

function fade(node, wait) {
  setTimeout(() => {
    if (node.matches(":hover, :focus-within")) fade(node, 2000);
    else node.remove();
  }, wait);
}

// <div class="toast" data-countdown="9"> with a [data-left]: what it offers is over when the seconds are
setInterval(() => {
  for (const node of document.querySelectorAll("[data-countdown]")) {
    const left = (node.dataset.countdown -= 1);
    if (left > 0) node.querySelector("[data-left]").textContent = left;
    else node.remove();
  }
}, 1000);

document.addEventListener("click", (event) => event.target.closest("[data-dismiss]")?.parentElement.remove());

// A response header says it too: HX-Trigger: {"toast": {"text": "Sent", "undo": "/outbox/3/undo/"}}
document.addEventListener("toast", (event) => toast(event.detail.text ?? event.detail.value, event.detail));
document.addEventListener("announce", (event) => announce(event.detail.text ?? event.detail.value));
