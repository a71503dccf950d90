// Ctrl/Cmd + K: anything by its name. Places come from the server; what this page can do is added to them here.

import { commands } from "./keys.js";

const MOST = 6;
const palette = () => document.getElementById("palette");

document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey || event.key.toLowerCase() !== "k") return;
  if (!palette()) return;
  event.preventDefault();
  if (palette().open) return palette().close();
  palette().showModal();
  palette().querySelector("input").select();
});

document.addEventListener("completing", ({ target, detail: list }) => {
  if (!palette()?.contains(target)) return;
  const typed = target.value.trim().toLowerCase();
  const fitting = commands().filter(({ label }) => label && label.toLowerCase().includes(typed));
  const once = new Map(fitting.map((one) => [one.label, one])).values();
  list.prepend(...(typed ? [...once].slice(0, MOST).map(option) : []));
});

function option({ label, key, press }) {
  const line = document.createElement("li");
  line.setAttribute("role", "option");
  line.setAttribute("aria-selected", "false");
  const name = document.createElement("span");
  name.className = "clip grow";
  name.textContent = label;
  line.append(name);
  if (key) {
    const cap = document.createElement("kbd");
    cap.textContent = key.toUpperCase();
    line.append(cap);
  }
  line.press = () => {
    palette().close();
    press();
  };
  return line;
}
