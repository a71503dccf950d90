"""How many did not need to write because they found their answer: a range, for nobody can know the number.

Unit: a visit (a browser within three days) that looked for something, by searching or by beginning a request that
articles were suggested for, and opened an article. Of these, once three days are over:

- *said it helped*: pressed yes on an article and did not write. The lower bound.
- *did not write*: did not write and did not say that it did not help. The upper bound: it holds everybody who gave
  up, wrote by mail without being signed in, called, or would never have written.

Who said no to one article and yes to another was helped. Who wrote within the three days, from the form or, signed in,
in any way, was not, whatever they pressed. Visits that are not over are counted apart. Shares have Wilson's 90 %
interval; they are of visits that brought their cookie back, which programs and the first page of a visit do not. See
docs/decisions/0026.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from helpdesk.intervals import wilson


@dataclass(frozen=True)
class Visit:
    """What one visit came to."""

    sought: bool
    opened: bool
    said_yes: bool
    said_no: bool
    wrote: bool
    settled: bool


@dataclass(frozen=True)
class Share:
    """A share, and where it lies with 90 % certainty."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Deflection:
    """Visits that looked for something and opened an article, by what became of them."""

    visits: int
    said_helped: int  # the lower bound
    did_not_write: int  # the upper bound
    said_no: int  # and did not write
    wrote: int
    not_over: int
    lower: Share | None
    upper: Share | None


def deflection(visits: Iterable[tuple[Visit, int]]) -> Deflection:
    """From kinds of visits and how many there are of each."""
    counted = [(visit, count) for visit, count in visits if visit.sought and visit.opened]
    over = [(visit, count) for visit, count in counted if visit.settled]
    total = sum(count for _visit, count in over)
    silent = [(visit, count) for visit, count in over if not visit.wrote]
    helped = sum(count for visit, count in silent if visit.said_yes)
    refused = sum(count for visit, count in silent if visit.said_no and not visit.said_yes)
    quiet = sum(count for _visit, count in silent) - refused
    return Deflection(
        visits=total,
        said_helped=helped,
        did_not_write=quiet,
        said_no=refused,
        wrote=sum(count for visit, count in over if visit.wrote),
        not_over=sum(count for visit, count in counted if not visit.settled),
        lower=share_of(helped, total),
        upper=share_of(quiet, total),
    )


def share_of(part: int, whole: int) -> Share | None:
    """None of nothing."""
    return Share(part / whole, *wilson(part / whole, whole)) if whole else None
