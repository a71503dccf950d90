// News from the server. /live/ sends {"kind": "message.received", "about": "ticket:4182"}; here it becomes events
// on the body that htmx listens to: hx-trigger="live:ticket:4182 from:body" or "live:message.received from:body".
// Only ids travel; what changed is fetched through a page that asks who may see it.

const url = document.body.dataset.live;
let source = null;
let lost = false;

const tell = (name, detail = {}) => document.body.dispatchEvent(new CustomEvent(name, { detail }));

function open() {
  if (source || !url) return;
  source = new EventSource(url);
  source.onopen = () => {
    if (lost) tell("live:back"); // something may have been missed: those who care fetch again
    lost = false;
  };
  source.onerror = () => (lost = true); // the browser tries again by itself
  source.onmessage = ({ data }) => {
    const news = JSON.parse(data);
    if (news.about) tell(`live:${news.about}`, news);
    if (news.kind) tell(`live:${news.kind}`, news);
    tell("live:any", news);
  };
}

function close() {
  source?.close();
  source = null;
  lost = true;
}

// A page kept for Back must not hold a connection
addEventListener("pagehide", close);
addEventListener("pageshow", open);
open();
