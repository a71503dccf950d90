// Clock badges count down in the page, without requests.
//   data-clock    working seconds left when the page was made (negative: overdue)
//   data-target   working seconds of the whole target: the last quarter is "soon"
//   data-closes   seconds until the office closes, after which the count stands still (left out: it does not close)

const STEP = 5000;
const first = new WeakMap(); // when each badge was first seen; the clock of the machine may be wrong, its pace is not

const units = () => (document.body.dataset.units || "min h d").split(" ");

export function shortDuration(seconds) {
  const [min, h, d] = units();
  const sign = seconds < 0 ? "−" : "";
  const minutes = Math.floor(Math.abs(seconds) / 60 + 0.5);
  if (minutes < 1) return `<\u00a01\u00a0${min}`;
  if (minutes < 100) return `${sign}${minutes}\u00a0${min}`;
  if (minutes < 6000) return `${sign}${Math.round(minutes / 60)}\u00a0${h}`;
  return `${sign}${Math.round(minutes / 1440)}\u00a0${d}`;
}

function tick() {
  if (document.hidden) return;
  for (const badge of document.querySelectorAll("[data-clock]")) show(badge);
}

function show(badge) {
  if (!first.has(badge)) first.set(badge, performance.now());
  const closes = badge.dataset.closes === undefined ? Infinity : Number(badge.dataset.closes);
  const passed = Math.min((performance.now() - first.get(badge)) / 1000, closes);
  const left = Number(badge.dataset.clock) - passed;
  const target = Number(badge.dataset.target);
  badge.dataset.state = left < 0 ? "overdue" : left <= target / 4 ? "soon" : "fine";
  const text = badge.querySelector("[data-clock-text]");
  const said = shortDuration(left);
  if (text.textContent !== said) text.textContent = said;
  const share = target ? Math.round(100 * Math.min(Math.max(left / target, 0), 1)) : 0;
  badge.querySelector(".hand")?.setAttribute("stroke-dasharray", `${share} 100`);
}

setInterval(tick, STEP);
document.addEventListener("visibilitychange", tick);
document.addEventListener("htmx:afterSettle", tick);
tick();
