// A ticket that was taken up to look at is free again when its page is left: <form data-leave> says where that is told.
// A form that was sent is an act on it, and says so itself.

const form = document.querySelector("[data-leave]");
let acted = false;
addEventListener("submit", () => (acted = true), true);
if (form) addEventListener("pagehide", () => acted || navigator.sendBeacon(form.action, new FormData(form)));
