// Tabs that swap panels in place: <div role="tablist"> with role="tab" aria-controls. The server says which is
// selected; as the tabs are links or buttons of their own, the page works without this.

function select(tab, { focus = true } = {}) {
  for (const other of tab.closest("[role=tablist]").querySelectorAll("[role=tab]")) {
    const chosen = other === tab;
    other.setAttribute("aria-selected", chosen);
    other.tabIndex = chosen ? 0 : -1;
    const panel = document.getElementById(other.getAttribute("aria-controls"));
    if (panel) panel.hidden = !chosen;
    if (chosen && focus) (panel?.querySelector("textarea, input:not([type=hidden])") ?? tab).focus();
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
