// Tabs that swap panels in place: <div role="tablist"> with role="tab" aria-controls. The server says which is
// selected; as the tabs are links or buttons of their own, the page works without this.

function select(tab, { focus = true } = {}) {
  for (const other of tab.closest("[role=tablist]").querySelectorAll("[role=tab]")) {
    const chosen = other === tab;
    other.setAttribute("aria-selected", chosen);
    other.tabIndex = chosen ? 0 : -1;
    const panel = document.getElementById(other.getAttribute("aria-controls"));
    if (panel) panel.hidden = !chosen;
    // Where one writes comes before the small fields above it
    const field = panel?.querySelector("textarea") ?? panel?.querySelector("input:not([type=hidden])");
    if (chosen && focus) (field ?? tab).focus();
  }
}

document.addEventListener("click", (event) => {
  const tab = event.target.closest("[role=tab]");
  if (!tab) return;
  event.preventDefault();
  select(tab);
});

document.addEventListener("keydown", (event) => {
  const tab = event.target.closest?.("[role=tab]");
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!tab || !step) return;
  const tabs = [...tab.closest("[role=tablist]").querySelectorAll("[role=tab]")];
  const along = document.dir === "rtl" ? -step : step;
  const next = tabs[(tabs.indexOf(tab) + along + tabs.length) % tabs.length];
  select(next, { focus: false });
  next.focus();
});
