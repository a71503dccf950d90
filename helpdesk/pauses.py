"""When to call a program of others again: exponential pauses, spread so that what failed together does not come back
together.

Pauses are multiplied by .8 to 1.2, drawn from the number of the message and of the attempt: the same comes out for the
same message, and no chance is needed from outside. Ten pauses make a day.
"""

from datetime import timedelta
from zlib import crc32

PAUSES = tuple(timedelta(seconds=s) for s in (10, 60, 300, 900, 1_800, 3_600, 7_200, 14_400, 28_800, 28_800))
A_DAY = timedelta(days=1)
FIRST_REST, LAST_REST = timedelta(seconds=5), timedelta(minutes=10)


def pause_after(attempt: int, *, number: int) -> timedelta:
    """How long a message waits after its first, second ... attempt."""
    pause = PAUSES[min(attempt, len(PAUSES)) - 1]
    spread: float = 0.8 + 0.4 * crc32(b"%d:%d" % (number, attempt)) / 2**32
    return pause * spread


def is_last(attempt: int, *, waited: timedelta) -> bool:
    """Whether a message is given up when this attempt fails."""
    return attempt > len(PAUSES) or waited >= A_DAY


def rest_after(failures: int) -> timedelta:
    """How long an endpoint rests after so many failures in a row: a dead one must not hold a worker."""
    doublings = min(max(failures - 1, 0), 10)
    return min(FIRST_REST * (1 << doublings), LAST_REST)
