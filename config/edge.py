"""One port for everything: `/live/` is a stream served by asyncio, all else is Django in threads.

    uvicorn config.edge:application

Django under ASGI would cost three times the processor time of the same pages in threads.
"""

import asyncio
import codecs
import gc
import json
import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, cast

from a2wsgi import WSGIMiddleware
from django.urls import get_resolver
from django.utils.http import parse_header_parameters

from config.wsgi import application as wsgi  # first: it sets Django up

# isort: split
from config.bridge import WholeCalls
from config.live import Hub, Unavailable, is_logged_in
from helpdesk import events
from helpdesk.courier import Courier

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

THREADS = int(os.environ.get("WEB_THREADS", "8"))
LARGEST_BODY = 30 * 1024 * 1024  # bytes; a message with its attachments, and some air
LARGEST_HEAD = 64 * 1024  # bytes of headers; browsers and programs send a fiftieth of it
SHORT_BODY = 1024 * 1024  # bytes
DRAIN = 10.0  # seconds that a refused upload may go on before the connection is cut

hub = Hub()
pages = WSGIMiddleware(cast(Any, wsgi), workers=THREADS)
calls = WholeCalls(wsgi, pages.executor)  # the same threads, for each keeps a database connection


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await lifespan(receive, send)
    elif scope["type"] != "http":
        await send({"type": "websocket.close"})
    elif scope["path"] == "/live/":
        await live(scope, receive, send)
    elif refused := unwelcome(scope):
        await refuse(scope, receive, send, *refused)
    elif is_call(scope):
        await calls(scope, receive, send)
    else:
        await cast(Application, pages)(scope, receive, send)


def is_call(scope: Scope) -> bool:
    """A program's call with a short body; uploads are carried in pieces, like pages."""
    return scope["path"].startswith("/api/") and _length(scope) <= SHORT_BODY


async def lifespan(receive: Receive, send: Send) -> None:
    await receive()
    courier = Courier()
    events.carry_by(courier)
    load_all()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await hub.close()
    events.carry_by(None)
    await asyncio.to_thread(courier.close)
    await send({"type": "lifespan.shutdown.complete"})


def load_all() -> None:
    """Load every view now instead of with the first request; the collector need not look at what stays for good."""
    get_resolver().url_patterns  # noqa: B018
    gc.collect()
    gc.freeze()


async def live(scope: Scope, receive: Receive, send: Send) -> None:
    """A stream of events for a person who is logged in; a stranger gets 403."""
    if scope["method"] != "GET":
        return await answer(scope, send, 405, "Only GET is allowed here.")
    if not await is_logged_in(header(scope, b"cookie")):
        return await answer(scope, send, 403, "Log in to see live updates.")
    try:
        stream = await hub.join()
    except Unavailable:
        return await answer(scope, send, 503, "Live updates pause.")
    writing = asyncio.create_task(_write(stream.lines(), send))
    leaving = asyncio.create_task(_until_gone(receive))
    try:
        await asyncio.wait({writing, leaving}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        hub.leave(stream)
        writing.cancel()
        leaving.cancel()


async def _write(lines: Any, send: Send) -> None:
    headers = {
        b"content-type": b"text/event-stream",
        b"cache-control": b"no-store",
        b"x-accel-buffering": b"no",
    }
    await send({"type": "http.response.start", "status": 200, "headers": list(headers.items())})
    async for line in lines:
        await send({"type": "http.response.body", "body": line, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def unwelcome(scope: Scope) -> tuple[int, str] | None:
    """The answer to a request we will not read: headers or body too large, a length that WSGI could not know, or a
    charset that Django would stumble over before it has a request to answer."""
    if sum(len(name) + len(value) for name, value in scope["headers"]) > LARGEST_HEAD:
        return 431, f"The headers are larger than {LARGEST_HEAD // 1024} KB."
    if header(scope, b"transfer-encoding"):
        return 411, "Send a Content-Length: a body in chunks is not accepted."
    if _length(scope) > LARGEST_BODY:
        return 413, f"The request is larger than {LARGEST_BODY // 1024 // 1024} MB."
    if not is_text(header(scope, b"content-type")):
        return 415, "The Content-Type names no charset for text. Send UTF-8."
    return None


def _length(scope: Scope) -> int:
    """Of the body, in bytes."""
    length = header(scope, b"content-length")
    return int(length) if length.isdecimal() else 0


def is_text(content_type: str) -> bool:
    """Python counts compressions such as zlib among its codecs. A charset nobody knows is read as UTF-8."""
    charset = parse_header_parameters(content_type)[1].get("charset", "utf-8")
    try:
        return bool(getattr(codecs.lookup(charset), "_is_text_encoding", True))
    except (LookupError, ValueError):
        return True


async def refuse(scope: Scope, receive: Receive, send: Send, status: int, detail: str) -> None:
    """Answer at once, then let the upload run into nothing for a moment: a connection cut in the middle of
    it would show the sender a network error instead of our words."""
    await answer(scope, send, status, detail, more_body=True)
    try:
        async with asyncio.timeout(DRAIN):
            while (await receive()).get("more_body"):
                pass
    except TimeoutError:
        pass
    await send({"type": "http.response.body", "body": b""})


async def answer(scope: Scope, send: Send, status: int, detail: str, *, more_body: bool = False) -> None:
    """A refusal in words; for the API in its own format (RFC 9457)."""
    api = scope["path"].startswith("/api/")
    problem = json.dumps({"type": "about:blank", "status": status, "detail": detail})
    body = (problem if api else detail).encode()
    kind = b"application/problem+json" if api else b"text/plain; charset=utf-8"
    headers = [
        (b"content-type", kind),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": more_body})


def header(scope: Scope, name: bytes) -> str:
    return b"; ".join(value for key, value in scope["headers"] if key == name).decode("latin-1")
