"""Undo against send: each reply leaves exactly once or never, whoever is faster.

    .venv/bin/python -m bench.undo_races [--races 10000]

Each race has a reply in the outbox whose time is up. Two senders and whoever takes it back start within a few
milliseconds, each in a thread with a connection of its own, through the services themselves. Afterwards a reply that
was taken back must have left no letter and be a draft again, and one that was not must have left one letter.
"""

import argparse
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from bench.ground import empty_helpdesk

# Seconds within which each starts: so that both ends, and all that is between, come up often.
WITHIN = 0.03
START = datetime(2026, 5, 6, 10, 0, tzinfo=UTC)
AFTER = START + timedelta(seconds=11)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--races", type=int, default=10_000)
    asked = options.parse_args()
    with empty_helpdesk():
        from django.conf import settings

        from tests.factories import make_cast

        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        fates = race(make_cast(), asked.races)
    wrong = {fate: count for fate, count in fates.items() if fate not in (SENT, TAKEN_BACK)}
    print(
        f"{asked.races} races: {fates[SENT]} sent once, {fates[TAKEN_BACK]} taken back, wrong: {wrong or 'none'}"
    )


# State of the letter, whether the message is withdrawn, letters that left, whether its words are a draft again.
SENT = ("sent", False, 1, False)
TAKEN_BACK = ("withdrawn", True, 0, True)


def race(cast: Any, races: int) -> Counter[tuple[str, bool, int, bool]]:
    """Run them one after the other on one ticket; how they ended."""
    from django.core import mail

    from apps.output import services
    from apps.output.models import Delivery
    from apps.output.services.send_due import send_waiting
    from apps.response import services as response
    from apps.response.models import Draft
    from tests.factories import make_ticket

    ticket = make_ticket(cast)
    fates: Counter[tuple[str, bool, int, bool]] = Counter()
    with ThreadPoolExecutor(3) as pool:
        for number in range(races):
            mail.outbox = []
            message = response.reply(ticket=ticket, body=f"Answer {number}", by=cast.ana, at=START)
            services.deliver(message=message, by=cast.system, at=START)
            at_once(
                pool,
                lambda: send_waiting(by=cast.system, at=AFTER),
                lambda: send_waiting(by=cast.system, at=AFTER),
                partial(services.undo, message=message, by=cast.ana, at=AFTER),
            )
            message.refresh_from_db()
            draft = Draft.objects.filter(writer=f"taken-back-{message.pk}").exists()
            state = Delivery.objects.get(message=message).state
            fates[state, message.withdrawn_at is not None, len(mail.outbox), draft] += 1
        at_once(pool, _close, _close, _close)
    return fates


def at_once(pool: ThreadPoolExecutor, *acts: Callable[[], object]) -> None:
    from apps.output.services import TooLate

    ready, chance = threading.Barrier(len(acts)), random.Random()

    def run(act: Callable[[], object]) -> None:
        ready.wait(60)
        time.sleep(chance.uniform(0, WITHIN))
        with suppress(TooLate):  # the sender was faster
            act()

    for done in [pool.submit(run, act) for act in acts]:
        done.result()


def _close() -> None:
    from django.db import connection

    connection.close()


if __name__ == "__main__":
    main()
