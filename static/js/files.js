// Files of a composer: chosen, pasted or dropped, each goes to the server at once and stands in the draft.
//   <form data-files-url="/t/4182/drafts/reply/files/" data-most="26214400" data-too-large="..."> holds the textarea and a
//   <div class="files" data-files>; the server answers with the chip, which carries what is sent as name="upload"
// Without scripts the files go with the form.

import { announce, toast } from "./announce.js";
import { changed } from "./drafts.js";

const FORM = "form[data-files-url]";

document.addEventListener("change", ({ target }) => {
  const form = target.type === "file" && target.closest(FORM);
  if (!form) return;
  take(form, target.files);
  target.value = ""; // they are sent by their chips
});

document.addEventListener("paste", (event) => {
  const form = event.target.closest?.(FORM);
  const files = event.clipboardData?.files;
  if (!form || !files?.length || event.clipboardData.types.includes("text/plain")) return;
  event.preventDefault();
  take(form, files);
});

for (const name of ["dragover", "drop"])
  document.addEventListener(name, (event) => {
    const form = event.target.closest?.(FORM);
    if (!form || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    if (name === "drop") take(form, event.dataTransfer.files);
  });

function take(form, files) {
  for (const file of [...files])
    if (file.size > Number(form.dataset.most)) toast(`${file.name}: ${form.dataset.tooLarge}`, { tone: "bad", seconds: 0 });
    else send(form, file);
}

function send(form, file) {
  const bar = Object.assign(document.createElement("progress"), { max: file.size || 1, value: 0 });
  bar.setAttribute("aria-label", file.name);
  form.querySelector("[data-files]").append(bar);
  const request = new XMLHttpRequest(); // fetch tells nothing of how far it is
  request.open("POST", form.dataset.filesUrl);
  for (const [name, value] of Object.entries(JSON.parse(document.body.getAttribute("hx-headers") || "{}"))) request.setRequestHeader(name, value);
  request.upload.addEventListener("progress", ({ loaded }) => (bar.value = loaded));
  request.addEventListener("loadend", () => arrived(form, file, bar, request));
  const body = new FormData();
  body.append("file", file, file.name);
  request.send(body);
}

function arrived(form, file, bar, { status, responseText }) {
  if (status === 201) {
    bar.insertAdjacentHTML("beforebegin", responseText);
    announce(file.name);
  } else toast(`${file.name}: ${status ? responseText : document.body.dataset.offline}`, { tone: "bad", seconds: 0 });
  bar.remove();
  if (status === 201) changed(form.querySelector("[data-draft]"));
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-removes-file]");
  const form = button?.closest(FORM);
  if (!form) return;
  button.closest(".file").remove();
  const field = form.querySelector("[data-draft]");
  changed(field);
  field.focus();
});

// What is still on its way would be left behind
document.addEventListener("submit", (event) => {
  if (!event.target.matches?.(FORM) || !event.target.querySelector("progress")) return;
  event.preventDefault();
  toast(event.target.dataset.waits);
});
