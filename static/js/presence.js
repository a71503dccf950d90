// Who else is here: an open page says every 20 seconds that it is, while somebody looks at it. Whoever typed lately
// writes. The boxes listen for "presence:beat" and ask; nothing is locked by any of this.

const BEAT = 20_000; // half of what the server believes (apps/response/presence/board.py)
let typed = -Infinity;

const field = () => document.getElementById("doing"); // the bar is swapped after acts

function beat() {
  if (document.hidden) return;
  const doing = field();
  if (doing) doing.value = performance.now() - typed < BEAT ? "writes" : "views";
  document.body.dispatchEvent(new CustomEvent("presence:beat"));
}

addEventListener("input", ({ target }) => {
  if (!field() || !target.closest?.("textarea")) return;
  const late = performance.now() - typed > BEAT;
  typed = performance.now();
  if (late) beat(); // others see at once that somebody begins
});

if (document.body.dataset.live) setInterval(beat, BEAT);
