// A draft can't be lost: it is kept in this browser on every input and on the server 0.8 s later.
//   <textarea data-draft="reply:4182" data-draft-url="/t/4182/drafts/reply/" data-draft-pk="7" data-draft-revision="3">
//   and [data-draft-status] in its form; without a URL it is kept in this browser only
// The server says that it was sent with HX-Trigger: {"draft-sent": {"key": "reply:4182"}}, or, on a page, with an
// element data-draft-sent="reply:4182". Only then is the draft forgotten: a failed send keeps it.
// Each page is a writer of its own. A save names the draft it goes on with, as it was when this page read it; if another
// page wrote there meanwhile, the server keeps both, and this one offers the other.

const WAIT = 800;
const AGAIN = 15_000;
const WRITER = [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const key = (name) => `draft:${document.body.dataset.user ?? ""}:${name}`;
const states = new WeakMap();

function state(field) {
  if (!states.has(field)) {
    const { draftPk, draftRevision } = field.dataset;
    states.set(field, { draft: Number(draftPk) || 0, seen: Number(draftRevision) || 0, revision: Number(draftRevision) || 0 });
  }
  return states.get(field);
}

const read = (name) => {
  try {
    return JSON.parse(localStorage.getItem(key(name)));
  } catch {
    return null; // storage is off, or another program wrote there
  }
};

function write(name, kept) {
  try {
    if (kept) localStorage.setItem(key(name), JSON.stringify(kept));
    else localStorage.removeItem(key(name));
    return true;
  } catch {
    return false; // full or off: the server still has it
  }
}

/** Something was typed, or a file was added: keep it here now, and on the server soon. */
export function changed(field) {
  const mine = state(field);
  mine.dirty = true;
  mine.revision += 1;
  keepAside(field);
  const empty = !field.value && !field.dataset.draftUrl;
  const kept = write(field.dataset.draft, empty ? null : entry(field, false));
  say(field, kept && field.value ? "local" : "");
  later(field, WAIT);
}

function entry(field, done) {
  const { draft, seen, revision } = state(field);
  return { text: field.value, at: Date.now(), writer: WRITER, revision, draft, seen, saved: done };
}

// Another tab's words that the server has not heard yet are not written over
function others(field) {
  const other = read(field.dataset.draft);
  return other?.writer && !other.saved && other.writer !== WRITER && !field.value.includes(other.text) ? other : null;
}

function keepAside(field) {
  const other = others(field);
  if (other) write(`${field.dataset.draft}~${other.writer}`, other);
}

// They go to the server as that tab's
async function bringAside(field) {
  for (const name of keptUnder(`${field.dataset.draft}~`)) {
    const answer = await post(field.dataset.draftUrl, read(name) ?? {});
    if (answer?.ok) write(name, null);
  }
}

function later(field, wait) {
  clearTimeout(state(field).timer);
  if (field.dataset.draftUrl) state(field).timer = setTimeout(() => save(field), wait);
}

document.addEventListener("input", ({ target }) => {
  const field = "kept" in (target.dataset ?? {}) ? target.form.querySelector("[data-draft]") : target;
  if (field?.dataset?.draft) changed(field);
});

async function save(field) {
  const mine = state(field);
  if (!mine.dirty || !field.isConnected) return;
  if (mine.busy) return later(field, WAIT); // one after the other, or the second would not know of the first
  const text = field.value;
  mine.busy = true;
  mine.dirty = false;
  const given = { text, writer: WRITER, revision: mine.revision, draft: mine.draft, seen: mine.seen };
  const answer = await post(field.dataset.draftUrl, given, field.form?.querySelectorAll("[name=upload],[data-kept]:not([type=checkbox]:not(:checked))"));
  const told = await answer?.json().catch(() => null);
  mine.busy = false;
  if (answer?.ok && told) return saved(field, text, told);
  mine.dirty = true;
  say(field, "offline");
  later(field, AGAIN);
}

function post(url, { text = "", writer = "", revision = 1, draft = 0, seen = 0 }, files = []) {
  const body = new FormData();
  for (const [name, value] of Object.entries({ text, writer, revision, draft, seen })) body.append(name, value);
  for (const file of files) body.append(file.name, file.value);
  const headers = JSON.parse(document.body.getAttribute("hx-headers") || "{}");
  return fetch(url, { method: "POST", body, headers, redirect: "manual", keepalive: text.length < 15_000 }).catch(() => null);
}

function saved(field, text, { draft, revision, others: count }) {
  const mine = state(field);
  Object.assign(mine, { draft, seen: revision, revision: Math.max(mine.revision, revision) });
  const place = field.form?.querySelector("[data-others]");
  if (count > Number(place?.dataset.others)) window.htmx?.ajax("GET", field.dataset.draftUrl, { target: place, swap: "outerHTML" });
  if (field.value !== text) return; // typed on: the next save tells
  if (!others(field)) write(field.dataset.draft, text ? entry(field, true) : null);
  say(field, text ? "saved" : "");
}

// Leaving the page or this tab: what waits for its 0.8 s goes at once
const waiting = () => [...document.querySelectorAll("[data-draft-url]")].filter((field) => state(field).dirty);
document.addEventListener("visibilitychange", () => document.hidden && waiting().forEach(save));
addEventListener("pagehide", () => waiting().forEach(save));
addEventListener("online", () => waiting().forEach(save));

// What is sent says which draft it was
document.addEventListener("formdata", ({ target, formData }) => {
  const field = target.querySelector("[data-draft-url]");
  if (!field) return;
  keepAside(field);
  write(field.dataset.draft, entry(field, false)); // once it was sent this is forgotten, and nothing of another tab
  formData.set("writer", WRITER);
  formData.set("revision", state(field).revision);
});

function say(field, how) {
  const node = field.form?.querySelector("[data-draft-status]");
  if (!node) return;
  const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
  const word = node.dataset[how] ?? { local: "Draft kept", saved: "Draft saved", offline: "Draft kept here" }[how];
  node.textContent = word ? `${word} ${time}` : "";
}

// On arrival: what the server never heard of comes first, and goes there; else the server knows better, for it may have
// been sent, or written on, elsewhere
function restore(scope) {
  for (const field of scope.querySelectorAll?.("[data-draft]") ?? []) {
    if (field.dataset.draftUrl) bringAside(field);
    const kept = read(field.dataset.draft);
    if (!kept || field === document.activeElement) continue;
    if (field.value === kept.text) continue;
    if (!field.dataset.draftUrl) {
      if (field.value && Number(field.dataset.draftAt ?? Infinity) * 1000 > kept.at) continue;
    } else if (kept.saved) continue;
    field.value = kept.text;
    say(field, "local");
    if (!field.dataset.draftUrl) continue;
    takeUp(field, kept).dirty = true;
    later(field, WAIT);
  }
}

function takeUp(field, { draft, seen, revision }) {
  const mine = state(field);
  return Object.assign(mine, { draft, seen, revision: Math.max(mine.revision, revision, seen + 1) });
}

// Another tab of this browser wrote, or sent: a tab that is not being typed in shows the same
function follow(field, before, now) {
  if (field === document.activeElement || (before && field.value !== before.text)) return;
  field.value = now?.text ?? "";
  if (now) takeUp(field, now);
  say(field, now?.text ? "local" : "");
}

// "case:31:describe::" is every field of that form: a name that ends with a colon forgets all that begin with it
function forget(name) {
  for (const one of name.endsWith(":") ? keptUnder(name) : [name]) write(one, null);
  const whole = name.endsWith(":");
  const asked = whole ? "^=" : "=";
  for (const field of document.querySelectorAll(`[data-draft${asked}"${CSS.escape(name)}"]`)) {
    clearTimeout(states.get(field)?.timer);
    field.value = whole || field.dataset.draftUrl ? field.defaultValue : ""; // it may begin with what stands written by now
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
addEventListener("storage", ({ key: name, oldValue, newValue }) => {
  for (const field of document.querySelectorAll("[data-draft]"))
    if (name === key(field.dataset.draft)) follow(field, JSON.parse(oldValue), JSON.parse(newValue));
});
arrive(document);
