"""Live updates for open pages: server-sent events from Valkey, served by asyncio, so that a thousand quiet
streams cost a few megabytes and no thread. Events carry ids only (helpdesk/live.py); a page fetches the rest
through the normal views, which check what its reader may see."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from http.cookies import CookieError, SimpleCookie
from importlib import import_module

import redis.asyncio as redis
from django.conf import settings
from django.contrib.auth import get_user
from django.db import close_old_connections
from django.http import HttpRequest

logger = logging.getLogger(__name__)

PING = 15.0  # seconds of silence after which proxies would close the stream
LONGEST = 600.0  # seconds; the browser comes back by itself, and is asked again who it is
PATIENCE = 5.0  # seconds for Valkey to come back
BACKLOG = 100  # events a slow browser may be behind
MOST_STREAMS = 5_000  # in one process
# Said after a break in our own connection: pages look again, for they may have missed something.
RESUMED = json.dumps({"kind": "live.resumed", "about": ""}).encode()

_askers = ThreadPoolExecutor(2, thread_name_prefix="live")  # each keeps one database connection


class Unavailable(Exception):
    """No stream can be opened now: too many are, or Valkey does not answer."""


class Stream:
    """One browser's queue of events; ended when it falls too far behind."""

    def __init__(self) -> None:
        self.events: asyncio.Queue[bytes] = asyncio.Queue(BACKLOG)
        self.ended = False

    def put(self, event: bytes) -> None:
        try:
            self.events.put_nowait(event)
        except asyncio.QueueFull:
            self.ended = True  # it opens a new stream, and its page looks again

    async def lines(self) -> AsyncIterator[bytes]:
        """The stream in the format of server-sent events, with a comment as a sign of life."""
        end = asyncio.get_running_loop().time() + LONGEST
        yield b"retry: 2000\n\n"
        while not self.ended and asyncio.get_running_loop().time() < end:
            try:
                yield b"data: " + await asyncio.wait_for(self.events.get(), PING) + b"\n\n"
            except TimeoutError:
                yield b": ping\n\n"


class Hub:
    """One subscription to Valkey for the process, handed on to any number of streams."""

    def __init__(self) -> None:
        self.streams: set[Stream] = set()
        self.subscribed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def join(self) -> Stream:
        """A new stream, which misses nothing that is announced from now on. Raises Unavailable."""
        if len(self.streams) >= MOST_STREAMS:
            raise Unavailable
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._listen_always())
        try:
            await asyncio.wait_for(self.subscribed.wait(), PATIENCE)
        except TimeoutError:
            raise Unavailable from None
        stream = Stream()
        self.streams.add(stream)
        return stream

    def leave(self, stream: Stream) -> None:
        self.streams.discard(stream)

    async def close(self) -> None:
        if self._task:
            self._task.cancel()

    async def _listen_always(self) -> None:
        while True:
            try:
                await self._listen()
            except (redis.RedisError, OSError) as error:
                logger.warning("live updates pause: %s", error)
            self.subscribed.clear()
            await asyncio.sleep(1)

    async def _listen(self) -> None:
        # No read timeout: a quiet channel is not a broken one. The health check finds the broken one.
        client = redis.Redis.from_url(settings.LIVE_URL, socket_timeout=None, health_check_interval=15)
        async with client, client.pubsub() as subscription:
            await subscription.subscribe(settings.LIVE_CHANNEL)
            async for message in subscription.listen():
                if message["type"] == "subscribe":
                    self._hand_on(RESUMED)
                    self.subscribed.set()
                elif message["type"] == "message":
                    self._hand_on(message["data"])

    def _hand_on(self, event: bytes) -> None:
        for stream in self.streams:
            stream.put(event)


async def is_logged_in(cookie_header: str) -> bool:
    """Does this Cookie header carry the session of an active colleague? Customers do not hear how busy the desk is."""
    return await asyncio.get_running_loop().run_in_executor(_askers, _is_logged_in, cookie_header)


def _is_logged_in(cookie_header: str) -> bool:
    try:
        cookie = SimpleCookie(cookie_header).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return False
    if cookie is None:
        return False
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(cookie.value)
    close_old_connections()
    try:
        user = get_user(request)  # also compares the password's fingerprint in the session
        return user.is_authenticated and user.is_staff_member
    finally:
        close_old_connections()
