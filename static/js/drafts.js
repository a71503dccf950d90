// A draft can't be lost: it is kept in this browser on every input and on the server 0.8 s later.
//   <textarea data-draft="reply:4182" data-draft-url="/t/4182/drafts/reply/">, and [data-draft-status] in its form
// The server says that it was sent with HX-Trigger: {"draft-sent": {"key": "reply:4182"}}, or, on a page, with an
// element data-draft-sent="reply:4182". Only then is the draft forgotten: a failed send keeps it.

const WAIT = 800;
const key = (name) => `draft:${document.body.dataset.user ?? ""}:${name}`;
const timers = new WeakMap();

const read = (name) => {
  try {
    return JSON.parse(localStorage.getItem(key(name)));
  } catch {
    return null; // storage is off, or another program wrote there
  }
};

function write(name, text) {
  try {
    if (text) localStorage.setItem(key(name), JSON.stringify({ text, at: Date.now() }));
    else localStorage.removeItem(key(name));
    return true;
  } catch {
    return false; // full or off: the server still has it
  }
}

document.addEventListener("input", ({ target }) => {
  const name = target.dataset?.draft;
  if (!name) return;
  const kept = write(name, target.value);
  say(target, kept ? "local" : "");
  clearTimeout(timers.get(target));
  if (target.dataset.draftUrl) timers.set(target, setTimeout(() => save(target), WAIT));
});

async function save(field) {
  const text = field.value;
  const body = new URLSearchParams({ text });
  const headers = JSON.parse(document.body.getAttribute("hx-headers") || "{}");
  const answer = await fetch(field.dataset.draftUrl, { method: "POST", body, headers, keepalive: text.length < 60_000 }).catch(() => null);
  if (field.value === text) say(field, answer?.ok ? "saved" : "offline");
}

function say(field, state) {
  const node = field.form?.querySelector("[data-draft-status]");
  if (!node) return;
  const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
  const word = node.dataset[state] ?? { local: "Draft kept", saved: "Draft saved", offline: "Draft kept here" }[state];
  node.textContent = word ? `${word} ${time}` : "";
}

// On arrival: what the server gave wins only if this browser has nothing newer than its own last typing
function restore(scope) {
  for (const field of scope.querySelectorAll?.("[data-draft]") ?? []) {
    const draft = read(field.dataset.draft);
    if (!draft || field === document.activeElement || field.value === draft.text) continue;
    if (field.value && Number(field.dataset.draftAt ?? Infinity) * 1000 > draft.at) continue;
    field.value = draft.text;
    say(field, "local");
  }
}

// "case:31:describe::" is every field of that form: a name that ends with a colon forgets all that begin with it
function forget(name) {
  for (const one of name.endsWith(":") ? keptUnder(name) : [name]) write(one, "");
  const whole = name.endsWith(":");
  const asked = whole ? "^=" : "=";
  for (const field of document.querySelectorAll(`[data-draft${asked}"${CSS.escape(name)}"]`)) {
    clearTimeout(timers.get(field));
    field.value = whole ? field.defaultValue : ""; // a form may begin with what stands written by now
    say(field, "");
  }
}

function keptUnder(name) {
  try {
    return Object.keys(localStorage).filter((one) => one.startsWith(key(name))).map((one) => one.slice(key("").length));
  } catch {
    return [];
  }
}

function arrive(scope) {
  for (const sent of document.querySelectorAll("[data-draft-sent]")) {
    forget(sent.dataset.draftSent);
    sent.removeAttribute("data-draft-sent");
  }
  restore(scope);
}

document.addEventListener("draft-sent", ({ detail }) => forget(detail.key));
document.addEventListener("htmx:afterSettle", ({ target }) => arrive(target));
addEventListener("storage", ({ key: changed }) => {
  if (changed?.startsWith("draft:")) restore(document);
});
arrive(document);
