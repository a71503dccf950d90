"""Between uvicorn's event loop and Django in threads, for calls of the API.

A page may be a long stream, and a2wsgi carries it piece by piece, each with two changes of thread. A call of the API
is a short body and a short answer: here they cross once each, which makes a quarter more calls a second.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

from a2wsgi.wsgi import build_environ

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]


class WholeCalls:
    """An ASGI application around a WSGI one: the body is read whole, the answer sent whole."""

    def __init__(self, wsgi: Callable[..., Any], threads: ThreadPoolExecutor) -> None:
        self.wsgi, self.threads = wsgi, threads

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        body = await _body(receive)
        if body is None:
            return
        loop = asyncio.get_running_loop()
        status, headers, content = await loop.run_in_executor(self.threads, self._answer, scope, body)
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    def _answer(self, scope: Message, body: bytes) -> tuple[int, Headers, bytes]:
        began: list[tuple[int, Headers]] = []

        def start_response(status: str, headers: list[tuple[str, str]], *_: object) -> None:
            named = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
            began.append((int(status[:3]), named))

        answer = self.wsgi(build_environ(scope, BytesIO(body)), start_response)  # type: ignore[arg-type]
        try:
            content = b"".join(answer)
        finally:
            answer.close()
        return *began[-1], content


async def _body(receive: Receive) -> bytes | None:
    """None when the caller has gone before it was whole."""
    pieces = []
    while (message := await receive())["type"] == "http.request":
        pieces.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(pieces)
    return None
