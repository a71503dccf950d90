"""Erlang C: how many people a queue needs in which customers wait on the line.

Method: contacts come at random (Poisson) and wait, patiently, for the first of n people who are alike; handling times
are exponential about their mean (M/M/n). With a load of a erlang the share that has to wait is

    C(n, a) = B / (1 - rho (1 - B)),  rho = a / n,  B(n, a) = a B(n-1, a) / (n + a B(n-1, a)),  B(0, a) = 1

B, Erlang's loss formula, is computed by its recursion: no factorial and no power, so that loads of thousands neither
overflow nor lose digits. Answered within T: 1 - C exp(-(n - a) T / h); average wait: C h / (n - a).
Shapes: loads are arrays of any shape, a value an interval; the number of people is an array or one number beside it.
Units: a load is in erlang (minutes of work a minute: contacts an hour x handling hours); h and T are in one and the
same unit. Limits: nobody hangs up, so that a long queue is shown longer than it would be; each interval is taken as
if it lasted for ever; with a load of n or more the queue grows without end (C = 1, nobody in time, endless wait).
Source: A. K. Erlang 1917; the recursion as in Cooper, Introduction to Queueing Theory, 2nd ed. 1981, ch. 3.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from django.utils.translation import gettext as _

from helpdesk.sentences import Number

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

MOST = 20_000  # people; a load beyond it is a wrong number, not a team


class TooManyPeople(ValueError):
    """More than any team has: a number it rests on is wrong."""


@dataclass(frozen=True)
class Target:
    """What is promised to who waits on the line: this share answered within so many seconds, by people who are at work
    on contacts for at most `busiest` of their time."""

    share: float = 0.8
    seconds: float = 20.0
    busiest: float = 0.85

    def __post_init__(self) -> None:
        if not (0 < self.share < 1 and self.seconds >= 0 and 0 < self.busiest < 1):
            raise ValueError("A share and an occupancy lie between 0 and 1, a wait is not negative.")


def erlang_b(load: npt.ArrayLike, people: int) -> Floats:
    """The share that finds everybody busy, where who does is lost."""
    offered = _loads(load)
    blocked: Floats = np.ones_like(offered)
    for n in range(1, people + 1):
        carried = offered * blocked
        blocked = carried / (n + carried)
    return blocked


def waits(load: npt.ArrayLike, people: int) -> Floats:
    """Erlang C: the share that has to wait; 1 where the load is too much for these people."""
    offered = _loads(load)
    return _waits(offered, erlang_b(offered, people), people)


def answered_within(load: npt.ArrayLike, people: int, *, handling: float, within: float) -> Floats:
    """The share answered within this time."""
    offered = _loads(load)
    return _answered(offered, waits(offered, people), people, within / handling)


def average_wait(load: npt.ArrayLike, people: int, *, handling: float) -> Floats:
    """Of all contacts, those that need not wait among them; infinite where the queue grows without end."""
    offered = _loads(load)
    spare = people - offered
    wait: Floats = np.full_like(offered, np.inf)
    np.divide(waits(offered, people) * handling, spare, out=wait, where=spare > 0)
    return wait


def occupancy(load: npt.ArrayLike, people: npt.ArrayLike) -> Floats:
    """The share of their time that people are at work on contacts, at most 1; 0 where nobody is."""
    offered, there = np.broadcast_arrays(_loads(load), np.asarray(people, np.float64))
    busy: Floats = np.zeros_like(offered)
    np.divide(offered, there, out=busy, where=there > 0)
    return np.minimum(busy, 1.0)


def people_needed(load: npt.ArrayLike, *, handling: float, target: Target) -> Ints:
    """The fewest people that keep the target in each interval; nobody where there is no load.

    `handling` is in seconds, as the target's wait. One walk upwards for all intervals at once: each leaves it as soon
    as it has enough. Raises TooManyPeople for a load beyond `MOST` people.
    """
    offered = _loads(load)
    if offered.size and offered.max() / target.busiest > MOST:
        raise TooManyPeople(
            _("This would take more than %(most)s people: look at the volume and the minutes.")
            % {"most": Number(MOST, grouped=True)}
        )
    if handling <= 0:
        return np.zeros(offered.shape, np.int64)
    flat = offered.ravel()
    needed = np.zeros(flat.shape, np.int64)
    open_ones = np.flatnonzero(flat > 0)
    blocked, n = np.ones(len(open_ones)), 0
    while len(open_ones):
        n += 1
        here = flat[open_ones]
        carried = here * blocked
        blocked = carried / (n + carried)
        in_time = _answered(here, _waits(here, blocked, n), n, target.seconds / handling)
        enough = (in_time >= target.share) & (here <= n * target.busiest)
        needed[open_ones[enough]] = n
        open_ones, blocked = open_ones[~enough], blocked[~enough]
    return needed.reshape(offered.shape)


def _waits(offered: Floats, blocked: Floats, people: int) -> Floats:
    if not people:
        return np.ones_like(offered)
    busy = offered / people
    share = blocked / np.maximum(1 - busy * (1 - blocked), np.finfo(float).tiny)
    return np.where(busy < 1, np.minimum(share, 1.0), 1.0)


def _answered(offered: Floats, waiting: Floats, people: int, within: float) -> Floats:
    """`within` counts handling times."""
    spare = np.maximum(people - offered, 0)
    return np.where(people > offered, 1 - waiting * np.exp(-spare * within), 0.0)


def _loads(load: npt.ArrayLike) -> Floats:
    offered = np.asarray(load, np.float64)
    if not np.isfinite(offered).all() or (offered < 0).any():
        raise ValueError("A load is finite and not negative.")
    return offered
