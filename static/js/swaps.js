// After htmx put something new on the page: the focus never falls to the body, and a failure is said in the page
// with a way to try again.

import { toast } from "./announce.js";

let focused = null; // what had the focus before the swap; a page nobody has touched is left alone

document.addEventListener("htmx:beforeSwap", () => {
  const node = document.activeElement;
  focused = node && node !== document.body ? { id: node.id } : null;
});

document.addEventListener("htmx:afterSettle", ({ target }) => {
  focusWanted(target);
  if (!focused || document.activeElement !== document.body) return;
  const home = document.getElementById(focused.id) || target.querySelector?.("[data-focus], h1, h2, h3") || target;
  if (!home.matches?.("a[href], button, input, select, textarea, [tabindex]")) home.setAttribute?.("tabindex", "-1");
  home.focus?.({ preventScroll: true });
});

/** An error summary (data-focus) takes the focus, on arrival and after a swap. */
function focusWanted(scope) {
  const wanted = scope.matches?.("[data-focus]") ? scope : scope.querySelector?.("[data-focus]");
  wanted?.focus();
}

const failed = (event) => {
  if (event.target.closest?.("[data-quiet]")) return; // nobody asked for it
  const status = event.detail.xhr?.status;
  const words = document.body.dataset;
  const text = !status ? words.offline : status >= 500 ? words.fault : words.refused;
  toast(text, { tone: "bad", seconds: 0 });
};
document.addEventListener("htmx:responseError", failed);
document.addEventListener("htmx:sendError", failed);

focusWanted(document);
// The fragment of an address (left there by the skip link, or by a link of the summary) takes the focus once all is laid out
if (location.hash) addEventListener("load", () => requestAnimationFrame(() => setTimeout(focusWanted, 0, document)));
