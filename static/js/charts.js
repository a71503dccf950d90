// Reading a chart: the pointer or the arrow keys go from mark to mark and a readout says it; Enter opens the
// tickets behind a mark. Without this the marks are links with titles and the table says the same.

import { announce } from "./announce.js";

const marksOf = (plot) => [...plot.querySelectorAll(".ch-mark")];
const readingOf = (mark) => mark.dataset.reading ?? mark.querySelector("title")?.textContent ?? "";

// One stop for Tab in each chart, whatever its number of marks
function prepare(scope) {
  for (const plot of scope.querySelectorAll?.(".chart-plot") ?? []) {
    for (const mark of marksOf(plot)) {
      if (mark.matches("a")) mark.setAttribute("tabindex", "-1");
      const title = mark.querySelector("title");
      if (!title) continue;
      mark.dataset.reading = title.textContent; // the browser's own tooltip would lie on the readout
      if (mark.matches("a")) mark.setAttribute("aria-label", title.textContent);
      title.remove();
    }
  }
}

function read(mark, { aloud = false } = {}) {
  const plot = mark.closest(".chart-plot");
  clear(plot);
  mark.classList.add("is-read");
  const box = document.createElement("div");
  box.className = "chart-readout";
  box.setAttribute("aria-hidden", "true");
  box.dir = "auto";
  box.textContent = readingOf(mark);
  plot.append(box);
  place(box, mark, plot);
  if (aloud) announce(readingOf(mark));
}

function place(box, mark, plot) {
  const shape = (mark.querySelector(":not(.ch-hit, title)") ?? mark).getBoundingClientRect();
  const frame = plot.getBoundingClientRect();
  const left = shape.left - frame.left + plot.scrollLeft + shape.width / 2 - box.offsetWidth / 2;
  const above = shape.top - frame.top - box.offsetHeight - 8;
  box.style.left = `${Math.max(0, Math.min(left, plot.scrollWidth - box.offsetWidth))}px`;
  box.style.top = `${above < 0 ? shape.bottom - frame.top + 8 : above}px`;
}

function clear(plot) {
  plot.querySelector(".chart-readout")?.remove();
  plot.querySelector(".is-read")?.classList.remove("is-read");
}

document.addEventListener("pointerover", ({ target }) => {
  const mark = target.closest?.(".chart-plot .ch-mark");
  if (mark) read(mark);
  else document.querySelectorAll(".chart-plot:has(.chart-readout):not(:focus-within)").forEach(clear);
});

document.addEventListener("keydown", (event) => {
  const plot = event.target.closest?.(".chart-plot");
  if (!plot) return;
  const marks = marksOf(plot);
  const here = marks.findIndex((mark) => mark.matches(".is-read"));
  if (event.key === "Escape") return clear(plot);
  if (event.key === "Enter" && marks[here]?.matches("a")) return void location.assign(marks[here].getAttribute("href"));
  const to = { ArrowRight: here + 1, ArrowDown: here + 1, ArrowLeft: here - 1, ArrowUp: here - 1, Home: 0, End: marks.length - 1 }[event.key];
  if (to === undefined || !marks.length) return;
  event.preventDefault();
  read(marks[Math.min(Math.max(to, 0), marks.length - 1)], { aloud: true });
});

document.addEventListener("focusout", ({ target }) => {
  if (target.matches?.(".chart-plot")) clear(target);
});
document.addEventListener("htmx:afterSettle", ({ target }) => prepare(target));
prepare(document);
