"""After a change of the taxonomy counts move by themselves: a new code rises because it is new.

For two weeks the codes that came, went or took over another's tickets raise nothing, unless the contacts of all codes
beside them rise as well: those are the same contacts, whichever code they were given. Steps over quarters say nothing
about a code that was not there in the quarters they are compared with.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta

import numpy as np

from apps.analysis import surge
from apps.analysis.contacts import Contacts
from apps.analysis.findings import Finding
from apps.analysis.series import Calendar, Floats

DAYS = 14
OVER_QUARTERS = timedelta(days=7 * 13 * 3)


def without_echoes(
    found: Sequence[Finding],
    contacts: Contacts,
    families: Mapping[int, Collection[int]],
    came: Mapping[int, date],
    calendar: Calendar,
    offset: Floats | None,
) -> list[Finding]:
    """What stands out for another reason than the change itself.

    `families` names for every changed issue the issues beside it, itself among them; empty means all contacts. `came`
    is the first day of issues that were not there from the beginning.
    """
    rising: dict[frozenset[int], bool] = {}

    def is_real(finding: Finding) -> bool:
        if finding.kind in ("slow_burn", "chronic"):
            first = came.get(finding.issue)
            return first is None or not contacts.last - OVER_QUARTERS < first <= contacts.last
        if finding.kind != "surge" or finding.issue not in families:
            return True
        family = frozenset(families[finding.issue])
        if family not in rising:
            rising[family] = _rises(family, contacts, calendar, offset)
        return rising[family]

    return [finding for finding in found if is_real(finding)]


def _rises(family: frozenset[int], contacts: Contacts, calendar: Calendar, offset: Floats | None) -> bool:
    counts = contacts.daily(family) if family else contacts.total
    since = np.array([int((counts > 0).argmax())])
    looked_at = surge.survey(counts[None], calendar, offset=offset, since=since)
    return any(one.is_alarm for one in surge.find_surges(looked_at))
