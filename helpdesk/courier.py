"""News carried in the background: a web process answers at once, whatever the broker does.

Handing an event to the broker costs half a millisecond and, when the broker is slow, seconds. A thread does it
instead, for all the events of 50 milliseconds in one message. What is lost with the process is found by the sweep.
"""

import logging
import queue
import threading
import time
from collections.abc import Callable

from helpdesk.events import News, tell

logger = logging.getLogger(__name__)

LINGER = 0.05  # seconds that the first of a batch waits for others
LARGEST = 200  # events in one message
ROOM = 20_000  # events that may wait; more are left to the sweep


class Courier:
    """A thread that tells what it is given, several events at a time and in order."""

    def __init__(self, tell: Callable[[list[News]], None] = tell) -> None:
        self._tell = tell
        self._waiting: queue.Queue[News | None] = queue.Queue(ROOM)
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def __call__(self, news: News) -> None:
        try:
            self._waiting.put_nowait(news)
        except queue.Full:
            logger.warning("the courier is full: event %s waits for the sweep", news.event_id)
        if self._thread is None or not self._thread.is_alive():
            self._start()

    def close(self, timeout: float = 5.0) -> None:
        """Carry what waits, then end; at most `timeout` seconds."""
        if self._thread is not None:
            self._waiting.put(None)
            self._thread.join(timeout)

    def _start(self) -> None:
        """At the first news, and again should a fault have ended the thread: threading.excepthook has told why."""
        with self._starting:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="courier", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while batch := self._batch():
            self._tell([news for news in batch if news])
            if None in batch:
                return

    def _batch(self) -> list[News | None]:
        """All that came within LINGER; None among it means that no more will come."""
        batch = [self._waiting.get()]
        time.sleep(LINGER if batch[0] else 0)
        while batch[-1] and len(batch) < LARGEST and not self._waiting.empty():
            batch.append(self._waiting.get())
        return batch
