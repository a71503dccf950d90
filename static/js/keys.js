// Single letters outside inputs, Ctrl/Cmd + Enter inside, never Alt, and `?` lists what works here.
//   data-key="r"       the letter that presses (or focuses) this; "g q" is a sequence; several with "|"
//   data-key-label     its name in the list, where text or label would not do
//   data-submit="solve" the button that Ctrl/Cmd + Shift + Enter presses; "send" (or the form's default) without Shift

import { nextPreference } from "./preferences.js";

// What stands beside a ticket, and the key that folds it away
const PANES = { "[": "listpane", "]": "contextpane" };
const hasPane = (name) => document.querySelector(`.app > .${name === "listpane" ? "list-pane:not(main)" : "context"}`);
const PAUSE = 900; // ms between the letters of a sequence
const off = () => document.documentElement.dataset.keys === "off";
const writing = (node) => node.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
const seen = (node) => node.checkVisibility?.({ visibilityProperty: true }) ?? node.offsetParent !== null;
const keysOf = (node) => node.dataset.key.toLowerCase().split("|");

let sequence = "";
let timer = 0;

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.altKey || event.isComposing) return;
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter") return submit(event);
  if (event.ctrlKey || event.metaKey || off() || writing(event.target)) return;
  if (document.querySelector("dialog:modal")) return;
  press(event);
});

function submit(event) {
  const form = event.target.closest?.("form");
  if (!form) return;
  const name = event.shiftKey ? "solve" : "send";
  const button = form.querySelector(`[data-submit="${name}"]`) ?? (event.shiftKey ? null : form.querySelector("[type=submit], button:not([type])"));
  if (!button) return;
  event.preventDefault();
  form.requestSubmit(button);
}

function press(event) {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (key === "?") return done(event, help);
  if (key === "d" && !sequence && !find("d"))
    return done(event, () => nextPreference(event.shiftKey ? "theme" : "density"));
  if (PANES[key] && !sequence && !find(key) && hasPane(PANES[key])) return done(event, () => nextPreference(PANES[key]));
  const typed = sequence ? `${sequence} ${key}` : key;
  const target = find(typed);
  if (target) return done(event, () => activate(target));
  clearTimeout(timer);
  sequence = begins(typed) ? typed : "";
  timer = setTimeout(() => (sequence = ""), PAUSE);
  if (sequence) event.preventDefault();
}

function done(event, act) {
  event.preventDefault();
  sequence = "";
  act();
}

// The last in the document wins: a toast's Undo, a ticket's own button before the list's. Ways out work unseen too
const all = () => [...document.querySelectorAll("[data-key]")].filter((node) => seen(node) || node.closest(".nav, .only-narrow"));
const find = (typed) => all().findLast((node) => keysOf(node).includes(typed));
const begins = (typed) => all().some((node) => keysOf(node).some((key) => key.startsWith(`${typed} `)));

function activate(node) {
  if (node.matches("input:not([type=checkbox], [type=radio]), textarea, select")) {
    node.focus();
    node.select?.();
  } else {
    node.click();
    if (node.tagName === "SUMMARY") node.parentNode.querySelector("input:not([type=hidden])")?.focus();
  }
}

// What can be done on this page, for the palette: also what stands in a menu that is closed
export const commands = () =>
  [...document.querySelectorAll("[data-key], main .menu :is(a, button)")]
    .filter((node) => !node.disabled && !node.closest("dialog, .side"))
    .map((node) => ({ label: labelOf(node), key: node.dataset.key?.split("|")[0], press: () => activate(node) }));

export function help() {
  const list = document.querySelector("[data-keys-list]");
  if (!list) return;
  const rows = all().map((node) => [node.dataset.key.split("|")[0], labelOf(node)]);
  if (document.querySelector("[data-list]")) rows.push(["j k", list.dataset.move], ["x", list.dataset.select]);
  const peek = document.getElementById("peek");
  if (peek) rows.push(["Space", peek.ariaLabel]);
  for (const [key, name] of Object.entries(PANES)) if (hasPane(name)) rows.push([key, list.dataset[name]]);
  if (document.querySelector("form textarea")) rows.push(["Ctrl Enter", list.dataset.send]);
  if (document.getElementById("palette")) rows.push(["Ctrl K", list.dataset.palette]);
  rows.push(["?", list.dataset.help]);
  list.replaceChildren(...new Map(rows.map((row) => [row[0], row])).values().map(row));
  list.closest("dialog").showModal();
}

const labelOf = (node) =>
  node.dataset.keyLabel || node.getAttribute("aria-label") || node.getAttribute("placeholder") || textOf(node);

function textOf(node) {
  const copy = node.cloneNode(true);
  copy.querySelectorAll("kbd, svg, .count").forEach((part) => part.remove());
  return copy.textContent.trim();
}

function row([keys, label]) {
  const line = document.createElement("div");
  const name = document.createElement("dt");
  const value = document.createElement("dd");
  name.textContent = label;
  value.className = "row";
  for (const key of keys.split(" ")) {
    const cap = document.createElement("kbd");
    cap.textContent = key.length === 1 ? key.toUpperCase() : key;
    value.append(cap);
  }
  line.append(name, value);
  return line;
}
