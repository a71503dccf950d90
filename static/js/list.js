// Moving in a list or table of rows: J and K, Enter opens, Space peeks, X selects, Shift + J/K extends, * A all.
//   <ul data-list> (or what holds a table) with rows that hold one a[data-open] and, to be selected, one .row-check

import { announce } from "./announce.js";

const off = () => document.documentElement.dataset.keys === "off";
const writing = (node) => node.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable]");
const ROW = "[data-list] :is(li, tr):has([data-open])";
const rows = () => [...document.querySelectorAll(ROW)];

let star = false;

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || off() || writing(event.target)) return;
  if (document.querySelector("dialog:modal")) return;
  const act = actions(event);
  const key = event.key.toLowerCase();
  const wasStar = star;
  star = event.key === "*";
  const run = wasStar && key === "a" ? act.all : act[key];
  if (!run || !rows().length) return;
  event.preventDefault();
  run();
});

const panel = () => document.querySelector("#peek:popover-open");

let peeked; // the row's link: it keeps the focus, so that J and K go on

function peek(link) {
  peeked = link;
  window.htmx.ajax("GET", `${link.pathname}peek/${link.search}`, "#peek");
  document.getElementById("peek").showPopover();
}

function close() {
  panel().hidePopover();
  peeked.focus();
}

document.addEventListener("click", ({ target }) => target.closest("[data-peek-closes]") && close());

const actions = ({ shiftKey, target }) => ({
  escape: panel() && close,
  " ": target.matches("body, main, [data-open], #peek *") && document.getElementById("peek") && (panel() ? close : () => {
    if (!current()) move(1);
    peek(current().querySelector("[data-open]"));
  }),
  j: () => move(1, shiftKey),
  k: () => move(-1, shiftKey),
  x: () => toggle(current()),
  all: () => rows().forEach((row) => check(row, true)),
});

function current() {
  return document.activeElement.closest?.(ROW) ?? document.querySelector("[data-list] > [aria-current]");
}

function move(step, extend) {
  const list = rows();
  const here = list.indexOf(current());
  const next = list[Math.min(Math.max(here + step, 0), list.length - 1)];
  if (extend) [list[here], next].forEach((row) => row && check(row, true));
  const link = next.querySelector("[data-open]");
  link.focus();
  next.scrollIntoView({ block: "nearest" });
  if (panel()) peek(link);
}

function toggle(row) {
  const box = row?.querySelector(".row-check");
  if (box) check(row, !box.checked);
}

function check(row, on) {
  const box = row.querySelector(".row-check");
  if (!box || box.checked === on) return;
  box.checked = on;
  box.dispatchEvent(new Event("change", { bubbles: true }));
}

// How many are selected, for the bulk bar and for those who do not see it: <span data-selected>
document.addEventListener("change", (event) => {
  if (!event.target.matches(".row-check")) return;
  const count = document.querySelectorAll(".row-check:checked").length;
  for (const node of document.querySelectorAll("[data-selected]")) node.textContent = count;
  announce(`${count}`);
});
