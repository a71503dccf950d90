"""While a campaign asks customers to complain, more contacts are no worse quality.

Tickets that came through the campaign are marked and counted apart (`DayCount.solicited`). Some people see it and write
by mail all the same: their tickets look like any other, of every issue. So what surges while a campaign runs, or in the
week after it, has to surge once more with that lift taken out: by how much all *other* contacts of the same place rose
in those days, against the same weekdays of the eight weeks before, pulled towards 1 by twenty tickets' worth of doubt.
A real surge is of one issue and moves the others little; an echo of the campaign moves them all.

Limits: a campaign about one issue alone lifts that issue and not the others; what of it comes unmarked still surges,
and its signal says that a campaign was on. Drifts over quarters and the watch of proven fixes are not corrected for the
unmarked rest.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from apps.analysis import surge
from apps.analysis.contacts import Contacts
from apps.analysis.findings import Finding
from apps.analysis.places import Place
from apps.analysis.series import Calendar, Floats
from helpdesk.sentences import Day, Share, Words, in_a_row, said

TAIL = timedelta(days=7)  # who saw it on the last day writes within a week
WEEKS_BEFORE = 8
DOUBT = 20.0  # tickets
WORTH_SAYING = 1.05


@dataclass(frozen=True)
class Asked:
    """The days of a campaign that asked for complaints; the product's code or the region, if it was for one."""

    first: date
    last: date
    product: str = ""
    region: str = ""

    @property
    def sentence(self) -> Words:
        if self.first == self.last:
            return said("A campaign asked for complaints on %(day)s.", day=Day(self.first, "j F"))
        if (self.first.month, self.first.year) == (self.last.month, self.last.year):
            return said(
                "A campaign asked for complaints from %(first_day)s to %(last)s.",
                first_day=self.first.day,
                last=Day(self.last, "j F"),
            )
        return said(
            "A campaign asked for complaints from %(first)s to %(last)s.",
            first=Day(self.first, "j F"),
            last=Day(self.last, "j F"),
        )

    def touches(self, first: date, last: date) -> bool:
        return self.first <= last and first <= self.last + TAIL

    def is_for(self, place: Place) -> bool:
        """Whether it may have moved the contacts of a place: only where it was for another one it has not."""
        own = {"product": self.product, "region": self.region}.get(place.dimension, "")
        return not own or own == place.value


def without_asked_for(
    found: Sequence[Finding],
    contacts: Contacts,
    asked: Sequence[Asked],
    calendar: Calendar,
    offset: Floats | None,
) -> list[Finding]:
    """What stands out for another reason than that a campaign asked; what touches its days says so.

    `calendar` and `offset` (days,) are those of `contacts`.
    """
    kept = []
    for finding in found:
        near = [
            one for one in asked
            if one.touches(finding.window_start, finding.window_end) and one.is_for(finding.place)
        ]  # fmt: skip
        if not near:
            kept.append(finding)
            continue
        lifts = [(one, lift_of_others(contacts, finding, one)) for one in near]
        if finding.kind == "surge" and not _still_surges(contacts, finding, lifts, calendar, offset):
            continue
        kept.append(replace(finding, sentence=_said(finding, lifts)))
    return kept


def lift_of_others(contacts: Contacts, finding: Finding, asked: Asked) -> float:
    """By how much the contacts of the same place with other issues rose while it was asked; never less than 1."""
    start = contacts.index(asked.first)
    stop = min(contacts.index(asked.last + TAIL) + 1, contacts.days)
    begin = max(start - 7 * WEEKS_BEFORE, 0)
    if start <= begin or stop <= start:
        return 1.0
    others = _of_place(contacts, finding.place) - contacts.daily([finding.issue], finding.place)
    weekday = (np.arange(contacts.days) + contacts.first.weekday()) % 7
    usual = np.array([_mean(others[begin:start][weekday[begin:start] == day]) for day in range(7)])
    expected = float(usual[weekday[start:stop]].sum())
    return max((float(others[start:stop].sum()) + DOUBT) / (expected + DOUBT), 1.0)


def _mean(values: Floats) -> float:
    return float(values.mean()) if len(values) else 0.0


def _of_place(contacts: Contacts, place: Place) -> Floats:
    if place.is_everywhere:
        return contacts.total
    return contacts.daily(np.unique(contacts.issue).tolist(), place)


def _still_surges(
    contacts: Contacts,
    finding: Finding,
    lifts: Sequence[tuple[Asked, float]],
    calendar: Calendar,
    offset: Floats | None,
) -> bool:
    raised = np.zeros(contacts.days) if offset is None else offset.copy()
    for asked, lift in lifts:
        start, stop = contacts.index(asked.first), contacts.index(asked.last + TAIL) + 1
        raised[max(start, 0) : max(stop, 0)] += np.log(lift)
    counts = contacts.daily([finding.issue], finding.place)
    since = np.array([int((counts > 0).argmax())])
    looked_at = surge.survey(counts[None], calendar, offset=raised, since=since)
    return any(one.is_alarm for one in surge.find_surges(looked_at))


def _said(finding: Finding, lifts: Sequence[tuple[Asked, float]]) -> Words:
    words = [finding.sentence]
    for asked, lift in lifts:
        words.append(asked.sentence)
        if finding.kind == "surge" and lift >= WORTH_SAYING:
            words.append(
                said(
                    "All other contacts rose by %(share)s meanwhile; this is more than that.",
                    share=Share(lift - 1),
                )
            )
    return in_a_row(words)
