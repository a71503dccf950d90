"""GitHub and Jira as far as we speak with them: a real HTTP server that keeps issues and comments."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


@dataclass
class FakeTracker:
    """`fails`: what it answers to the next calls instead of doing them; `forgets`: it does them and answers 500."""

    url: str = ""
    issues: dict[str, dict] = field(default_factory=dict)
    comments: dict[str, list[str]] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    authorizations: set[str] = field(default_factory=set)
    fails: list[int] = field(default_factory=list)
    forgets: bool = False

    def answer(self, method: str, path: str, given: dict | None) -> tuple[int, object]:
        self.calls.append(f"{method} {urlsplit(path).path}")
        if self.fails:
            return self.fails.pop(0), {"message": "no"}
        status, body = (self.jira if path.startswith("/rest/") else self.github)(method, path, given)
        return (500, {"message": "lost"}) if self.forgets and method == "POST" else (status, body)

    def github(self, method, path, given):
        parts, asked = urlsplit(path), parse_qs(urlsplit(path).query)
        if parts.path == "/repos/acme/shop":
            return 200, {"full_name": "acme/shop"}
        if parts.path == "/repos/acme/shop/issues" and method == "GET":
            assert asked["state"] == ["all"]
            return 200, list(self.issues.values())
        if parts.path == "/repos/acme/shop/issues":
            number = len(self.issues) + 1
            self.issues[str(number)] = {
                "number": number, "title": given["title"], "body": given["body"], "state": "open",
                "state_reason": None, "html_url": f"https://github.test/acme/shop/issues/{number}",
                "updated_at": "2026-05-06T09:00:00Z", "labels": given["labels"],
            }  # fmt: skip
            return 201, self.issues[str(number)]
        found = re.fullmatch(r"/repos/acme/shop/issues/(\d+)(/comments)?", parts.path)
        if found is None or found[1] not in self.issues:
            return 404, {"message": "Not Found"}
        if not found[2]:
            return 200, self.issues[found[1]]
        if method == "GET":
            return 200, [{"body": body} for body in self.comments.get(found[1], [])]
        self.comments.setdefault(found[1], []).append(given["body"])
        return 201, {}

    def jira(self, method, path, given):
        parts, asked = urlsplit(path), parse_qs(urlsplit(path).query)
        if parts.path == "/rest/api/2/project/SHOP":
            return 200, {"key": "SHOP"}
        if parts.path == "/rest/api/2/search/jql":
            (marker,) = re.findall(r'labels = "([^"]+)"', asked["jql"][0])
            return 200, {"issues": [row for row in self.issues.values() if marker in row["fields"]["labels"]]}
        if parts.path == "/rest/api/2/issue":
            assert (given["fields"]["project"], given["fields"]["issuetype"]) == (
                {"key": "SHOP"},
                {"name": "Bug"},
            )
            key = f"SHOP-{len(self.issues) + 1}"
            status = {"name": "To Do", "statusCategory": {"key": "new"}}
            self.issues[key] = {
                "key": key,
                "fields": given["fields"] | {"status": status, "resolution": None},
            }
            return 201, {"id": "1", "key": key}
        found = re.fullmatch(r"/rest/api/2/issue/(SHOP-\d+)(/comment)?", parts.path)
        if found is None or found[1] not in self.issues:
            return 404, {}
        if not found[2]:
            return 200, self.issues[found[1]]
        if method == "GET":
            return 200, {"comments": [{"body": body} for body in self.comments.get(found[1], [])]}
        self.comments.setdefault(found[1], []).append(given["body"])
        return 201, {}


@contextmanager
def tracker_running() -> Iterator[FakeTracker]:
    fake = FakeTracker()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            fake.authorizations.add(self.headers["Authorization"])
            length = int(self.headers.get("Content-Length") or 0)
            given = json.loads(self.rfile.read(length)) if length else None
            status, body = fake.answer(self.command, self.path, given)
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def do_POST(self):
            self.do_GET()

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    fake.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
