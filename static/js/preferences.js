// How this person likes it: theme, density, single-letter keys. A cookie, so that the server paints it right
// the first time. <button data-pref="theme" data-value="dark"> sets; data-values="a b" goes round.

const YEAR = 60 * 60 * 24 * 365;
const root = document.documentElement;
const ROUND = { theme: ["", "light", "dark"], density: ["", "compact", "comfortable"], keys: ["", "off"], listpane: ["", "off"], contextpane: ["", "off"] };

export function setPreference(name, value) {
  if (value) root.dataset[name] = value;
  else delete root.dataset[name];
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `${name}=${value}; path=/; max-age=${value ? YEAR : 0}; samesite=lax${secure}`;
  showPressed();
}

export function nextPreference(name) {
  const round = ROUND[name];
  setPreference(name, round[(round.indexOf(root.dataset[name] ?? "") + 1) % round.length]);
}

function showPressed() {
  for (const button of document.querySelectorAll("[data-pref][data-value]"))
    button.setAttribute("aria-pressed", (root.dataset[button.dataset.pref] ?? "") === button.dataset.value);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-pref]");
  if (!button) return;
  if (button.dataset.value === undefined) nextPreference(button.dataset.pref);
  else setPreference(button.dataset.pref, button.dataset.value);
});
showPressed();
