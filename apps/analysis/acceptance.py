"""Whose cause is it likely to be: who accepted the cases before that were like this one.

Method: a share for each department, learnt on a line of ever narrower places: every case; each node of the taxonomy
down to the issue; the issue of this product. At each place the departments' counts of accepted cases are smoothed by
`PRIOR` cases that divide as the place above does (hierarchical Dirichlet smoothing, MacKay and Peto 1995, Natural
Language Engineering 1(3)). At the top they start equal, together with a department that never accepted anything and
may be the right one all the same. So one acceptance of the very issue moves the shares, and does not decide. The
confidence is the 5 % point of a department's share, which has a Beta distribution with the smoothed counts as its
parameters: with nineteen to one the share is at least that.
Shapes: a handful of departments, thousands of past cases; pure Python, one pass for each place.
Units: shares between 0 and 1. Limits: acceptances alone are learnt from, since who sends a case back does not say
whose it is; it does not forget, so a department that gave an issue away loses it only as others accept it.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scipy.stats import beta

PRIOR = 2.0
CONFIDENCE = 0.05
# Counts by department; None is a department that never accepted anything, and may be the right one.
Counts = dict[int | None, float]
# Below this nothing is said: a share of which as little is known is no help.
LEAST_CASES = 3


@dataclass(frozen=True)
class Accepted:
    """One case that a department has accepted: where its issue stood, and of which product it was ("" for none)."""

    department: int
    path: str
    product: str = ""


@dataclass(frozen=True)
class Likely:
    """A department, its share, at least how much that is, and the accepted cases of the narrowest place it is known
    from: `own` of `cases` in `place` ("" for everywhere)."""

    department: int
    share: float
    at_least: float
    own: int
    cases: int
    place: str


def likely_owners(history: Sequence[Accepted], *, path: str, product: str = "") -> list[Likely]:
    """The departments, the likeliest first; none at all where too little was ever accepted."""
    if len(history) < LEAST_CASES:
        return []
    departments = {case.department for case in history}
    counts: Counts = dict.fromkeys((*departments, None), 1.0)
    place, seen = "", list(history)
    for name, within in _places(path, product):
        found = [case for case in history if _is_within(case, *within)]
        if not found and name:
            break
        total, number = sum(counts.values()), Counter[int | None](case.department for case in found)
        counts = {one: number[one] + PRIOR * part / total for one, part in counts.items()}
        place, seen = name, found
    return sorted(
        (_likely(one, counts, seen, place) for one in sorted(departments)),
        key=lambda row: (-row.share, -row.at_least, row.department),
    )


def _places(path: str, product: str) -> Iterable[tuple[str, tuple[str, str]]]:
    """From everywhere to the narrowest: its name, and the branch and product it is made of."""
    yield "", ("", "")
    parts = path.split("/") if path else []
    for depth in range(1, len(parts) + 1):
        branch = "/".join(parts[:depth])
        yield branch, (branch, "")
    if product:
        yield f"{path} · {product}".strip(" ·"), (path, product)


def _is_within(case: Accepted, branch: str, product: str) -> bool:
    is_below = not branch or case.path == branch or case.path.startswith(branch + "/")
    return is_below and (not product or case.product == product)


def _likely(department: int, counts: Counts, seen: Sequence[Accepted], place: str) -> Likely:
    own, total = counts[department], sum(counts.values())
    others = total - own
    return Likely(
        department=department,
        share=own / total,
        at_least=float(beta.ppf(CONFIDENCE, own, others)),
        own=sum(case.department == department for case in seen),
        cases=len(seen),
        place=place,
    )
