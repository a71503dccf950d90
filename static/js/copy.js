// <button data-copies="words" data-copied="what is said then">: the words go to the clipboard.

import { toast } from "./announce.js";

document.addEventListener("click", async ({ target }) => {
  const button = target.closest?.("[data-copies]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copies);
  toast(button.dataset.copied);
});
